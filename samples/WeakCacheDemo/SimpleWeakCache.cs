using System.Diagnostics.CodeAnalysis;
using WeakRefs;

namespace WeakCacheDemo;

/// <summary>Forgets a value when nobody else uses it, and its entry when somebody asks for it.</summary>
internal sealed class SimpleWeakCache<TKey, TValue>
    where TKey : notnull
    where TValue : class
{
    private readonly Dictionary<TKey, WeakRef<TValue>> _entries = [];

    public int Count => _entries.Count;

    public void Set(TKey key, TValue value) => _entries[key] = new WeakRef<TValue>(value);

    public bool TryGet(TKey key, [NotNullWhen(true)] out TValue? value)
    {
        value = null;
        if (!_entries.TryGetValue(key, out var reference))
        {
            return false;
        }

        if (reference.TryGetTarget(out value))
        {
            return true;
        }
        // Otherwise the dictionary would grow with the number of keys ever used.
        _entries.Remove(key);
        return false;
    }
}
