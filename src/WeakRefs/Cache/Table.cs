using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace WeakRefs.Cache;

/// <summary>
/// The entries of a cache: a hash table with chained buckets. Writers lock the stripe of buckets they write to. Readers take
/// no lock; one that finds nothing while entries were being moved looks again under the lock.
/// </summary>
internal sealed class Table<TKey, TValue>
    where TKey : notnull
    where TValue : class
{
    private const int StripeCount = BucketArray<TKey, TValue>.StripeCount;

    private readonly Stripe[] _stripes = new Stripe[StripeCount];
    private readonly IEqualityComparer<TKey>? _comparer;
    private readonly StrongRing<TKey, TValue>? _ring;

    /// <summary>Changes while all stripes are locked.</summary>
    private volatile BucketArray<TKey, TValue> _buckets = new(BucketArray<TKey, TValue>.SmallestSize);

    /// <summary>Entries are being moved to another array of buckets.</summary>
    private volatile bool _isMoving;

    private bool _isClosed;

    public Table(int strongCapacity, IEqualityComparer<TKey>? comparer)
    {
        // For a value type null means the default comparer, which the JIT then calls directly.
        _comparer = comparer ?? (typeof(TKey).IsValueType ? null : EqualityComparer<TKey>.Default);
        _ring = strongCapacity == 0 ? null : new StrongRing<TKey, TValue>(strongCapacity);
        for (var i = 0; i < _stripes.Length; i++)
        {
            _stripes[i] = new Stripe();
        }
    }

    public int Count
    {
        get
        {
            var count = 0;
            foreach (var stripe in _stripes)
            {
                count += Volatile.Read(ref stripe.Count);
            }

            return count;
        }
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
            entry = Find(buckets, key, (uint)comparer!.GetHashCode(key), comparer);
        }

        // Not found, because it was just being moved?
        if (entry is null && (_isMoving || _buckets != buckets))
        {
            entry = FindInside(key);
        }

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
                _ring?.Hold(entry, null);
            }
        }
        else if (!entry.WasUsed)
        {
            // Looked at first, so that entries everybody reads stay in every processor's cache.
            entry.WasUsed = true;
        }

        value = found;
        return found is not null;
    }

    /// <summary>Adds or replaces a value, and returns the one that is there afterwards.</summary>
    public TValue Set(TKey key, TValue value, bool onlyIfAbsent, out bool needsWatch)
    {
        var hash = HashOf(key);
        needsWatch = false;
        GrowIfFull(hash);
        var stripe = Lock(hash, out var buckets, out var index);
        try
        {
            if (_isClosed)
            {
                return value;
            }

            var entry = Find(buckets, key, hash, _comparer ?? EqualityComparer<TKey>.Default);
            if (entry is not null)
            {
                var present = entry.Value;
                if (onlyIfAbsent && present is not null)
                {
                    value = present;
                }

                // The entry is used again, and with it its weak handle. No later clean-up can mistake it for its old self: it
                // goes by what the handle says then.
                if (_ring is not null)
                {
                    _ring.Hold(entry, value);
                }
                else if (!ReferenceEquals(present, value))
                {
                    entry.Target = value;
                }
            }
            else
            {
                entry = new Entry<TKey, TValue>(key, hash, value);
                buckets.Add(index, entry);
                stripe.Count++;
                _ring?.Hold(entry, value);
                needsWatch = !stripe.IsWatched;
                stripe.IsWatched = true;
            }

            // Values are young when they are set, mostly; saying so of an old one costs one look at it.
            buckets.YoungestAt(index) = 0;
            return value;
        }
        finally
        {
            Monitor.Exit(stripe);
        }
    }

    /// <summary>Says whether there was a value.</summary>
    public bool Remove(TKey key)
    {
        var hash = HashOf(key);
        var stripe = Lock(hash, out var buckets, out var index);
        try
        {
            var entry = Find(buckets, key, hash, _comparer ?? EqualityComparer<TKey>.Default);
            if (entry is null)
            {
                return false;
            }

            var wasAlive = entry.Value is not null;
            Entry<TKey, TValue>? previous = null;
            for (var other = buckets[index]!; other != entry; other = other.Next!)
            {
                previous = other;
            }

            Remove(stripe, buckets, index, previous, entry);
            return wasAlive;
        }
        finally
        {
            Monitor.Exit(stripe);
        }
    }

    public void Clear() => LockAll(static table => table.ClearInside());

    /// <summary>Clears it for good.</summary>
    public void Close() => LockAll(static table =>
    {
        table._isClosed = true;
        table.ClearInside();
    });

    /// <summary>Removes entries whose value a collection of that generation, or a younger one, may have killed.</summary>
    public void RemoveDead(int generation)
    {
        for (var i = 0; i < StripeCount; i++)
        {
            var stripe = _stripes[i];
            lock (stripe)
            {
                var buckets = _buckets;
                for (var first = i; first < buckets.Length; first += BucketArray<TKey, TValue>.BlockSize * StripeCount)
                {
                    ref var youngest = ref buckets.YoungestAt(first);
                    if (youngest <= generation)
                    {
                        youngest = RemoveDead(stripe, buckets, first);
                    }
                }
            }
        }

        var old = _buckets;
        if (old.Length > BucketArray<TKey, TValue>.SmallestSize && Count < old.Length / 8)
        {
            Resize(old, Math.Max(BucketArray<TKey, TValue>.SmallestSize, old.Length / 4));
        }
    }

    /// <summary>Says whether it is empty. The next new entry then asks to be watched again.</summary>
    public bool TryGoIdle()
    {
        var idle = true;
        foreach (var stripe in _stripes)
        {
            lock (stripe)
            {
                if (stripe.Count > 0)
                {
                    idle = false;
                }
                else
                {
                    stripe.IsWatched = false;
                }
            }
        }

        return idle;
    }

    public void ForgetWatch()
    {
        foreach (var stripe in _stripes)
        {
            lock (stripe)
            {
                stripe.IsWatched = false;
            }
        }
    }

    private uint HashOf(TKey key) =>
        (uint)(typeof(TKey).IsValueType && _comparer is null ? key.GetHashCode() : _comparer!.GetHashCode(key));

    /// <summary>Locks the stripe of a key, which depends on the size of the table.</summary>
    private Stripe Lock(uint hash, out BucketArray<TKey, TValue> buckets, out int index)
    {
        while (true)
        {
            buckets = _buckets;
            index = buckets.IndexOf(hash);
            var stripe = _stripes[index % StripeCount];
            Monitor.Enter(stripe);
            if (buckets == _buckets)
            {
                return stripe;
            }

            Monitor.Exit(stripe);
        }
    }

    private void GrowIfFull(uint hash)
    {
        var buckets = _buckets;
        if (_stripes[buckets.IndexOf(hash) % StripeCount].Count > buckets.Length / StripeCount)
        {
            Resize(buckets, 2 * buckets.Length);
        }
    }

    private static Entry<TKey, TValue>? Find(BucketArray<TKey, TValue> buckets, TKey key, uint hash, IEqualityComparer<TKey> comparer)
    {
        var entry = buckets.First(hash);
        while (entry is not null && !(entry.Hash == hash && comparer.Equals(entry.Key, key)))
        {
            entry = entry.Next;
        }

        return entry;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Entry<TKey, TValue>? FindInside(TKey key)
    {
        var hash = HashOf(key);
        // Any lock: entries move while all are taken.
        lock (_stripes[0])
        {
            return Find(_buckets, key, hash, _comparer ?? EqualityComparer<TKey>.Default);
        }
    }

    /// <summary>Goes through a block, and returns the generation its youngest value has reached.</summary>
    private byte RemoveDead(Stripe stripe, BucketArray<TKey, TValue> buckets, int first)
    {
        int youngest = byte.MaxValue;
        var end = Math.Min(buckets.Length, first + BucketArray<TKey, TValue>.BlockSize * StripeCount);
        for (var index = first; index < end; index += StripeCount)
        {
            Entry<TKey, TValue>? previous = null;
            for (var entry = buckets[index]; entry is not null; entry = entry.Next)
            {
                if (entry.Value is not { } value)
                {
                    Remove(stripe, buckets, index, previous, entry);
                    continue;
                }

                previous = entry;
                if (youngest > 0)
                {
                    youngest = Math.Min(youngest, GC.GetGeneration(value));
                }
            }
        }

        return (byte)youngest;
    }

    private void Remove(
        Stripe stripe, BucketArray<TKey, TValue> buckets, int index, Entry<TKey, TValue>? previous, Entry<TKey, TValue> entry)
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

        stripe.Count--;
        Retire(entry);
    }

    private void Retire(Entry<TKey, TValue> entry)
    {
        if (_ring is null)
        {
            entry.RingIndex = Entry<TKey, TValue>.Removed;
        }
        else
        {
            _ring.Release(entry);
        }
    }

    private void ClearInside()
    {
        var buckets = _buckets;
        for (var i = 0; i < buckets.Length; i++)
        {
            for (var entry = buckets[i]; entry is not null; entry = entry.Next)
            {
                Retire(entry);
            }
        }

        _buckets = new BucketArray<TKey, TValue>(BucketArray<TKey, TValue>.SmallestSize);
        foreach (var stripe in _stripes)
        {
            stripe.Count = 0;
        }
    }

    private void Resize(BucketArray<TKey, TValue> old, int size) => LockAll(table =>
    {
        if (table._buckets != old)
        {
            return; // Someone else was quicker.
        }

        BucketArray<TKey, TValue> buckets = new(size);
        foreach (var stripe in table._stripes)
        {
            stripe.Count = 0;
        }

        // A reader whose entry moves goes on in another bucket's list, which is finite too, but not the one he wanted.
        table._isMoving = true;
        for (var i = 0; i < old.Length; i++)
        {
            var entry = old[i];
            while (entry is not null)
            {
                var following = entry.Next;
                var index = buckets.IndexOf(entry.Hash);
                buckets.Add(index, entry);
                buckets.YoungestAt(index) = Math.Min(buckets.YoungestAt(index), old.YoungestAt(i));
                table._stripes[index % StripeCount].Count++;
                entry = following;
            }
        }

        table._buckets = buckets;
        table._isMoving = false; // After the above, so that who misses an entry sees one of the two.
    });

    /// <summary>In order, so that two who do it do not wait for each other. No one who holds one lock may ask for all.</summary>
    private void LockAll(Action<Table<TKey, TValue>> action)
    {
        var locked = 0;
        try
        {
            for (; locked < StripeCount; locked++)
            {
                Monitor.Enter(_stripes[locked]);
            }

            action(this);
        }
        finally
        {
            while (locked > 0)
            {
                Monitor.Exit(_stripes[--locked]);
            }
        }
    }

    /// <summary>What belongs to every sixteenth bucket, and the lock of those who write to them.</summary>
    private sealed class Stripe
    {
        public int Count;

        /// <summary>The owner listed the cache with the watcher since the stripe was last empty.</summary>
        public bool IsWatched;
    }
}
