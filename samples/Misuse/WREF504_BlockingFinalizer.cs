using System;
using System.Runtime.CompilerServices;
using System.Threading;

namespace Misuse;

/// <summary>While one finalizer waits for a lock, no other finalizer of the process runs.</summary>
internal static class WREF504
{
    private static readonly object s_gate = new();
    private static int s_alive;
    private static int s_finalized;

    private sealed class Entry
    {
        public Entry() => s_alive++;

        ~Entry()
        {
            lock (s_gate) // WREF504
            {
                s_alive--;
            }
        }
    }

    private sealed class Other
    {
        ~Other() => s_finalized++;
    }

    public static void Run()
    {
        lock (s_gate)
        {
            MakeEntry();
            GC.Collect();
            Thread.Sleep(100);
            MakeOthers();
            for (var i = 0; i < 5 && s_finalized == 0; i++)
            {
                GC.Collect();
                Thread.Sleep(50);
            }

            Console.WriteLine("Other finalizers that ran while the lock was taken: " + s_finalized);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void MakeEntry() => GC.KeepAlive(new Entry());

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void MakeOthers()
    {
        for (var i = 0; i < 10; i++)
        {
            GC.KeepAlive(new Other());
        }
    }
}
