using Xunit;

namespace WeakRefs.Tests;

/// <summary>Which entries are held strongly: the useful ones. As if the collector ran after every lookup: weak hits do not count.</summary>
public class HitRateTests
{
    private static readonly object Value = new();

    // LRU finds .489 and .724, second chance .501 and .734, S3-FIFO .584 and .773.
    [Theory]
    [InlineData(1000, 0.57)]
    [InlineData(10_000, 0.76)]
    public void Zipf(int capacity, double least)
    {
        const int KeyCount = 100_000;
        Random random = new(42);
        var cumulated = new double[KeyCount];
        var total = 0.0;
        for (var i = 0; i < KeyCount; i++)
        {
            cumulated[i] = total += 1 / Math.Pow(i + 1, 0.99);
        }

        Assert.InRange(
            HitRate(capacity, 1_000_000, _ =>
            {
                var place = Array.BinarySearch(cumulated, random.NextDouble() * total);
                return (place < 0 ? ~place : place) * 7919;
            }),
            least,
            1);
    }

    // LRU, second chance and S3-FIFO find next to nothing of what comes round again just after it was dropped.
    [Theory]
    [InlineData(1000, 0.07)]
    [InlineData(10_000, 0.75)]
    public void A_loop_that_is_larger_than_the_cache(int capacity, double least) =>
        Assert.InRange(HitRate(capacity, 1_000_000, static i => i % 12_000), least, 1);

    [Fact]
    public void A_scan_does_not_drive_out_what_is_used_again_and_again()
    {
        using WeakCache<int, object> cache = new(1000);
        for (var i = 0; i < 20_000; i++)
        {
            Use(cache, i % 500);
        }

        for (var i = 0; i < 100_000; i++)
        {
            Use(cache, 1000 + i);
        }

        var before = StrongHits(cache);
        for (var i = 0; i < 500; i++)
        {
            Use(cache, i);
        }

        Assert.InRange(StrongHits(cache) - before, 450, 500);
    }

    // Used a few times while they are new, and never again. BitFaster's ConcurrentLru finds .400 and .746, its ConcurrentLfu .392 and .671.
    [Theory]
    [InlineData(1000, 0.40)]
    [InlineData(10_000, 0.74)]
    public void Keys_that_are_used_for_a_while_are_not_starved(int capacity, double least)
    {
        Random random = new(42);
        Assert.InRange(
            HitRate(capacity, 1_000_000, i => i / 4 - (int)(Math.Pow(random.NextDouble(), 3) * 3000)), least, 1);
    }

    [Fact]
    public void The_window_narrows_again_where_keys_are_used_for_long()
    {
        Random random = new(42);
        using WeakCache<int, object> cache = new(1000);
        for (var i = 0; i < 500_000; i++)
        {
            Use(cache, -(i / 4) - (int)(Math.Pow(random.NextDouble(), 3) * 3000) - 10_000);
        }

        // Most lookups are of a thousand keys, more than are left in the main part; the others come once.
        long before = 0;
        for (var i = 0; i < 1_000_000; i++)
        {
            if (i == 800_000)
            {
                before = StrongHits(cache);
            }

            Use(cache, i % 2 == 0 ? 1000 + i : random.Next(1000));
        }

        Assert.InRange((StrongHits(cache) - before) / 100_000.0, 0.85, 1);
    }

    [Fact]
    public void A_loop_is_found_in_the_end_even_after_keys_that_were_used_for_a_while()
    {
        Random random = new(42);
        using WeakCache<int, object> cache = new(1000);
        for (var i = 0; i < 300_000; i++)
        {
            Use(cache, -(i / 4) - (int)(Math.Pow(random.NextDouble(), 3) * 3000) - 10_000);
        }

        long before = 0;
        for (var i = 0; i < 500_000; i++)
        {
            if (i == 400_000)
            {
                before = StrongHits(cache);
            }

            Use(cache, i % 1200);
        }

        Assert.InRange((StrongHits(cache) - before) / 100_000.0, 0.7, 1);
    }

    [Fact]
    public void New_favourites_replace_old_ones()
    {
        using WeakCache<int, object> cache = new(1000);
        for (var favourites = 0; favourites < 5; favourites++)
        {
            for (var i = 0; i < 200_000; i++)
            {
                Use(cache, favourites * 10_000 + i * 31 % 900);
            }

            var before = StrongHits(cache);
            for (var i = 0; i < 900; i++)
            {
                Use(cache, favourites * 10_000 + i);
            }

            Assert.InRange(StrongHits(cache) - before, 800, 900);
        }
    }

    [Theory]
    [InlineData(10)]
    [InlineData(1000)]
    public void The_capacity_can_change(int capacity)
    {
        using WeakCache<int, object> cache = new(capacity);
        object[] values = [.. Enumerable.Range(0, 3000).Select(_ => new object())];
        void Fill()
        {
            for (var i = 0; i < values.Length; i++)
            {
                cache.Set(i, values[i]);
            }
        }

        int Strong()
        {
            var before = StrongHits(cache);
            foreach (var key in cache.Keys)
            {
                cache.TryGetValue(key, out _);
            }

            return (int)(StrongHits(cache) - before);
        }

        Fill();
        foreach (var next in new[] { 2000, 70, 5, 0, 100, 1000 })
        {
            cache.Capacity = next;
            Assert.Equal(next, cache.Capacity);
            Targets.InFrame(() => Fill());
            // Reading lets weak ones in, so at most as many are found as were in when each was read.
            Assert.InRange(Strong(), 0, next);
        }

        Assert.Equal("value", Assert.Throws<ArgumentOutOfRangeException>(() => cache.Capacity = -1).ParamName);
        Targets.InFrame(() => Array.Clear(values, 0, values.Length));
        Collector.CollectUntil(() => cache.Count == 1000, "more or fewer strong entries than the bound");
        cache.Capacity = 3;
        Collector.CollectUntil(() => cache.Count == 3, "more or fewer strong entries than the bound");
    }

    private static double HitRate(int capacity, int lookups, Func<int, int> key)
    {
        using WeakCache<int, object> cache = new(capacity);
        for (var i = 0; i < lookups; i++)
        {
            Use(cache, key(i));
        }

        return (double)StrongHits(cache) / lookups;
    }

    private static void Use(WeakCache<int, object> cache, int key)
    {
        _ = cache.Statistics;
        if (!cache.TryGetValue(key, out _))
        {
            cache.Set(key, Value);
        }
    }

    private static long StrongHits(WeakCache<int, object> cache) => cache.Statistics.Hits - cache.Statistics.WeakHits;
}
