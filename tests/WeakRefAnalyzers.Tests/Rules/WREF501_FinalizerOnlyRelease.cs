namespace WeakRefAnalyzers.Tests;

public class WREF501_FinalizerOnlyReleaseTests
{
    private const string Native = """

        static class Native
        {
            [DllImport("n")] public static extern IntPtr open();
            [DllImport("n")] public static extern void thing_unref(IntPtr handle);
            [DllImport("n")] public static extern int thing_get_count(IntPtr handle);
            [DllImport("n")] public static extern void shutdown();
        }
        """;

    [Theory]
    [InlineData("class C { IntPtr _memory; ~{|#0:C|}() => Marshal.FreeHGlobal(_memory); }", "FreeHGlobal", true)]
    [InlineData("class C { GCHandle _handle; ~{|#0:C|}() { if (_handle.IsAllocated) _handle.Free(); } }", "Free", true)]
    [InlineData("class C { readonly List<GCHandle> _all = new(); void Add(object o) { _all.Add(GCHandle.Alloc(o, GCHandleType.Pinned)); } "
        + "~{|#0:C|}() { foreach (var one in _all) one.Free(); } }", "Free", true)]
    [InlineData("class C { GCHandle? _h; C(object o) { _h = GCHandle.Alloc(o); } ~{|#0:C|}() { _h?.Free(); } }", "Free", true)]
    [InlineData("unsafe class C { void* _memory; ~{|#0:C|}() => NativeMemory.Free(_memory); }", "Free", true)]
    [InlineData("class C { IntPtr _p; GCHandle _h; ~{|#0:C|}() { Marshal.FreeCoTaskMem(_p); _h.Free(); } }", "FreeCoTaskMem", true)]
    [InlineData("class C { IntPtr _p, _q; ~{|#0:C|}() { Marshal.FreeHGlobal(_p); Native.thing_unref(_q); } }", "FreeHGlobal", true)]
    [InlineData("class C { IntPtr _p; ~{|#0:C|}() { Marshal.Release(_p); } }", "Release", true)]
    [InlineData("class C { IntPtr _p; ~{|#0:C|}() { Native.thing_unref(_p); } }", "thing_unref", true)]
    [InlineData("class C { IntPtr _p; ~{|#0:C|}() { FreeLibrary(_p); } "
        + "[DllImport(\"n\")] static extern void FreeLibrary(IntPtr p); }", "FreeLibrary", true)]
    [InlineData("class C { IntPtr _p; ~{|#0:C|}() { CloseHandle(_p); } "
        + "[DllImport(\"n\")] static extern void CloseHandle(IntPtr p); }", "CloseHandle", false)]
    [InlineData("class C { IntPtr _p; ~{|#0:C|}() { DestroyIcon(_p); } "
        + "[DllImport(\"n\")] static extern void DestroyIcon(IntPtr p); }", "DestroyIcon", false)]
    [InlineData("class C { string _p; ~{|#0:C|}() { File.Delete(_p); } }", "Delete", false)]
    [InlineData("class C { Stream _s = File.OpenRead(\"\"); ~{|#0:C|}() { _s.Dispose(); } }", "Dispose", false)]
    [InlineData("class C { MemoryStream _s = new(); ~{|#0:C|}() { _s.Dispose(); } }", "Dispose", true)]
    [InlineData("class C { System.Net.HttpListener _s = new(); ~{|#0:C|}() { _s.Close(); } }", "Close", false)]
    public Task WarnsWhereOthersWaitForIt(string type, string call, bool isMemory) => Verify<WREF501_FinalizerOnlyRelease>.Diagnostics(
        type + Native,
        new Options { OwnSeverities = true },
        Verify<WREF501_FinalizerOnlyRelease>.Diagnostic().WithLocation(0)
            .WithSeverity(isMemory ? DiagnosticSeverity.Info : DiagnosticSeverity.Warning)
            .WithOptions(Microsoft.CodeAnalysis.Testing.DiagnosticOptions.IgnoreAdditionalLocations)
            .WithArguments(call, "C", "keep the finalizer as the fallback"));

    [Fact]
    public Task EveryKindOfRelease() => Verify<WREF501_FinalizerOnlyRelease>.Diagnostics("""
        class PInvoke { IntPtr _handle; ~[|PInvoke|]() { Native.thing_unref(_handle); } }
        class Stream { FileStream _stream; ~[|Stream|]() { _stream?.Close(); } }
        class Loop { List<IDisposable> _all; ~[|Loop|]() { foreach (var one in _all) one.Dispose(); } }
        class Property { IntPtr Handle { get; set; } ~[|Property|]() { var handle = Handle; Native.thing_unref(handle); } }
        class Wrapped { IntPtr _handle; ~[|Wrapped|]() { Take(new HandleRef(this, _handle)); } [DllImport("n")] static extern void Take(HandleRef handle); }
        class Exchanged { IDisposable _one; ~[|Exchanged|]() { Interlocked.Exchange(ref _one, null)?.Dispose(); } }
        unsafe class Pointer { delegate* unmanaged<IntPtr, void> _free; IntPtr _handle; ~[|Pointer|]() { _free(_handle); } }

        class Delegates
        {
            [UnmanagedFunctionPointer(CallingConvention.Cdecl)] delegate void Unref(IntPtr handle);
            static Unref unref = null;
            IntPtr _handle;

            ~[|Delegates|]() { unref(_handle); }
        }
        """ + Native, new Options { CompilerErrors = true });

    [Fact]
    public Task ThroughMethodsOfTheType() => Verify<WREF501_FinalizerOnlyRelease>.Diagnostics("""
        class C
        {
            IntPtr _handle;

            ~[|C|]() { Cleanup(false); }

            private void Cleanup(bool manual)
            {
                if (!manual)
                {
                    ReleaseOf(_handle);
                }

                static void ReleaseOf(IntPtr what) => Native.thing_unref(what);
            }
        }

        abstract class Base { protected abstract void Drop(); }
        class Derived : Base { IntPtr _handle; ~[|Derived|]() => Drop(); protected override void Drop() => Native.thing_unref(_handle); }
        """ + Native);

    [Fact]
    public Task AnotherWayToRelease() => Verify<WREF501_FinalizerOnlyRelease>.Diagnostics("""
        class Disposes : IDisposable { IntPtr _handle; public void Dispose() { Native.thing_unref(_handle); GC.SuppressFinalize(this); } ~Disposes() { Native.thing_unref(_handle); } }
        class Inherits : Disposes { IntPtr _other; ~Inherits() { Native.thing_unref(_other); } }
        class Closes { IntPtr _handle; public void Close() { Native.thing_unref(_handle); } ~Closes() { Close(); } }
        class Ends { IntPtr _handle; internal void EndOfUse() { Native.thing_unref(_handle); } ~Ends() { EndOfUse(); } }
        class Resets { IntPtr _handle; public void Reset() { Native.thing_unref(_handle); _handle = IntPtr.Zero; } ~Resets() { Native.thing_unref(_handle); } }
        class Async : IAsyncDisposable { IntPtr _handle; public ValueTask DisposeAsync() => default; ~Async() { Native.thing_unref(_handle); } }

        class Owner : IDisposable
        {
            readonly Holder _holder = new();

            public void Dispose() { Native.thing_unref(_holder.Handle); GC.SuppressFinalize(_holder); }

            class Holder { public IntPtr Handle; ~Holder() { Native.thing_unref(Handle); } }
        }
        """ + Native);

    [Fact]
    public Task NothingOfTheObjectIsReleased() => Verify<WREF501_FinalizerOnlyRelease>.Diagnostics("""
        class Empty { ~Empty() { } }
        class Asks { IntPtr _handle; ~Asks() { Native.thing_get_count(_handle); } }
        class AtExit { ~AtExit() { Native.shutdown(); } }
        class Pruned { IDisposable _one; ~Pruned() { End(false); } private void End(bool explicitly) { if (explicitly) _one.Dispose(); } }
        class Asserts { bool _done; ~Asserts() { System.Diagnostics.Debug.Assert(_done); } }
        class Local { ~Local() { using var stream = File.OpenRead("x"); stream.Close(); } }
        class Weak { GCHandle _weak = GCHandle.Alloc(new object(), GCHandleType.Weak); ~Weak() { _weak.Free(); } }
        class Ephemeron { System.Runtime.DependentHandle _pair; ~Ephemeron() { _pair.Dispose(); } }

        class Sentinel
        {
            GCHandle _target;

            ~Sentinel()
            {
                if (_target.Target is null) { _target.Free(); return; }
                GC.ReRegisterForFinalize(this);
            }
        }

        class Later { IDisposable _one; ~Later() { Action later = () => _one.Dispose(); } }
        """ + Native);

    [Fact]
    public Task TheBodyDecidesNotTheName() => Verify<WREF501_FinalizerOnlyRelease>.Diagnostics("""
        struct Thing { IntPtr p; public void Delete() { Native.thing_unref(p); } public void Free() { } }
        class Effect { Thing _thing; ~[|Effect|]() { _thing.Delete(); _thing = default; } }
        class Named { Thing _thing; ~Named() { _thing.Free(); } }
        static class Manager { public static void Free(object o) { } public static void End(IntPtr h) => Native.thing_unref(h); }
        class FreesNothing { object _o = new(); ~FreesNothing() { Manager.Free(_o); } }
        class Ends { IntPtr _h; ~[|Ends|]() { Manager.End(_h); } }
        class Buffers
        {
            readonly System.Collections.Concurrent.ConcurrentStack<byte[]> _free = new();
            internal void FreeChunk(byte[] buffer) => _free.Push(buffer);
            internal void FreeAny(IntPtr any) => Native.thing_unref(any);
        }
        class Link { static readonly Buffers s_cache = new(); byte[] _buffer = new byte[1]; ~Link() { if (_buffer != null) s_cache.FreeChunk(_buffer); } }
        class Lent { static readonly Buffers s_cache = new(); IntPtr _h; ~[|Lent|]() { s_cache.FreeAny(_h); } }
        class Res : IDisposable { public void Dispose() { } }
        static class Ui
        {
            static readonly System.Collections.Concurrent.ConcurrentQueue<IDisposable> s_queue = new();
            internal static void Later(IDisposable disposable) => s_queue.Enqueue(disposable);
            internal static void Run() { while (s_queue.TryDequeue(out var d)) d.Dispose(); }
        }
        class Picture { readonly Res _res = new(); ~[|Picture|]() { Ui.Later(_res); } }
        class Contract { readonly Res _res = new(); ~[|Contract|]() { _res.Dispose(); } }
        interface INative { void Destroy(); void DeleteAll(); }
        class Unseen { INative _native; ~[|Unseen|]() { _native.Destroy(); } }
        class Deletes { INative _native; ~[|Deletes|]() { _native?.DeleteAll(); } }
        class Child { IntPtr _h; public void Drop() => Native.thing_unref(_h); }
        class Parent { readonly Child _child = new(); ~[|Parent|]() { _child.Drop(); } }
        class Guest { readonly Child _child; Guest(Child child) { _child = child; } ~Guest() { _child.Drop(); } }
        class Static { IntPtr _h; static void Free(Static s) => Native.thing_unref(s._h); ~[|Static|]() => Free(this); }
        """ + Native);

    [Fact]
    public Task ReleasedInTime() => Verify<WREF501_FinalizerOnlyRelease>.Diagnostics("""
        class Operation
        {
            GCHandle[] _pins;
            int _open = 1;
            static void Callback(Operation r) => r.EndPins();
            void EndPins() { if (Interlocked.Decrement(ref _open) == 0) EndPinsNow(); }
            protected virtual void EndPinsNow() { DropPins(); GC.SuppressFinalize(this); }
            ~Operation() { DropPins(); }
            void DropPins() { GCHandle[] handles = _pins; for (int i = 0; i < handles.Length; i++) if (handles[i].IsAllocated) handles[i].Free(); }
        }
        abstract class Element { internal abstract void Recycle(); }
        sealed class Part : Element
        {
            IntPtr _data;
            ~Part() { IntPtr data = Interlocked.Exchange(ref _data, IntPtr.Zero); if (data != IntPtr.Zero) Native.thing_unref(data); }
            internal override void Recycle() => RecycleNow();
            void RecycleNow() { IntPtr data = Interlocked.Exchange(ref _data, IntPtr.Zero); Native.thing_unref(data); GC.SuppressFinalize(this); }
        }
        class Hook { IntPtr _h; Hook() { AppDomain.CurrentDomain.ProcessExit += OnExit; } void OnExit(object s, EventArgs e) { Native.thing_unref(_h); GC.SuppressFinalize(this); } ~Hook() { Native.thing_unref(_h); } }
        class Failed { IntPtr _h; Failed() { if (_h == IntPtr.Zero) GC.SuppressFinalize(this); } ~[|Failed|]() { Native.thing_unref(_h); } }
        class Unused { IntPtr _h; private void Forgotten() { GC.SuppressFinalize(this); } ~[|Unused|]() { Native.thing_unref(_h); } }
        """ + Native);

    [Fact]
    public Task NobodyCouldRelease() => Verify<WREF501_FinalizerOnlyRelease>.Diagnostics("""
        class Single { static readonly Single Instance = new Single(); IntPtr _h; private Single() { } ~Single() { Native.thing_unref(_h); } }
        class Implicit { static readonly Implicit s_instance = new(); IntPtr _h; private Implicit() { } ~Implicit() { Native.thing_unref(_h); } }
        class Lazy_ { static Lazy<Lazy_> s_one = new Lazy<Lazy_>(() => new Lazy_()); IntPtr _h; private Lazy_() { } ~Lazy_() { Native.thing_unref(_h); } }
        class PerThread { [ThreadStatic] static PerThread t; IntPtr _h; public static void Touch() { t ??= new PerThread(); } ~PerThread() { Native.thing_unref(_h); } }
        class Holder { static readonly ThreadLocal<Cleanup> s_local = new(() => new Cleanup()); class Cleanup { IntPtr _h; ~Cleanup() { Native.thing_unref(_h); } } }
        class Trampoline { internal readonly Action Handler; IntPtr _h; Trampoline() { Handler = Run; } void Run() { } ~Trampoline() { Native.thing_unref(_h); } }
        class Native_ { public IntPtr Data; public Action Callback; private GCHandle _h; public Native_(Action a) { _h = GCHandle.Alloc(a); Callback = a; } ~Native_() { _h.Free(); } }
        [ComImport, Guid("00000000-0000-0000-0000-000000000001"), InterfaceType(ComInterfaceType.InterfaceIsIUnknown)] interface IPin { }
        class Pin : IPin { IntPtr _h; ~Pin() { Marshal.Release(_h); } }
        class Both { static Both s_one = new Both(); public static Both Make() => new Both(); IntPtr _h; ~[|Both|]() { Native.thing_unref(_h); } }
        class Instance { readonly Inner _inner = new Inner(); class Inner { IntPtr _h; ~[|Inner|]() { Native.thing_unref(_h); } } }
        """ + Native);

    [Fact]
    public Task WeakHandlesAreNoResource() => Verify<WREF501_FinalizerOnlyRelease>.Diagnostics("""
        class List_ { readonly List<GCHandle> _all = new(); void Add(object o) { _all.Add(GCHandle.Alloc(o, GCHandleType.Weak)); } ~List_() { foreach (var one in _all) one.Free(); } }
        class Arrays { readonly GCHandle[] _all = new GCHandle[4]; void Add(object o) { _all[0] = GCHandle.Alloc(o, GCHandleType.Weak); } ~Arrays() { for (var i = 0; i < 4; i++) _all[i].Free(); } }
        class Nullable_ { GCHandle? _h; Nullable_(object o) { _h = GCHandle.Alloc(o, GCHandleType.Weak); } ~Nullable_() { _h?.Free(); } }
        class Value_ { GCHandle? _h = GCHandle.Alloc(new object(), GCHandleType.WeakTrackResurrection); ~Value_() { if (_h.HasValue) { _h.Value.Free(); _h = null; } } }
        class Pattern_ { GCHandle? _h; Pattern_(object o) { _h = GCHandle.Alloc(o, GCHandleType.Weak); } ~Pattern_() { if (_h is { IsAllocated: true } h) h.Free(); } }
        """);

    [Fact]
    public Task FilesAndLocks() => Verify<WREF501_FinalizerOnlyRelease>.Diagnostics("""
        class Temp { readonly string _path = Path.GetTempFileName(); ~[|Temp|]() { try { File.Delete(_path); } catch { } } }
        class Folder { readonly string _path; ~[|Folder|]() { try { Directory.Delete(_path, true); } catch { } } }
        class Slot { static readonly Semaphore s_slots = new(1, 1); readonly Semaphore _mine = new(1, 1); ~[|Slot|]() { _mine.Release(); } }
        class Owner { readonly Mutex _mutex = new(); ~[|Owner|]() { _mutex.ReleaseMutex(); } }
        class Other { ~Other() { try { File.Delete("x.lock"); } catch { } } }
        """);

    [Fact]
    public Task AMessageIsNoRelease() => Verify<WREF501_FinalizerOnlyRelease>.Diagnostics("""
        class Dialog
        {
            [DllImport("user32")] static extern IntPtr SendMessage(IntPtr window, int message, IntPtr w, IntPtr l);
            [DllImport("user32")] static extern bool PostMessageW(IntPtr window, int message, IntPtr w, IntPtr l);
            [DllImport("user32")] static extern bool DestroyWindow(IntPtr window);
            IntPtr _window;
            private void CloseWindow() => SendMessage(_window, 1126, new IntPtr(2), IntPtr.Zero);
            ~Dialog() { CloseWindow(); PostMessageW(_window, 1, IntPtr.Zero, IntPtr.Zero); }
        }
        class Window { IntPtr _window; [DllImport("user32")] static extern bool DestroyWindow(IntPtr window); ~[|Window|]() { DestroyWindow(_window); } }
        """);

#if ROSLYN_LATEST
    [Fact]
    public Task PrimaryConstructors() => Verify<WREF501_FinalizerOnlyRelease>.Diagnostics("""
        class Handle(IntPtr handle) { ~[|Handle|]() { Native.thing_unref(handle); } }
        class File_(FileStream file) { public int Length => (int)file.Length; ~[|File_|]() => file.Dispose(); }
        class Offered(IntPtr handle) : IDisposable { public void Dispose() { Native.thing_unref(handle); GC.SuppressFinalize(this); } ~Offered() { Native.thing_unref(handle); } }
        class Local_(IntPtr handle) { readonly IntPtr _handle = handle; ~[|Local_|]() { Free(_handle); } static void Free(IntPtr handle) => Native.thing_unref(handle); }
        """ + Native);
#endif

    [Fact]
    public Task MessageNamesCallAndType() => Verify<WREF501_FinalizerOnlyRelease>.Diagnostics(
        """
        class Image
        {
            IntPtr _handle;

            ~{|#0:Image|}()
            {
                if (_handle != IntPtr.Zero)
                {
                    {|#1:Native.thing_unref(_handle)|};
                }
            }
        }
        """ + Native,
        Verify<WREF501_FinalizerOnlyRelease>
            .Diagnostic()
            .WithLocation(0)
            .WithLocation(1)
            .WithArguments("thing_unref", "Image", "keep the finalizer as the fallback"));

    [Fact]
    public Task BrokenCode() => Verify<WREF501_FinalizerOnlyRelease>.Diagnostics(
        """
        class Unknown : Missing { IntPtr _handle; ~Unknown() { Native.thing_unref(_handle); } }
        class Half : IMissing { IntPtr _handle; ~Half() { Native.thing_unref(_handle); } }
        class Typo { IntPtr _handle; ~Typo() { Native.(_handle); nothing.Dispose() } }
        class Endless { ~Endless() { Run(true); } private void Run(bool b) { Run(!b); } }
        struct Value { ~Value() { } }
        class Wrong { IDisposable _one; ~Other() { _one.Dispose(); } }
        class Open { IDisposable _one; ~[|Open|]() { _one.Dispose(
        """ + Native,
        new Options { CompilerErrors = true });

    [Fact]
    public Task FixMovesTheBodyBehindAFlag() => Verify<WREF501_FinalizerOnlyRelease, WREF501_ImplementDispose>.Fix(
        """
        class Image
        {
            private IDisposable _file;

            ~[|Image|]()
            {
                _file?.Dispose();
            }

            public int Width => 1;
        }
        """,
        """
        class Image : IDisposable
        {
            private IDisposable _file;
            private bool _disposed;

            public void Dispose()
            {
                ReleaseResources();
                GC.SuppressFinalize(this);
            }

            private void ReleaseResources()
            {
                if (_disposed)
                {
                    return;
                }

                _disposed = true;
                _file?.Dispose();
            }

            ~Image()
            {
                ReleaseResources();
            }

            public int Width => 1;
        }
        """);

    [Fact]
    public Task FixAllInOneFile() => Verify<WREF501_FinalizerOnlyRelease, WREF501_ImplementDispose>.Fix(
        """
        public class One
        {
            private readonly IDisposable _one;

            ~[|One|]() => _one.Dispose();
        }

        sealed class Two<T> : List<T>
            where T : class
        {
            private readonly IDisposable _two;

            ~[|Two|]()
            {
                if (_two == null)
                    return;

                _two.Dispose();
            }
        }
        """,
        """
        public class One : IDisposable
        {
            private readonly IDisposable _one;
            private bool _disposed;

            public void Dispose()
            {
                ReleaseResources();
                GC.SuppressFinalize(this);
            }

            private void ReleaseResources()
            {
                if (_disposed)
                {
                    return;
                }

                _disposed = true;
                _one.Dispose();
            }

            ~One()
            {
                ReleaseResources();
            }
        }

        sealed class Two<T> : List<T>, IDisposable
            where T : class
        {
            private readonly IDisposable _two;
            private bool _disposed;

            public void Dispose()
            {
                ReleaseResources();
                GC.SuppressFinalize(this);
            }

            private void ReleaseResources()
            {
                if (_disposed)
                {
                    return;
                }

                _disposed = true;
                if (_two == null)
                    return;

                _two.Dispose();
            }

            ~Two()
            {
                ReleaseResources();
            }
        }
        """);

    [Fact]
    public Task FixKeepsTrivia() => Verify<WREF501_FinalizerOnlyRelease, WREF501_ImplementDispose>.Fix(
        """
        // of the file
        class Image // an image
        {
            private IDisposable _file; // the file

            /// <summary>Last resort.</summary>
            ~[|Image|]() // the end
            {
                // close it
                _file?.Dispose(); // closed
                /* done */
            }
        }
        """,
        """
        // of the file
        class Image : IDisposable // an image
        {
            private IDisposable _file; // the file
            private bool _disposed;

            public void Dispose()
            {
                ReleaseResources();
                GC.SuppressFinalize(this);
            }

            private void ReleaseResources()
            {
                if (_disposed)
                {
                    return;
                }

                _disposed = true;
                // close it
                _file?.Dispose(); // closed
                /* done */
            }

            /// <summary>Last resort.</summary>
            ~Image() // the end
            {
                ReleaseResources();
            }
        }
        """);

    [Fact]
    public Task OldLanguageOnNetFramework() => Verify<WREF501_FinalizerOnlyRelease, WREF501_ImplementDispose>.Fix(
        """
        using System;

        class Image
        {
            private IDisposable _file;

            ~[|Image|]()
            {
                _file.Dispose();
            }
        }
        """,
        """
        using System;

        class Image : IDisposable
        {
            private IDisposable _file;
            private bool _disposed;

            public void Dispose()
            {
                ReleaseResources();
                GC.SuppressFinalize(this);
            }

            private void ReleaseResources()
            {
                if (_disposed)
                {
                    return;
                }

                _disposed = true;
                _file.Dispose();
            }

            ~Image()
            {
                ReleaseResources();
            }
        }
        """,
        new Options { NetFramework = true, Language = LanguageVersion.CSharp7_3 });

    /// <summary>What has a finalizer of its own needs none here: a finalizer that stays would only be told by WREF503.</summary>
    [Fact]
    public Task FixPutsDisposeInPlaceOfTheFinalizer() => Verify<WREF501_FinalizerOnlyRelease, WREF501_ImplementDispose>.Fix(
        """
        using System.IO;

        class Image
        {
            private FileStream _file;

            /// <summary>Last resort.</summary>
            ~[|Image|]() // the end
            {
                // close it
                _file?.Close(); // closed
            }

            public int Width { get { return 1; } }
        }

        class Arrow : object
        {
            private FileStream _file = null;
            ~[|Arrow|]() => _file.Dispose(); // the end
        }

        class Test
        {
            private FileStream _file;
            private FileStream _other;

            ~[|Test|]()
            {
                if (_file != null)
                {
                    _file.Dispose();
                    _file = null;
                }

                try { _other.Dispose(); } catch { }
            }
        }
        """,
        """
        using System.IO;

        class Image : System.IDisposable
        {
            private FileStream _file;

            /// <summary>Last resort.</summary>
            public void Dispose() // the end
            {
                // close it
                _file?.Close(); // closed
            }

            public int Width { get { return 1; } }
        }

        class Arrow : object, System.IDisposable
        {
            private FileStream _file = null;
            public void Dispose() => _file.Dispose(); // the end
        }

        class Test : System.IDisposable
        {
            private FileStream _file;
            private FileStream _other;

            public void Dispose()
            {
                if (_file != null)
                {
                    _file.Dispose();
                    _file = null;
                }

                try { _other.Dispose(); } catch { }
            }
        }
        """,
        new Options { NetFramework = true, Language = LanguageVersion.CSharp7_3 });

    [Fact]
    public Task FixLeavesWhatFinalizesItselfToDispose() => Verify<WREF501_FinalizerOnlyRelease, WREF501_ImplementDispose>.Fix(
        """
        class Image
        {
            public int Width { get; set; }
            private FileStream _file;
            private IDisposable _palette;

            ~[|Image|]()
            {
                // the file first
                _file.Flush();
                _file.Close(); // closed
                _palette.Dispose();
                if (Width > 0)
                {
                    _file.Dispose();
                    Width = 0;
                }
            }
        }
        """,
        """
        class Image : IDisposable
        {
            private bool _disposed;

            public int Width { get; set; }
            private FileStream _file;
            private IDisposable _palette;

            public void Dispose()
            {
                ReleaseResources(disposing: true);
                GC.SuppressFinalize(this);
            }

            private void ReleaseResources(bool disposing)
            {
                if (_disposed)
                {
                    return;
                }

                _disposed = true;
                // the file first
                if (disposing)
                {
                    _file.Flush();
                    _file.Close(); // closed
                }

                _palette.Dispose();
                if (Width > 0)
                {
                    if (disposing)
                    {
                        _file.Dispose();
                    }

                    Width = 0;
                }
            }

            ~Image()
            {
                ReleaseResources(disposing: false);
            }
        }
        """);

    /// <summary>A finalizer that still released the raw handle would be told by WREF502.</summary>
    [Fact]
    public Task FixGivesARawHandleToASafeHandle() => Verify<WREF501_FinalizerOnlyRelease, WREF501_ImplementDispose>.Fix(
        """
        class Map
        {
            private readonly IntPtr _view;

            public Map(IntPtr view) => _view = Checked(view);

            // Last resort.
            ~[|Map|]()
            {
                Native.thing_unref(_view);
            }

            private static IntPtr Checked(IntPtr view) => view;
        }
        """ + Native,
        """
        class Map : IDisposable
        {
            private readonly MapHandle _view;

            public Map(IntPtr view) => _view = new MapHandle(Checked(view));

            // Last resort.
            public void Dispose()
            {
                _view.Dispose();
            }

            private sealed class MapHandle : SafeHandle
            {
                public MapHandle(IntPtr handle)
                    : base(IntPtr.Zero, true)
                {
                    SetHandle(handle);
                }

                public override bool IsInvalid => handle == IntPtr.Zero;

                protected override bool ReleaseHandle()
                {
                    Native.thing_unref(handle);
                    return true;
                }
            }

            private static IntPtr Checked(IntPtr view) => view;
        }
        """ + Native);

    [Fact]
    public Task FixFollowsTheProjectsStyleAndLineEnds() => Verify<WREF501_FinalizerOnlyRelease, WREF501_ImplementDispose>.Fix(
        """
        class Image
        {
        	private IDisposable file;

        	~[|Image|]()
        	{
        		this.file.Dispose();
        	}
        }

        """.ReplaceLineEndings("\r\n"),
        """
        class Image : IDisposable
        {
        	private IDisposable file;
        	private bool disposed;

        	public void Dispose()
        	{
        		this.ReleaseResources();
        		GC.SuppressFinalize(this);
        	}

        	private void ReleaseResources()
        	{
        		if (this.disposed)
        		{
        			return;
        		}

        		this.disposed = true;
        		this.file.Dispose();
        	}

        	~Image()
        	{
        		this.ReleaseResources();
        	}
        }

        """.ReplaceLineEndings("\r\n"),
        new Options { EditorConfig = "dotnet_style_qualification_for_field = true\ndotnet_style_qualification_for_method = true" });

    [Fact]
    public Task NoFixWhereAnotherRuleWouldSpeak() => Verify<WREF501_FinalizerOnlyRelease, WREF501_ImplementDispose>.NoFix("""
        class SetTwice { IntPtr _handle; void Set(IntPtr handle) { _handle = handle; } ~[|SetTwice|]() { Native.thing_unref(_handle); } }
        class TwoKinds
        {
            FileStream _file;
            IntPtr _handle;

            ~[|TwoKinds|]()
            {
                _file.Dispose();
                Native.thing_unref(_handle);
            }
        }
        class Counts
        {
            FileStream _file;
            IDisposable _one;

            ~[|Counts|]()
            {
                var length = _file.Length;
                _one.Dispose();
            }
        }
        """ + Native);

    [Fact]
    public Task NoFixWhereTheNamesAreTaken() => Verify<WREF501_FinalizerOnlyRelease, WREF501_ImplementDispose>.NoFix("""
        class Base { protected bool _disposed; }
        class Derived : Base { IDisposable _one; ~[|Derived|]() { _one.Dispose(); } }
        class Hidden { IDisposable _one; private void Dispose() { } ~[|Hidden|]() { _one.Dispose(); } }
        """);

    [Fact]
    public Task NobodyWhoCouldRelease() => Verify<WREF501_FinalizerOnlyRelease>.Diagnostics("""
        [ComImport, Guid("00000000-0000-0000-0000-000000000001"), InterfaceType(ComInterfaceType.InterfaceIsIUnknown)]
        interface IPropertySet { void Get(); }
        class PropertySet : IPropertySet
        {
            Values _values = new();
            public void Get() { }
            class Values { readonly List<IntPtr> _all = new(); ~Values() { foreach (var value in _all) Native.Release(value); } }
        }
        class Loose
        {
            Values _values = new();
            class Values { readonly List<IntPtr> _all = new(); ~[|Values|]() { foreach (var value in _all) Native.Release(value); } }
        }
        class Module
        {
            static Module s_instance;
            IntPtr _p;
            public static Module Instance => s_instance ?? Make();
            static Module Make() { Interlocked.CompareExchange(ref s_instance, new Module(), null); return s_instance; }
            ~Module() => Native.Release(_p);
        }
        class Replaced
        {
            static Replaced s_instance;
            IntPtr _p;
            public static void Next(Replaced old) => Interlocked.CompareExchange(ref s_instance, new Replaced(), old);
            ~[|Replaced|]() => Native.Release(_p);
        }
        class Loaded
        {
            static readonly Dictionary<string, Loaded> s_cache = new();
            string _name; IntPtr _p;
            Loaded(string name) { s_cache[name] = this; }
            ~Loaded() { s_cache.Remove(_name); Native.Release(_p); } // WREF508
        }
        static class Native { [DllImport("n")] public static extern void Release(IntPtr p); }
        """);

    [Fact]
    public Task WhatKeepsNothingOpen() => Verify<WREF501_FinalizerOnlyRelease>.Diagnostics("""
        class Guarded { readonly ReaderWriterLockSlim _lock = new(); ~{|#0:Guarded|}() => {|#1:_lock.Dispose()|}; }
        class Both { readonly ReaderWriterLockSlim _lock = new(); Timer _timer;
            ~{|#2:Both|}() { {|#3:_lock.Dispose()|}; _timer.Dispose(); } }
        """,
        new Options { OwnSeverities = true },
        Verify<WREF501_FinalizerOnlyRelease>.Diagnostic().WithSeverity(DiagnosticSeverity.Info).WithLocation(0).WithLocation(1)
            .WithArguments("Dispose", "Guarded", "keep the finalizer as the fallback"),
        Verify<WREF501_FinalizerOnlyRelease>.Diagnostic().WithSeverity(DiagnosticSeverity.Info).WithLocation(2).WithLocation(3)
            .WithArguments("Dispose", "Both", "keep the finalizer as the fallback"));

    [Fact]
    public Task NobodyDisposesOfAnException() => Verify<WREF501_FinalizerOnlyRelease>.Diagnostics("""
        static class Script_ { [DllImport("n")] public static extern void script_free(IntPtr p); }
        class ScriptException : InvalidOperationException { IntPtr _p; ~ScriptException() { Script_.script_free(_p); } }
        class Script { IntPtr _p; ~[|Script|]() { Script_.script_free(_p); } }
        """);
}
