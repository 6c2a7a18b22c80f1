using System.Diagnostics;

namespace Benchmarks;

/// <summary>The work every cache does. Values are kept by the caller, so that weak and strong caches have the same hits.</summary>
internal static class CacheWork
{
    public static void Run<TPeer>(TPeer peer)
        where TPeer : struct, ICachePeer
    {
        foreach (var (name, strong) in peer.Variants)
        {
            Run<TPeer, int>(peer, $"{name}_int_1k", 1000, strong, static i => i);
            Run<TPeer, int>(peer, $"{name}_int_100k", 100_000, strong, static i => i);
            Run<TPeer, string>(peer, $"{name}_string_100k", 100_000, strong, static i => "key " + i);
        }
    }

    private static void Run<TPeer, TKey>(TPeer peer, string suffix, int count, double strong, Func<int, TKey> makeKey)
        where TPeer : struct, ICachePeer
        where TKey : notnull
    {
        var keys = new TKey[count];
        Target[] values = new Target[count], others = new Target[count];
        for (var i = 0; i < count; i++)
        {
            keys[i] = makeKey(i);
            values[i] = new Target();
            others[i] = new Target();
        }

        // Looked up in an order the processor cannot foresee.
        TKey[] lookups = [.. keys];
        new Random(1).Shuffle(lookups);
        RegistryWork.Settle();
        var before = GC.GetTotalMemory(true);
        var cache = peer.Create<TKey>((int)(count * strong));
        var setNew = Fill(cache, keys, values);
        RegistryWork.Settle();
        var bytes = (GC.GetTotalMemory(true) - before) / (double)count;

        // Fresh caches until the small ones have done as much work as the large ones.
        for (var rounds = 100_000 / count - 1; rounds > 0; rounds--)
        {
            setNew = Math.Min(setNew, Fill(peer.Create<TKey>((int)(count * strong)), keys, values));
        }

        RegistryWork.Report($"bytes_{suffix}", bytes);
        RegistryWork.Report($"set_new_{suffix}_ns", setNew);
        RegistryWork.Report($"get_{suffix}_ns", Median(1_500_000 / count, () => Get(cache, lookups)));
        RegistryWork.Report($"replace_{suffix}_ns", Median(600_000 / count, () =>
        {
            (values, others) = (others, values);
            return Fill(cache, keys, values);
        }));
        GC.KeepAlive(values);
        GC.KeepAlive(others);
    }

    /// <summary>Of many short passes, so that most are not interrupted however busy the machine is.</summary>
    private static double Median(int passes, Func<double> measure)
    {
        var results = new double[passes | 1];
        for (var i = 0; i < results.Length; i++)
        {
            results[i] = measure();
        }

        Array.Sort(results);
        return results[results.Length / 2];
    }

    private static double Get<TKey>(ICache<TKey> cache, TKey[] keys)
    {
        var found = 0;
        var start = Stopwatch.GetTimestamp();
        foreach (var key in keys)
        {
            if (cache.TryGet(key, out _))
            {
                found++;
            }
        }

        var result = Stopwatch.GetElapsedTime(start).TotalNanoseconds / keys.Length;
        if (found != keys.Length)
        {
            throw new InvalidOperationException($"{keys.Length - found} lookups missed.");
        }

        return result;
    }

    private static double Fill<TKey>(ICache<TKey> cache, TKey[] keys, Target[] values)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < keys.Length; i++)
        {
            cache.Set(keys[i], values[i]);
        }

        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / keys.Length;
    }
}
