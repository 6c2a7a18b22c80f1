using System;
using System.Threading;
using WeakRefs;

namespace Safe;

/// <summary>The lease is given back by Dispose; the registry only tells of a lease that nobody disposed.</summary>
internal static class WREF404
{
    private static readonly SemaphoreSlim s_places = new(1);

    private sealed class Lease : IDisposable
    {
        private static readonly FinalizationRegistry<string> s_registry =
            new(static owner => Console.WriteLine("Lost without Dispose: a lease of " + owner));

        public Lease(string owner)
        {
            s_places.Wait();
            s_registry.Register(this, owner, this);
        }

        public void Dispose()
        {
            if (s_registry.Unregister(this))
            {
                s_places.Release();
            }
        }
    }

    public static void Run()
    {
        using (new Lease("Run"))
        {
        }

        Console.WriteLine(s_places.Wait(millisecondsTimeout: 200) ? "The place is free again." : "The place is still taken.");
        s_places.Release();
    }
}
