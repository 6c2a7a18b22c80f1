namespace WeakRefAnalyzers.Tests;

public class WREF505_ThrowingFinalizerTests
{
    [Fact]
    public Task CasesOfTypeArguments() => Verify<WREF505_ThrowingFinalizer>.Diagnostics("""
        class A<T>
        {
            IntPtr _p;
            static void FreeInt(IntPtr p) { }
            ~A() => Free(_p);
            static void Free(IntPtr p)
            {
                if (typeof(T) == typeof(int)) { FreeInt(p); return; }
                if (typeof(T) == typeof(long)) { FreeInt(p); return; }
                throw new Exception();
            }
        }
        class B<T> { bool _b; ~B() { if (_b) { return; } [|throw new Exception();|] } }
        """);

    [Fact]
    public Task WhatThrowsByIntent() => Verify<WREF505_ThrowingFinalizer>.Diagnostics("""
        class Always { ~Always() { [|throw new InvalidOperationException("Dispose me.");|] } }
        class Expression { ~Expression() => [|throw new NotSupportedException()|]; }
        class Failure { IntPtr _handle; ~Failure() { if (!Close(_handle)) [|throw new System.ComponentModel.Win32Exception();|] } [DllImport("n")] static extern bool Close(IntPtr h); }
        class Helper { ~Helper() { [|Marshal.ThrowExceptionForHR(1)|]; } }
        class Never { ~Never() { Fail(); } [System.Diagnostics.CodeAnalysis.DoesNotReturn] static void Fail() => [|throw new Exception()|]; }
        class Coalesce { string _name; ~Coalesce() { _ = _name ?? [|throw new InvalidOperationException()|]; } }
        class OtherCatch { ~OtherCatch() { try { [|throw new InvalidOperationException();|] } catch (IOException) { } } }
        class Through { ~Through() => End(false); void End(bool all) { Release(); } void Release() { if (!Native()) [|throw new IOException();|] } [DllImport("n")] static extern bool Native(); }
        """);

    [Fact]
    public Task CaughtGuardedOrPruned() => Verify<WREF505_ThrowingFinalizer>.Diagnostics("""
        class Caught { ~Caught() { try { throw new Exception(); } catch { } } }
        class CaughtType { ~CaughtType() { try { throw new FileNotFoundException(); } catch (IOException) { } } }
        class CaughtOutside { ~CaughtOutside() { try { M(); } catch (Exception) { } } void M() { throw new IOException(); } }
        class Pruned { ~Pruned() { M(false); } void M(bool disposing) { if (disposing) throw new IOException(); } }
        class Guard { IntPtr _handle; bool _disposed; IntPtr Handle { get { if (_disposed) throw new ObjectDisposedException("x"); return _handle; } } ~Guard() { Console.WriteLine(Handle); } }
        class Argument { ~Argument() { M("x"); } static void M(string s) { if (s == null) throw new ArgumentNullException(nameof(s)); ArgumentNullException.ThrowIfNull(s); } }
        class Cases { int _kind; ~Cases() { switch (_kind) { case 1: break; default: throw new InvalidOperationException(); } _ = _kind switch { 1 => 2, _ => throw new Exception() }; } }
        class Later { ~Later() { Action later = () => throw new Exception(); } }
        class Rethrows { ~Rethrows() { try { Console.WriteLine(); } catch { throw; } } }
        class Disposed { bool _disposed; ~Disposed() { ObjectDisposedException.ThrowIf(_disposed, this); } }
        """);

    [Fact]
    public Task FieldsOfAHalfMadeObject() => Verify<WREF505_ThrowingFinalizer>.Diagnostics("""
        class AfterThrow
        {
            readonly List<int> _list;
            bool _disposed;

            AfterThrow(string name)
            {
                if (name == null) throw new ArgumentNullException(nameof(name));
                _list = new List<int>();
            }

            ~AfterThrow() { if (!_disposed) [|_list.Clear()|]; }
        }

        class Loop
        {
            readonly List<IDisposable> _list;
            Loop(string name) { ArgumentNullException.ThrowIfNull(name); this._list = new(); }
            ~Loop() { [|foreach (var one in _list) { Console.WriteLine(one); }|] }
        }

        class Coalesced
        {
            readonly IDisposable _file;
            Coalesced(IDisposable file) { _file = file ?? throw new ArgumentNullException(nameof(file)); }
            ~Coalesced() => End();
            void End() => [|_file.Dispose()|];
        }

        class Opens
        {
            readonly StreamReader _reader;
            Opens(string path) { _reader = new StreamReader(path); }
            ~Opens() { Console.WriteLine([|_reader.BaseStream|]); }
        }
        """);

    [Fact]
    public Task FieldsThatAreTestedOrCannotBeNull() => Verify<WREF505_ThrowingFinalizer>.Diagnostics("""
        class Tested { List<int> _a; List<int> _b; IntPtr _h; bool _made;
            Tested(string s) { if (s == null) throw new Exception(); _a = new(); _b = new(); _made = true; }
            ~Tested() { _a?.Clear(); if (_b != null) _b.Clear(); } }
        class ByHandle { List<int> _a; IntPtr _h;
            ByHandle(string s) { if (s == null) throw new Exception(); _a = new(); _h = (IntPtr)1; }
            ~ByHandle() { if (_h == IntPtr.Zero) return; _a.Clear(); } }
        class ByFlag { List<int> _a; bool _made;
            ByFlag(string s) { if (s == null) throw new Exception(); _a = new(); _made = true; }
            ~ByFlag() { if (_made) _a.Clear(); } }
        class Initialized { readonly List<int> _a = new(); Initialized(string s) { if (s == null) throw new Exception(); } ~Initialized() { _a.Clear(); } }
        class First { readonly List<int> _a; First(string s) { _a = new(); if (s == null) throw new Exception(); } ~First() { _a.Clear(); } }
        class NoThrow { readonly List<int> _a; NoThrow() { _a = new(); } ~NoThrow() { _a.Clear(); } }
        class Caught { readonly List<int> _a; Caught(string s) { if (s == null) throw new Exception(); _a = new(); } ~Caught() { try { _a.Clear(); } catch (Exception) { } } }
        class Lambda { readonly List<int> _a; Action _f; Lambda() { _f = () => throw new Exception(); _a = new(); } ~Lambda() { _a.Clear(); } }
        class Structs { DateTime _a; Structs(string s) { if (s == null) throw new Exception(); _a = DateTime.Now; } ~Structs() { Console.WriteLine(_a.Year); } }
        class Finalizable_ { readonly FileStream _a; Finalizable_(string s) { _a = new FileStream(s, FileMode.Open); } ~Finalizable_() { _a.Close(); } }
        """);

    [Fact]
    public Task GuardsThatCannotFireHere() => Verify<WREF505_ThrowingFinalizer>.Diagnostics("""
        class OwnThread
        {
            Thread _worker;
            int _id;
            void RefuseA() { if (Thread.CurrentThread == _worker) throw new InvalidOperationException("a"); }
            void RefuseB() { if (Environment.CurrentManagedThreadId == _id && _worker != null) { throw new InvalidOperationException("b"); } }
            void RefuseC() { if (!(Thread.CurrentThread != _worker)) throw new InvalidOperationException("c"); }
            void RefuseD() { if (_id == Thread.CurrentThread.ManagedThreadId) throw new InvalidOperationException("d"); }
            void RefuseE() { if (ReferenceEquals(Thread.CurrentThread, _worker)) throw new InvalidOperationException("e"); }
            ~OwnThread() { RefuseA(); RefuseB(); RefuseC(); RefuseD(); RefuseE(); }
        }
        class Foreign
        {
            Thread _owner;
            int _id;
            ~Foreign() { Demand(); }
            void Demand() { if (Thread.CurrentThread != _owner) [|throw new InvalidOperationException("a");|] }
        }
        class ForeignId
        {
            int _id;
            ~ForeignId() { if (Environment.CurrentManagedThreadId != _id) { [|throw new InvalidOperationException("b");|] } }
        }
        class AtOnce
        {
            int _users;
            readonly object _gate = new();
            ~AtOnce() { Enter(); Compare(); if (Interlocked.Exchange(ref _users, 0) != 0) throw new InvalidOperationException("busy"); }
            void Enter() { if (Interlocked.Increment(ref _users) != 1) throw new InvalidOperationException("two at once"); }
            void Compare() { if (!Monitor.IsEntered(_gate)) throw new SynchronizationLockException(); }
        }
        class Bound
        {
            static Bound s_current; static Bound s_made; readonly Bound[] _all = { };
            ~Bound() { Leave(); Make(); }
            void Leave() { for (var i = 0; i < _all.Length; i++) { if (_all[i] == this) { throw new InvalidOperationException("bound"); } } if (ReferenceEquals(s_current, null)) { } }
            static Bound Make() { if (s_made != null) { return s_made; } s_made = s_current; if (s_made == null) throw new InvalidOperationException("none"); return s_made; }
        }
        class Demand : IDisposable
        {
            bool _disposed;
            public void Dispose() { _disposed = true; GC.SuppressFinalize(this); }
            ~Demand() { Console.WriteLine("leaked"); if (!_disposed) { throw new InvalidOperationException("dispose me"); } }
        }
        class Releases : IDisposable
        {
            IntPtr _handle;
            bool _disposed;
            public void Dispose() { _disposed = true; GC.SuppressFinalize(this); }
            ~Releases()
            {
                Marshal.FreeHGlobal(_handle);
                if (!_disposed) { [|throw new InvalidOperationException("dispose me");|] }
            }
        }
        """);

    [Fact]
    public Task FiltersThatCoverTheThrow() => Verify<WREF505_ThrowingFinalizer>.Diagnostics("""
        class Is { ~Is() { try { throw new IOException(); } catch (Exception e) when (e is IOException) { } } }
        class Or { ~Or() { try { throw new FileNotFoundException(); } catch (Exception e) when (e is IOException or UnauthorizedAccessException) { } } }
        class OrElse { ~OrElse() { try { throw new IOException(); } catch (Exception e) when (e is NotSupportedException || e is IOException) { } } }
        class Not { ~Not() { try { throw new IOException(); } catch (Exception e) when (e is not OutOfMemoryException) { } } }
        class Unknown { ~Unknown() { try { throw new IOException(); } catch (Exception e) when (Log(e)) { } } static bool Log(Exception e) => true; }
        class Other { ~Other() { try { [|throw new IOException();|] } catch (Exception e) when (e is TimeoutException) { } } }
        class NotThis { ~NotThis() { try { [|throw new IOException();|] } catch (Exception e) when (e is not IOException) { } } }
        """);

    [Fact]
    public Task OncePerPlace() => Verify<WREF505_ThrowingFinalizer>.Diagnostics("""
        class Shape
        {
            private object _peer;
            protected object Peer { get { Load(); return _peer; } set { _peer = value; } }
            void Load()
            {
                if (_peer == null)
                {
                    if (Make() == null) throw new InvalidOperationException("nothing made");
                    throw new InvalidOperationException("not opened");
                }
            }
            protected virtual object Make() { throw new NotImplementedException(); }
        }
        static class Manager { public static void Free(object o) { } }
        class Brush : Shape { ~Brush() { Manager.Free([|Peer|]); } }
        """);

    /// <summary>By the time of the finalizer it has been made: the throw is for who makes it.</summary>
    [Fact]
    public Task MadeAtTheFirstUse() => Verify<WREF505_ThrowingFinalizer>.Diagnostics("""
        class Shape
        {
            object _peer, _other;
            protected virtual object Make() { throw new NotSupportedException(); }
            protected object Peer { get { Load(); return _peer; } }
            void Load() { if (_peer == null) { _peer = Make(); if (_peer == null) { throw new InvalidOperationException("a"); } } }
            protected void Demand() { if (_peer == null) { _other = Make(); throw new InvalidOperationException("b"); } }
            protected void Wrong() => throw new NotSupportedException();
        }
        class Brush : Shape { ~{|#3:Brush|}() { Console.WriteLine({|#0:Peer|}); Make(); } }
        class Pen : Shape { ~{|#4:Pen|}() { {|#1:Demand()|}; } }
        class Ink : Shape { ~{|#5:Ink|}() { {|#2:Wrong()|}; } }
        """,
        new Options { OwnSeverities = true },
        Verify<WREF505_ThrowingFinalizer>.Diagnostic().WithSeverity(DiagnosticSeverity.Info).WithLocation(0).WithLocation(3)
            .WithArguments("InvalidOperationException is thrown here", "catch it here or leave it out"),
        Verify<WREF505_ThrowingFinalizer>.Diagnostic().WithSeverity(DiagnosticSeverity.Info).WithLocation(1).WithLocation(4)
            .WithArguments("InvalidOperationException is thrown here", "catch it here or leave it out"),
        Verify<WREF505_ThrowingFinalizer>.Diagnostic().WithLocation(2).WithLocation(5)
            .WithArguments("NotSupportedException is thrown here", "catch it here or leave it out"));

    /// <summary>Such an object lives as long as the process: its finalizer does not come to run.</summary>
    [Fact]
    public Task KeptByStaticVariables() => Verify<WREF505_ThrowingFinalizer>.Diagnostics("""
        class Only { static readonly Only s_only = new Only(); Only() { } ~{|#1:Only|}() { {|#0:throw new IOException();|} } }
        class One { static One s_one; public One() { if (s_one != null) throw new Exception(); s_one = this; } ~{|#5:One|}() { {|#4:throw new IOException();|} } }
        class Last { static Last s_last; public Last() { s_last = this; } ~{|#7:Last|}() { {|#6:throw new IOException();|} } }
        class Other { static Other s_last = new Other(); static Other Make() => new Other(); Other() { } ~{|#3:Other|}() { {|#2:throw new IOException();|} } }
        """,
        new Options { OwnSeverities = true },
        Verify<WREF505_ThrowingFinalizer>.Diagnostic().WithSeverity(DiagnosticSeverity.Info).WithLocation(0).WithLocation(1)
            .WithArguments("IOException is thrown here", "catch it here or leave it out"),
        Verify<WREF505_ThrowingFinalizer>.Diagnostic().WithSeverity(DiagnosticSeverity.Info).WithLocation(4).WithLocation(5)
            .WithArguments("IOException is thrown here", "catch it here or leave it out"),
        Verify<WREF505_ThrowingFinalizer>.Diagnostic().WithLocation(6).WithLocation(7)
            .WithArguments("IOException is thrown here", "catch it here or leave it out"),
        Verify<WREF505_ThrowingFinalizer>.Diagnostic().WithLocation(2).WithLocation(3)
            .WithArguments("IOException is thrown here", "catch it here or leave it out"));

    [Fact]
    public Task Helpers() => Verify<WREF505_ThrowingFinalizer>.Diagnostics("""
        class DeviceException : Exception
        {
            public static void Try(int result, string function) { if (result != 0) throw new DeviceException(); }
            public static void Demand(string name) { if (name == null) throw new DeviceException(); }
            public static void ThrowLast() => throw new DeviceException();
        }
        static class Extensions
        {
            public static void ThrowOnFailure(this int code) { if (code >= 0) return; throw new InvalidOperationException(code.ToString()); }
            public static int OrThrow(int code) => code < 0 ? throw new IOException() : code;
            public static void NotDisposed(bool disposed) { if (disposed) throw new ObjectDisposedException("x"); }
        }
        readonly struct Result { readonly int _code; public Result(int code) { _code = code; } public void Check() { if (_code != 0) throw new IOException(); } }
        class Helped
        {
            [DllImport("n")] static extern int close(IntPtr handle);
            [DllImport("n")] static extern Result close2(IntPtr handle);
            IntPtr _handle;
            string _name = "x";
            bool _disposed;
            ~Helped() { A(); B(); C(); D(); E(); F(); G(); H(); I(); }
            void A() => [|DeviceException.Try(close(_handle), "close")|];
            void B() { var code = close(_handle); [|code.ThrowOnFailure()|]; }
            void C() => [|Extensions.OrThrow(close(_handle))|];
            void D() { [|close2(_handle).Check()|]; }
            void E() { if (close(_handle) != 0) [|DeviceException.ThrowLast()|]; }
            void F() { if (close(_handle) != 0) [|Marshal.ThrowExceptionForHR(1)|]; }
            void G() { try { DeviceException.Try(close(_handle), "close"); } catch (DeviceException) { } }
            void H() { DeviceException.Demand(_name); DeviceException.Try(0, "none"); }
            void I() { Extensions.NotDisposed(_disposed); ObjectDisposedException.ThrowIf(_disposed, this); }
        }
        """);

    [Fact]
    public Task Files() => Verify<WREF505_ThrowingFinalizer>.Diagnostics("""
        class Temp
        {
            string _path;
            ~Temp()
            {
                if (File.Exists(_path)) [|File.Delete(_path)|];
                try { File.Delete(_path); } catch (IOException) { } catch (UnauthorizedAccessException) { }
                try { File.Delete(_path); } catch { }
            }
        }
        class Folder { string _path; ~Folder() { [|Directory.Delete(_path, true)|]; } }
        class Info { string _path; ~Info() { [|new FileInfo(_path).Delete()|]; } }
        """);

    [Fact]
    public Task WhatEndsAConstructor() => Verify<WREF505_ThrowingFinalizer>.Diagnostics("""
        class Callee
        {
            readonly List<int> _queue;
            bool _dispatched;
            public Callee(int max) { if (max <= 0) throw new ArgumentOutOfRangeException(nameof(max)); _queue = new(); }
            ~Callee() { Dispatch(); [|_queue.Clear()|]; }
            void Dispatch() { if (_dispatched) return; _dispatched = true; }
        }
        class Implicit
        {
            readonly CancellationTokenSource _source;
            readonly System.Net.Sockets.TcpClient _client;
            public Implicit(string host, int port) { _client = new(host, port); _source = new(); }
            ~Implicit() { [|_source.Cancel()|]; }
        }
        class Part { public Part(string name) { if (name.Length == 0) throw new ArgumentException("x"); } }
        class OfSource
        {
            readonly Part _part; readonly List<int> _list;
            public OfSource(string name) { _part = new Part(name); _list = new(); }
            ~OfSource() { [|_list.Clear()|]; }
        }
        class Constant
        {
            readonly Part _part; readonly List<int> _list;
            public Constant() { _part = new Part("x"); _list = new(); }
            ~Constant() { _list.Clear(); }
        }
        class Validates
        {
            readonly List<int> _list;
            public Validates(int n) { Validate(n); _list = new(); }
            static void Validate(int n) { if (n < 0) throw new ArgumentOutOfRangeException(nameof(n)); }
            ~Validates() { [|_list.Clear()|]; }
        }
        class Base { protected Base(string name) { ArgumentNullException.ThrowIfNull(name); } }
        class Derived : Base
        {
            readonly List<int> _list;
            public Derived(string name) : base(name) { _list = new(); }
            ~Derived() { [|_list.Clear()|]; }
        }
        class Caught
        {
            readonly List<int> _list; readonly Stream _file;
            public Caught(string path) { try { _file = File.OpenRead(path); } catch (IOException) { } _list = new(); }
            ~Caught() { _list.Clear(); }
        }
        class CaughtAll
        {
            readonly List<int> _list;
            public CaughtAll(string s) { try { if (s == null) throw new Exception(); } catch { Console.WriteLine(); } _list = new(); }
            ~CaughtAll() { _list.Clear(); }
        }
        class Rethrown
        {
            readonly List<int> _list; readonly Stream _file;
            public Rethrown(string path) { try { _file = File.OpenRead(path); } catch (IOException) { Console.WriteLine(); throw; } _list = new(); }
            ~Rethrown() { [|_list.Clear()|]; }
        }
        class Tests
        {
            readonly List<int> _list;
            public Tests(string s) { if (s == null) throw new Exception(); _list = new(); }
            bool IsReady() => _list != null;
            ~Tests() { if (!IsReady()) return; _list.Clear(); }
        }
        """);

#if ROSLYN_LATEST
    [Fact]
    public Task PrimaryConstructors() => Verify<WREF505_ThrowingFinalizer>.Diagnostics("""
        class Late(string s) { readonly string _s = s ?? throw new ArgumentNullException(nameof(s)); readonly List<int> _list = []; ~Late() { [|_list.Clear()|]; } }
        class Early(string s) { readonly List<int> _list = []; readonly string _s = s ?? throw new ArgumentNullException(nameof(s)); ~Early() { _list.Clear(); } }
        """);
#endif

    [Fact]
    public Task MessageSaysWhatIsThrown() => Verify<WREF505_ThrowingFinalizer>.Diagnostics(
        """
        class C
        {
            List<int> _list;

            C(string name)
            {
                if (name == null)
                    {|#3:throw new ArgumentNullException(nameof(name));|}
                _list = new List<int>();
            }

            ~{|#1:C|}()
            {
                {|#2:_list.Clear()|};
                {|#0:throw new InvalidOperationException();|}
            }
        }
        """,
        Verify<WREF505_ThrowingFinalizer>
            .Diagnostic()
            .WithLocation(2)
            .WithLocation(3)
            .WithArguments("'_list' is null here if the constructor threw before it was set", "test it for null"),
        Verify<WREF505_ThrowingFinalizer>
            .Diagnostic()
            .WithLocation(0)
            .WithLocation(1)
            .WithArguments("InvalidOperationException is thrown here", "catch it here or leave it out"));

    [Fact]
    public Task FinalizersOfBases() => Verify<WREF505_ThrowingFinalizer>.Diagnostics("""
        abstract class Base : IDisposable
        {
            public void Dispose() { Dispose(true); GC.SuppressFinalize(this); }
            protected virtual void Dispose(bool disposing) { }
            ~Base() { Dispose(false); }
        }
        class Derived : Base
        {
            readonly List<int> _list;
            public Derived(string name) { if (name == null) throw new ArgumentNullException(nameof(name)); _list = new(); }
            protected override void Dispose(bool disposing) { [|_list.Clear()|]; base.Dispose(disposing); }
        }
        class Throws : System.ComponentModel.Component
        {
            [DllImport("n")] static extern int close(IntPtr h);
            IntPtr _h;
            protected override void Dispose(bool disposing) { if (close(_h) != 0) [|throw new IOException();|] base.Dispose(disposing); }
        }
        """);

    [Fact]
    public Task BrokenCode() => Verify<WREF505_ThrowingFinalizer>.Diagnostics(
        """
        class C { List<int> _list; C() { throw; _list = ; } ~C() { throw new Missing(; _list.; _missing.Clear(); throw } }
        """,
        new Options { CompilerErrors = true });

    [Fact]
    public Task FixTestsForNull() => Verify<WREF505_ThrowingFinalizer, WREF505_TestForNull>.Fix(
        """
        class C
        {
            private readonly List<int> _list;
            private readonly IDisposable _file;

            public C(IDisposable file)
            {
                _file = file ?? throw new ArgumentNullException(nameof(file));
                _list = new List<int>();
            }

            ~C()
            {
                [|_list.Clear()|];
                [|this._file.Dispose()|];
            }
        }
        """,
        """
        class C
        {
            private readonly List<int> _list;
            private readonly IDisposable _file;

            public C(IDisposable file)
            {
                _file = file ?? throw new ArgumentNullException(nameof(file));
                _list = new List<int>();
            }

            ~C()
            {
                _list?.Clear();
                this._file?.Dispose();
            }
        }
        """);

    [Fact]
    public Task FixKeepsTriviaOnNetFramework() => Verify<WREF505_ThrowingFinalizer, WREF505_TestForNull>.Fix(
        """
        using System;
        using System.Collections.Generic;

        class C
        {
            private readonly List<int> _list;

            public C(string name)
            {
                if (name == null) throw new ArgumentNullException("name");
                _list = new List<int>();
            }

            ~C()
            {
                // all of them
                [|_list /* here */
                    .RemoveRange(0, /* count */ 1)|]; // gone
            }
        }
        """,
        """
        using System;
        using System.Collections.Generic;

        class C
        {
            private readonly List<int> _list;

            public C(string name)
            {
                if (name == null) throw new ArgumentNullException("name");
                _list = new List<int>();
            }

            ~C()
            {
                // all of them
                _list /* here */
                    ?.RemoveRange(0, /* count */ 1); // gone
            }
        }
        """,
        new Options { NetFramework = true, Language = LanguageVersion.CSharp7_3 });

    [Fact]
    public Task NoFixForAThrowOrAValue() => Verify<WREF505_ThrowingFinalizer, WREF505_TestForNull>.NoFix("""
        class C
        {
            readonly List<int> _list;
            C(string name) { if (name == null) throw new Exception(); _list = new(); }
            ~C() { var count = [|_list.Count|]; [|throw new Exception();|] }
        }
        """);

    [Fact]
    public Task StubsAndGuardsBehindHelpers() => Verify<WREF505_ThrowingFinalizer>.Diagnostics("""
        static class Native
        {
            public static int Call(IntPtr p) => throw new NotImplementedException(); // The build puts the code here.
            public static int Bad(IntPtr p) => throw new InvalidProgramException();
        }
        class Com { IntPtr _p; protected virtual object Make() { throw new NotImplementedException(); }
            ~Com() { Native.Call(_p); Make(); } }
        class Unfinished { ~Unfinished() { [|throw new NotImplementedException();|] } }
        class Broken { IntPtr _p; ~Broken() { [|Native.Bad(_p)|]; } }
        class Guarded
        {
            int _flags;
            void Throw() => throw new ObjectDisposedException("Guarded");
            void Check() { if (Volatile.Read(ref _flags) == 2) { Fail(); } if (_flags == 3) Throw();
                static void Fail() { throw new ObjectDisposedException("Guarded"); } }
            ~Guarded() { Check(); }
        }
        class Answered
        {
            static int Close() => 0;
            static void Fail(int code) => [|throw new IOException(code.ToString())|];
            ~Answered() { var code = Close(); if (code != 0) Fail(code); }
        }
        """);

    [Fact]
    public Task PropertiesSetTooLate() => Verify<WREF505_ThrowingFinalizer>.Diagnostics("""
        class Context
        {
            List<int> Open { get; }
            List<int> Early { get; } = new();
            public virtual List<int> Shown { get; }
            public Context(string name) { if (name == null) throw new ArgumentNullException(nameof(name)); Open = new(); Shown = new(); }
            ~Context() { Early.Clear(); [|Open.Clear()|]; Shown.Clear(); }
        }
        class Asked
        {
            List<int> Open { get; }
            public Asked(string name) { if (name == null) throw new ArgumentNullException(nameof(name)); Open = new(); }
            ~Asked() { if (Open != null) Open.Clear(); }
        }
        """);

    [Fact]
    public Task FlagsThatAreNotSetYet() => Verify<WREF505_ThrowingFinalizer>.Diagnostics("""
        class Models
        {
            readonly List<int> _models; bool _disposeChildren;
            public Models(int[] given) { if (given == null) throw new ArgumentNullException(); _models = new(); }
            ~Models() { if (_disposeChildren) _models.Clear(); Free(); }
            void Free() { if (_disposeChildren && _models.Count > 0) { _models.Clear(); } }
        }
        class Ended
        {
            readonly List<int> _models; bool _disposed;
            public Ended(int[] given) { if (given == null) throw new ArgumentNullException(); _models = new(); }
            ~Ended() { if (!_disposed) [|_models.Clear()|]; _disposed = true; }
        }
        """);

    [Fact]
    public Task FilesOneAfterTheOther() => Verify<WREF505_ThrowingFinalizer>.Diagnostics("""
        class Two { string _a, _b; ~Two() { [|File.Delete(_a)|]; File.Delete(_b); } }
        class Caught { string _a, _b; ~Caught() { try { File.Delete(_a); } catch { } [|File.Delete(_b)|]; } }
        """);

    [Fact]
    public Task ThrownForTheFinalizerAlone() => Verify<WREF505_ThrowingFinalizer>.Diagnostics("""
        class Cursor
        {
            bool _readOnly; IntPtr _p;
            static bool Closed() => true;
            public void Dispose() { Dispose(true); GC.SuppressFinalize(this); }
            void Dispose(bool disposing)
            {
                if (!disposing) throw new InvalidOperationException("dispose of it");
                Marshal.FreeHGlobal(_p);
            }
            ~Cursor() => Dispose(false);
        }
        class Half
        {
            bool _readOnly;
            void Dispose(bool disposing)
            {
                if (_readOnly && !disposing) { throw new InvalidOperationException("dispose of it"); }
                if (!File.Exists("a")) [|throw new IOException();|]
            }
            ~Half() => Dispose(false);
        }
        """);

    [Fact]
    public Task WhatATaskKeeps() => Verify<WREF505_ThrowingFinalizer>.Diagnostics("""
        class Forgotten
        {
            async Task Clean() { await Task.Yield(); if (!File.Exists("a")) throw new IOException(); }
            async Task CleanAll() { await Clean(); }
            ~Forgotten() { var _ = Clean(); CleanAll(); }
        }
        class Awaited
        {
            async Task Clean() { await Task.Yield(); if (!File.Exists("a")) [|throw new IOException();|] }
            async Task CleanAll() { await Clean(); }
            ~Awaited() { CleanAll().Wait(); }
        }
        class NoTask
        {
            async void Clean() { if (!File.Exists("a")) [|throw new IOException();|] await Task.Yield(); }
            ~NoTask() => Clean();
        }
        """);

    [Fact]
    public Task StubsThatABaseCalls() => Verify<WREF505_ThrowingFinalizer>.Diagnostics("""
        class Stub : System.ComponentModel.Component { protected override void Dispose(bool disposing) { throw new NotImplementedException(); } }
        class Real : System.ComponentModel.Component { protected override void Dispose(bool disposing) { [|throw new NotSupportedException();|] } }
        """);

    /// <summary>A warning is for what fails in ordinary life; what a type asserts of itself is an Info.</summary>
    [Theory]
    [InlineData("throw new Exception();", true)]
    [InlineData("Fail();", true)]
    [InlineData("File.Delete(_path);", true)]
    [InlineData("Marshal.ThrowExceptionForHR(close(_p));", true)]
    [InlineData("if (close(_p) != 0) throw new Exception();", true)]
    [InlineData("var e = close(_p); if (e != 0) throw new Exception();", true)]
    [InlineData("int e; e = close(_p); if (e != 0) throw new Exception();", true)]
    [InlineData("close2(_p, out var e); if (e != 0) throw new Exception();", true)]
    [InlineData("_error = close(_p); if (_error != 0) throw new Exception();", true)]
    [InlineData("Check(close(_p));", true)]
    [InlineData("Check(Close());", true)]
    [InlineData("if (Close() != 0) Fail();", true)]
    [InlineData("try { close(_p); } catch (Exception e) { throw new IOException(_path, e); }", true)]
    [InlineData("if (!_ended) throw new Exception();", false)]
    [InlineData("if (_users > 0) Fail();", false)]
    [InlineData("Assert(_ended);", false)]
    [InlineData("Assert(IsEnded());", false)]
    [InlineData("Check(_users);", false)]
    [InlineData("if (!_all.Remove(_p)) throw new Exception();", false)]
    [InlineData("close(_p); if (_users != 0) throw new Exception();", false)]
    [InlineData("Both(_users);", true)] // An Info first, a warning then, at one call.
    public async Task WarnsWhereItFailsInOrdinaryLife(string work, bool fails) => Assert.Equal(
        fails ? DiagnosticSeverity.Warning : DiagnosticSeverity.Info,
        await Severities.Of<WREF505_ThrowingFinalizer>($$"""
            class C : Base
            {
                IntPtr _p; string _path; int _error, _users; bool _ended; List<IntPtr> _all;
                [DllImport("n")] static extern int close(IntPtr p);
                [DllImport("n")] static extern void close2(IntPtr p, out int error);
                static void Fail() => throw new Exception();
                static void Check(int error) { if (error != 0) throw new Exception(); }
                static void Assert(bool holds) { if (!holds) throw new Exception(); }
                bool IsEnded() => _ended;
                int Close() { var error = close(_p); _p = IntPtr.Zero; return error; }
                void Use() { _users++; _error++; _ended = true; }
                ~C() { {{work}} }
            }
            """ + Base));

    private const string Base = """

        class Base
        {
            string _file;
            protected void Both(int users) { if (users > 0) throw new Exception(); File.Delete(_file); }
        }
        """;
}
