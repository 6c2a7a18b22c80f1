using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using WeakRefs;

namespace WeakCacheDemo;

/// <summary>Removes an entry some time after its value was collected, without anybody asking for it.</summary>
internal sealed class AutoCleaningCache<TValue> : IDisposable
    where TValue : class
{
    private readonly ConcurrentDictionary<string, WeakRef<TValue>> _entries = new();
    private readonly FinalizationRegistry<Entry> _registry;

    public AutoCleaningCache() => _registry = new FinalizationRegistry<Entry>(RemoveDead);

    /// <summary>Raised on the registry's thread.</summary>
    public event Action<string>? Collected;

    public int Count => _entries.Count;

    public void Set(string key, TValue value)
    {
        WeakRef<TValue> reference = new(value);
        _entries[key] = reference;
        // The key, not the value: a held value that leads to the target would keep it for ever.
        _registry.Register(value, new Entry(key, reference));
    }

    public bool TryGet(string key, [NotNullWhen(true)] out TValue? value)
    {
        value = null;
        return _entries.TryGetValue(key, out var reference) && reference.TryGetTarget(out value);
    }

    public void Dispose() => _registry.Dispose();

    private void RemoveDead(Entry entry)
    {
        // Key and reference: by the key alone this would remove the entry that has replaced the dead one.
        if (_entries.TryRemove(new KeyValuePair<string, WeakRef<TValue>>(entry.Key, entry.Reference)))
        {
            Collected?.Invoke(entry.Key);
        }
    }

    private readonly record struct Entry(string Key, WeakRef<TValue> Reference);
}
