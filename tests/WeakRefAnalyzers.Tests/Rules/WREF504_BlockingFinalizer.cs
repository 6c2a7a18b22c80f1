namespace WeakRefAnalyzers.Tests;

public class WREF504_BlockingFinalizerTests
{
    [Fact]
    public Task AWaitUnderALockIsOneDefect() => Verify<WREF504_BlockingFinalizer>.Diagnostics("""
        class Device
        {
            static readonly object s_gate = new();
            static Thread s_worker;

            static void Start()
            {
                lock (s_gate)
                {
                    s_worker = new Thread(Work);
                    s_worker.Start();
                    File.WriteAllText("a", "b");
                }
            }

            static void Work() => Thread.Sleep(1000);

            ~Device()
            {
                lock (s_gate)
                {
                    [|s_worker.Join(2000)|];
                }

                [|lock|] (s_gate)
                {
                    s_worker = null;
                }
            }
        }
        """);

    [Fact]
    public Task EveryKindOfWait() => Verify<WREF504_BlockingFinalizer>.Diagnostics("""
        class C
        {
            static readonly object s_gate = new();
            static void Save() { lock (s_gate) { File.WriteAllText("a", "b"); } }
            readonly object _given;
            readonly ReaderWriterLockSlim _lock;
            readonly ReaderWriterLock _oldLock;
            readonly SemaphoreSlim _semaphore;
            readonly Mutex _mutex;
            readonly AutoResetEvent _event;
            readonly ManualResetEventSlim _slim;
            readonly Task<int> _task;
            readonly Thread _thread;
            readonly SynchronizationContext _context;

            C(object given) => _given = given;

            ~C()
            {
                [|lock|] (s_gate) { }
                [|lock|] (_given) { }
                [|Monitor.Enter(s_gate)|];
                [|Monitor.Wait(s_gate)|];
                if ([|Monitor.TryEnter(s_gate, 1000)|]) { }
                if ([|_lock.TryEnterReadLock(TimeSpan.FromSeconds(1))|]) { }
                [|SpinWait.SpinUntil(() => false)|];
                [|_lock.EnterWriteLock()|];
                [|_oldLock.AcquireReaderLock(-1)|];
                [|_semaphore.Wait()|];
                [|_mutex.WaitOne()|];
                [|_event.WaitOne(1000)|];
                [|_slim.Wait()|];
                [|_task.Wait()|];
                Console.WriteLine([|_task.Result|]);
                [|_task.GetAwaiter().GetResult()|];
                [|_task.ConfigureAwait(false).GetAwaiter().GetResult()|];
                [|Task.WaitAll(_task)|];
                [|_thread.Join()|];
                [|Thread.Sleep(1000)|];
                [|_context.Send(_ => { }, null)|];
                [|WaitHandle.WaitAny(new WaitHandle[] { _event })|];
                [|GC.WaitForPendingFinalizers()|];
            }
        }
        """);

    [Fact]
    public Task ThroughTheType() => Verify<WREF504_BlockingFinalizer>.Diagnostics("""
        class C
        {
            static readonly object s_gate = new();
            public static int Count { get { [|lock|] (s_gate) { return 1; } } }
            public static void Save() { lock (s_gate) { File.WriteAllText("a", "b"); } }

            protected virtual void Dispose(bool disposing)
            {
                Console.WriteLine(Count);
                Unlink();
                if (disposing)
                {
                    Thread.Sleep(1);
                }

                void Unlink() { [|lock|] (s_gate) { } }
            }

            ~C() => Dispose(false);
        }
        """);

    [Fact]
    public Task WhatDoesNotWait() => Verify<WREF504_BlockingFinalizer>.Diagnostics("""
        class C
        {
            static readonly object s_gate = new();
            private readonly object _gate = new();
            private readonly List<int> _list;
            readonly SemaphoreSlim _semaphore;
            readonly Mutex _mutex;
            bool _done;

            C() { _list = new List<int>(); }

            ~C()
            {
                lock (_gate) { }
                lock (_list) { }
                lock (this) { }
                Monitor.Enter(_gate);
                if (Monitor.TryEnter(s_gate)) Monitor.Exit(s_gate);
                if (Monitor.TryEnter(s_gate, 0)) Monitor.Exit(s_gate);
                if (_semaphore.Wait(0)) _semaphore.Release();
                _mutex.WaitOne(0);
                Thread.Sleep(0);
                System.Diagnostics.Debug.Assert(_done, "not disposed");
                Check();
                Task.Run(static () => { lock (s_gate) { } });
                ThreadPool.QueueUserWorkItem(static _ => Thread.Sleep(1));
                var text = string.Join(",", _list);
                _ = new Own().Result;
            }

            [System.Diagnostics.Conditional("DEBUG")]
            void Check() { lock (s_gate) { } }
        }

        class Own { public int Result => 1; public void Wait() { } }
        """);

    [Fact]
    public Task OnlyWhereDisposingInEverySpelling() => Verify<WREF504_BlockingFinalizer>.Diagnostics("""
        enum Mode { Explicit, Finalizer, Domain }

        class Spellings
        {
            Thread _t;
            ~Spellings() { A(false); B(false); C(false); D(false); E(false); F(Mode.Finalizer); G(Mode.Finalizer); H(Mode.Finalizer); I(false); J(false); K(null); L(); M(false, Mode.Finalizer); }
            void A(bool disposing) { if (disposing is false) return; _t.Join(); }
            void B(bool disposing) { switch (disposing) { case false: return; } _t.Join(); }
            void C(bool disposing) { switch (disposing) { case true: _t.Join(); break; } }
            void D(bool disposing) { _ = disposing switch { true => _t.Join(1), false => false }; }
            void E(bool disposing) { var explicitly = disposing; if (!explicitly) { return; } _t.Join(); }
            void F(Mode m) { if (m == Mode.Explicit) _t.Join(); }
            void G(Mode m) { switch (m) { case Mode.Finalizer: break; default: _t.Join(); break; } }
            void H(Mode m) { if (m is not (Mode.Explicit or Mode.Domain)) return; _t.Join(); }
            void I(bool disposing) { while (disposing) { _t.Join(); } _ = disposing ? _t.Join(1) : false; }
            void J(bool disposing) { if (disposing is not true || _t is null) return; _t.Join(); }
            void K(bool? disposing) { if (disposing ?? false) _t.Join(); if (disposing == true) _t.Join(); }
            void L(bool disposing = false) { if (disposing) _t.Join(); }
            void M(bool a, Mode m) { if (a || m == Mode.Explicit) _t.Join(); }
        }

        class Timer_
        {
            readonly ManualResetEvent _set = new(false);
            ~Timer_() { Seconds = 0; Wait(0, 1.5); Seconds_ = 1; }
            double Seconds { set { if (value > 0) _set.WaitOne(); } }
            double Seconds_ { set { if (value > 0) [|_set.WaitOne()|]; } }
            void Wait(int a, double b) { if (a >= 1 || b < 1.0) _set.WaitOne(); if (a == 0 && b > 1.0) [|_set.WaitOne()|]; }
        }

        class OtherWay
        {
            Thread _t;
            ~OtherWay() { A(true); B(false); F(Mode.Finalizer); G(Mode.Finalizer); }
            void A(bool finalizing) { if (finalizing is false) return; [|_t.Join()|]; }
            void B(bool disposing) { switch (disposing) { case true: return; } [|_t.Join()|]; }
            void F(Mode m) { switch (m) { case Mode.Finalizer: [|_t.Join()|]; break; default: return; } }
            void G(Mode m) { var done = m switch { Mode.Explicit => true, _ => [|_t.Join(1)|] }; [|_t.Join()|]; }
        }
        """);

    [Fact]
    public Task GatesUnderWhichNobodyWaits() => Verify<WREF504_BlockingFinalizer>.Diagnostics("""
        sealed class Counted
        {
            static readonly List<int> s_free = new();
            readonly int _id;
            public Counted() { lock (s_free) { _id = s_free.Count; } }
            ~Counted() { lock (s_free) { s_free.Add(_id); } }
        }

        sealed class Table
        {
            static readonly object s_gate = new();
            static readonly Dictionary<int, WeakReference<Table>> s_all = new();
            static int s_next;
            int _id;
            public Table() { lock (s_gate) { _id = Next(); s_all[_id] = new(this); } }
            static int Next() => ++s_next;
            static List<int> Ids { get { Monitor.Enter(s_gate); try { return s_all.Keys.Where(id => id > 0).ToList(); } finally { Monitor.Exit(s_gate); } } }
            ~Table() { lock (s_gate) { s_all.Remove(_id); } }
        }

        class Board
        {
            readonly Dictionary<int, object> _jobs = new();
            public void Release(int id) { lock (_jobs) _jobs.Remove(id); }
            public void Add(int id) { lock (_jobs) _jobs[id] = this; }
        }
        class Job { Board _board; ~Job() { _board.Release(1); } }

        interface INative { void Close(uint id); }
        class Surface
        {
            static INative s_native;
            static Dictionary<uint, WeakReference<Surface>> s_all;
            static Surface() { s_all = new Dictionary<uint, WeakReference<Surface>>(); }
            ~Surface() { lock (s_all) { s_all.Remove(1); s_native.Close(1); } }
        }
        class Native : INative { uint _last; public void Close(uint id) { _last = id; } }
        """);

    [Fact]
    public Task GatesUnderWhichSomebodyMayWait() => Verify<WREF504_BlockingFinalizer>.Diagnostics("""
        class Writes { static readonly object s_gate = new(); static void Save() { lock (s_gate) { Do(); } } static void Do() => File.Delete("x"); ~Writes() { [|lock|] (s_gate) { } } }
        class Calls { static readonly object s_gate = new(); static event Action Changed; static void Tell() { lock (s_gate) { Changed?.Invoke(); } } ~Calls() { [|lock|] (s_gate) { } } }
        class Enters { static readonly object s_gate = new(); static void Tell() { Monitor.Enter(s_gate); Thread.Sleep(1); Monitor.Exit(s_gate); } ~Enters() { [|lock|] (s_gate) { } } }
        class Natives { static readonly object s_gate = new(); [DllImport("n")] static extern void Go(); ~Natives() { [|lock|] (s_gate) { Go(); } } }
        public class Virtual { static readonly object s_gate = new(); public virtual void On() { } ~Virtual() { [|lock|] (s_gate) { On(); } } }
        interface IDo { void Do(); }
        class Sleeps : IDo { public void Do() => Thread.Sleep(1000); }
        class Interface { static readonly object s_gate = new(); static IDo s_do; ~Interface() { [|lock|] (s_gate) { s_do.Do(); } } }
        class Nested { static readonly object s_a = new(); static readonly object s_b = new(); static void T() { lock (s_b) Thread.Sleep(1); } ~Nested() { [|lock|] (s_a) { [|lock|] (s_b) { } } } }
        class Given { static readonly object s_gate = Shared.Make(); ~Given() { [|lock|] (s_gate) { } } }
        static class Shared { public static object Make() => new(); public static readonly object Gate = new(); public static void Run(Action a) { lock (Gate) a(); } }
        class Foreign { ~Foreign() { [|lock|] (Shared.Gate) { } } }
        class HandsOut { static readonly object s_gate = new(); static void Go() => Use(s_gate); static void Use(object gate) { lock (gate) Thread.Sleep(1); } ~HandsOut() { [|lock|] (s_gate) { } } }
        class Shows { static readonly object s_gate = new(); public static object Gate => s_gate; ~Shows() { [|lock|] (s_gate) { } } }
        static class Looks { static void Go() { lock (Shows.Gate) Thread.Sleep(1); } }
        """);

    [Fact]
    public Task TheObjectsOwnGate() => Verify<WREF504_BlockingFinalizer>.Diagnostics("""
        sealed class Store
        {
            private readonly Inner _data = new();
            private class Inner
            {
                public readonly Dictionary<string, object> Data = new();
                ~Inner() { lock (Data) { Data.Clear(); Shown(); } }
                static Action Shown;
            }
            public Dictionary<string, object> Data => _data.Data;
        }

        sealed class Pool
        {
            private readonly IntPtr[] _buffers = new IntPtr[4];
            private readonly int[] _free = new int[1];
            public int Rent() { IntPtr[] local = _buffers; lock (local) { Thread.Sleep(1); return 1; } }
            ~Pool() { FreeAll(_buffers); var free = _free; lock (free) { } lock (_rw) { } _rw.EnterWriteLock(); }
            private readonly ReaderWriterLockSlim _rw = new();
            private void FreeAll(IntPtr[] buffers) { lock (buffers) { Marshal.FreeHGlobal(buffers[0]); } }
            public void Release() => FreeAll(_buffers);
        }

        class Shared_
        {
            protected readonly object m_lock = new();
            ~Shared_() { lock (m_lock) { } }
        }
        class Derived_ : Shared_ { void Go() { lock (m_lock) Thread.Sleep(1); } }
        class SameName { static readonly object m_lock = new(); void Go() { lock (m_lock) Thread.Sleep(1); } }

        sealed class Taken
        {
            public readonly object Gate = new();
            ~Taken() { [|lock|] (Gate) { } }
        }
        class Taker { void Go(Taken taken) { lock (taken.Gate) Thread.Sleep(1); } }
        """);

    [Fact]
    public Task InOtherTypesOfTheFile() => Verify<WREF504_BlockingFinalizer>.Diagnostics("""
        class Board
        {
            readonly Dictionary<int, object> _jobs = new();
            public void Release(int id) { [|lock|] (_jobs) _jobs.Remove(id); }
            public void Save(string path) { lock (_jobs) File.WriteAllText(path, string.Join(',', _jobs.Keys)); }
            public void Add(int id) { lock (_jobs) _jobs[id] = this; }
            public virtual void Open() { lock (_jobs) { } }
        }
        class Job { Board _board; ~Job() { _board.Release(1); _board.Open(); } }
        class SecondJob { Board _board; ~SecondJob() => _board.Release(1); }
        static class Helper { public static void Stop(Thread thread) => [|thread.Join()|]; public static void Later(Thread thread) => Task.Run(() => thread.Join()); }
        class Stops { Thread _thread; ~Stops() { Helper.Stop(_thread); Helper.Later(_thread); } }
        class Ring { static readonly object s_gate = new(); static event Action Cut; public void Unlink() { [|lock|] (s_gate) Cut(); } }
        class InRing { Ring _ring; ~InRing() => _ring.Unlink(); }
        class Node { static readonly object s_gate = new(); Node _next; static event Action Cut; ~Node() => _next.Unlink(); // WREF503
            void Unlink() { lock (s_gate) Cut(); } }
        class Quick { readonly object _gate = new(); int _n; public void Down() { lock (_gate) _n--; } }
        class Counts { Quick _quick; ~Counts() { _quick.Down(); } }
        """);

    [Fact]
    public Task MessageNamesTheWait() => Verify<WREF504_BlockingFinalizer>.Diagnostics(
        """
        class C
        {
            static readonly object s_gate = new();
            static Action s_callback;
            Thread _thread;

            static void Call() { lock (s_gate) { s_callback(); } }

            ~{|#1:C|}()
            {
                {|#0:lock|} (s_gate) { }
                {|#2:_thread.Join()|};
            }
        }
        """,
        Verify<WREF504_BlockingFinalizer>.Diagnostic().WithLocation(0).WithLocation(1).WithArguments("lock (s_gate)"),
        Verify<WREF504_BlockingFinalizer>.Diagnostic().WithLocation(2).WithLocation(1).WithArguments("Thread.Join"));

    [Fact]
    public Task OldLanguageOnNetFramework() => Verify<WREF504_BlockingFinalizer>.Diagnostics(
        """
        using System.Threading.Tasks;

        class C
        {
            private Task _task;

            ~C() { [|_task.Wait()|]; }
        }
        """,
        new Options { NetFramework = true, Language = LanguageVersion.CSharp7_3 });

    [Fact]
    public Task FinalizersOfBases() => Verify<WREF504_BlockingFinalizer>.Diagnostics("""
        abstract class Base : IDisposable
        {
            public void Dispose() { Dispose(true); GC.SuppressFinalize(this); }
            protected virtual void Dispose(bool disposing) { }
            protected virtual void Hook() { }
            protected abstract int Count { get; }
            protected virtual void Other() { }
            ~Base() { Dispose(false); Hook(); Console.WriteLine(Count); }
        }
        class Derived : Base
        {
            Thread _t;
            protected override void Dispose(bool disposing) { if (disposing) _t.Join(1); [|_t.Join()|]; base.Dispose(disposing); }
            protected override void Hook() => [|_t.Join()|];
            protected override int Count { get { [|_t.Join()|]; return 1; } }
            protected override void Other() => _t.Join();
        }
        class Further : Derived { Thread _u; protected override void Dispose(bool disposing) { Stop(); base.Dispose(disposing); } void Stop() { [|_u.Join()|]; } }
        class Safe : Base { Thread _u; protected override void Dispose(bool disposing) { if (!disposing) return; _u.Join(); } protected override int Count => 1; }
        class Never : Base { Thread _u; Never() { GC.SuppressFinalize(this); } protected override void Dispose(bool disposing) { _u.Join(); } protected override int Count => 1; }
        class Both : Base { Thread _u; protected override void Dispose(bool disposing) { [|_u.Join()|]; } protected override int Count => 1; ~Both() { } }
        class Framework : System.ComponentModel.Component
        {
            Task _task; bool _done;
            protected override void Dispose(bool disposing) { if (!_done) { _done = true; [|_task.Wait()|]; } if (disposing) _task.Wait(1); base.Dispose(disposing); }
        }
        class Deeper : System.Timers.Timer { Task _task; protected override void Dispose(bool disposing) { base.Dispose(disposing); [|_task.Wait()|]; } }
        class Plain : IDisposable { public virtual void Dispose() { } }
        class NoFinalizer : Plain { Task _task; public override void Dispose() { _task.Wait(); } }
        partial class Parts : Base { protected override int Count => 1; }
        partial class Parts : Base { Thread _u; protected override void Hook() => [|_u.Join()|]; }
        """);

    [Fact]
    public Task PartsThatLockThemselves() => Verify<WREF504_BlockingFinalizer>.Diagnostics("""
        class Inner { IntPtr _p; public void Close() { lock (this) { NativeMethods.Close(_p); } } }
        class Outer { IntPtr _p; public void Close() { [|lock|] (this) { NativeMethods.Close(_p); } } }
        class Third { IntPtr _p; public void Close() { [|lock|] (this) { NativeMethods.Close(_p); } } }
        class NativeMethods { [DllImport("n")] public static extern void Close(IntPtr p); }
        class A { Inner _part; public void Open() { _part = new Inner(); } public void Dispose() { if (_part != null) { _part.Close(); _part = null; } } ~A() { Dispose(); } }
        class B { Outer _part = new Outer(); public Outer Part => _part; public void Dispose() { _part.Close(); } ~B() { Dispose(); } }
        class C { Third _part; public C(Third part) { _part = part; } public void Dispose() { _part.Close(); } ~C() { Dispose(); } }
        """);

    [Fact]
    public Task BrokenCode() => Verify<WREF504_BlockingFinalizer>.Diagnostics(
        """
        class C { static object s = F(); ~C() { lock () { } [|lock|] (s { } missing.Wait(); Thread.Sleep(; } }
        """,
        new Options { CompilerErrors = true });

    [Fact]
    public Task WorkersThatKeepTheirObject() => Verify<WREF504_BlockingFinalizer>.Diagnostics("""
        class Own
        {
            Thread _a, _b, _c, _d; Task _e, _f, _g;
            bool _stop;
            Own(Thread given)
            {
                _a = new Thread(Run) { IsBackground = true };
                var b = new Thread(new ThreadStart(this.Run));
                _b = b;
                _c = new Thread(() => { while (!_stop) { } });
                _d = given;
                _e = Task.Run(() => Run());
                _f = Task.Run(async () => { await Task.Delay(1); Run(); });
                _g = Task.Run(() => Other());
            }
            void Run() { }
            static void Other() { }
            ~Own()
            {
                if (_a != null) _a.Join();
                _b.Join(500);
                _c.Join();
                [|_d.Join()|];
                _e.Wait();
                [|_f.Wait()|];
                [|_g.Wait()|];
            }
        }
        class Half { Thread _thread = new Thread(Other); static void Other() { } ~Half() => [|_thread.Join()|]; }
        class Later { Thread _thread; void Run() { } void Start() => _thread = new Thread(Run);
            void Take(Thread t) => _thread = t; ~Later() => [|_thread.Join()|]; }
        """);

    [Fact]
    public Task TasksOfItsOwnHaveEnded() => Verify<WREF504_BlockingFinalizer>.Diagnostics("""
        class Capture
        {
            Task _one, _two;
            Task _given;
            void Start() { _one = new Task(Run); _two = Task.Run(() => Run()); }
            void Set(Task given) { _given = given; }
            void Run() { }
            ~Capture()
            {
                Task.WaitAny(new[] { _one }, 100);
                Task.WaitAll(_one, _two);
                [|Task.WaitAny(_one, _given)|];
            }
        }
        """);

#if ROSLYN_LATEST
    [Fact]
    public Task TasksOfItsOwnInACollectionExpression() => Verify<WREF504_BlockingFinalizer>.Diagnostics("""
        class Capture
        {
            Task _one, _given;
            void Start(Task given) { _one = new Task(Run); _given = given; }
            void Run() { }
            ~Capture() { Task.WaitAny([_one], 100); [|Task.WaitAny([_one, _given], 100)|]; }
        }
        """);
#endif

    [Fact]
    public Task WaitersGiveTheLockUp() => Verify<WREF504_BlockingFinalizer>.Diagnostics("""
        class Count
        {
            static readonly object s_gate = new();
            static int s_count;
            static void Idle() { lock (s_gate) { while (s_count > 0) Monitor.Wait(s_gate); } }
            ~Count() { lock (s_gate) { s_count--; Monitor.PulseAll(s_gate); } }
        }
        class Inner
        {
            static readonly object s_gate = new(), s_other = new();
            static void Idle() { lock (s_gate) { lock (s_other) Monitor.Wait(s_other); } }
            ~Inner() { [|lock|] (s_gate) { } }
        }
        """);

    [Fact]
    public Task MadeAtTheFirstUse() => Verify<WREF504_BlockingFinalizer>.Diagnostics("""
        static class Table
        {
            static readonly object s_gate = new();
            static object s_one, s_two;
            public static object One => s_one ?? Slow();
            public static object Two { get { return s_two ??= Slow(); } }
            public static object Get() => s_one ?? Slow();
            static object Slow() { lock (s_gate) { File.ReadAllText(""); return new object(); } }
        }
        class Uses { ~Uses() { Console.WriteLine(Table.One); Console.WriteLine(Table.Two); Table.Get(); } }
        static class Store
        {
            static readonly object s_gate = new();
            static object s_one;
            public static object Each => Slow() ?? s_one;
            static object Slow() { [|lock|] (s_gate) { File.ReadAllText(""); return new object(); } }
        }
        class Asks { ~Asks() { Console.WriteLine(Store.Each); } }
        """);

    [Fact]
    public Task CollectionsThatAreReplaced() => Verify<WREF504_BlockingFinalizer>.Diagnostics("""
        class Presence
        {
            Dictionary<int, string> _regions = new();
            object _gate = new object();
            public Dictionary<int, string> Regions { set { lock (_regions) _regions = value; } }
            public object Gate { set { [|lock|] (_gate) _gate = value; } }
            ~Presence() { Regions = new(); Gate = new object(); }
        }
        """);

    [Fact]
    public Task TakenAlready() => Verify<WREF504_BlockingFinalizer>.Diagnostics("""
        class Table
        {
            readonly object _session, _other;
            List<int> _rows;
            public Table(object session, object other) { _session = session; _other = other; }
            List<int> Rows { get { Check(); return _rows; } }
            void Check() { lock (_session) { if (_rows == null) return; } }
            void Other() { [|lock|] (_other) { } }
            ~Table() { [|lock|] (_session) { Console.WriteLine(Rows); Other(); } }
        }
        """);

    [Fact]
    public Task ShortPauses() => Verify<WREF504_BlockingFinalizer>.Diagnostics("""
        class Pauses
        {
            bool _busy;
            ~{|#2:Pauses|}()
            {
                var tries = 0;
                while (_busy && tries++ < 3) { {|#0:Thread.Sleep(20)|}; }
                while (_busy) { {|#1:Thread.Sleep(20)|}; }
            }
        }
        """,
        new Options { OwnSeverities = true },
        Verify<WREF504_BlockingFinalizer>.Diagnostic().WithSeverity(DiagnosticSeverity.Info).WithLocation(0).WithLocation(2)
            .WithArguments("Thread.Sleep"),
        Verify<WREF504_BlockingFinalizer>.Diagnostic().WithLocation(1).WithLocation(2).WithArguments("Thread.Sleep"));

    [Fact]
    public Task LocksThatAreShown() => Verify<WREF504_BlockingFinalizer>.Diagnostics("""
        public class Filter
        {
            protected object _lock = new object();
            protected object _given;
            public Filter(object given) { _given = given; }
            public object Lock => _lock;
            public object Given => _given;
            void Work() { lock (_given) Console.WriteLine(); lock (_lock) Console.WriteLine(); }
            ~{|#2:Filter|}()
            {
                {|#0:lock|} (_lock) { }
                {|#1:lock|} (_given) { }
            }
        }
        class Pin { Filter _filter; void Use() { lock (_filter.Lock) { Console.WriteLine(); } } }
        """,
        new Options { OwnSeverities = true },
        Verify<WREF504_BlockingFinalizer>.Diagnostic().WithSeverity(DiagnosticSeverity.Info).WithLocation(0).WithLocation(2)
            .WithArguments("lock (_lock)"),
        Verify<WREF504_BlockingFinalizer>.Diagnostic().WithSeverity(DiagnosticSeverity.Info).WithLocation(1).WithLocation(2)
            .WithArguments("lock (_given)"));

    [Theory]
    [InlineData("SpinLock", "var taken = false; [|_x.Enter(ref taken)|];")]
    [InlineData("SpinLock", "var taken = false; [|_x.TryEnter(1, ref taken)|];")]
    [InlineData("SpinLock", "var taken = false; _x.TryEnter(ref taken);")]
    [InlineData("Lock", "[|_x.Enter()|];")]
    [InlineData("Lock", "[|_x.TryEnter(1)|];")]
    [InlineData("Lock", "[|_x.TryEnter(TimeSpan.FromSeconds(1))|];")]
    [InlineData("Lock", "_x.TryEnter();")]
    [InlineData("Lock", "using ([|_x.EnterScope()|]) { }")]
    [InlineData("ReaderWriterLockSlim", "[|_x.EnterReadLock()|];")]
    [InlineData("ReaderWriterLockSlim", "[|_x.EnterUpgradeableReadLock()|];")]
    [InlineData("ReaderWriterLockSlim", "[|_x.TryEnterWriteLock(1)|];")]
    [InlineData("ReaderWriterLockSlim", "[|_x.TryEnterUpgradeableReadLock(1)|];")]
    [InlineData("ReaderWriterLock", "[|_x.AcquireWriterLock(1)|];")]
    [InlineData("ReaderWriterLock", "[|_x.UpgradeToWriterLock(1)|];")]
    [InlineData("CountdownEvent", "[|_x.Wait()|];")]
    [InlineData("Barrier", "[|_x.SignalAndWait()|];")]
    [InlineData("Semaphore", "[|_x.WaitOne()|];")]
    [InlineData("ManualResetEvent", "[|_x.WaitOne()|];")]
    [InlineData("EventWaitHandle", "[|WaitHandle.SignalAndWait(_x, _x)|];")]
    [InlineData("WaitHandle[]", "[|WaitHandle.WaitAny(_x)|];")]
    [InlineData("WaitHandle[]", "[|WaitHandle.WaitAll(_x)|];")]
    [InlineData("Task", "[|Task.WaitAny(_x)|];")]
    [InlineData("Task", "[|_x.ConfigureAwait(false).GetAwaiter().GetResult()|];")]
    [InlineData("ValueTask", "[|_x.GetAwaiter().GetResult()|];")]
    [InlineData("ValueTask", "[|_x.ConfigureAwait(false).GetAwaiter().GetResult()|];")]
    [InlineData("System.Diagnostics.Process", "[|_x.WaitForExit()|];")]
    [InlineData("System.ComponentModel.ISynchronizeInvoke", "[|_x.Invoke(null, null)|];")]
    [InlineData("Control", "[|_x.Invoke(null)|];")]
    [InlineData("Dispatcher", "[|_x.Invoke(null)|];")]
    [InlineData("WindowsFormsSynchronizationContext", "[|_x.Send(null, null)|];")]
    [InlineData("DispatcherSynchronizationContext", "[|_x.Send(null, null)|];")]
    [InlineData("Other", "_x.Send(); _x.Invoke(); _x.Take(); _x.Sleep(); _x.Enter(); _x.EnterScope(); _x.WaitForExit();")]
    public Task WaitsOfTheFramework(string type, string wait) => Verify<WREF504_BlockingFinalizer>.Diagnostics($$"""
        class Waits { {{type}} _x; ~Waits() { {{wait}} } }
        abstract class Control { public abstract object Invoke(Delegate call); }
        abstract class Dispatcher { public abstract void Invoke(Action call); }
        class WindowsFormsSynchronizationContext : SynchronizationContext { public override void Send(SendOrPostCallback call, object state) { } }
        class DispatcherSynchronizationContext : SynchronizationContext { public override void Send(SendOrPostCallback call, object state) { } }
        interface Other { void Send(); void Invoke(); int Take(); void Sleep(); void Enter(); void EnterScope(); void WaitForExit(); }
        """);

    [Theory]
    [InlineData("Math.Max(1, 2);", "lock")]
    [InlineData("GC.KeepAlive(null);", "lock")]
    [InlineData("Console.WriteLine();", "[|lock|]")]
    [InlineData("GC.Collect();", "[|lock|]")]
    [InlineData("Activator.CreateInstance<C>();", "[|lock|]")]
    [InlineData("Quick++;", "lock")]
    [InlineData("_ = Reads;", "[|lock|]")]
    [InlineData("Reads++;", "[|lock|]")]
    [InlineData("Writes++;", "[|lock|]")]
    [InlineData("_ = Writes;", "lock")]
    public Task QuickUnderAStaticGate(string work, string taken) => Verify<WREF504_BlockingFinalizer>.Diagnostics($$"""
        class C
        {
            static readonly object s_gate = new();
            static int s_value;
            static int Quick { get { return s_value; } set { s_value = value; } }
            static int Reads { get { Console.WriteLine(); return 1; } set { s_value = value; } }
            static int Writes { get { return s_value; } set { Console.WriteLine(); } }
            static void Use() { lock (s_gate) { {{work}} } }
            ~C() { {{taken}} (s_gate) { s_value++; } }
        }
        """);

    [Theory]
    [InlineData("List<int>", "lock")]
    [InlineData("HashSet<int>", "lock")]
    [InlineData("Keeper<int>", "[|lock|]")]
    public Task CollectionsThatAreCopiedUnderTheirLock(string copy, string taken) => Verify<WREF504_BlockingFinalizer>.Diagnostics($$"""
        class Keeper<T> { public readonly List<T> All; public Keeper(List<T> all) { All = all; } }
        class C
        {
            static readonly List<int> s_all = new();
            public static {{copy}} Use() { lock (s_all) { return new {{copy}}(s_all); } }
            ~C() { {{taken}} (s_all) { s_all.Clear(); } }
        }
        """);

    /// <summary>A warning is for a lock of the whole process under which code is seen to take its time.</summary>
    [Theory]
    [InlineData("File.ReadAllText(\"\");", true)]
    [InlineData("Sink.Save();", true)]
    [InlineData("Console.WriteLine();", true)]
    [InlineData("Sink.Then();", true)]
    [InlineData("Sink.Wait();", true)]
    [InlineData("Sink.Near();", true)]
    [InlineData("Sink.read_all(IntPtr.Zero);", true)]
    [InlineData("Sink.WaitForFrame();", true)]
    [InlineData("Sink.s_recv(IntPtr.Zero);", true)]
    [InlineData("Sink.Native();", false)]
    [InlineData("Sink.s_free(IntPtr.Zero);", false)]
    [InlineData("Sink.Far();", false)]
    [InlineData("_other.Any();", false)]
    [InlineData("_other.ToString();", false)]
    public async Task UnderTheLock(string work, bool slow)
    {
        Assert.Equal(slow ? DiagnosticSeverity.Warning : DiagnosticSeverity.Info, await Severities.Of<WREF504_BlockingFinalizer>(
            Source("internal static readonly object _given = new();")));
        Assert.Equal(DiagnosticSeverity.Info, await Severities.Of<WREF504_BlockingFinalizer>(
            Source("readonly object _given; public Entry(object given) => _given = given;")));

        string Source(string gate) => $$"""
            public class Entry
            {
                {{gate}} IOther _other;
                void Work() { lock (_given) { {{work}} } }
                ~Entry() { lock (_given) { } }
            }
            public interface IOther { void Any(); }
            static class Sink
            {
                static Task s_task;
                public static Action Then;
                [UnmanagedFunctionPointer(CallingConvention.Cdecl)] public delegate void Call(IntPtr p);
                public static Call s_recv, s_free;
                public static void Save() { using (var file = new StreamWriter("a")) file.Write(1); }
                [DllImport("n")] public static extern void Native();
                [DllImport("n")] public static extern void WaitForFrame();
                [DllImport("n")] public static extern void read_all(IntPtr p);
                public static void Wait() { s_task.Wait(); }
                public static void Near() => A();
                static void A() => B();
                static void B() => Wait();
                public static void Far() => D();
                static void D() => E();
                static void E() => F();
                static void F() => G();
                static void G() => H();
                static void H() => I();
                static void I() => Wait();
            }
            """;
    }

    [Theory]
    [InlineData("_task.Wait();", true)]
    [InlineData("_task.Wait(1000);", true)]
    [InlineData("_task.Wait(50);", false)]
    [InlineData("while (!_task.IsCanceled) _task.Wait(50);", true)]
    [InlineData("lock (typeof(Waits)) { Save(); }", true)]
    [InlineData("_many.EnterWriteLock();", false)]
    [InlineData("_mutex.WaitOne();", true)]
    public async Task WarnsWhereTheWaitIsSeen(string wait, bool isSeen) => Assert.Equal(
        isSeen ? DiagnosticSeverity.Warning : DiagnosticSeverity.Info,
        await Severities.Of<WREF504_BlockingFinalizer>($$"""
            class Waits
            {
                readonly Task _task; readonly ReaderWriterLockSlim _many; readonly Mutex _mutex;
                static void Save() => Console.WriteLine();
                ~Waits() { {{wait}} }
            }
            """));

    [Fact]
    public Task LocksInProperties() => Verify<WREF504_BlockingFinalizer>.Diagnostics("""
        public class Appender
        {
            protected object Lock { get; } = new object();
            protected object Given { get; }
            public Appender(object given) { Given = given; }
            void Work() { lock (Given) { Console.WriteLine(); } lock (Lock) { Console.WriteLine(); } }
            ~Appender() { lock (Lock) { Console.WriteLine(); } [|lock|] (Given) { } }
        }
        """);
}
