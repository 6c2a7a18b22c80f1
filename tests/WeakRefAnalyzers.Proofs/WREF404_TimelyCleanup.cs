namespace WeakRefAnalyzers.Proofs;

public class WREF404_TimelyCleanupProof
{
    [Fact]
    public async Task TheSemaphoreStaysTaken() => await Proof.RunAsync<WREF404_TimelyCleanup, WREF404_ExplicitDispose>(
        """
        using System;
        using System.Runtime.CompilerServices;
        using System.Threading;
        using WeakRefs;

        public sealed class Lease
        {
            private static readonly FinalizationRegistry<SemaphoreSlim> Registry = new(static places => places.Release()); // flagged
            private readonly SemaphoreSlim _places;

            public Lease(SemaphoreSlim places)
            {
                _places = places;
                places.Wait();
                Registry.Register(this, _places);
            }
        }

        public static class Program
        {
            public static string Run()
            {
                var places = new SemaphoreSlim(1);
                Use(places);
                return places.Wait(millisecondsTimeout: 100) ? "" : "still taken after its last use";
            }

            [MethodImpl(MethodImplOptions.NoInlining)]
            private static void Use(SemaphoreSlim places)
            {
                object lease = new Lease(places);
                using (lease as IDisposable)
                {
                    GC.KeepAlive(lease);
                }
            }
        }
        """,
        "still taken after its last use");
}
