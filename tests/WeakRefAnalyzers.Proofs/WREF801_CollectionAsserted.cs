namespace WeakRefAnalyzers.Proofs;

public class WREF801_CollectionAssertedProof
{
    /// <summary>NoOptimization makes of the method what a Debug build makes of every method.</summary>
    [Fact]
    public Task Still_alive_in_unoptimized_code() => Proof.RunAsync<WREF801_CollectionAsserted, WREF801_CreateElsewhere>("""
        using System;
        using System.Runtime.CompilerServices;

        public static class Program
        {
            public static string Run() => Collected() ? "" : "still alive after 5 collections";

            [MethodImpl(MethodImplOptions.NoOptimization)]
            private static bool Collected()
            {
                var item = new object();
                var reference = new WeakReference(item);
                item = null;
                for (var i = 0; i < 5; i++)
                {
                    GC.Collect();
                    GC.WaitForPendingFinalizers();
                }

                return !reference.IsAlive; // flagged
            }
        }
        """, "still alive after 5 collections");
}
