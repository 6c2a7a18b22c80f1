namespace WeakRefAnalyzers.Proofs;

public class WREF602_NeverPrunedProof
{
    [Fact]
    public Task Dead_entries_pile_up() => Proof.RunAsync<WREF602_NeverPruned, WREF602_PruneOnMiss>("""
        using System;
        using System.Collections.Generic;
        using System.Runtime.CompilerServices;

        public static class Program
        {
            private static readonly Dictionary<int, WeakReference<object>> Cache = new(); // flagged

            public static string Run()
            {
                for (var key = 0; key < 1000; key++)
                {
                    Fill(key);
                }

                Gc.Collect();
                Fill(1000);
                return Cache.Count <= 2 ? "" : "1001 entries for one object";
            }

            [MethodImpl(MethodImplOptions.NoInlining)]
            private static void Fill(int key)
            {
                if (!Cache.TryGetValue(key, out var reference) || !reference.TryGetTarget(out _))
                {
                    Cache[key] = new WeakReference<object>(new object());
                }
            }
        }
        """, "1001 entries for one object");
}
