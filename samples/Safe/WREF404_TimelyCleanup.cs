using System;
using System.Threading;
using WeakRefs;

namespace Safe;

/// <summary>The lease is given back by Dispose; the registry only tells of a lease that nobody disposed.</summary>
internal static class WREF404
{
    private static readonly SemaphoreSlim Places = new(1);

    private sealed class Lease : IDisposable
    {
        private static readonly FinalizationRegistry<string> Registry =
            new(static owner => Console.WriteLine("Lost without Dispose: a lease of " + owner));

        public Lease(string owner)
        {
            Places.Wait();
            Registry.Register(this, owner, this);
        }

        public void Dispose()
        {
            if (Registry.Unregister(this))
            {
                Places.Release();
            }
        }
    }

    public static void Run()
    {
        using (new Lease("Run"))
        {
        }

        Console.WriteLine(Places.Wait(millisecondsTimeout: 200) ? "The place is free again." : "The place is still taken.");
        Places.Release();
    }
}
