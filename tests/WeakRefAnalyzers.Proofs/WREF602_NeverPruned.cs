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
                for (var key = 0; key < 10_000; key++)
                {
                    Fill(key);
                    if (key % 1000 == 999)
                    {
                        Gc.Collect();
                    }
                }

                return Cache.Count <= 2100 ? "" : Cache.Count + " entries for no object";
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
        """, "10000 entries for no object");

    /// <summary>
    /// Pruning at each addition would look at every entry for every new one. What the fix writes is to look at a few
    /// entries for each, however many are added, dead or alive: counted where its threshold moves.
    /// </summary>
    [Theory]
    [InlineData("new object()")]
    [InlineData("Program.Alive[key % Program.Alive.Length]")]
    public Task Adding_stays_linear(string target) => Proof.RunAsync<WREF602_NeverPruned, WREF602_PruneOnMiss>($$"""
        using System;
        using System.Collections.Generic;
        using System.Linq;
        using System.Reflection;

        public static class Program
        {
            public static readonly object[] Alive = Enumerable.Range(0, 100).Select(_ => new object()).ToArray();

            public static string Run()
            {
                var known = new Known();
                var (looked, prunings) = (0L, 0);
                const int Additions = 16_000;
                for (var key = 0; key < Additions; key++)
                {
                    var (threshold, count) = (known.Threshold, known.Count);
                    known.Add(key);
                    if (known.Threshold != threshold)
                    {
                        looked += count;
                        prunings++;
                    }

                    if (key % 4000 == 3999)
                    {
                        Gc.Collect();
                    }
                }

                return prunings == 0 ? "never pruned" : looked <= 2 * Additions ? "" : $"{looked} entries looked at for {Additions} additions";
            }
        }

        public sealed class Known
        {
            private readonly List<WeakReference<object>> _all = new(); // flagged

            public int Count => _all.Count;

            public int Threshold => typeof(Known).GetFields(BindingFlags.Instance | BindingFlags.NonPublic).Where(member => member.FieldType == typeof(int)).Sum(member => (int)member.GetValue(this));

            public void Add(int key) => _all.Add(new WeakReference<object>({{target}}));
        }
        """, "never pruned");
}
