using System.Collections.Concurrent;
using BitFaster.Caching.Lfu;
using BitFaster.Caching.Lru;
using BitFaster.Caching.Scheduler;
using Microsoft.Extensions.Caching.Memory;
using WeakRefs;

namespace Benchmarks;

/// <summary>Implemented by structs, so that calls are direct.</summary>
internal interface ICachePeer
{
    /// <summary>Name and strong capacity as a share of the entries, of each variant.</summary>
    IEnumerable<(string Name, double Strong)> Variants { get; }

    ICache<TKey> Create<TKey>(int capacity)
        where TKey : notnull;
}

internal interface ICache<TKey>
{
    bool TryGet(TKey key, out Target? value);

    void Set(TKey key, Target value);
}

internal readonly struct WeakRefsCachePeer : ICachePeer
{
    public IEnumerable<(string Name, double Strong)> Variants => [("strong", 1), ("weak", 0), ("tenth", 0.1)];

    public ICache<TKey> Create<TKey>(int capacity)
        where TKey : notnull => new Cache<TKey>(capacity);

    private sealed class Cache<TKey>(int capacity) : ICache<TKey>
        where TKey : notnull
    {
        private readonly WeakCache<TKey, Target> _cache = new(capacity);

        public bool TryGet(TKey key, out Target? value) => _cache.TryGet(key, out value);

        public void Set(TKey key, Target value) => _cache.Set(key, value);
    }
}

internal readonly struct MemoryCachePeer : ICachePeer
{
    public IEnumerable<(string Name, double Strong)> Variants => [("strong", 1)];

    public ICache<TKey> Create<TKey>(int capacity)
        where TKey : notnull => new Cache<TKey>();

    private sealed class Cache<TKey> : ICache<TKey>
        where TKey : notnull
    {
        private readonly MemoryCache _cache = new(new MemoryCacheOptions());

        public bool TryGet(TKey key, out Target? value) => _cache.TryGetValue(key, out value);

        public void Set(TKey key, Target value) => _cache.Set(key, value);
    }
}

internal readonly struct WeakDictionaryPeer : ICachePeer
{
    public IEnumerable<(string Name, double Strong)> Variants => [("weak", 0)];

    public ICache<TKey> Create<TKey>(int capacity)
        where TKey : notnull => new Cache<TKey>();

    private sealed class Cache<TKey> : ICache<TKey>
        where TKey : notnull
    {
        private readonly ConcurrentDictionary<TKey, WeakReference<Target>> _cache = new();

        public bool TryGet(TKey key, out Target? value)
        {
            value = null;
            return _cache.TryGetValue(key, out var reference) && reference.TryGetTarget(out value);
        }

        public void Set(TKey key, Target value) => _cache[key] = new WeakReference<Target>(value);
    }
}

internal readonly struct DictionaryPeer : ICachePeer
{
    public IEnumerable<(string Name, double Strong)> Variants => [("strong", 1)];

    public ICache<TKey> Create<TKey>(int capacity)
        where TKey : notnull => new Cache<TKey>();

    private sealed class Cache<TKey> : ICache<TKey>
        where TKey : notnull
    {
        private readonly ConcurrentDictionary<TKey, Target> _cache = new();

        public bool TryGet(TKey key, out Target? value) => _cache.TryGetValue(key, out value);

        public void Set(TKey key, Target value) => _cache[key] = value;
    }
}

/// <summary>Only as large as the number of entries: of a smaller one most lookups would find nothing, which is another work.</summary>
internal readonly struct LruPeer : ICachePeer
{
    public IEnumerable<(string Name, double Strong)> Variants => [("strong", 1)];

    public ICache<TKey> Create<TKey>(int capacity)
        where TKey : notnull => new Cache<TKey>(capacity);

    private sealed class Cache<TKey>(int capacity) : ICache<TKey>
        where TKey : notnull
    {
        private readonly ConcurrentLru<TKey, Target> _cache = new(1, capacity, EqualityComparer<TKey>.Default);

        public bool TryGet(TKey key, out Target? value) => _cache.TryGet(key, out value);

        public void Set(TKey key, Target value) => _cache.AddOrUpdate(key, value);
    }
}

internal readonly struct LfuPeer : ICachePeer
{
    public IEnumerable<(string Name, double Strong)> Variants => [("strong", 1)];

    public ICache<TKey> Create<TKey>(int capacity)
        where TKey : notnull => new Cache<TKey>(capacity);

    private sealed class Cache<TKey>(int capacity) : ICache<TKey>
        where TKey : notnull
    {
        private readonly ConcurrentLfu<TKey, Target> _cache =
            new(1, capacity, new ForegroundScheduler(), EqualityComparer<TKey>.Default);

        public bool TryGet(TKey key, out Target? value) => _cache.TryGet(key, out value);

        public void Set(TKey key, Target value) => _cache.AddOrUpdate(key, value);
    }
}
