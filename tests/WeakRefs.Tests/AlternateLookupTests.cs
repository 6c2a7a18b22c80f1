using Xunit;

namespace WeakRefs.Tests;

/// <summary>A cache with text for keys is asked with parts of other text.</summary>
public class AlternateLookupTests
{
    private readonly object _value = new(), _other = new();

    [Fact]
    public void It_finds_what_the_cache_has_without_making_a_key()
    {
        using WeakCache<string, object> cache = new(10);
        cache.Set("name", _value);
        var lookup = cache.GetAlternateLookup<ReadOnlySpan<char>>();
        Assert.Same(cache, lookup.Cache);
        var text = "a name and more";
        Assert.True(lookup.TryGetValue(text.AsSpan(2, 4), out var found));
        Assert.Same(_value, found);
        Assert.False(lookup.TryGetValue(text.AsSpan(0, 1), out found));
        Assert.Null(found);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            lookup.TryGetValue(text.AsSpan(2, 4), out _);
            lookup.GetOrAdd(text.AsSpan(2, 4), static (_, value) => value, _value);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1000); // The delegate, once.
    }

    [Fact]
    public void GetOrAdd_makes_the_key_of_what_is_missing()
    {
        using WeakCache<string, object> cache = new(10);
        var lookup = cache.GetAlternateLookup<ReadOnlySpan<char>>();
        Assert.Same(_value, lookup.GetOrAdd("ab", key =>
        {
            Assert.Equal("ab", key);
            Assert.Throws<InvalidOperationException>(() => cache.GetOrAdd("ab", _ => _other)); // One factory for both ways of asking.
            return _value;
        }));
        Assert.Same(_value, lookup.GetOrAdd("ab", static _ => throw new NotSupportedException()));
        Assert.Same(_other, lookup.GetOrAdd("cd", static (key, other) => key == "cd" ? other : null!, _other));
        Assert.Equal(["ab", "cd"], cache.Keys.Order());
        Assert.Throws<InvalidOperationException>(() => lookupOf(cache).GetOrAdd("ef", static _ => null!));
        Assert.Throws<ArgumentNullException>("factory", () => lookupOf(cache).GetOrAdd("ef", null!));

        static WeakCache<string, object>.AlternateLookup<ReadOnlySpan<char>> lookupOf(WeakCache<string, object> cache) =>
            cache.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    [Fact]
    public void It_removes_and_tells_of_it()
    {
        using WeakCache<string, object> cache = new(10);
        var lookup = cache.GetAlternateLookup<ReadOnlySpan<char>>();
        List<(string, WeakCacheEvictionCause)> told = [];
        cache.Evicted += (_, entry) => told.Add((entry.Key, entry.Cause));
        cache.Set("a", _value);
        cache.Set("b", _value);
        Assert.True(lookup.TryRemove("a", out var removed));
        Assert.Same(_value, removed);
        Assert.False(lookup.TryRemove("a", out removed));
        Assert.Null(removed);
        Assert.True(lookup.Remove("b"));
        Assert.False(lookup.Remove("b"));
        Assert.Equal([("a", WeakCacheEvictionCause.Removed), ("b", WeakCacheEvictionCause.Removed)], told);
        GC.KeepAlive(_value);
    }

    [Fact]
    public void It_goes_by_the_comparer_of_the_cache()
    {
        using WeakCache<string, object> cache = new(10, StringComparer.OrdinalIgnoreCase);
        cache.Set("Name", _value);
        Assert.True(cache.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue("NAME", out _));
        Assert.True(cache.TryGetAlternateLookup<ReadOnlySpan<char>>(out _));
        Assert.False(cache.TryGetAlternateLookup<int>(out _));
        Assert.Throws<InvalidOperationException>(() => cache.GetAlternateLookup<long>());
        using WeakCache<int, object> numbers = new();
        Assert.False(numbers.TryGetAlternateLookup<ReadOnlySpan<char>>(out _));
    }

    [Fact]
    public void It_counts_and_refuses_as_the_cache_does()
    {
        using WeakCache<string, object> cache = new(10, new OddComparer());
        var lookup = cache.GetAlternateLookup<object>();
        var statistics = cache.Statistics;
        cache.Set("1", _value);
        lookup.TryGetValue(1, out _);
        lookup.TryGetValue(2, out _);
        Assert.Equal((1, 1), (statistics.Hits, statistics.Misses));
        Assert.Throws<ArgumentNullException>("key", () => lookup.TryGetValue(null!, out _));
        Assert.Throws<ArgumentNullException>("key", () => lookup.Remove(null!));
        Assert.Throws<InvalidOperationException>(() => lookup.GetOrAdd(-1, _ => _value));
        cache.Dispose();
        Assert.Throws<ObjectDisposedException>(() => lookup.TryGetValue(1, out _));
        Assert.Throws<ObjectDisposedException>(() => lookup.GetOrAdd(1, _ => _value));
        Assert.Throws<ObjectDisposedException>(() => lookup.Remove(1));
    }

    [Fact]
    public void What_is_always_there_is_found_while_the_cache_grows()
    {
        using WeakCache<string, object> cache = new();
        cache.Set("always", _value);
        var growing = Task.Factory.StartNew(
            () =>
            {
                for (var i = 0; i < 100_000; i++)
                {
                    cache.Set(i.ToString(), _value);
                }
            },
            TaskCreationOptions.LongRunning);
        var missed = 0;
        while (!growing.IsCompleted)
        {
            missed += cache.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue("always", out _) ? 0 : 1;
        }

        growing.GetAwaiter().GetResult();
        Assert.Equal(0, missed);
        GC.KeepAlive(_value);
    }

    private sealed class OddComparer : IEqualityComparer<string>, IAlternateEqualityComparer<object, string>
    {
        public bool Equals(string? x, string? y) => x == y;

        public int GetHashCode(string obj) => obj.GetHashCode();

        public bool Equals(object alternate, string other) => alternate.ToString() == other;

        public int GetHashCode(object alternate) => alternate.ToString()!.GetHashCode();

        public string Create(object alternate) => alternate is -1 ? null! : alternate.ToString()!;
    }
}
