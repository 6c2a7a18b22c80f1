using System;
using System.Runtime.CompilerServices;
using System.Threading;
using WeakRefs;

namespace Misuse;

/// <summary>Dispose gives the slot back and leaves the registration, whose callback gives it back once more.</summary>
internal static class WREF405
{
    private sealed class Connection : IDisposable
    {
        private static readonly SemaphoreSlim Slots = new(1);
        private static readonly FinalizationRegistry<int> Leaked = new(static _ => Slots.Release());

        public Connection()
        {
            Slots.Wait();
            Leaked.Register(this, 0);
        }

        public static int Free => Slots.CurrentCount;

        public static void Clean() => Leaked.CleanupSome();

        public void Dispose()
        {
            Slots.Release(); // WREF405
        }
    }

    public static void Run()
    {
        Connect();
        for (var i = 0; i < 10 && Connection.Free < 2; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Connection.Clean();
        }

        Console.WriteLine($"  {Connection.Free} of 1 slots are free");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Connect() => new Connection().Dispose();
}
