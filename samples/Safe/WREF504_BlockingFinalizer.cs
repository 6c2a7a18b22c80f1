using System;
using System.Runtime.CompilerServices;
using System.Threading;

namespace Safe;

/// <summary>The finalizer counts without waiting.</summary>
internal static class WREF504
{
    private static readonly object s_gate = new();
    private static int s_alive;

    private sealed class Entry
    {
        public Entry() => Interlocked.Increment(ref s_alive);

        ~Entry() => Interlocked.Decrement(ref s_alive);
    }

    public static void Run()
    {
        lock (s_gate)
        {
            MakeEntries();
            for (var i = 0; i < 20 && Volatile.Read(ref s_alive) > 0; i++)
            {
                GC.Collect();
                Thread.Sleep(50);
            }

            Console.WriteLine("Entries left while the lock is taken: " + Volatile.Read(ref s_alive));
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
