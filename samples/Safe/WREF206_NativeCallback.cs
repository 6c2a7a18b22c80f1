using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Safe;

internal static class WREF206
{
    private delegate void Callback(int value);

    private sealed class Count
    {
        public int Value;
    }

    private sealed class Listener
    {
        // As long as somebody may call the pointer.
        private readonly Callback _callback;

        public Listener(Count count)
        {
            _callback = value => count.Value += value;
            Pointer = Marshal.GetFunctionPointerForDelegate(_callback);
        }

        public IntPtr Pointer { get; }
    }

    public static void Run()
    {
        var listener = Listen(out var count);
        GC.Collect();
        Console.WriteLine($"pointer: {listener.Pointer != IntPtr.Zero}, delegate: {count.IsAlive}");
        GC.KeepAlive(listener);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Listener Listen(out WeakReference watched)
    {
        var count = new Count();
        watched = new WeakReference(count);
        return new Listener(count);
    }
}
