using System;
using System.Runtime.CompilerServices;
using System.Threading;

namespace Safe;

/// <summary>The finalizer counts without waiting.</summary>
internal static class WREF504
{
    private static readonly object Gate = new();
    private static int _alive;

    private sealed class Entry
    {
        public Entry() => Interlocked.Increment(ref _alive);

        ~Entry() => Interlocked.Decrement(ref _alive);
    }

    public static void Run()
    {
        lock (Gate)
        {
            MakeEntries();
            for (var i = 0; i < 20 && Volatile.Read(ref _alive) > 0; i++)
            {
                GC.Collect();
                Thread.Sleep(50);
            }

            Console.WriteLine("Entries left while the lock is taken: " + Volatile.Read(ref _alive));
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void MakeEntries()
    {
        for (var i = 0; i < 10; i++)
        {
            GC.KeepAlive(new Entry());
        }
    }
}
