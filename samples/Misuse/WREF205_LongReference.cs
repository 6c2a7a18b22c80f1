using System;
using System.Runtime.CompilerServices;

namespace Misuse;

/// <summary>A long weak reference hands out an object whose finalizer has already run.</summary>
internal static class WREF205
{
    public static void Run()
    {
        var reference = Create(new NativeBuffer());
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Console.WriteLine(reference.TryGetTarget(out var buffer)
            ? $"  got a buffer back, released: {buffer.Released}"
            : "  the buffer is gone");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference<NativeBuffer> Create(NativeBuffer buffer) =>
        new(buffer, trackResurrection: true); // WREF205

    private sealed class NativeBuffer
    {
        public bool Released { get; private set; }

        ~NativeBuffer() => Released = true;
    }
}
