using System;
using System.Runtime.CompilerServices;
using System.Threading;

namespace Misuse;

/// <summary>While one finalizer waits for a lock, no other finalizer of the process runs.</summary>
internal static class WREF504
{
    private static readonly object Gate = new();
    private static int _alive;
    private static int _finalized;

    private sealed class Entry
    {
        public Entry() => _alive++;

        ~Entry()
        {
            lock (Gate) // WREF504
            {
                _alive--;
            }
        }
    }

    private sealed class Other
    {
        ~Other() => _finalized++;
    }

    public static void Run()
    {
        lock (Gate)
        {
            MakeEntry();
            GC.Collect();
            Thread.Sleep(100);
            MakeOthers();
            for (var i = 0; i < 5 && _finalized == 0; i++)
            {
                GC.Collect();
                Thread.Sleep(50);
            }

            Console.WriteLine("Other finalizers that ran while the lock was taken: " + _finalized);
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
