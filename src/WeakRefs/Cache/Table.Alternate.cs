#if NET10_0_OR_GREATER
using System.Diagnostics.CodeAnalysis;
using WeakRefs.Registry;

namespace WeakRefs.Cache;

/// <summary>Finding entries by something else than a key. The comparer vouches that the hash codes are the same.</summary>
internal sealed partial class Table<TKey, TValue>
{
    public bool TryGetBy<TOther>(TOther key, IAlternateEqualityComparer<TOther, TKey> comparer, [NotNullWhen(true)] out TValue? value)
        where TOther : notnull, allows ref struct => TryUse(FindSettled(key, comparer), out value);

    public bool TryRemoveBy<TOther>(TOther key, IAlternateEqualityComparer<TOther, TKey> comparer, [NotNullWhen(true)] out TValue? removed)
        where TOther : notnull, allows ref struct
    {
        while (FindSettled(key, comparer) is { } entry)
        {
            if (TryRemove(entry, null, out removed))
            {
                return removed is not null;
            }
        }

        removed = null;
        return false;
    }

    private Entry<TKey, TValue>? FindSettled<TOther>(TOther key, IAlternateEqualityComparer<TOther, TKey> comparer)
        where TOther : notnull, allows ref struct
    {
        LockOrder.AssertNone();
        var hash = (uint)comparer.GetHashCode(key);
        while (true)
        {
            var buckets = _buckets;
            var entry = buckets.First(hash);
            while (entry is not null && !(entry.Hash == hash && comparer.Equals(key, entry.Key)))
            {
                entry = entry.Next;
            }

            if (entry is not null || IsSettled(buckets))
            {
                return entry;
            }
        }
    }
}
#endif
