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
            .WithArguments("weak GCHandle", "target", "use a WeakReference, or call Free when the owner is done"),
        Verify<WREF701_UnfreedHandle>
            .Diagnostic()
            .WithLocation(2)
            .WithArguments("WeakGCHandle", "text", "dispose it when the owner is done"));

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
