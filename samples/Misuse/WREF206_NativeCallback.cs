using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Misuse;

/// <summary>A function pointer for native code does not keep its delegate: the first call after this would end the process.</summary>
internal static class WREF206
{
    private delegate void Callback(int value);

    private sealed class Count
    {
        public int Value;
    }

    private sealed class Listener
    {
        public Listener(Count count)
        {
            Pointer = Marshal.GetFunctionPointerForDelegate<Callback>(value => count.Value += value); // WREF206
        }

        /// <summary>What native code would be given.</summary>
        public IntPtr Pointer { get; }
    }

    public static void Run()
    {
        var listener = Listen(out var count);
        GC.Collect();
        Console.WriteLine($"  pointer: {listener.Pointer != IntPtr.Zero}, delegate: {count.IsAlive}");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Listener Listen(out WeakReference watched)
    {
        var count = new Count();
        watched = new WeakReference(count);
        return new Listener(count);
    }
}
