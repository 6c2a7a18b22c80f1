using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using WeakRefs.Registry;

namespace WeakRefs.Cache;

/// <summary>
/// The entries of a cache: a hash table with chained buckets. Writers lock the stripe of buckets they write to. Readers take
/// no lock; one that finds nothing while entries were being moved looks again.
/// </summary>
/// <remarks>
/// Keys are hashed and compared outside of the locks, since a comparer may do anything, use this cache or another included.
/// A writer looks an entry up first, then locks and asks whether what it found is still so: new entries are added at the head
/// of their bucket, removed ones are marked.
/// </remarks>
internal sealed partial class Table<TKey, TValue>
    where TKey : notnull
    where TValue : class
{
    private const int StripeCount = BucketArray<TKey, TValue>.StripeCount;

    private readonly Stripe[] _stripes = new Stripe[StripeCount];
    private readonly IEqualityComparer<TKey>? _comparer;
    private readonly Watched _watched;

    /// <summary>Changes while all stripes are locked.</summary>
    private volatile BucketArray<TKey, TValue> _buckets = new(BucketArray<TKey, TValue>.SmallestSize);

    /// <summary>Entries are being moved to another array of buckets.</summary>
    private volatile bool _isMoving;

    private bool _isClosed;

    public Table(int strongCapacity, IEqualityComparer<TKey>? comparer, Watched watched)
    {
        // For a value type null means the default comparer, which the JIT then calls directly.
        _comparer = comparer ?? (typeof(TKey).IsValueType ? null : EqualityComparer<TKey>.Default);
        _watched = watched;
        Strong = new StrongPart<TKey, TValue>(strongCapacity);
        for (var i = 0; i < _stripes.Length; i++)
        {
            _stripes[i] = new Stripe();
        }
    }

    public StrongPart<TKey, TValue> Strong { get; }

    public IEqualityComparer<TKey> Comparer => _comparer ?? EqualityComparer<TKey>.Default;

    /// <summary>What was removed and not told yet; null as long as nobody wants to know.</summary>
    public ConcurrentQueue<WeakCacheEvictedEventArgs<TKey, TValue>>? Evictions { get; set; }

    /// <summary>Null as long as nobody wants to know.</summary>
    public WeakCacheStatistics? Statistics { get; set; }

    public int Count
    {
        get
        {
            while (true)
            {
                var buckets = _buckets;
                var count = 0;
                foreach (var stripe in _stripes)
                {
                    count += Volatile.Read(ref stripe.Count);
                }

                if (IsSettled(buckets))
                {
                    return count;
                }
            }
        }
    }

    public uint HashOf(TKey key)
    {
        LockOrder.AssertNone();
        return (uint)(typeof(TKey).IsValueType && _comparer is null ? key.GetHashCode() : _comparer!.GetHashCode(key));
    }

    public bool TryGet(TKey key, [NotNullWhen(true)] out TValue? value)
    {
        var comparer = _comparer;
        var buckets = _buckets;
        Entry<TKey, TValue>? entry;
        if (typeof(TKey).IsValueType && comparer is null)
        {
            var hash = (uint)key.GetHashCode();
            entry = buckets.First(hash);
            while (entry is not null && !(entry.Hash == hash && EqualityComparer<TKey>.Default.Equals(entry.Key, key)))
            {
                entry = entry.Next;
            }
        }
        else
        {
            var hash = (uint)comparer!.GetHashCode(key);
            entry = Find(buckets.First(hash), null, key, hash, comparer);
        }

        // Not found, because it was just being moved?
        if (entry is null && (_isMoving || _buckets != buckets))
        {
            entry = FindSettled(key);
        }

        return TryUse(entry, out value);
    }

    /// <summary>Adds or replaces a value, unless one is there and only a missing one is to be added.</summary>
    /// <returns>
    /// What was there before, or null. The value is there afterwards, if null or unless only a missing one was to be added.
    /// </returns>
    public TValue? Set(TKey key, TValue value, bool onlyIfAbsent, out bool needsWatch)
    {
        var hash = HashOf(key);
        needsWatch = false;
        MakeRoom(hash);
        BucketArray<TKey, TValue>? compared = null;
        Entry<TKey, TValue>? comparedFrom = null;
        while (true)
        {
            var buckets = _buckets;
            var index = buckets.IndexOf(hash);
            var head = buckets[index];
            // Of a bucket that has grown meanwhile only the new ones need be compared.
            var entry = Find(head, compared == buckets ? comparedFrom : null, key, hash, Comparer);
            (compared, comparedFrom) = entry is null ? (buckets, head) : (null, null);
            bool done;
            TValue? previous;
            try
            {
            }
            finally
            {
                // Not to be left half done by an abort, see Gate.
                done = TrySet(buckets, head, entry, key, hash, value, onlyIfAbsent, out previous, out needsWatch);
            }

            if (done)
            {
                return previous;
            }
        }
    }

    /// <summary>
    /// The part of the above that is done inside the lock. Fails if the bucket, or that entry with its key, has changed since.
    /// </summary>
    private bool TrySet(
        BucketArray<TKey, TValue> buckets,
        Entry<TKey, TValue>? head,
        Entry<TKey, TValue>? entry,
        TKey key,
        uint hash,
        TValue value,
        bool onlyIfAbsent,
        out TValue? previous,
        out bool needsWatch)
    {
        previous = null;
        needsWatch = false;
        var index = buckets.IndexOf(hash);
        var taken = false;
        try
        {
            if (!TryEnter(buckets, index, ref taken) || (entry is null ? buckets[index] != head : entry.IsRemoved))
            {
                return false;
            }

            if (_isClosed)
            {
                return true;
            }

            previous = entry?.Value;
            if (previous is not null && onlyIfAbsent)
            {
                Strong.Admit(entry!);
                return true;
            }

            if (entry is not null)
            {
                Tell(entry.Key, previous, previous is null ? WeakCacheEvictionCause.Collected : WeakCacheEvictionCause.Replaced, value);
                // The entry is used again, and with it its weak handle. No later clean-up can mistake it for its old self:
                // it goes by what the handle says then.
                if (Strong.TrySet(entry, value, isNew: false))
                {
                    Announce(buckets, index, out needsWatch);
                    return true;
                }

                Unlink(buckets, index, entry);
            }

            entry = new(key, hash, value);
            buckets.Add(index, entry);
            _stripes[index % StripeCount].Count++;
            Strong.TrySet(entry, value, isNew: true);
            Announce(buckets, index, out needsWatch);
            return true;
        }
        finally
        {
            Exit(index, taken);
        }
    }

    /// <summary>Removes an entry, if it has that value or none is asked for; says which one it had.</summary>
    public bool TryRemove(TKey key, TValue? expected, [NotNullWhen(true)] out TValue? removed)
    {
        while (true)
        {
            if (FindSettled(key) is not { } entry)
            {
                removed = null;
                return false;
            }

            bool done;
            try
            {
            }
            finally
            {
                done = TryRemove(entry, expected, out removed);
            }

            if (done)
            {
                return removed is not null;
            }
        }
    }

    /// <summary>
    /// Removes that very entry, if it has that value or none is asked for, and returns the value it had if so. Fails if it is no
    /// longer in the table.
    /// </summary>
    private bool TryRemove(Entry<TKey, TValue> entry, TValue? expected, out TValue? removed)
    {
        removed = null;
        while (true)
        {
            var buckets = _buckets;
            var index = buckets.IndexOf(entry.Hash);
            var taken = false;
            try
            {
                if (!TryEnter(buckets, index, ref taken))
                {
                    continue;
                }

                if (entry.IsRemoved)
                {
                    return false;
                }

                var value = entry.Value;
                if (expected is null || ReferenceEquals(expected, value))
                {
                    Unlink(buckets, index, entry);
                    Tell(entry.Key, value, value is null ? WeakCacheEvictionCause.Collected : WeakCacheEvictionCause.Removed, null);
                    removed = value;
                }

                return true;
            }
            finally
            {
                Exit(index, taken);
            }
        }
    }

    /// <summary>Looks from one entry of a bucket to another, which is not looked at.</summary>
    private static Entry<TKey, TValue>? Find(
        Entry<TKey, TValue>? entry, Entry<TKey, TValue>? end, TKey key, uint hash, IEqualityComparer<TKey> comparer)
    {
        while (entry is not null && entry != end && !(entry.Hash == hash && comparer.Equals(entry.Key, key)))
        {
            entry = entry.Next;
        }

        return entry == end ? null : entry;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryUse(Entry<TKey, TValue>? entry, [NotNullWhen(true)] out TValue? value)
    {
        if (entry is null)
        {
            value = null;
            return false;
        }

        // A local, because each write to an out parameter costs a check of where it is.
        var found = entry.Strong;
        if (found is null)
        {
            found = entry.Value;
            if (found is not null)
            {
                Statistics?.CountWeakHit();
                Strong.Admit(entry);
            }
        }
        else if (entry.Uses != Uses.Most)
        {
            // Only a few times, so that entries everybody reads stay in every processor's cache.
            entry.Uses = Uses.Add(entry.Uses);
        }

        value = found;
        return found is not null;
    }

    /// <summary>Looks up and is sure: nothing was being moved meanwhile.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private Entry<TKey, TValue>? FindSettled(TKey key)
    {
        var hash = HashOf(key);
        while (true)
        {
            var buckets = _buckets;
            var entry = Find(buckets.First(hash), null, key, hash, Comparer);
            if (entry is not null || IsSettled(buckets))
            {
                return entry;
            }
        }
    }

    /// <summary>Says whether all entries are in those buckets; if not, waits until they are in the next.</summary>
    private bool IsSettled(BucketArray<TKey, TValue> buckets)
    {
        if (!_isMoving)
        {
            return buckets == _buckets;
        }

        LockAll(static _ => { });
        return false;
    }

    /// <summary>A value was set: says whether the owner must announce that to the watcher.</summary>
    private void Announce(BucketArray<TKey, TValue> buckets, int index, out bool needsWatch)
    {
        // Values are young when they are set, mostly; saying so of an old one costs one look at it.
        buckets.YoungestAt(index) = 0;
        needsWatch = !_watched.IsYoung;
    }

    private void Tell(TKey key, TValue? value, WeakCacheEvictionCause cause, TValue? replacement)
    {
        if (Evictions is { } evictions && !(cause == WeakCacheEvictionCause.Replaced && ReferenceEquals(value, replacement)))
        {
            evictions.Enqueue(new WeakCacheEvictedEventArgs<TKey, TValue>(key, value, cause));
        }
    }

    private void Unlink(BucketArray<TKey, TValue> buckets, int index, Entry<TKey, TValue> entry)
    {
        Entry<TKey, TValue>? previous = null;
        for (var other = buckets[index]!; other != entry; other = other.Next!)
        {
            previous = other;
        }

        Unlink(buckets, index, previous, entry);
    }

    private void Unlink(
        BucketArray<TKey, TValue> buckets, int index, Entry<TKey, TValue>? previous, Entry<TKey, TValue> entry)
    {
        // The entry keeps its own link, for readers who are there just now.
        if (previous is null)
        {
            buckets.SetFirst(index, entry.Next);
        }
        else
        {
            previous.Next = entry.Next;
        }

        entry.IsRemoved = true;
        _stripes[index % StripeCount].Count--;
        Strong.Release(entry);
    }

    /// <summary>Locks the stripe of a bucket, and says whether that still is one.</summary>
    private bool TryEnter(BucketArray<TKey, TValue> buckets, int index, ref bool taken)
    {
        LockOrder.Enter(LockRank.CacheStripe + index % StripeCount);
        Monitor.Enter(_stripes[index % StripeCount], ref taken);
        return buckets == _buckets;
    }

    private void Exit(int index, bool taken)
    {
        if (taken)
        {
            Monitor.Exit(_stripes[index % StripeCount]);
        }

        LockOrder.Exit(LockRank.CacheStripe + index % StripeCount);
    }

    /// <summary>What belongs to every sixteenth bucket, and the lock of those who write to them.</summary>
    private sealed class Stripe
    {
        public int Count;
    }
}
