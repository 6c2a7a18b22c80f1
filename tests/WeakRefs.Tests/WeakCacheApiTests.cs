using System.Collections.Concurrent;
using Xunit;

namespace WeakRefs.Tests;

/// <summary>What users of other caches and of dictionaries expect.</summary>
public class WeakCacheApiTests
{
    private readonly object _value = new();
    private readonly object _other = new();

    [Fact]
    public void TryAdd_adds_only_what_is_missing_or_collected()
    {
        using WeakCache<int, object> cache = new();
        Assert.True(cache.TryAdd(1, _value));
        Assert.False(cache.TryAdd(1, _other));
        Assert.True(cache.TryGetValue(1, out var found));
        Assert.Same(_value, found);
        Targets.InFrame(() => { Assert.True(cache.TryAdd(2, new object())); });
        Collector.CollectUntil(() => Targets.InFrame(() => cache.TryAdd(2, _other)), "the value was kept");
    }

    [Fact]
    public void TryRemove_returns_the_value()
    {
        using WeakCache<int, object> cache = new();
        cache.Set(1, _value);
        Assert.True(cache.TryRemove(1, out var removed));
        Assert.Same(_value, removed);
        Assert.False(cache.TryRemove(1, out removed));
        Assert.Null(removed);
    }

    [Fact]
    public void TryRemove_of_a_value_leaves_its_replacement()
    {
        using WeakCache<int, object> cache = new();
        cache.Set(1, _value);
        cache.Set(1, _other);
        Assert.False(cache.TryRemove(1, _value));
        Assert.True(cache.TryRemove(1, _other));
        Assert.Equal(0, cache.Count);
    }

    [Fact]
    public void GetOrAdd_hands_the_argument_over()
    {
        using WeakCache<int, string> cache = new(1);
        Assert.Equal("1 a", cache.GetOrAdd(1, static (key, argument) => $"{key} {argument}", "a"));
        Assert.Equal("1 a", cache.GetOrAdd(1, static (key, argument) => $"{key} {argument}", "b"));
    }

    [Fact]
    public void GetOrAddAsync_blocks_no_thread_and_runs_one_factory()
    {
        using WeakCache<int, object> cache = new(1);
        TaskCompletionSource<object> source = new();
        var factories = 0;
        // Far more than the pool has threads; all are asked before the value is there.
        var asked = Enumerable.Range(0, 500).Select(_ => cache.GetOrAddAsync(1, _ =>
        {
            factories++;
            return source.Task;
        })).ToArray();
        Assert.All(asked, task => Assert.False(task.IsCompleted));
        source.SetResult(_value);
        Assert.All(Task.WhenAll(asked).Result, found => Assert.Same(_value, found));
        Assert.Equal(1, factories);
        Assert.Same(_value, cache.GetOrAddAsync(1, _ => throw new NotSupportedException()).Result);
    }

    [Fact]
    public void GetOrAddAsync_shares_a_failure_and_keeps_nothing()
    {
        using WeakCache<int, object> cache = new(1);
        TaskCompletionSource<object> source = new();
        var first = cache.GetOrAddAsync(1, _ => source.Task);
        var second = cache.GetOrAddAsync(1, _ => throw new NotSupportedException());
        source.SetException(new InvalidOperationException("the load"));
        Assert.Equal("the load", Assert.Throws<AggregateException>(() => first.Result).InnerException!.Message);
        Assert.Equal("the load", Assert.Throws<AggregateException>(() => second.Result).InnerException!.Message);
        Assert.Equal(0, cache.Count);
        Assert.Same(_value, cache.GetOrAddAsync(1, _ => Task.FromResult(_value)).Result);
    }

    [Fact]
    public void GetOrAddAsync_of_its_own_key_or_of_null_is_an_error()
    {
        using WeakCache<int, object> cache = new(1);
        Assert.IsType<InvalidOperationException>(Assert.Throws<AggregateException>(
            () => cache.GetOrAddAsync(1, _ => cache.GetOrAddAsync(1, _ => Task.FromResult(_value))).Result).InnerException);
        Assert.IsType<InvalidOperationException>(
            Assert.Throws<AggregateException>(() => cache.GetOrAddAsync(1, _ => null!).Result).InnerException);
        Assert.IsType<InvalidOperationException>(
            Assert.Throws<AggregateException>(() => cache.GetOrAddAsync(1, _ => Task.FromResult<object>(null!)).Result).InnerException);
    }

    [Fact]
    public void Enumeration_and_keys_show_what_is_alive()
    {
        using WeakCache<int, object> cache = new();
        cache.Set(1, _value);
        cache.Set(2, _other);
        Targets.InFrame(() => { cache.Set(3, new object()); });
        Collector.CollectUntil(() => Targets.InFrame(() => cache.Keys.Count == 2), "the value was kept");
        Assert.Equal([1, 2], cache.Keys.OrderBy(key => key));
        Assert.Equal<KeyValuePair<int, object>>([new(1, _value), new(2, _other)], cache.OrderBy(entry => entry.Key));
        foreach (var entry in cache)
        {
            cache.Remove(entry.Key); // A copy is enumerated.
        }

        Assert.Empty(cache);
    }

    [Fact]
    public void The_comparer_is_shown()
    {
        Assert.Same(StringComparer.OrdinalIgnoreCase, new WeakCache<string, object>(0, StringComparer.OrdinalIgnoreCase).Comparer);
        Assert.Equal(EqualityComparer<int>.Default, new WeakCache<int, object>().Comparer);
    }

    [Fact]
    public void Evicted_tells_why_an_entry_left()
    {
        using WeakCache<int, object> cache = new();
        ConcurrentQueue<(int Key, object? Value, WeakCacheEvictionCause Cause)> told = new();
        cache.Set(0, _value);
        cache.Remove(0); // While nobody listens.
        cache.Evicted += (sender, entry) =>
        {
            Assert.Same(cache, sender);
            told.Enqueue((entry.Key, entry.Value, entry.Cause));
        };
        cache.Set(1, _value);
        cache.Set(1, _value); // The same once more.
        cache.Set(1, _other);
        Assert.Equal([(1, _value, WeakCacheEvictionCause.Replaced)], told);
        cache.TryRemove(1, out _);
        cache.Set(2, _value);
        cache.Clear();
        Assert.Equal(
            [(1, _value, WeakCacheEvictionCause.Replaced), (1, _other, WeakCacheEvictionCause.Removed),
                (2, _value, WeakCacheEvictionCause.Cleared)],
            told);
        Targets.InFrame(() => { cache.Set(3, new object()); });
        Collector.CollectUntil(() => told.Contains((3, null, WeakCacheEvictionCause.Collected)), "nobody was told");
        Assert.Equal(4, told.Count);
    }

    [Fact]
    public void A_handler_of_Evicted_that_throws_is_reported_and_one_may_use_the_cache()
    {
        using WeakCache<int, object> cache = new();
        ConcurrentQueue<CleanupFailedEventArgs> failures = new();
        EventHandler<CleanupFailedEventArgs> handler = (_, failure) => failures.Enqueue(failure);
        FinalizationRegistry.UnobservedCleanupFailed += handler;
        try
        {
            cache.Evicted += (_, entry) =>
            {
                cache.Set(entry.Key + 1, _other);
                throw new InvalidOperationException("the handler");
            };
            cache.Set(1, _value);
            Assert.True(cache.Remove(1));
        }
        finally
        {
            FinalizationRegistry.UnobservedCleanupFailed -= handler;
        }

        Assert.Equal(1, Assert.Single(failures).HeldValue);
        Assert.True(cache.TryGetValue(2, out _));
    }

    [Fact]
    public void Statistics_count_from_when_they_are_asked_for()
    {
        using WeakCache<int, object> cache = new(1);
        cache.Set(1, _value);
        cache.TryGetValue(1, out _);
        var statistics = cache.Statistics;
        Assert.Equal((0, 0, 0, 0), (statistics.Hits, statistics.WeakHits, statistics.Misses, statistics.HitRatio));
        cache.TryGetValue(1, out _);
        cache.Set(2, _other);
        cache.TryGetValue(1, out _); // Kept alive by this test only.
        cache.TryGetValue(3, out _);
        cache.GetOrAdd(3, _ => _value);
        Assert.Same(statistics, cache.Statistics);
        Assert.Equal((2, 1, 2, 0.5), (statistics.Hits, statistics.WeakHits, statistics.Misses, statistics.HitRatio));
    }

    [Fact]
    public void Boxed_value_types_are_refused_as_JavaScript_refuses_primitives()
    {
        using FinalizationRegistry<int> registry = new(static _ => { });
        Assert.Equal("target", Assert.Throws<ArgumentException>(() => new WeakRef<object>(1)).ParamName);
        Assert.Equal("target", Assert.Throws<ArgumentException>(() => WeakRef.Create<IComparable>(DayOfWeek.Friday)).ParamName);
        Assert.Equal("target", Assert.Throws<ArgumentException>(() => registry.Register(true, 1)).ParamName);
        Assert.Equal("unregisterToken", Assert.Throws<ArgumentException>(() => registry.Register(_value, 1, 1)).ParamName);
        Assert.Equal("unregisterToken", Assert.Throws<ArgumentException>(() => registry.Unregister(1)).ParamName);
    }
}
