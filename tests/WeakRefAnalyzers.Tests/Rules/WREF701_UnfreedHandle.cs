namespace WeakRefAnalyzers.Tests;

public class WREF701_UnfreedHandleTests
{
    [Fact]
    public Task HandlesInLocals() => Verify<WREF701_UnfreedHandle>.Diagnostics("""
        class C
        {
            void M(object target)
            {
                [|GCHandle.Alloc(target, GCHandleType.Weak)|];
                var handle = [|GCHandle.Alloc(target, GCHandleType.WeakTrackResurrection)|];
                Console.WriteLine(handle.IsAllocated ? handle.Target : null);
                var weak = [|new WeakGCHandle<object>(target)|];
                weak.TryGetTarget(out _);
                var dependent = [|new System.Runtime.DependentHandle(target, "")|];
                Console.WriteLine(dependent.Dependent);
                Action later = () => Console.WriteLine(handle.Target);
                GCHandle assigned;
                assigned = [|GCHandle.Alloc(target, GCHandleType.Weak)|];
                Console.WriteLine(assigned.Target);
            }
        }
        """);

    [Fact]
    public Task MadeOnceByTheProgram() => Verify<WREF701_UnfreedHandle>.Diagnostics("""
        static class Start
        {
            static void Main(string[] args)
            {
                GCHandle.Alloc(args, GCHandleType.Weak);
                var handle = [|GCHandle.Alloc(args, GCHandleType.Weak)|];
                Console.WriteLine(handle.Target);
                foreach (var arg in args)
                {
                    [|GCHandle.Alloc(arg, GCHandleType.Weak)|];
                }
            }

            static void Other(object o) { [|GCHandle.Alloc(o, GCHandleType.Weak)|]; }
        }
        """);

    [Fact]
    public Task HandlesInFields() => Verify<WREF701_UnfreedHandle>.Diagnostics("""
        class Field
        {
            private GCHandle _handle;

            public Field(object target) => _handle = [|GCHandle.Alloc(target, GCHandleType.Weak)|];

            public object Target => _handle.Target;
        }

        class OtherIsFreed
        {
            GCHandle _weak;
            GCHandle _pinned;

            public OtherIsFreed(object target)
            {
                _weak = [|GCHandle.Alloc(target, GCHandleType.Weak)|];
                _pinned = GCHandle.Alloc(target, GCHandleType.Pinned);
            }

            public object Target => _weak.Target;

            GCHandle Auto { get; set; }

            void Set(object target) => Auto = [|GCHandle.Alloc(target, GCHandleType.Weak)|];

            public void Dispose() => _pinned.Free();
        }

        class Pointer
        {
            readonly IntPtr _pointer;

            public Pointer(object target)
            {
                _pointer = GCHandle.ToIntPtr([|GCHandle.Alloc(target, GCHandleType.Weak)|]);
                Native.SetUserData(_pointer);
            }
        }

        class Both
        {
            GCHandle _handle;

            public Both(object target)
            {
                _handle = [|GCHandle.Alloc(target, GCHandleType.Weak)|];
                Native.SetUserData(GCHandle.ToIntPtr(_handle));
                Native.SetUserData((IntPtr)_handle);
            }
        }

        struct Wrapper
        {
            System.Runtime.DependentHandle _handle = [|new(new object(), null)|];

            public Wrapper() { }

            public object Target => _handle.Target;
        }

        static class Native
        {
            [DllImport("native")]
            public static extern void SetUserData(IntPtr data);
        }
        """);

    [Fact]
    public Task MessageAndTheField() => Verify<WREF701_UnfreedHandle>.Diagnostics(
        """
        class C
        {
            private GCHandle {|#1:_handle|};

            C(object target) => _handle = {|#0:GCHandle.Alloc(target, GCHandleType.Weak)|};

            void M(string text)
            {
                var handle = {|#2:new WeakGCHandle<string>(text)|};
            }
        }
        """,
        Verify<WREF701_UnfreedHandle>
            .Diagnostic()
            .WithLocation(0)
            .WithLocation(1)
            .WithArguments("weak GCHandle", "target", "is never freed", "use a WeakReference, or call Free when the owner is done"),
        Verify<WREF701_UnfreedHandle>
            .Diagnostic()
            .WithLocation(2)
            .WithArguments("WeakGCHandle", "text", "is never freed", "dispose it when the owner is done"));

    [Fact]
    public Task HandlesAmongOthers() => Verify<WREF701_UnfreedHandle>.Diagnostics("""
        class List { readonly List<GCHandle> _all = new(); void Add(object o) => _all.Add([|GCHandle.Alloc(o, GCHandleType.Weak)|]); int Count => _all.Count; }
        class Array { readonly GCHandle[] _all = new GCHandle[9]; void Set(int i, object o) => _all[i] = [|GCHandle.Alloc(o, GCHandleType.Weak)|]; object Get(int i) => _all[i].Target; }
        class Map { readonly Dictionary<int, WeakGCHandle<object>> _all = new(); void Set(int i, object o) { _all[i] = [|new WeakGCHandle<object>(o)|]; } void Drop(int i) => _all.Remove(i); }
        class Tuples { readonly (GCHandle Handle, string Name)[] _all = new (GCHandle, string)[9]; void Set(int i, object o) => _all[i] = ([|GCHandle.Alloc(o, GCHandleType.Weak)|], ""); object Get(int i) => _all[i].Handle.Target; }
        class Pair { (int, System.Runtime.DependentHandle) _pair; void Set(object o) => _pair = (1, [|new System.Runtime.DependentHandle(o, o)|]); }
        class Structs { readonly Slot[] _all = new Slot[9]; void Set(int i, object o) => _all[i] = new Slot([|GCHandle.Alloc(o, GCHandleType.Weak)|], 1); bool Any() { foreach (var slot in _all) if (slot.Handle.Target != null) return true; return false; } }
        record struct Slot(GCHandle Handle, int Number);
        """);

    [Fact]
    public Task SilentForHandlesAmongOthers() => Verify<WREF701_UnfreedHandle>.Diagnostics("""
        class List { readonly List<GCHandle> _all = new(); void Add(object o) => _all.Add(GCHandle.Alloc(o, GCHandleType.Weak)); void End() { foreach (var h in _all) h.Free(); } }
        class Array { readonly GCHandle[] _all = new GCHandle[9]; void Set(int i, object o) => _all[i] = GCHandle.Alloc(o, GCHandleType.Weak); void End(int i) => _all[i].Free(); }
        class Given { readonly GCHandle[] _all; Given(GCHandle[] all) => _all = all; void Set(int i, object o) => _all[i] = GCHandle.Alloc(o, GCHandleType.Weak); }
        class Shown { readonly List<GCHandle> _all = new(); public List<GCHandle> All => _all; void Add(object o) => _all.Add(GCHandle.Alloc(o, GCHandleType.Weak)); }
        class Element { readonly GCHandle[] _all = new GCHandle[9]; void Set(int i, object o) => _all[i] = GCHandle.Alloc(o, GCHandleType.Weak); GCHandle Get(int i) => _all[i]; }
        class Loop { readonly List<GCHandle> _all = new(); void Add(object o) => _all.Add(GCHandle.Alloc(o, GCHandleType.Weak)); void End() { foreach (var h in _all) Ender.End(h); } }
        class Taken { readonly Queue<GCHandle> _all = new(); void Add(object o) => _all.Enqueue(GCHandle.Alloc(o, GCHandleType.Weak)); void End() => Ender.End(_all.Dequeue()); }
        class Tuples { readonly (GCHandle Handle, string Name)[] _all = new (GCHandle, string)[9]; void Set(int i, object o) => _all[i] = (GCHandle.Alloc(o, GCHandleType.Weak), ""); void End() { for (var i = 0; i < 9; i++) _all[i].Handle.Free(); } }
        class Structs { readonly Slot[] _all = new Slot[9]; void Set(int i, object o) => _all[i] = new Slot(GCHandle.Alloc(o, GCHandleType.Weak), 1); }
        record struct Slot(GCHandle Handle, int Number) { public void End() => Handle.Free(); }
        static class Ender { public static void End(GCHandle handle) => handle.Free(); }
        """);

    [Fact]
    public Task HandlesLeftOnOneWay() => Verify<WREF701_UnfreedHandle>.Diagnostics("""
        class C
        {
            bool Return(object o, bool quick) { var h = [|GCHandle.Alloc(o, GCHandleType.Weak)|]; if (quick) return false; h.Free(); return true; }
            bool Throw(object o, bool bad) { var h = [|new WeakGCHandle<object>(o)|]; if (bad) { throw new Exception(); } h.Dispose(); return true; }
            object Dead(object o) { var h = [|GCHandle.Alloc(o, GCHandleType.Weak)|]; if (h.Target is not string s) return null; h.Free(); return s; }
            void Break(object[] all) { foreach (var o in all) { var h = [|GCHandle.Alloc(o, GCHandleType.Weak)|]; if (o is string) break; h.Free(); } }
            void Again(object a, object b) { var h = [|GCHandle.Alloc(a, GCHandleType.Weak)|]; _ = h.Target; h = GCHandle.Alloc(b, GCHandleType.Weak); h.Free(); }
            void Loop(object[] all) { GCHandle h = default; foreach (var o in all) { h = [|GCHandle.Alloc(o, GCHandleType.Weak)|]; } h.Free(); }
            bool Nested(object o, int[] all) { var h = [|GCHandle.Alloc(o, GCHandleType.Weak)|]; foreach (var i in all) { if (i == 0) break; if (i == 1) return false; } h.Free(); return true; }
        }
        class Field : IDisposable { GCHandle _h; public Field(object o) { _h = GCHandle.Alloc(o, GCHandleType.Weak); } void Set(object o) { _h = [|GCHandle.Alloc(o, GCHandleType.Weak)|]; } public void Dispose() => _h.Free(); }
        class SetterLooks : IDisposable { GCHandle _h; object Target { get => _h.Target; set { if (_h.Target != value) _h = [|GCHandle.Alloc(value, GCHandleType.Weak)|]; } } public void Dispose() => _h.Free(); }
        class Setter : IDisposable { GCHandle _h; object Target { get => _h.Target; set => _h = [|GCHandle.Alloc(value, GCHandleType.Weak)|]; } public void Dispose() => _h.Free(); }
        """);

    [Fact]
    public Task SilentWhereEachWayEndsIt() => Verify<WREF701_UnfreedHandle>.Diagnostics("""
        class C
        {
            bool Finally(object o, bool quick) { var h = GCHandle.Alloc(o, GCHandleType.Weak); try { if (quick) return false; return true; } finally { h.Free(); } }
            bool Inside(object o, bool quick) { GCHandle h = default; try { h = GCHandle.Alloc(o, GCHandleType.Weak); if (quick) return false; return true; } finally { if (h.IsAllocated) h.Free(); } }
            bool Both(object o, bool quick) { var h = GCHandle.Alloc(o, GCHandleType.Weak); if (quick) { h.Free(); return false; } h.Free(); return true; }
            GCHandle? Given(object o, bool ok) { var h = GCHandle.Alloc(o, GCHandleType.Weak); if (ok) return h; h.Free(); return null; }
            void Lambda(object o, bool ok) { var h = GCHandle.Alloc(o, GCHandleType.Weak); Action end = () => h.Free(); if (ok) return; end(); }
            void Breaks(object o, int[] all) { var h = GCHandle.Alloc(o, GCHandleType.Weak); foreach (var i in all) { if (i == 0) break; } h.Free(); }
            void Freed(object a, object b) { var h = GCHandle.Alloc(a, GCHandleType.Weak); h.Free(); h = GCHandle.Alloc(b, GCHandleType.Weak); h.Free(); }
            void Kept(object[] all) { GCHandle h = default; foreach (var o in all) { if (h.IsAllocated) h.Free(); h = GCHandle.Alloc(o, GCHandleType.Weak); } h.Free(); }
            void First(object[] all) { GCHandle h = default; foreach (var o in all) { h = GCHandle.Alloc(o, GCHandleType.Weak); break; } h.Free(); }
        }
        class Field : IDisposable
        {
            GCHandle _h;
            public Field(object o) { _h = GCHandle.Alloc(o, GCHandleType.Weak); }
            void Set(object o) { if (_h.IsAllocated) _h.Free(); _h = GCHandle.Alloc(o, GCHandleType.Weak); }
            void Ended(object o) { Dispose(); _h = GCHandle.Alloc(o, GCHandleType.Weak); }
            void Old(object o) { var old = _h; _h = GCHandle.Alloc(o, GCHandleType.Weak); old.Free(); }
            public void Dispose() => _h.Free();
        }
        class Late : IDisposable { GCHandle _h; void Start(object o) { _h = GCHandle.Alloc(o, GCHandleType.Weak); } public void Dispose() => _h.Free(); }
        class Init : IDisposable { GCHandle _h; object Target { init => _h = GCHandle.Alloc(value, GCHandleType.Weak); } public void Dispose() => _h.Free(); }
        """);

    [Fact]
    public Task MessageOfAWayThatLeavesIt() => Verify<WREF701_UnfreedHandle>.Diagnostics(
        """
        class C
        {
            bool M(object o, bool quick)
            {
                var h = {|#0:new WeakGCHandle<object>(o)|};
                if (quick)
                    {|#1:return false;|}
                h.Dispose();
                return true;
            }
        }
        """,
        Verify<WREF701_UnfreedHandle>.Diagnostic().WithLocation(0).WithLocation(1)
            .WithArguments("WeakGCHandle", "o", "is not freed before 'return false'", "free it in a finally block"));

    [Fact]
    public Task NoFixWhereItEndsOnOneWay() => Verify<WREF701_UnfreedHandle, WREF701_EndHandle>.NoFix("""
        class C
        {
            bool M(object o, bool quick)
            {
                var h = [|new WeakGCHandle<object>(o)|];
                if (quick)
                    return false;
                h.Dispose();
                return true;
            }
        }
        """);

    [Fact]
    public Task HandlesThatAreFreed() => Verify<WREF701_UnfreedHandle>.Diagnostics("""
        class C : IDisposable
        {
            GCHandle _handle;
            GCHandle? _optional;
            WeakGCHandle<object> _weak;
            IntPtr _pointer;
            readonly Entry[] _entries = new Entry[4];

            C(object target)
            {
                _handle = GCHandle.Alloc(target, GCHandleType.Weak);
                _optional = GCHandle.Alloc(target, GCHandleType.Weak);
                _weak = new WeakGCHandle<object>(target);
                _pointer = (IntPtr)GCHandle.Alloc(target, GCHandleType.Weak);
                _entries[0].Handle = new System.Runtime.DependentHandle(target, "");
            }

            void M(object target)
            {
                var handle = GCHandle.Alloc(target, GCHandleType.Weak);
                try
                {
                    Console.WriteLine(handle.Target);
                }
                finally
                {
                    handle.Free();
                }

                using var weak = new WeakGCHandle<object>(target);
                using (var dependent = new System.Runtime.DependentHandle(target, ""))
                {
                    Console.WriteLine(dependent.Target);
                }
            }

            public void Dispose()
            {
                if (_handle.IsAllocated)
                {
                    _handle.Free();
                }

                _optional?.Free();
                _weak.Dispose();
                GCHandle.FromIntPtr(_pointer).Free();
                for (var i = 0; i < _entries.Length; i++)
                {
                    _entries[i].Handle.Dispose();
                }
            }

            struct Entry
            {
                public System.Runtime.DependentHandle Handle;
            }
        }
        """);

    [Fact]
    public Task HandlesThatSomebodyElseOwns() => Verify<WREF701_UnfreedHandle>.Diagnostics("""
        class C
        {
            static readonly GCHandle s_handle = GCHandle.Alloc(new object(), GCHandleType.Weak);
            readonly Dictionary<int, GCHandle> _handles = new();
            internal GCHandle Shared;
            GCHandle _copied;
            GCHandle _passed;

            C(object target)
            {
                Shared = GCHandle.Alloc(target, GCHandleType.Weak);
                _copied = GCHandle.Alloc(target, GCHandleType.Weak);
                _passed = GCHandle.Alloc(target, GCHandleType.Weak);
                End(ref _passed);
            }

            public GCHandle Copy() => _copied;

            GCHandle Returned(object target) => GCHandle.Alloc(target, GCHandleType.Weak);

            IntPtr Pointer(object target) => GCHandle.ToIntPtr(GCHandle.Alloc(target, GCHandleType.Weak));

            void Stored(object target)
            {
                _handles.Add(1, GCHandle.Alloc(target, GCHandleType.Weak));
                _handles[2] = GCHandle.Alloc(target, GCHandleType.Weak);
                var handle = GCHandle.Alloc(target, GCHandleType.Weak);
                _handles[3] = handle;
            }

            void GivenToNativeCode(object target)
            {
                SetUserData((IntPtr)GCHandle.Alloc(target, GCHandleType.Weak));
                var handle = GCHandle.Alloc(target, GCHandleType.Weak);
                SetUserData(GCHandle.ToIntPtr(handle));
            }

            void Strong(object target) => GCHandle.Alloc(target);

            static void End(ref GCHandle handle) => handle.Free();

            GCHandle Forwarded
            {
                get => _handles[4];
                set => _handles[4] = value;
            }

            void Forward(object target) => Forwarded = GCHandle.Alloc(target, GCHandleType.Weak);

            [DllImport("native")]
            static extern void SetUserData(IntPtr data);
        }
        """);

    [Fact]
    public Task TypesThatFreeWhatTheyGetBack() => Verify<WREF701_UnfreedHandle>.Diagnostics("""
        class C
        {
            IntPtr _data;
            GCHandle _handle;

            C(object target)
            {
                _data = GCHandle.ToIntPtr(GCHandle.Alloc(target, GCHandleType.Weak));
                _handle = GCHandle.Alloc(target, GCHandleType.Weak);
            }

            static void OnDestroyed(IntPtr data)
            {
                var handle = GCHandle.FromIntPtr(data);
                handle.Free();
            }
        }

        partial class Partial
        {
            GCHandle _handle;

            Partial(object target) => _handle = GCHandle.Alloc(target, GCHandleType.Weak);
        }

        partial class Partial
        {
            ~Partial() => _handle.Free();
        }
        """);

    [Fact]
    public Task TestsMakeHandlesToWatchThem() => Verify<WREF701_UnfreedHandle>.Diagnostics("""
        class Program
        {
            static void Main()
            {
                var handle = GCHandle.Alloc(new object(), GCHandleType.Weak);
                GC.Collect();
                Console.WriteLine(handle.Target);
            }
        }
        """);

    [Fact]
    public Task BrokenCode() => Verify<WREF701_UnfreedHandle>.Diagnostics(
        """
        class C
        {
            Missing _missing;

            void M(object target)
            {
                _missing = GCHandle.Alloc(target, GCHandleType.Weak);
                missing = GCHandle.Alloc(target, GCHandleType.Weak);
                GCHandle.Alloc(target, GCHandleType.Missing);
                var handle = GCHandle.Alloc(, GCHandleType.Weak);
                var unfreed = [|GCHandle.Alloc(target, GCHandleType.Weak)|]
            }
        }
        """,
        new Options { CompilerErrors = true });

    [Fact]
    public Task OldLanguageOnNetFramework() => Verify<WREF701_UnfreedHandle, WREF701_EndHandle>.Fix(
        """
        using System.Runtime.InteropServices;

        class C
        {
            private GCHandle _handle;

            public C(object target)
            {
                _handle = [|GCHandle.Alloc(target, GCHandleType.Weak)|];
            }

            public object Target { get { return _handle.Target; } }
        }
        """,
        """
        using System.Runtime.InteropServices;

        class C
        {
            private System.WeakReference _handle;

            public C(object target)
            {
                _handle = new System.WeakReference(target);
            }

            public object Target { get { return _handle.Target; } }
        }
        """,
        new Options { NetFramework = true, Language = LanguageVersion.CSharp7_3 });

    [Fact]
    public Task FixDisposesALocal() => Verify<WREF701_UnfreedHandle, WREF701_EndHandle>.Fix(
        """
        class C
        {
            void M(object target)
            {
                var weak = [|new WeakGCHandle<object>(target)|];
                weak.TryGetTarget(out _);
                System.Runtime.DependentHandle dependent = [|new(target, "")|];
                Console.WriteLine(dependent.Dependent);
            }
        }
        """,
        """
        class C
        {
            void M(object target)
            {
                using var weak = new WeakGCHandle<object>(target);
                weak.TryGetTarget(out _);
                using System.Runtime.DependentHandle dependent = new(target, "");
                Console.WriteLine(dependent.Dependent);
            }
        }
        """);

    [Fact]
    public Task FixMakesAWeakReference() => Verify<WREF701_UnfreedHandle, WREF701_EndHandle>.Fix(
        """
        class C
        {
            private GCHandle _first;
            private GCHandle _second = [|GCHandle.Alloc(new object(), GCHandleType.WeakTrackResurrection)|];

            public C(object target) => _first = [|GCHandle.Alloc(target, GCHandleType.Weak)|];

            public bool IsAlive => this._first.Target is not null && _second.Target != null;

            public void Set(object target) => _first.Target = target;

            public object Local(object target)
            {
                var handle = [|GCHandle.Alloc(target, GCHandleType.Weak)|];
                return handle.Target;
            }
        }
        """,
        """
        class C
        {
            private WeakReference _first;
            private WeakReference _second = new WeakReference(new object(), true);

            public C(object target) => _first = new WeakReference(target);

            public bool IsAlive => this._first.Target is not null && _second.Target != null;

            public void Set(object target) => _first.Target = target;

            public object Local(object target)
            {
                var handle = new WeakReference(target);
                return handle.Target;
            }
        }
        """,
        new Options { Nullable = true });

    [Fact]
    public Task FixKeepsTrivia() => Verify<WREF701_UnfreedHandle, WREF701_EndHandle>.Fix(
        """
        class C
        {
            void M(object target)
            {
                // Ephemeron.
                var dependent /* of target */ = [|new System.Runtime.DependentHandle(target, "")|]; // leaks

                // Weak.
                GCHandle /* weak */ handle = [|GCHandle.Alloc(/* of */ target, GCHandleType.Weak)|]; // leaks
                Console.WriteLine(handle.Target ?? dependent.Target);
            }
        }
        """,
        """
        class C
        {
            void M(object target)
            {
                // Ephemeron.
                using var dependent /* of target */ = new System.Runtime.DependentHandle(target, ""); // leaks

                // Weak.
                WeakReference /* weak */ handle = new WeakReference(/* of */ target); // leaks
                Console.WriteLine(handle.Target ?? dependent.Target);
            }
        }
        """);

    [Fact]
    public Task NoFixWhereTheHandleIsMoreThanAReference() => Verify<WREF701_UnfreedHandle, WREF701_EndHandle>.NoFix("""
        class C
        {
            GCHandle _late;
            GCHandle _native;
            Action _later;

            void M(object target)
            {
                [|GCHandle.Alloc(target, GCHandleType.Weak)|];
                var asked = [|GCHandle.Alloc(target, GCHandleType.Weak)|];
                Console.WriteLine(asked.IsAllocated);
                _late = [|GCHandle.Alloc(target, GCHandleType.Weak)|];
                Console.WriteLine(_late.IsAllocated);
                _native = [|GCHandle.Alloc(target, GCHandleType.Weak)|];
                SetUserData((IntPtr)_native);
                var captured = [|new WeakGCHandle<object>(target)|];
                _later = () => captured.TryGetTarget(out _);
                var written = [|new System.Runtime.DependentHandle(target, "")|];
                written.Dependent = null;
            }

            [DllImport("native")]
            static extern void SetUserData(IntPtr data);
        }
        """);
}
