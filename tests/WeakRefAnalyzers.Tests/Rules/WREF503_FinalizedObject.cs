namespace WeakRefAnalyzers.Tests;

public class WREF503_FinalizedObjectTests
{
    private const string Child = """

        class Child : IDisposable
        {
            public int Size;
            public int Count => Size;
            public event Action Closed;
            public event Action Opened { add { Size++; } remove { Size--; } }
            public void Dispose() { Closed?.Invoke(); }
            ~Child() { Size = 0; }
        }

        class GrandChild : Child { }
        """;

    [Fact]
    public Task FinalizableFields() => Verify<WREF503_FinalizedObject>.Diagnostics("""
        class Source { Child _child; public void Release() { } ~Source() { [|_child.Dispose()|]; } }
        class Base { GrandChild _child; public void Release() { } ~Base() { Console.WriteLine([|_child.Count|]); } }
        class Conditional { Child _child; public void Release() { } ~Conditional() { _child?[|.Dispose()|]; } }
        class Metadata { FileStream _stream; public void Release() { } ~Metadata() { if (_stream != null) { [|_stream.Close()|]; _stream = null; } } }
        class Timer_ { System.Timers.Timer _timer; public void Release() { } ~Timer_() => [|_timer.Stop()|]; }
        class Property { Child Child { get; } = new(); public void Release() { } ~Property() { [|Child.Dispose()|]; } }
        class Aliased { Child _child; public void Release() { } ~Aliased() { var child = _child; [|child.Dispose()|]; } }
        class Exchanged { Child _child; public void Release() { } ~Exchanged() { Interlocked.Exchange(ref _child, null)?[|.Dispose()|]; } }
        class Pattern { Child _child; public void Release() { } ~Pattern() { if (_child is { } child) [|child.Dispose()|]; } }
        class Unsubscribes { Child _child; public void Release() { } ~Unsubscribes() { [|_child.Opened|] -= M; _child.Closed -= M; } void M() { } }
        class Bound<T> where T : Child { T _child; public void Release() { } ~Bound() { [|_child.Dispose()|]; } }
        class Weak { WeakReference<string> _weak; public void Release() { } ~Weak() { if ([|_weak.TryGetTarget(out var s)|]) Console.WriteLine(s); } }
        class AfterASwitch { Child _child; public void Release() { } ~AfterASwitch() => End(0); void End(int mode) { switch (mode) { case 0: Console.WriteLine(); break; default: return; } [|_child.Dispose()|]; } }
        class AfterACatch { Child _child; public void Release() { } ~AfterACatch() { try { Console.WriteLine(); return; } catch (Exception) { } [|_child.Dispose()|]; } }
        class Twice { Child _child; public void Release() { } ~Twice() { [|_child.Dispose()|]; _child.Dispose(); } }
        """ + Child);

    [Fact]
    public Task PartsOfEntries() => Verify<WREF503_FinalizedObject>.Diagnostics("""
        class A { Dictionary<int, Child> _all; public void Release() { } ~A() { foreach (var (key, child) in _all) [|child.Dispose()|]; } }
        """ + Child);

    /// <summary>The finalized reference is as good as one whose target died, and whoever reads the property takes that.</summary>
    [Fact]
    public Task SilentForWeakReferencesBehindAProperty() => Verify<WREF503_FinalizedObject>.Diagnostics("""
        class A
        {
            WeakReference<string> _weak;
            string Parent { get => _weak.TryGetTarget(out var s) ? s : null; set { var old = Parent; _weak = null; } }
            public void Release() { }
            ~A() { Parent = null; }
        }

        class View { public bool IsCreated => true; public void Hide() { } ~View() { } }
        class B { View _view; public void Release() { } ~B() { if (_view.IsCreated) _view.Hide(); } }
        """);

    [Fact]
    public Task HandlersInAField() => Verify<WREF503_FinalizedObject>.Diagnostics("""
        class A { Child _child; public void Release() { } ~A() { _child.Closed -= M; } void M() { } }
        class B { Child _child; public void Release() { } ~B() { if (_child != null) _child.Closed += M; } void M() { } }
        class D { FileSystemWatcher _watcher; public void Release() { } ~D() { _watcher.Changed -= M; } void M(object o, FileSystemEventArgs e) { } }
        """ + Child);

    [Fact]
    public Task AskedFirst() => Verify<WREF503_FinalizedObject>.Diagnostics("""
        class Device : IDisposable
        {
            IntPtr _p;
            public bool IsDisposed { get; private set; }
            public bool IsInvalid => _p == IntPtr.Zero;
            public bool IsClosed() => _p == IntPtr.Zero;
            public void Remove(object o) { Console.WriteLine(o); }
            public void Dispose() { Marshal.FreeHGlobal(_p); IsDisposed = true; GC.SuppressFinalize(this); }
            ~Device() => Dispose();
        }
        class A { Device _d; public void Dispose() { } void Release() => _d.Remove(this); ~A() { if (_d != null && !_d.IsDisposed) Release(); } }
        class B { Device _d; public void Dispose() { } ~B() { if (_d.IsDisposed) return; _d.Remove(this); } }
        class C { Device _d; public void Dispose() { } ~C() { var d = _d; if (d is { IsDisposed: false }) { d.Remove(this); } } }
        class D { Device _d; public void Dispose() { } ~D() { if (!_d.IsInvalid) _d.Remove(this); if (!_d.IsClosed()) _d.Remove(this); } }
        class E { Device _d, _e; public void Dispose() { } ~E() { if (!_d.IsDisposed) [|_e.Remove(this)|]; } }
        class F { Device _d; bool _any; public void Dispose() { } ~F() { if (_any) [|_d.Remove(this)|]; } }
        class G { WeakReference _x; public bool Flag; public void Dispose() { } ~G() { Flag = this._x?.IsAlive ?? true; } }
        """);

    [Fact]
    public Task TheMethodCopes() => Verify<WREF503_FinalizedObject>.Diagnostics("""
        sealed class Ref : WeakReference
        {
            public Ref(object o) : base(o) { }
            internal void Clear() { if (Target is null) return; try { Target = null; } catch (InvalidOperationException) { } }
            internal void Set() { Target = null; }
        }
        sealed class Soft { Ref _ref; ~Soft() => _ref?.Clear(); }
        sealed class Hard { Ref _ref; ~Hard() => _ref?[|.Set()|]; }
        class Standard : IDisposable
        {
            IntPtr _p; bool _disposed;
            public void Dispose() { Dispose(true); GC.SuppressFinalize(this); }
            protected virtual void Dispose(bool disposing) { if (!_disposed) { Marshal.FreeHGlobal(_p); _disposed = true; } }
            public void Write() { Console.WriteLine(_p); }
            public int Try() { var p = _p; if (p == IntPtr.Zero) return 0; return Marshal.ReadInt32(p); }
            public void Safe() { try { Console.WriteLine(_p); } catch (Exception) { } }
            public void Locked() { lock (this) { if (_disposed) return; Console.WriteLine(_p); } }
            public void Taken() { var p = Interlocked.Exchange(ref _p, IntPtr.Zero); if (p != IntPtr.Zero) Marshal.FreeHGlobal(p); }
            ~Standard() { Dispose(false); _p = IntPtr.Zero; }
        }
        class Uses { Standard _s; public void Dispose() { } ~Uses() { _s.Dispose(); _s.Try(); _s.Safe(); _s.Locked(); _s.Taken(); } }
        class Writes { Standard _s; public void Dispose() { } ~Writes() { [|_s.Write()|]; } }
        """);

    [Fact]
    public Task AWeakReferenceThatBelongsToItsTarget() => Verify<WREF503_FinalizedObject>.Diagnostics("""
        sealed class Registry
        {
            int _seen;
            readonly WeakReference<Registry> _self;
            readonly WeakReference<Registry> _other = new(new Registry());
            public Registry() => _self = new WeakReference<Registry>(this);
            public object Observe(int cell) => new Observer(_self, cell);
            public object Else(int cell) => new Stranger(_other, cell);
            sealed class Observer
            {
                readonly WeakReference<Registry> _registry; readonly int _cell;
                internal Observer(WeakReference<Registry> registry, int cell) { _registry = registry; _cell = cell; }
                ~Observer() { if (_registry.TryGetTarget(out var registry)) registry._seen++; }
            }
            sealed class Stranger
            {
                readonly WeakReference<Registry> _registry; readonly int _cell;
                internal Stranger(WeakReference<Registry> registry, int cell) { _registry = registry; _cell = cell; }
                ~Stranger() { if ([|_registry.TryGetTarget(out var registry)|]) registry._seen++; }
            }
        }
        """);

    [Fact]
    public Task ThroughPropertiesCollectionsAndHelpers() => Verify<WREF503_FinalizedObject>.Diagnostics("""
        abstract class Owner { Child _handler; protected Child Handler { get { return _handler; } } protected abstract Child Other { get; } public void Dispose() { } protected Child Made => new Child(); }
        abstract class ByProperty : Owner { ~ByProperty() { var h = this.Handler; if (h != null) [|h.Dispose()|]; var o = Other; [|o.Dispose()|]; Made.Dispose(); } }
        class Elements
        {
            List<Child> _list = new(); Child[] _array = { }; Dictionary<int, Child> _map = new(), _pairs = new(); List<IDisposable> _any = new();
            public void Dispose() { }
            ~Elements()
            {
                foreach (var one in _list) [|one.Dispose()|];
                for (var i = 0; i < _array.Length; i++) [|_array[i].Dispose()|];
                foreach (var one in _map.Values) [|one.Dispose()|];
                foreach (var pair in _pairs) [|pair.Value.Dispose()|];
                foreach (var one in _any) one.Dispose();
                _list.Clear();
            }
        }
        class Lambdas
        {
            List<Child> _list = new(); Child[] _array = { }; List<Child> _later = new(); List<IDisposable> _any = new();
            public void Dispose() { }
            ~Lambdas()
            {
                _list.ForEach(one => [|one.Dispose()|]);
                Array.ForEach(_array, one => [|one.Dispose()|]);
                _any.ForEach(one => one.Dispose());
                Task.Run(() => _later.ForEach(one => one.Dispose()));
            }
        }
        static class Helper { public static void Close(Child child) { if (child != null) child.Dispose(); } public static void Keep(Child child) { } }
        class Helped { Child _child, _kept; public void Dispose() { } ~Helped() { [|Helper.Close(_child)|]; Helper.Keep(_kept); } }
        """ + Child);

    [Fact]
    public Task ReadyForADisposedObject() => Verify<WREF503_FinalizedObject>.Diagnostics("""
        class A { Child _child; public void Dispose() { } ~A() { try { _child.Dispose(); } catch (ObjectDisposedException) { } } }
        class B { Child _child; public void Dispose() { } void End() => _child.Dispose(); ~B() { try { End(); } catch (ObjectDisposedException e) { Console.WriteLine(e); } } }
        class C { Child _child; public void Dispose() { } ~C() { try { [|_child.Dispose()|]; } catch (IOException) { } } }
        class D { Child _child; public void Dispose() { } ~D() { try { [|_child.Dispose()|]; } catch { } } }
        class E { FileStream _file; public void Dispose() { } ~E() { try { _file.Flush(); } catch { } } }
        """ + Child);

#if ROSLYN_LATEST
    [Fact]
    public Task PrimaryConstructors() => Verify<WREF503_FinalizedObject>.Diagnostics("""
        class A(Child child) { public void Release() { } ~A() { [|child.Dispose()|]; } }
        class B(Child child) { public void Release() { } ~B() => End(false); void End(bool disposing) { if (disposing) child.Dispose(); } }
        class C(Child child) { public void Release() { } ~C() { if (child.Size > 0) M(null); } static void M(Child child) { child?.ToString(); } }
        """ + Child);
#endif

    [Fact]
    public Task OneReportForOnePlace() => Verify<WREF503_FinalizedObject>.Diagnostics("""
        static class Helper { public static void Close(Child a, Child b) { a.Dispose(); b.Dispose(); } }
        class Two { Child _a, _b; public void Dispose() { } ~Two() { [|Helper.Close(_a, _b)|]; } }
        """ + Child);

    [Fact]
    public Task ThroughDispose() => Verify<WREF503_FinalizedObject>.Diagnostics("""
        class Passes : IDisposable
        {
            Child _child;
            public void Dispose() { Dispose(true); GC.SuppressFinalize(this); }
            protected virtual void Dispose(bool disposing) { Release(); }
            private void Release() { [|_child.Dispose()|]; }
            ~Passes() { Dispose(false); }
        }

        class PassesTrue : IDisposable
        {
            Child _child;
            public void Dispose() { Dispose(true); }
            void Dispose(bool disposing) { if (disposing) { [|_child.Dispose()|]; } }
            ~PassesTrue() { Dispose(disposing: true); }
        }

        class CallsDispose : IDisposable
        {
            Child _child;
            public void Dispose() { Dispose(true); }
            void Dispose(bool disposing) { if (disposing) { [|_child.Dispose()|]; } }
            ~CallsDispose() { Dispose(); }
        }

        class WrongWay : IDisposable
        {
            Child _child;
            public void Dispose() => Dispose(true);
            void Dispose(bool disposing) { if (!disposing) [|_child.Dispose()|]; }
            ~WrongWay() => Dispose(false);
        }
        """ + Child);

    [Fact]
    public Task PrunedUnderDisposing() => Verify<WREF503_FinalizedObject>.Diagnostics("""
        class A : IDisposable { Child _child; public void Dispose() => Dispose(true); void Dispose(bool disposing) { if (disposing) _child.Dispose(); } ~A() => Dispose(false); }
        class B : IDisposable { Child _child; public void Dispose() => End(true); void End(bool isDisposing) { if (isDisposing && _child != null) { _child.Dispose(); } } ~B() => End(false); }
        class C : IDisposable { Child _child; public void Dispose() => End(true); void End(bool manual) { if (!manual) return; _child.Dispose(); } ~C() => End(false); }
        class D : IDisposable { Child _child; public void Dispose() => End(true); void End(bool manual) { if (!manual) { } else { _child.Dispose(); } } ~D() => End(false); }
        class E : IDisposable { Child _child; public void Dispose() => End(true); void End(bool manual) { if (manual == false) return; _child.Dispose(); } ~E() => End(false); }
        class F : IDisposable { Child _child; public void Dispose() => End(false); void End(bool finalizing) { if (!finalizing) { _child.Dispose(); } } ~F() => End(true); }
        class G : IDisposable { Child _child; public void Dispose() => End(true); void End(bool manual) { Inner(manual); } void Inner(bool m) { if (m) _child.Dispose(); } ~G() => End(false); }
        class H : IDisposable { Child _child; public void Dispose() => End(); void End(bool finalizer = false) { if (finalizer) return; _child.Dispose(); } ~H() => End(true); }
        class I : IDisposable { Child _child; public void Dispose() => End(true); void End(bool manual) { _ = manual ? _child.Count : 0; _ = manual && _child.Count > 0; _ = !manual || _child.Count > 0; } ~I() => End(false); }
        """ + Child);

    [Fact]
    public Task WhatStaysUsable() => Verify<WREF503_FinalizedObject>.Diagnostics("""
        class Safe : SafeHandle { public Safe() : base(IntPtr.Zero, true) { } public override bool IsInvalid => false; protected override bool ReleaseHandle() => true; ~Safe() { Console.WriteLine(); } }

        class C
        {
            static readonly Child s_child = new();
            string _name = "";
            int[] _numbers = { };
            List<Child> _children = new();
            Dictionary<string, Child> _map = new();
            IDisposable _interface;
            object _object;
            Safe _safe;
            SafeHandle _handle;
            Thread _thread;
            Mutex _mutex;
            CancellationTokenSource _source;
            StreamWriter _writer;
            Empty _empty;
            Child _child;
            Child _other = new Child();
            WeakReference<C> _self;

            C() { _self = new WeakReference<C>(this); }

            ~C()
            {
                s_child.Dispose();
                Console.WriteLine(_name.Length + _numbers.Length + _children.Count + _map.Count);
                _children.Clear();
                _interface.Dispose();
                Console.WriteLine(_object.ToString() + _thread.Name);
                _safe.Dispose();
                _handle.Close();
                _mutex.Close();
                _source.Cancel();
                _writer.Flush();
                _empty.M();
                _child = null;
                if (_other != null && ReferenceEquals(_other, _child)) GC.SuppressFinalize(_other);
                var made = new Child();
                made.Dispose();
                Console.WriteLine(_other.Size + _other.GetType().Name);
                Action later = () => _other.Dispose();
                var finalizing = !_self.TryGetTarget(out _);
            }
        }

        class Empty { public void M() { } ~Empty() { } }
        """ + Child);

    [Fact]
    public Task TheBaseFinalizerIsTold() => Verify<WREF503_FinalizedObject>.Diagnostics("""
        class Base { Child _child; protected void End() { [|_child.Dispose()|]; } public void Release() { } ~Base() { End(); } }
        class Derived : Base { ~Derived() { End(); } }
        """ + Child);

    [Fact]
    public Task MessageNamesFieldAndFinalizer() => Verify<WREF503_FinalizedObject>.Diagnostics(
        """
        class C
        {
            private GrandChild _grandChild;

            public void Release() { }

            ~{|#1:C|}() { {|#0:_grandChild.Dispose()|}; }
        }
        """ + Child,
        Verify<WREF503_FinalizedObject>.Diagnostic().WithLocation(0).WithLocation(1).WithArguments("_grandChild", "~Child"));

    [Fact]
    public Task FinalizersOfBases() => Verify<WREF503_FinalizedObject>.Diagnostics("""
        abstract class Base : IDisposable
        {
            public void Dispose() { Dispose(true); GC.SuppressFinalize(this); }
            protected virtual void Dispose(bool disposing) { }
            ~Base() { Dispose(false); }
        }
        class Derived : Base { Child _child; protected override void Dispose(bool disposing) { [|_child.Dispose()|]; base.Dispose(disposing); } }
        class Safe : Base { Child _child; protected override void Dispose(bool disposing) { if (disposing) _child.Dispose(); base.Dispose(disposing); } }
        class Form : System.ComponentModel.Component { Child _child; protected override void Dispose(bool disposing) { _child?[|.Dispose()|]; base.Dispose(disposing); } }
        class Designed : System.ComponentModel.Component { System.ComponentModel.IContainer components; Child _child; protected override void Dispose(bool disposing) { if (disposing && (components != null)) { components.Dispose(); _child.Dispose(); } base.Dispose(disposing); } }
        """ + Child);

    [Fact]
    public Task BrokenCode() => Verify<WREF503_FinalizedObject>.Diagnostics(
        """
        class C { Missing _missing; Child _child; public void Release() { } ~C() { _missing.Dispose(); _child.Disp(); _child.; [|_child.Dispose(|]} }
        class Loop : Loop { Loop _loop; ~Loop() { _loop.X(); } }
        """ + Child,
        new Options { CompilerErrors = true });

    [Fact]
    public Task FixPrunesUnderTheParameter() => Verify<WREF503_FinalizedObject, WREF503_OnlyWhenDisposing>.Fix(
        """
        class C : IDisposable
        {
            private Child _child;
            private FileStream _stream;
            private FileStream _other;

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool isDisposing)
            {
                [|_child.Dispose()|];
                if (_stream != null)
                {
                    [|_stream.Close()|];
                }

                if (_other != null)
                    [|_other.Close()|];
            }

            ~C() => Dispose(false);
        }
        """ + Child,
        """
        class C : IDisposable
        {
            private Child _child;
            private FileStream _stream;
            private FileStream _other;

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool isDisposing)
            {
                if (isDisposing)
                {
                    _child.Dispose();
                    if (_stream != null)
                    {
                        _stream.Close();
                    }

                    if (_other != null)
                        _other.Close();
                }
            }

            ~C() => Dispose(false);
        }
        """ + Child);

    [Fact]
    public Task FixKeepsTrivia() => Verify<WREF503_FinalizedObject, WREF503_OnlyWhenDisposing>.Fix(
        """
        class C
        {
            private Child _child;

            public void Release() { }

            void Dispose(bool disposing)
            {
                // the child
                [|_child.Dispose()|]; // goes first
                // end
            }

            ~C() { Dispose(disposing: false); }
        }
        """ + Child,
        """
        class C
        {
            private Child _child;

            public void Release() { }

            void Dispose(bool disposing)
            {
                // the child
                if (disposing)
                {
                    _child.Dispose(); // goes first
                }
                // end
            }

            ~C() { Dispose(disposing: false); }
        }
        """ + Child);

    [Fact]
    public Task FixTakesWhatBelongsTogether() => Verify<WREF503_FinalizedObject, WREF503_OnlyWhenDisposing>.Fix(
        """
        class C : IDisposable
        {
            private Child _child;
            private FileStream _stream;
            private IDisposable _plain;
            private bool _disposed;

            public void Dispose() { Dispose(true); GC.SuppressFinalize(this); }

            protected virtual void Dispose(bool disposing)
            {
                if (_disposed)
                    return;
                [|_stream.Flush()|]; // to the disk
                _stream.Dispose();
                _stream = null;
                if (disposing)
                {
                    _plain.Dispose(); // plain
                }

                // the child last
                [|_child.Dispose()|];
                _disposed = true;
                if (!_disposed)
                {
                    _disposed = true;
                    _child.Dispose();
                }

                try
                {
                    _child.Dispose();
                }
                finally
                {
                    _disposed = true;
                }
            }

            ~C() => Dispose(false);
        }
        """ + Child,
        """
        class C : IDisposable
        {
            private Child _child;
            private FileStream _stream;
            private IDisposable _plain;
            private bool _disposed;

            public void Dispose() { Dispose(true); GC.SuppressFinalize(this); }

            protected virtual void Dispose(bool disposing)
            {
                if (_disposed)
                    return;
                if (disposing)
                {
                    _stream.Flush(); // to the disk
                    _stream.Dispose();
                    _stream = null;
                    _plain.Dispose(); // plain

                    // the child last
                    _child.Dispose();
                }

                _disposed = true;
                if (!_disposed)
                {
                    _disposed = true;
                    if (disposing)
                    {
                        _child.Dispose();
                    }
                }

                try
                {
                    if (disposing)
                    {
                        _child.Dispose();
                    }
                }
                finally
                {
                    _disposed = true;
                }
            }

            ~C() => Dispose(false);
        }
        """ + Child);

    [Fact]
    public Task FixPassesFalse() => Verify<WREF503_FinalizedObject, WREF503_OnlyWhenDisposing>.Fix(
        """
        class Guarded : IDisposable
        {
            private Child _child;
            private FileStream _stream;

            ~Guarded() => Dispose(/* all */ true); // the end

            public void Dispose() { Dispose(true); GC.SuppressFinalize(this); }

            void Dispose(bool disposing)
            {
                if (disposing)
                {
                    [|_child.Dispose()|];
                    [|_stream.Dispose()|];
                }
            }
        }

        class Bare : IDisposable
        {
            private Child _child;

            ~Bare() { Dispose(disposing: true); }

            public void Dispose() { Dispose(true); GC.SuppressFinalize(this); }

            void Dispose(bool disposing)
            {
                [|_child.Dispose()|]; // first
            }
        }
        """ + Child,
        """
        class Guarded : IDisposable
        {
            private Child _child;
            private FileStream _stream;

            ~Guarded() => Dispose(/* all */ false); // the end

            public void Dispose() { Dispose(true); GC.SuppressFinalize(this); }

            void Dispose(bool disposing)
            {
                if (disposing)
                {
                    _child.Dispose();
                    _stream.Dispose();
                }
            }
        }

        class Bare : IDisposable
        {
            private Child _child;

            ~Bare() { Dispose(disposing: false); }

            public void Dispose() { Dispose(true); GC.SuppressFinalize(this); }

            void Dispose(bool disposing)
            {
                if (disposing)
                {
                    _child.Dispose(); // first
                }
            }
        }
        """ + Child);

    [Fact]
    public Task FixTakesTheRepetitionOutOfTheFinalizer() => Verify<WREF503_FinalizedObject, WREF503_OnlyWhenDisposing>.Fix(
        """
        class Whole : IDisposable
        {
            private Child _child;

            public void Dispose() { _child?.Dispose(); GC.SuppressFinalize(this); }

            /// <summary>Last resort.</summary>
            ~Whole()
            {
                if (_child != null)
                {
                    [|_child.Dispose()|];
                }
            }

            public int Width => 1;
        }

        class Part : IDisposable
        {
            private Child _child;
            private IDisposable _plain;

            public void Dispose() { _child.Dispose(); _plain.Dispose(); GC.SuppressFinalize(this); }

            ~Part()
            {
                _child?[|.Dispose()|];
                // no finalizer of its own
                _plain.Dispose();
            }
        }

        class Arrow : IDisposable
        {
            private Child _child;

            public void Dispose() { Dispose(true); }
            void Dispose(bool disposing) => [|_child.Dispose()|]; // all
            ~Arrow() { Dispose(false); }
        }
        """ + Child,
        """
        class Whole : IDisposable
        {
            private Child _child;

            public void Dispose() { _child?.Dispose(); GC.SuppressFinalize(this); }

            public int Width => 1;
        }

        class Part : IDisposable
        {
            private Child _child;
            private IDisposable _plain;

            public void Dispose() { _child.Dispose(); _plain.Dispose(); GC.SuppressFinalize(this); }

            ~Part()
            {
                // no finalizer of its own
                _plain.Dispose();
            }
        }

        class Arrow : IDisposable
        {
            private Child _child;

            public void Dispose() { Dispose(true); }
            void Dispose(bool disposing)
            {
                if (disposing)
                {
                    _child.Dispose();
                }
            } // all
            ~Arrow() { Dispose(false); }
        }
        """ + Child);

    [Fact]
    public Task FixKeepsTabsAndLineEnds() => Verify<WREF503_FinalizedObject, WREF503_OnlyWhenDisposing>.Fix(
        ("""
        class C : IDisposable
        {
        	private Child _child;

        	public void Dispose() { Dispose(true); }

        	void Dispose(bool disposing)
        	{
        		[|_child.Dispose()|];
        	}

        	~C() { Dispose(false); }
        }

        """ + Child).ReplaceLineEndings("\r\n"),
        ("""
        class C : IDisposable
        {
        	private Child _child;

        	public void Dispose() { Dispose(true); }

        	void Dispose(bool disposing)
        	{
        		if (disposing)
        		{
        			_child.Dispose();
        		}
        	}

        	~C() { Dispose(false); }
        }

        """ + Child).ReplaceLineEndings("\r\n"));

    [Fact]
    public Task NoFixWhereMoreThanTheUseWouldGo() => Verify<WREF503_FinalizedObject, WREF503_OnlyWhenDisposing>.NoFix("""
        class Frees : IDisposable
        {
            Child _child; IntPtr _memory;
            public void Dispose() { Dispose(true); }
            void Dispose(bool disposing) { if (disposing) { [|_child.Dispose()|]; Marshal.FreeHGlobal(_memory); } }
            ~Frees() => Dispose(true);
        }
        class Condition : IDisposable
        {
            Child _child; IDisposable _plain;
            public void Dispose() { _child.Dispose(); }
            void End(bool disposing) { foreach (var i in new int[2]) { [|_child.Dispose()|]; } }
            ~Condition() { End(false); }
        }
        class Comment : IDisposable
        {
            Child _child;
            public void Dispose() { _child.Dispose(); }
            ~Comment()
            {
                // why
                [|_child.Dispose()|];
            }
        }
        """ + Child);

    [Fact]
    public Task OldLanguageOnNetFramework() => Verify<WREF503_FinalizedObject>.Diagnostics(
        """
        using System;
        using System.IO;
        using System.Net.Sockets;

        class C
        {
            private FileStream _stream;
            private Socket _socket;
            private System.Diagnostics.Process _worker;

            public void Release() { }

            ~C()
            {
                if (_stream != null) [|_stream.Dispose()|];
                [|_socket.Close()|];
                [|_worker.Kill()|];
            }
        }
        """,
        new Options { NetFramework = true, Language = LanguageVersion.CSharp7_3 });

    [Fact]
    public Task NoFixInTheFinalizerOrWhereTrueIsPassed() => Verify<WREF503_FinalizedObject, WREF503_OnlyWhenDisposing>.NoFix("""
        class InFinalizer { Child _child; public void Release() { } ~InFinalizer() { [|_child.Dispose()|]; } }
        class PassesTrue { Child _child; void End(bool all) { [|_child.Dispose()|]; } public void Release() { } ~PassesTrue() { End(true); } }
        class NoFlag { Child _child; void End() { [|_child.Dispose()|]; } public void Release() { } ~NoFlag() { End(); } }
        class Value { Child _child; void End(bool all) { var count = [|_child.Count|]; } public void Release() { } ~Value() { End(false); } }
        class Asked { Child _child; void End(bool all) { if (!all) { [|_child.Dispose()|]; } } public void Release() { } ~Asked() { End(false); } }
        """ + Child);

    [Fact]
    public Task NothingToBeDoneTwice() => Verify<WREF503_FinalizedObject>.Diagnostics("""
        class Packet : IDisposable { public virtual void Dispose() { } ~Packet() => Console.WriteLine(); }
        class Queue { readonly List<Packet> _packets;
            ~Queue() { while (_packets.Count > 0) { _packets[0].Dispose(); _packets.RemoveAt(0); } } }
        class Parser
        {
            readonly List<Packet> _packets = new();
            Stream _stream;
            public void Clear() { while (_packets.Count > 0) { _packets[0].Dispose(); _packets.RemoveAt(0); }
                if (_stream != null) { _stream.Dispose(); _stream = null; } }
            public void Flush() { _stream.Flush(); }
            ~Parser() => Clear();
        }
        class Splitter { Parser _parser; ~Splitter() => _parser.Clear(); }
        class Writes { Parser _parser; ~Writes() => [|_parser.Flush()|]; }
        """);

    [Fact]
    public Task WhatTheOtherStillRefersTo() => Verify<WREF503_FinalizedObject>.Diagnostics("""
        class Session { public event Action Changed; public void Close() => Changed(); }
        class Part
        {
            Session _session; IntPtr _handle; Stream _file; FileStream _log;
            public Session Session => _session;
            public IntPtr Handle => _handle;
            public FileStream Log => _log;
            public virtual Session Other => _session;
            ~Part() => Marshal.FreeHGlobal(_handle);
        }
        class Node { Part _part; void On() { } ~Node() { _part.Session.Changed -= On; _part.Session.Close(); } }
        class Raw { Part _part; ~Raw() { Console.WriteLine([|_part.Handle|]); } }
        class Logs { Part _part; ~Logs() { [|_part.Log.Flush()|]; } }
        class Open { Part _part; ~Open() { [|_part.Other|].Close(); } }
        class Waits { WeakReference<object> _other; ~Waits() { if (_other.TryGetTarget(out _)) GC.ReRegisterForFinalize(this); } }
        class Asks { WeakReference<object> _other; ~Asks() { if ([|_other.TryGetTarget(out _)|]) Console.WriteLine(); } }
        """);

    [Fact]
    public Task FrameworkObjectsDisposedTwice() => Verify<WREF503_FinalizedObject>.Diagnostics("""
        class Watches : IDisposable
        {
            FileSystemWatcher _watcher; FileStream _file, _log;
            public void Dispose() { }
            ~{|#3:Watches|}() { {|#0:_watcher.Dispose()|}; {|#1:_file.Close()|}; {|#2:_log.Flush()|}; _log.Dispose(); }
        }
        """,
        new Options { OwnSeverities = true },
        Verify<WREF503_FinalizedObject>.Diagnostic().WithSeverity(DiagnosticSeverity.Info).WithLocation(0).WithLocation(3)
            .WithArguments("_watcher", "~Component"),
        Verify<WREF503_FinalizedObject>.Diagnostic().WithSeverity(DiagnosticSeverity.Info).WithLocation(1).WithLocation(3)
            .WithArguments("_file", "~FileStream"),
        Verify<WREF503_FinalizedObject>.Diagnostic().WithLocation(2).WithLocation(3).WithArguments("_log", "~FileStream"));

    /// <summary>The other's finalizer has let go already: once more is of no use, and damage only where the code shows some.</summary>
    [Fact]
    public Task ReleasedOnceMore() => Verify<WREF503_FinalizedObject>.Diagnostics("""
        class Pool
        {
            readonly List<object> _held = new(); public void Give(object o) { lock (_held) _held.Add(o); }
        }
        class Inner : IDisposable
        {
            IDisposable _part; Pool _pool;
            public void Dispose() { Dispose(true); GC.SuppressFinalize(this); }
            protected virtual void Dispose(bool disposing) { _part?.Dispose(); _pool.Give(this); }
            ~Inner() { Dispose(false); }
        }
        class Freed : Inner { IntPtr _p; protected override void Dispose(bool disposing) { Marshal.FreeHGlobal(_p); base.Dispose(disposing); } }
        class Asked : Inner { IntPtr _p; protected override void Dispose(bool disposing) { base.Dispose(disposing); if (_p != IntPtr.Zero) { Marshal.FreeHGlobal(_p); _p = IntPtr.Zero; } } }
        class Ended { IDisposable _part; public void End() { _part?.Dispose(); } public void Work() { _part.ToString(); } ~Ended() => End(); }
        class Thrown { Stream _part; public void End() { if (_part is null) throw new ObjectDisposedException(""); _part.Dispose(); } ~Thrown() => End(); }
        class Written : IDisposable { Stream _part; public void Dispose() { _part.Flush(); _part.Dispose(); } ~Written() => Dispose(); }
        class Icon : System.ComponentModel.Component { Stream _back; protected override void Dispose(bool disposing) { base.Dispose(disposing); if (disposing) _back.Dispose(); } }
        class Told : System.ComponentModel.Component { Stream _back; protected override void Dispose(bool disposing) { _back.Flush(); base.Dispose(disposing); } }
        class A
        {
            Inner _a; Freed _b; Asked _c; Ended _d, _e, _f; Thrown _g; Written _h; Icon _i; Told _j;
            public void Dispose() { }
            ~{|#9:A|}()
            {
                {|#0:_a.Dispose()|};
                {|#1:_b.Dispose()|};
                {|#2:_c.Dispose()|};
                {|#3:_d.End()|};
                {|#4:_e.End()|};
                _e.Work();
                {|#5:_g.End()|};
                {|#6:_h.Dispose()|};
                {|#7:_i.Dispose()|};
                {|#8:_j.Dispose()|};
            }
        }
        """,
        new Options { OwnSeverities = true },
        Second(0, "_a", "~Inner"), Second(1, "_b", "~Inner", DiagnosticSeverity.Warning), Second(2, "_c", "~Inner"),
        Second(3, "_d", "~Ended"),
        Second(4, "_e", "~Ended"), Second(5, "_g", "~Thrown", DiagnosticSeverity.Warning),
        Second(6, "_h", "~Written", DiagnosticSeverity.Warning), Second(7, "_i", "~Component"),
        Second(8, "_j", "~Component", DiagnosticSeverity.Warning));

    private static DiagnosticResult Second(
        int at, string member, string finalizer, DiagnosticSeverity severity = DiagnosticSeverity.Info) =>
        Verify<WREF503_FinalizedObject>.Diagnostic().WithSeverity(severity).WithLocation(at).WithLocation(9)
            .WithArguments(member, finalizer);

    /// <summary>A warning is for what is seen to be harmful once the other is done with; the rest is an Info.</summary>
    [Theory]
    [InlineData("_other.Draw();", true)] // hands its pointer to native code
    [InlineData("Native.draw(_other.Handle);", true)] // the finalizer does
    [InlineData("Draw(_other.Handle);", true)]
    [InlineData("_other.Check();", true)] // throws once disposed of
    [InlineData("_other.Checked();", true)]
    [InlineData("_other.Required();", true)]
    [InlineData("_stream.WriteByte(0);", true)]
    [InlineData("_weak.Target.ToString();", true)]
    [InlineData("_other.Wrapped();", false)] // native code, after a question to what holds the pointer
    [InlineData("_other.Tick();", false)] // native code, without its pointer
    [InlineData("_other.Tell();", false)] // a handler
    [InlineData("_other.Add(null);", false)] // throws for its argument
    [InlineData("_other.Unlink(this);", false)] // under a lock, in memory
    [InlineData("Console.WriteLine(_other.Handle);", false)]
    [InlineData("_other.Changed += null;", false)]
    [InlineData("_watcher.EnableRaisingEvents = false;", false)]
    public async Task WarnsWhereTheDamageIsSeen(string use, bool isSeen)
    {
        var body = $$"""
            class Other : IDisposable
            {
                IntPtr _p; bool _disposed; Dictionary<object, object> _links = new(); Stream _back; Action _told;
                public event Action Changed { add { _links.Add(value, null); } remove { } }
                public IntPtr Handle => _p;
                public void Draw() => Native.draw(_p);
                public void Check() { if (_disposed) throw new InvalidOperationException(); _links.Clear(); }
                public void Checked() { ObjectDisposedException.ThrowIf(_disposed, this); _links.Clear(); }
                public void Required() { if (_back == null) throw new InvalidOperationException(); _links.Clear(); }
                Pointer _pointer; public Other(Pointer pointer) => _pointer = pointer;
                public void Wrapped() { if (_pointer != IntPtr.Zero) Native.draw(_pointer); _links = new(); }
                public void Tick() { Native.tick(); _links = new(); }
                public void Tell() { _told(); _links = new(); }
                public void Add(object o) { if (o == null) throw new ArgumentNullException(nameof(o)); _links = new(); }
                public void Unlink(object o) { lock (_links) { _links.Remove(o); _back = null; } }
                public void Dispose() { if (_disposed) return; _disposed = true; Native.draw(_p); _p = IntPtr.Zero; _links = null; }
                ~Other() => Dispose();
            }
            class Pointer { IntPtr _p; public static implicit operator IntPtr(Pointer from) => from._p; }
            static class Native { [DllImport("n")] public static extern void draw(IntPtr p); [DllImport("n")] public static extern void tick(); }
            class User
            {
                Other _other; FileStream _stream; FileSystemWatcher _watcher; WeakReference _weak;
                static void Draw(IntPtr p) { Native.draw(p); }
                public void Dispose() { }
                ~User() { {{use}} }
            }
            """;
        Assert.Equal(isSeen ? DiagnosticSeverity.Warning : DiagnosticSeverity.Info, await Severities.Of<WREF503_FinalizedObject>(body));
    }

    [Fact]
    public Task QuestionsReadOffTheFields() => Verify<WREF503_FinalizedObject>.Diagnostics("""
        abstract class Worker
        {
            IntPtr _p;
            public bool Runs { get { return HasThread(); } }
            public bool Answers { get { return Ask(_p); } }
            protected abstract bool HasThread();
            [DllImport("n")] static extern bool Ask(IntPtr p);
            ~Worker() => Marshal.FreeHGlobal(_p);
        }
        sealed class Managed : Worker { Thread _thread; protected override bool HasThread() => _thread != null; void Run() { _thread = new Thread(Run); } }
        class A { Worker _worker; public bool Any; public void Dispose() { } ~A() { if (_worker.Runs) Any = true; } }
        class B { Worker _worker; public bool Any; public void Dispose() { } ~B() { if ([|_worker.Answers|]) Any = true; } }
        """);

    [Fact]
    public Task FinalizersThatOnlyEmptyAList() => Verify<WREF503_FinalizedObject>.Diagnostics("""
        class Filter { List<object> _pins = new(); public void Remove(object o) { Console.WriteLine(o); _pins.Remove(o); }
            ~Filter() { if (_pins != null) { while (_pins.Count > 0) { _pins.RemoveAt(0); } } } }
        class Pin { Filter _filter; ~Pin() => _filter.Remove(this); }
        class Closed { Stream _pins; public void Remove(object o) { Console.WriteLine(o); } ~Closed() { if (_pins != null) { _pins.Close(); } } }
        class Other { Closed _filter; ~Other() => [|_filter.Remove(this)|]; }
        """);

    [Fact]
    public Task ReturnsUnderTheLock() => Verify<WREF503_FinalizedObject>.Diagnostics("""
        class Engine : IDisposable
        {
            readonly object _gate = new();
            bool _runs; int _threads; Timer _queue; IntPtr _p;
            public void Start() { _runs = true; _threads++; }
            public void Dispose() { Dispose(true); GC.SuppressFinalize(this); }
            void Dispose(bool disposing)
            {
                lock (_gate) { if (!_runs) return; _runs = false; }
                Marshal.FreeHGlobal(_p);
                _queue.Dispose();
            }
            public void Twice() { lock (_gate) { if (_runs) _runs = false; } Marshal.FreeHGlobal(_p); }
            public void Counted() { if (_threads > 0) Thread.Yield(); }
            ~Engine() => Dispose(false);
        }
        class Module { Engine _engine; ~Module() => _engine.Dispose(); }
        class Other { Engine _engine; ~Other() => _engine.Counted(); }
        class Bad { Engine _engine; ~Bad() => [|_engine.Twice()|]; }
        """);

    [Fact]
    public Task PartsOfTheOther() => Verify<WREF503_FinalizedObject>.Diagnostics("""
        class Session { IntPtr _p; public bool Disposed { get; set; } public IntPtr Id => _p; ~Session() => Marshal.FreeHGlobal(_p); }
        class Database { Session _session; IntPtr _p;
            public Session Session { get { return this._session; } } ~Database() => Marshal.FreeHGlobal(_p); }
        class Table
        {
            Database _database; IntPtr _table;
            static void Close(IntPtr session, IntPtr table) { }
            public void Dispose() { }
            ~Table() { lock (_database.Session) { if (!_database.Session.Disposed) Close(_database.Session.Id, _table); } }
        }
        class Rude
        {
            Database _database; IntPtr _table;
            static void Close(IntPtr session, IntPtr table) { }
            public void Dispose() { }
            ~Rude() { Close([|_database.Session.Id|], _table); }
        }
        class Cursor
        {
            Session _session; bool _disposed; IntPtr _table;
            static void Close(IntPtr session, IntPtr table) { }
            bool Disposed { get { return _disposed || _session.Disposed; } set { _disposed = value; } }
            bool Gone => this._disposed;
            public void Dispose() { }
            ~Cursor() { if (!Disposed) Close(_session.Id, _table); }
        }
        class Own
        {
            Session _session; bool _disposed; IntPtr _table;
            static void Close(IntPtr session, IntPtr table) { }
            bool Disposed => this._disposed;
            public void Dispose() { }
            ~Own() { if (!Disposed) Close([|_session.Id|], _table); }
        }
        """);

    [Fact]
    public Task Books() => Verify<WREF503_FinalizedObject>.Diagnostics("""
        class Filter
        {
            readonly List<object> _pins = new(); readonly object _lock = new(); List<object> _gone = new(); IntPtr _p; Stream _stream;
            public int Remove(object pin) { lock (_lock) { return _pins.Remove(pin) ? 0 : 1; } }
            public void Give(object pin) { lock (_lock) { _pins.Add(pin); Monitor.Pulse(_lock); } }
            public void Drop(object pin) { _gone.Remove(pin); }
            public void Check(object pin) { if (_pins.Count == 0) throw new InvalidOperationException(); _pins.Remove(pin); }
            public void Flush() { _stream.Flush(); }
            public void Tell() { Marshal.WriteInt32(_p, 0); }
            bool _closed; public int Late; public void Count() { Late += _closed ? 1 : 0; }
            ~Filter() { _gone = null; _closed = true; Marshal.FreeHGlobal(_p); }
        }
        class Counter { Filter _filter; ~Counter() { [|_filter.Count()|]; } }
        class Pin { Filter _filter; ~Pin() { _filter.Remove(this); } }
        class Giver { Filter _filter; ~Giver() { _filter.Give(this); } }
        class Dropper { Filter _filter; ~Dropper() { [|_filter.Drop(this)|]; } }
        class Checker { Filter _filter; ~Checker() { [|_filter.Check(this)|]; } }
        class Flusher { Filter _filter; ~Flusher() { [|_filter.Flush()|]; } }
        class Teller { Filter _filter; ~Teller() { [|_filter.Tell()|]; } }
        """);

    [Fact]
    public Task WhateverIsPutInItsPlaceCopes() => Verify<WREF503_FinalizedObject>.Diagnostics("""
        abstract class Worker : IDisposable
        {
            protected abstract bool OnClose(int time);
            public bool Join(int time) { lock (this) { return OnClose(time); } }
            public bool Close() { return Join(-1); }
            public void Dispose() { Close(); }
            ~Worker() => Dispose();
        }
        sealed class Managed : Worker
        {
            Thread _thread; void Run() { } void Start() { _thread = new Thread(Run); }
            protected override bool OnClose(int time)
            {
                var ended = true;
                if (_thread != null) { ended = _thread.Join(time); _thread = null; }
                return ended;
            }
        }
        class Stream1 { Worker _worker; ~Stream1() { _worker.Close(); } }
        abstract class Raw : IDisposable
        {
            protected abstract void OnClose();
            public void Dispose() { OnClose(); }
            ~Raw() => Dispose();
        }
        sealed class Handle : Raw { IntPtr _p; protected override void OnClose() { Marshal.FreeHGlobal(_p); } }
        class Stream2 { Raw _raw; public void Dispose() { } ~Stream2() { [|_raw.Dispose()|]; } }
        """);

    [Fact]
    public Task FinalizersThatTakeNothingAway() => Verify<WREF503_FinalizedObject>.Diagnostics("""
        class Source { public event Action Came; public void Raise() => Came(); }
        class Follows { Source _source; void On() { }
            public void Leave() { Console.WriteLine(); _source.Came -= On; } ~Follows() { _source.Came -= On; } }
        class Link { Follows _follows; ~Link() => _follows.Leave(); }
        class Frees { Source _source; IntPtr _p; void On() { } public void Leave() { Marshal.FreeHGlobal(_p); }
            ~Frees() { _source.Came -= On; Marshal.FreeHGlobal(_p); } }
        class Broken { Frees _frees; ~Broken() => [|_frees.Leave()|]; }
        """);

    [Fact]
    public Task AskedForItsPointer() => Verify<WREF503_FinalizedObject>.Diagnostics("""
        class Memory { IntPtr _p; public IntPtr Pointer => _p;
            public void Close() { Marshal.FreeHGlobal(_p); _p = IntPtr.Zero; } ~Memory() => Close(); }
        class Frame { Memory _memory; public void Dispose() { } ~Frame() { if (_memory.Pointer != IntPtr.Zero) _memory.Close(); } }
        class Blind { Memory _memory; public void Dispose() { } ~Blind() { [|_memory.Close()|]; } }
        """);
}
