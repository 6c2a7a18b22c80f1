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
    private const int StripeCount = 16;

    /// <summary>In buckets. Blocks are what <see cref="RemoveDead(int)"/> looks at or skips.</summary>
    private const int BlockSize = 4;

    private const int SmallestSize = StripeCount * BlockSize;

    private readonly Stripe[] _stripes = new Stripe[StripeCount];
    private readonly IEqualityComparer<TKey>? _comparer;
    private readonly StrongRing<TKey, TValue>? _ring;

    /// <summary>Changes while all stripes are locked.</summary>
    private volatile Bucket[] _buckets = new Bucket[SmallestSize];

    /// <summary>
    /// For each block a generation no value in it is younger than: a collection of younger generations only cannot have killed
    /// any. Guarded by the stripe.
    /// </summary>
    private byte[] _youngest = NoValues(SmallestSize);

    /// <summary>Odd while entries move from bucket to bucket.</summary>
    private int _version;

    private bool _isClosed;

    public Table(int strongCapacity, IEqualityComparer<TKey>? comparer)
    {
        // For a value type null means the default comparer, which the JIT then calls directly.
        _comparer = comparer ?? (typeof(TKey).IsValueType ? null : EqualityComparer<TKey>.Default);
        _ring = strongCapacity == 0 ? null : new StrongRing<TKey, TValue>(strongCapacity);
        for (int i = 0; i < _stripes.Length; i++)
            _stripes[i] = new Stripe();
    }

    public int Count
    {
        get
        {
            int count = 0;
            foreach (Stripe stripe in _stripes)
                count += Volatile.Read(ref stripe.Count);
            return count;
        }
    }

    public bool TryGet(TKey key, [NotNullWhen(true)] out TValue? value)
    {
        int version = Volatile.Read(ref _version);
        uint hash = HashOf(key);
        Entry<TKey, TValue>? entry = Find(key, hash) ?? FindAgain(key, hash, version);
        if (entry is null)
        {
            value = null;
            return false;
        }

        // A local, because each write to an out parameter costs a check of where it is.
        TValue? found = entry.Strong;
        if (found is null)
        {
            found = entry.Value;
            if (found is not null)
                _ring?.Hold(entry, null);
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
        uint hash = HashOf(key);
        Stripe stripe = StripeOf(hash);
        needsWatch = false;
        Bucket[] buckets = _buckets;
        if (stripe.Count > buckets.Length / StripeCount)
            Resize(buckets, 2 * buckets.Length);
        lock (stripe)
        {
            if (_isClosed)
                return value;
            Entry<TKey, TValue>? entry = Find(key, hash);
            if (entry is not null)
            {
                TValue? present = entry.Value;
                if (onlyIfAbsent && present is not null)
                    value = present;
                // The entry is used again, and with it its weak handle. No later clean-up can mistake it for its old self: it
                // goes by what the handle says then.
                if (_ring is not null)
                    _ring.Hold(entry, value);
                else if (!ReferenceEquals(present, value))
                    entry.Target = value;
            }
            else
            {
                entry = new Entry<TKey, TValue>(key, hash, value);
                ref Entry<TKey, TValue>? bucket = ref BucketOf(_buckets, hash);
                entry.Next = bucket;
                Volatile.Write(ref bucket, entry);
                stripe.Count++;
                _ring?.Hold(entry, value);
                needsWatch = !stripe.IsWatched;
                stripe.IsWatched = true;
            }

            // Values are young when they are set, mostly; saying so of an old one costs one look at it.
            _youngest[IndexOf(hash, _youngest.Length)] = 0;
            return value;
        }
    }

    /// <summary>Says whether there was a value.</summary>
    public bool Remove(TKey key)
    {
        uint hash = HashOf(key);
        Stripe stripe = StripeOf(hash);
        lock (stripe)
        {
            Entry<TKey, TValue>? entry = Find(key, hash);
            if (entry is null)
                return false;
            bool wasAlive = entry.Value is not null;
            Entry<TKey, TValue>? previous = null;
            for (Entry<TKey, TValue> other = BucketOf(_buckets, hash)!; other != entry; other = other.Next!)
                previous = other;
            Remove(stripe, ref BucketOf(_buckets, hash), previous, entry);
            return wasAlive;
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
        for (int i = 0; i < StripeCount; i++)
        {
            Stripe stripe = _stripes[i];
            lock (stripe)
            {
                int blocks = _youngest.Length / StripeCount;
                for (int block = i * blocks; block < (i + 1) * blocks; block++)
                {
                    if (_youngest[block] <= generation)
                        _youngest[block] = RemoveDead(stripe, block);
                }
            }
        }

        Bucket[] buckets = _buckets;
        if (buckets.Length > SmallestSize && Count < buckets.Length / 8)
            Resize(buckets, buckets.Length / 4);
    }

    /// <summary>Says whether it is empty. The next new entry then asks to be watched again.</summary>
    public bool TryGoIdle()
    {
        bool idle = true;
        foreach (Stripe stripe in _stripes)
        {
            lock (stripe)
            {
                if (stripe.Count > 0)
                    idle = false;
                else
                    stripe.IsWatched = false;
            }
        }

        return idle;
    }

    public void ForgetWatch()
    {
        foreach (Stripe stripe in _stripes)
        {
            lock (stripe)
                stripe.IsWatched = false;
        }
    }

    private static byte[] NoValues(int size)
    {
        byte[] youngest = new byte[size / BlockSize];
        for (int i = 0; i < youngest.Length; i++)
            youngest[i] = byte.MaxValue;
        return youngest;
    }

    /// <summary>By the high bits, so that a stripe and a block are neighbouring buckets whatever the size.</summary>
    private static int IndexOf(uint hash, int length) => (int)((ulong)hash * (uint)length >> 32);

    // Inlined, or it would need to be told of which instance of the generic type it is.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref Entry<TKey, TValue>? BucketOf(Bucket[] buckets, uint hash) => ref buckets[IndexOf(hash, buckets.Length)].Head;

    private Stripe StripeOf(uint hash) => _stripes[IndexOf(hash, StripeCount)];

    private uint HashOf(TKey key)
    {
        int hash = typeof(TKey).IsValueType && _comparer is null ? key.GetHashCode() : _comparer!.GetHashCode(key);
        return (uint)hash * 0x9E3779B1u; // Spread over the high bits.
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Entry<TKey, TValue>? Find(TKey key, uint hash)
    {
        if (!typeof(TKey).IsValueType || _comparer is not null)
            return FindByComparer(key, hash);
        Entry<TKey, TValue>? entry = BucketOf(_buckets, hash);
        while (entry is not null && !(entry.Hash == hash && EqualityComparer<TKey>.Default.Equals(entry.Key, key)))
            entry = entry.Next;
        return entry;
    }

    private Entry<TKey, TValue>? FindByComparer(TKey key, uint hash)
    {
        IEqualityComparer<TKey> comparer = _comparer!;
        Entry<TKey, TValue>? entry = BucketOf(_buckets, hash);
        while (entry is not null && !(entry.Hash == hash && comparer.Equals(entry.Key, key)))
            entry = entry.Next;
        return entry;
    }

    /// <summary>For a reader who found nothing: entries may have moved since <paramref name="version"/>.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private Entry<TKey, TValue>? FindAgain(TKey key, uint hash, int version)
    {
        if ((version & 1 | version ^ Volatile.Read(ref _version)) == 0)
            return null;
        lock (StripeOf(hash))
            return Find(key, hash);
    }

    /// <summary>Returns the generation the youngest value has reached.</summary>
    private byte RemoveDead(Stripe stripe, int block)
    {
        int youngest = byte.MaxValue;
        for (int i = block * BlockSize; i < (block + 1) * BlockSize; i++)
        {
            Entry<TKey, TValue>? previous = null;
            for (Entry<TKey, TValue>? entry = _buckets[i].Head; entry is not null; entry = entry.Next)
            {
                if (entry.Value is not { } value)
                {
                    Remove(stripe, ref _buckets[i].Head, previous, entry);
                    continue;
                }

                previous = entry;
                if (youngest > 0)
                    youngest = Math.Min(youngest, GC.GetGeneration(value));
            }
        }

        return (byte)youngest;
    }

    private void Remove(Stripe stripe, ref Entry<TKey, TValue>? bucket, Entry<TKey, TValue>? previous, Entry<TKey, TValue> entry)
    {
        // The entry keeps its own link, for readers who are there just now.
        if (previous is null)
            Volatile.Write(ref bucket, entry.Next);
        else
            previous.Next = entry.Next;
        stripe.Count--;
        Retire(entry);
    }

    private void Retire(Entry<TKey, TValue> entry)
    {
        if (_ring is null)
            entry.RingIndex = Entry<TKey, TValue>.Removed;
        else
            _ring.Release(entry);
    }

    private void ClearInside()
    {
        foreach (Bucket bucket in _buckets)
        {
            for (Entry<TKey, TValue>? entry = bucket.Head; entry is not null; entry = entry.Next)
                Retire(entry);
        }

        _buckets = new Bucket[SmallestSize];
        _youngest = NoValues(SmallestSize);
        foreach (Stripe stripe in _stripes)
            stripe.Count = 0;
    }

    private void Resize(Bucket[] old, int size) => LockAll(table =>
    {
        if (table._buckets != old)
            return; // Someone else was quicker.
        Bucket[] buckets = new Bucket[size];
        byte[] youngest = NoValues(size);
        // A reader whose entry moves goes on in another bucket's list, which is finite too, but not the one he wanted.
        Interlocked.Increment(ref table._version);
        for (int i = 0; i < old.Length; i++)
        {
            Entry<TKey, TValue>? entry = old[i].Head;
            while (entry is not null)
            {
                Entry<TKey, TValue>? following = entry.Next;
                ref Entry<TKey, TValue>? bucket = ref BucketOf(buckets, entry.Hash);
                entry.Next = bucket;
                bucket = entry;
                ref byte block = ref youngest[IndexOf(entry.Hash, youngest.Length)];
                block = Math.Min(block, table._youngest[i / BlockSize]);
                entry = following;
            }
        }

        table._buckets = buckets;
        table._youngest = youngest;
        Interlocked.Increment(ref table._version);
    });

    /// <summary>In order, so that two who do it do not wait for each other. No one who holds one lock may ask for all.</summary>
    private void LockAll(Action<Table<TKey, TValue>> action)
    {
        int locked = 0;
        try
        {
            for (; locked < StripeCount; locked++)
                Monitor.Enter(_stripes[locked]);
            action(this);
        }
        finally
        {
            while (locked > 0)
                Monitor.Exit(_stripes[--locked]);
        }
    }

    /// <summary>A struct, because a reference to an element of an array of classes costs a check of its type.</summary>
    private struct Bucket
    {
        public Entry<TKey, TValue>? Head;
    }

    /// <summary>What belongs to a sixteenth of the buckets, and the lock of its writers.</summary>
    private sealed class Stripe
    {
        public int Count;

        /// <summary>The owner listed the cache with the watcher since the stripe was last empty.</summary>
        public bool IsWatched;
    }
}
