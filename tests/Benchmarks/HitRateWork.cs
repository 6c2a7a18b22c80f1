using System.Globalization;
using BitFaster.Caching.Lfu;
using BitFaster.Caching.Lru;
using BitFaster.Caching.Scheduler;
using WeakRefs;

namespace Benchmarks;

/// <summary>
/// How often a cache of a given capacity has what it is asked for: a lookup that finds nothing adds the value. Of a
/// <see cref="WeakCache{TKey, TValue}"/> only the strongly held values count, as if the collector ran after each lookup.
/// </summary>
internal static class HitRateWork
{
    private const int Lookups = 2_000_000;
    private const int KeyCount = 100_000;

    private static readonly object Value = new();

    public static void Run()
    {
        Console.WriteLine("| keys | capacity | WeakCache | ConcurrentLru | ConcurrentLfu |");
        Console.WriteLine("|---|--:|--:|--:|--:|");
        foreach (var (name, keys) in Traces())
        {
            foreach (var capacity in new[] { 1000, 10_000 })
            {
                var ours = Ours(keys, capacity);
                ConcurrentLru<int, object> lru = new(1, capacity, EqualityComparer<int>.Default);
                var lruHits = keys.Count(key => Found(lru.TryGet(key, out _), () => lru.AddOrUpdate(key, Value)));
                ConcurrentLfu<int, object> lfu = new(1, capacity, new ForegroundScheduler(), EqualityComparer<int>.Default);
                var lfuHits = keys.Count(key => Found(lfu.TryGet(key, out _), () => lfu.AddOrUpdate(key, Value)));
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {name} | {capacity} | {ours:0.000} | {(double)lruHits / Lookups:0.000} | {(double)lfuHits / Lookups:0.000} |"));
            }
        }
    }

    private static double Ours(int[] keys, int capacity)
    {
        using WeakCache<int, object> cache = new(capacity);
        var statistics = cache.Statistics;
        foreach (var key in keys)
        {
            if (!cache.TryGetValue(key, out _))
            {
                cache.Set(key, Value);
            }
        }

        return (double)(statistics.Hits - statistics.WeakHits) / Lookups;
    }

    private static bool Found(bool found, Action add)
    {
        if (!found)
        {
            add();
        }

        return found;
    }

    private static IEnumerable<(string Name, int[] Keys)> Traces()
    {
        Random random = new(42);
        var cumulated = new double[KeyCount];
        var total = 0.0;
        for (var i = 0; i < KeyCount; i++)
        {
            cumulated[i] = total += 1 / Math.Pow(i + 1, 0.99);
        }

        var scattered = Enumerable.Range(0, KeyCount).ToArray();
        random.Shuffle(scattered);
        int Zipf()
        {
            var place = Array.BinarySearch(cumulated, random.NextDouble() * total);
            return place < 0 ? ~place : place;
        }

        int[] Make(Func<int, int> key) => [.. Enumerable.Range(0, Lookups).Select(key)];
        yield return ("Zipf 0.99 of 100,000", Make(_ => scattered[Zipf()]));
        yield return ("loop of 12,000", Make(static i => i % 12_000));
        yield return ("Zipf whose favourites change", Make(i => (Zipf() + i / 200_000 * 5000) % KeyCount));
        yield return ("Zipf with scans", Make(i => i % 20_000 < 15_000 ? scattered[Zipf()] : KeyCount + i));
        yield return ("new keys, used for a while", Make(i => i / 4 - (int)(Math.Pow(random.NextDouble(), 3) * 3000)));
    }
}
