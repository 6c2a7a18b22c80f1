using System;
using System.Runtime.CompilerServices;
using System.Threading;
using WeakRefs;

namespace Safe;

internal static class WREF405
{
    private sealed class Connection : IDisposable
    {
        private static readonly SemaphoreSlim Slots = new(1);
        private static readonly FinalizationRegistry<int> Leaked = new(static _ => Slots.Release());

        public Connection()
        {
            Slots.Wait();
            Leaked.Register(this, 0, this);
        }

        public static int Free => Slots.CurrentCount;

        public static void Clean() => Leaked.CleanupSome();

        public void Dispose()
        {
            // What the callback would have done, once and here.
            if (Leaked.Unregister(this))
            {
                Slots.Release();
            }
        }
    }

    public static void Run()
    {
        Connect();
        GC.Collect();
        Connection.Clean();
        Console.WriteLine($"{Connection.Free} of 1 slots are free");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Connect() => new Connection().Dispose();
}
