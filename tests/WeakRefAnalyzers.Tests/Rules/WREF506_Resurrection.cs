namespace WeakRefAnalyzers.Tests;

public class WREF506_ResurrectionTests
{
    [Fact]
    public Task WaysBackToLife() => Verify<WREF506_Resurrection>.Diagnostics("""
        class C
        {
            protected static C s_last;
            protected static C Last { get; set; }
            protected static readonly Stack<C> s_pool = new();
            protected static readonly System.Collections.Concurrent.ConcurrentBag<object> s_bag = new();
            protected static C[] s_all = new C[1];
            protected static Dictionary<int, C> s_map = new();
            protected Keeper _keeper;
            protected bool _done;
            protected void Cleanup() { }
        }
        class C0 : C { ~C0() { [|s_last = this|]; } }
        class C1 : C { ~C1() { [|Last = this|]; } }
        class C2 : C { ~C2() { [|s_pool.Push(this)|]; } }
        class C3 : C { ~C3() { [|s_bag.Add(this)|]; } }
        class C4 : C { ~C4() { [|s_all[0] = this|]; } }
        class C5 : C { ~C5() { [|s_map[0] = this|]; } }
        class C6 : C { ~C6() { [|_keeper.Kept = this|]; } }
        class C7 : C { ~C7() { [|_keeper.Keep(this)|]; } }
        class C8 : C { ~C8() { [|ThreadPool.QueueUserWorkItem(_ => Cleanup())|]; } }
        class C9 : C { ~C9() { [|Task.Run(Cleanup)|]; } }
        class C10 : C { ~C10() { [|Task.Factory.StartNew(() => _done = true)|]; } }
        class C11 : C { ~C11() { [|Signal.Stopped += Cleanup|]; } }
        class C12 : C { ~C12() { [|new Thread(Cleanup)|].Start(); } }
        class Signal { public static event Action Stopped; }
        class Keeper { public object Kept; public void Keep(object o) { Kept = o; } }
        """);

    [Fact]
    public Task OnceForOneObject() => Verify<WREF506_Resurrection>.Diagnostics("""
        class Listener
        {
            static readonly Queue<Listener> s_queue = new();
            static readonly List<Listener> s_removed = new();
            ~Listener() { [|s_queue.Enqueue(this)|]; s_removed.Add(this); }
        }
        """);

    [Fact]
    public Task DelegatesGivenToQueues() => Verify<WREF506_Resurrection>.Diagnostics("""
        interface IQueue { bool TryEnqueue(Action action); void OnUi(Action action); void Remove(Action action); }
        class Control_ { readonly List<Action> _later = new(); public void Later(Action a) { _later.Add(a); } public void Now(Action a) { a(); } }
        class A { IQueue _queue; ~A() { [|_queue.TryEnqueue(Close)|]; } void Close() { } }
        class B { IQueue _queue; ~B() { [|_queue.OnUi(() => Close())|]; } void Close() { } }
        class C { SynchronizationContext _context; ~C() { [|_context.Post(_ => Close(), null)|]; } void Close() { } }
        class D { Control_ _control; ~D() { [|_control.Later(Close)|]; } void Close() { } }
        class E { Control_ _control; int _id; ~E() { _control.Now(Close); var id = _id; _control.Later(() => Console.WriteLine(id)); } void Close() { } }
        class F { IQueue _queue; ~F() { _queue.Remove(Close); } void Close() { } }
        class G { List<int> _list; int _x; ~G() { _list.RemoveAll(x => x == _x); _list.ForEach(x => _x += x); _ = _list.Where(x => x > _x).Count(); } }
        class H { SynchronizationContext _context; ~H() { _context.Send(_ => Close(), null); } void Close() { } }
        """);

    [Fact]
    public Task MadeOfNothing() => Verify<WREF506_Resurrection>.Diagnostics(
        "class Ticks { ~Ticks() { new System.Timers.Timer().Start(); } }");

    [Fact]
    public Task StaysDead() => Verify<WREF506_Resurrection>.Diagnostics("""
        class C
        {
            static readonly List<C> s_all = new();
            static readonly Dictionary<int, string> s_names = new();
            static readonly System.Collections.Concurrent.ConcurrentQueue<int> s_queue = new();
            static event Action Stopped;
            C _self;
            int _id;
            Keeper _keeper;

            ~C()
            {
                _self = this;
                var other = this;
                s_all.Remove(this);
                _keeper.Forget(this);
                Console.WriteLine(this);
                Console.WriteLine("{0} is gone", this);
                Equals(this);
                GC.SuppressFinalize(this);
                GC.KeepAlive(this);
                s_names[_id] = "gone";
                s_queue.Enqueue(_id);
                var id = _id;
                Task.Run(() => Console.WriteLine(id));
                Task.Run(Static);
                Stopped -= Cleanup;
                s_all.RemoveAll(c => c == this);
                Note(this);
                Action local = Cleanup;
                local();
            }

            static void Static() { }
            void Cleanup() { }
            static void Note(C c) => Console.WriteLine(c);
        }

        class Keeper { public bool Forget(object o) => o.Equals(1); }

        class Pooled
        {
            static readonly Stack<Pooled> s_pool = new();

            ~Pooled()
            {
                s_pool.Push(this);
                GC.ReRegisterForFinalize(this);
            }
        }
        """);

    [Fact]
    public Task MessageNamesOperationAndType() => Verify<WREF506_Resurrection>.Diagnostics(
        """
        class Buffer
        {
            static readonly Stack<Buffer> s_pool = new();

            ~{|#1:Buffer|}() => {|#0:s_pool.Push(this)|};
        }
        """,
        Verify<WREF506_Resurrection>.Diagnostic().WithLocation(0).WithLocation(1).WithArguments("s_pool.Push(this)", "Buffer"));

    [Fact]
    public Task BrokenCode() => Verify<WREF506_Resurrection>.Diagnostics(
        """
        class C { static C s; ~C() { missing.Add(this); s = this.; s.Missing(this); = this; } }
        """,
        new Options { CompilerErrors = true });

    [Fact]
    public Task FixRegistersAgain() => Verify<WREF506_Resurrection, WREF506_ReRegister>.Fix(
        """
        class Buffer
        {
            static readonly Stack<Buffer> s_pool = new();

            ~Buffer()
            {
                if (s_pool.Count < 10)
                    [|s_pool.Push(this)|];
            }
        }

        class Last
        {
            static Last s_last;

            ~Last()
            {
                [|s_last = this|];
            }
        }
        """,
        """
        class Buffer
        {
            static readonly Stack<Buffer> s_pool = new();

            ~Buffer()
            {
                if (s_pool.Count < 10)
                {
                    s_pool.Push(this);
                    GC.ReRegisterForFinalize(this);
                }
            }
        }

        class Last
        {
            static Last s_last;

            ~Last()
            {
                s_last = this;
                GC.ReRegisterForFinalize(this);
            }
        }
        """);

    [Fact]
    public Task FixKeepsTriviaOnNetFramework() => Verify<WREF506_Resurrection, WREF506_ReRegister>.Fix(
        """
        using System.Collections.Generic;

        class Buffer
        {
            static readonly Stack<Buffer> s_pool = new Stack<Buffer>();

            ~Buffer()
            {
                // back
                [|s_pool.Push(/* me */ this)|]; // to the pool
                // end
            }
        }
        """,
        """
        using System.Collections.Generic;

        class Buffer
        {
            static readonly Stack<Buffer> s_pool = new Stack<Buffer>();

            ~Buffer()
            {
                // back
                s_pool.Push(/* me */ this); // to the pool
                System.GC.ReRegisterForFinalize(this);
                // end
            }
        }
        """,
        new Options { NetFramework = true, Language = LanguageVersion.CSharp7_3 });

    [Fact]
    public Task NoFixForAQueuedDelegate() => Verify<WREF506_Resurrection, WREF506_ReRegister>.NoFix("""
        class C
        {
            static Stack<C> s_pool = new();
            void Cleanup() { }
            ~C() { [|Task.Run(Cleanup)|]; }
        }

        class Arrow { static Stack<Arrow> s_pool = new(); ~Arrow() => [|s_pool.Push(this)|]; }
        """);
}
