namespace WeakRefAnalyzers.Tests;

public class WREF502_RawHandleTests
{
    private const string Native = """

        static class Native
        {
            [DllImport("n")] public static extern IntPtr thing_new();
            [DllImport("n")] public static extern void thing_free(IntPtr handle);
            [DllImport("n")] public static extern bool thing_is_ready(IntPtr handle);
        }
        """;

    [Fact]
    public Task EveryKindOfRawHandle() => Verify<WREF502_RawHandle>.Diagnostics("""
        class Field : IDisposable { IntPtr _handle; public void Dispose() { Native.thing_free(_handle); GC.SuppressFinalize(this); } ~[|Field|]() { Native.thing_free(_handle); } }
        class Native_ : IDisposable { nint _handle; public void Dispose() => End(); void End() { Native.thing_free(_handle); } ~[|Native_|]() => End(); }
        class Memory : IDisposable { IntPtr Memory_ { get; set; } public void Dispose() => Dispose(true); void Dispose(bool disposing) { Marshal.FreeHGlobal(Memory_); } ~[|Memory|]() => Dispose(false); }
        class Closes { IntPtr _handle; public void Close() { Native.thing_free(_handle); } ~[|Closes|]() { Close(); } }
        """ + Native);

    [Fact]
    public Task NothingForASafeHandle() => Verify<WREF502_RawHandle>.Diagnostics("""
        class OnlyFinalizer { IntPtr _handle; ~OnlyFinalizer() { Native.thing_free(_handle); } }
        class Safe : SafeHandle { Safe() : base(IntPtr.Zero, true) { } public override bool IsInvalid => false; protected override bool ReleaseHandle() { Native.thing_free(handle); return true; } ~Safe() { Native.thing_free(handle); } }
        class Number : IDisposable { int _id; public void Dispose() { } ~Number() { Close(_id); } [DllImport("n")] static extern void Close(int id); }
        class Managed : IDisposable { IDisposable _one; public void Dispose() { } ~Managed() { _one.Dispose(); } }
        class Asks : IDisposable { IntPtr _handle; public void Dispose() { Native.thing_free(_handle); } ~Asks() { Native.thing_is_ready(_handle); } }
        class Pruned : IDisposable { IntPtr _handle; public void Dispose() => Dispose(true); void Dispose(bool all) { if (!all) return; Native.thing_free(_handle); } ~Pruned() => Dispose(false); }
        class Queues : IDisposable { static readonly List<IntPtr> Later = new(); IntPtr _handle; public void Dispose() { Native.thing_free(_handle); } ~Queues() { lock (Later) Later.Add(_handle); } }
        class Without : IDisposable { IntPtr _handle; public void Dispose() { Native.thing_free(_handle); } }
        """ + Native);

    [Fact]
    public Task MessageNamesHandleAndCall() => Verify<WREF502_RawHandle>.Diagnostics(
        """
        class Image : IDisposable
        {
            IntPtr _handle;

            public void Dispose() { Dispose(true); GC.SuppressFinalize(this); }

            protected virtual void Dispose(bool disposing) => {|#1:Native.thing_free(_handle)|};

            ~{|#0:Image|}() => Dispose(false);
        }
        """ + Native,
        Verify<WREF502_RawHandle>.Diagnostic().WithLocation(0).WithLocation(1).WithArguments("_handle", "thing_free"));

    [Fact]
    public Task OldLanguageOnNetFramework() => Verify<WREF502_RawHandle>.Diagnostics(
        """
        using System;
        using System.Runtime.InteropServices;

        class Image : IDisposable
        {
            private IntPtr _handle = Marshal.AllocHGlobal(4);

            public void Dispose() { Marshal.FreeHGlobal(_handle); GC.SuppressFinalize(this); }

            ~[|Image|]() { Marshal.FreeHGlobal(_handle); }
        }
        """,
        new Options { NetFramework = true, Language = LanguageVersion.CSharp7_3 });

    [Fact]
    public Task BrokenCode() => Verify<WREF502_RawHandle>.Diagnostics(
        """
        class Unknown : Missing, IDisposable { IntPtr _handle; public void Dispose() { } ~Unknown() { Native.thing_free(_handle); } }
        class Half : IDisposable { IntPtr _handle; ~Half() { Native.thing_free( } }
        """ + Native,
        new Options { CompilerErrors = true });
}
