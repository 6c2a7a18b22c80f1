using System;
using System.Runtime.CompilerServices;
using System.Threading;
using WeakRefs;

namespace Misuse;

/// <summary>A lease gives its place back when the collector finds it: with no collection the place is never free.</summary>
internal static class WREF404
{
    private static readonly SemaphoreSlim Places = new(1);

    private sealed class Lease
    {
        private static readonly FinalizationRegistry<SemaphoreSlim> Registry = new(static places => places.Release()); // WREF404

        public Lease()
        {
            Places.Wait();
            Registry.Register(this, Places);
        }
    }

    public static void Run()
    {
        UseOne();
        Console.WriteLine(Places.Wait(millisecondsTimeout: 200)
            ? "The place is free."
            : "The lease is gone and its place is still taken.");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void UseOne() => GC.KeepAlive(new Lease());
}
