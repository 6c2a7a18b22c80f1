using System;
using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Misuse;

/// <summary>A buffer that comes back to its pool from the finalizer does so only once.</summary>
internal static class WREF506
{
    private sealed class Buffer
    {
        public static readonly ConcurrentStack<Buffer> Pool = new();

        ~Buffer()
        {
            Pool.Push(this); // WREF506
        }
    }

    public static void Run()
    {
        Lose(() => new Buffer());
        Console.WriteLine("Buffers in the pool after the first use: " + Buffer.Pool.Count);
        Lose(() => Buffer.Pool.TryPop(out var buffer) ? buffer : null);
        Console.WriteLine("Buffers in the pool after the second: " + Buffer.Pool.Count);
    }

    private static void Lose(Func<object?> make)
    {
        Use(make);
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Use(Func<object?> make) => GC.KeepAlive(make());
}
