using System.Diagnostics.CodeAnalysis;

namespace WeakRefs.Cache;

/// <summary>
/// The entries of a cache: segments by hash code, each with a lock for writers. Readers take none; a reader that finds
/// nothing while the segment was being resized looks again under the lock.
/// </summary>
internal sealed class Table<TKey, TValue>
    where TKey : notnull
    where TValue : class
{
    private const int SegmentBits = 4;

    private readonly Segment<TKey, TValue>[] _segments = new Segment<TKey, TValue>[1 << SegmentBits];
    private readonly IEqualityComparer<TKey>? _comparer;
    private readonly StrongRing<TKey, TValue>? _ring;
    private readonly Action<Entry<TKey, TValue>> _retire;
    private bool _isClosed;

    public Table(int strongCapacity, IEqualityComparer<TKey>? comparer)
    {
        // For a value type null means the default comparer, which the JIT then calls directly.
        _comparer = comparer ?? (typeof(TKey).IsValueType ? null : EqualityComparer<TKey>.Default);
        _ring = strongCapacity == 0 ? null : new StrongRing<TKey, TValue>(strongCapacity);
        _retire = Retire;
        for (int i = 0; i < _segments.Length; i++)
            _segments[i] = new Segment<TKey, TValue>();
    }

    public int Count
    {
        get
        {
            int count = 0;
            foreach (Segment<TKey, TValue> segment in _segments)
                count += Volatile.Read(ref segment.Count);
            return count;
        }
    }

    public bool TryGet(TKey key, [NotNullWhen(true)] out TValue? value)
    {
        uint hash = HashOf(key);
        Segment<TKey, TValue> segment = SegmentOf(hash);
        int version = Volatile.Read(ref segment.Version);
        Entry<TKey, TValue>? entry = Find(segment, key, hash);
        if (entry is null && (version & 1 | version ^ Volatile.Read(ref segment.Version)) != 0)
        {
            lock (segment)
                entry = Find(segment, key, hash);
        }

        if (entry is null)
        {
            value = null;
            return false;
        }

        value = entry.Strong;
        if (value is not null)
        {
            // Looked at first, so that entries everybody reads stay in every processor's cache.
            if (!entry.WasUsed)
                entry.WasUsed = true;
            return true;
        }

        value = entry.Value;
        if (value is null)
            return false;
        _ring?.Hold(entry, null);
        return true;
    }

    /// <summary>Adds or replaces a value, and returns the one that is there afterwards.</summary>
    public TValue Set(TKey key, TValue value, bool onlyIfAbsent, out bool needsWatch)
    {
        uint hash = HashOf(key);
        Segment<TKey, TValue> segment = SegmentOf(hash);
        needsWatch = false;
        lock (segment)
        {
            if (_isClosed)
                return value;
            Entry<TKey, TValue>? entry = Find(segment, key, hash);
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
                return value;
            }

            entry = new Entry<TKey, TValue>(key, hash, value);
            segment.Add(entry);
            _ring?.Hold(entry, value);
            needsWatch = !segment.IsWatched;
            segment.IsWatched = true;
            return value;
        }
    }

    /// <summary>Says whether there was a value.</summary>
    public bool Remove(TKey key)
    {
        uint hash = HashOf(key);
        Segment<TKey, TValue> segment = SegmentOf(hash);
        lock (segment)
        {
            Entry<TKey, TValue>? entry = Find(segment, key, hash);
            if (entry is null)
                return false;
            bool wasAlive = entry.IsAlive;
            segment.Remove(entry);
            Retire(entry);
            return wasAlive;
        }
    }

    public void Clear()
    {
        foreach (Segment<TKey, TValue> segment in _segments)
        {
            lock (segment)
                segment.Clear(_retire);
        }
    }

    /// <summary>Clears it for good.</summary>
    public void Close()
    {
        Volatile.Write(ref _isClosed, true);
        Clear();
    }

    /// <summary>Removes entries whose value a collection of that generation, or a younger one, may have killed.</summary>
    public void RemoveDead(int generation)
    {
        foreach (Segment<TKey, TValue> segment in _segments)
        {
            lock (segment)
                segment.RemoveDead(generation, _retire);
        }
    }

    /// <summary>Says whether it is empty. The next new entry then asks to be watched again.</summary>
    public bool TryGoIdle()
    {
        bool idle = true;
        foreach (Segment<TKey, TValue> segment in _segments)
        {
            lock (segment)
            {
                if (segment.Count > 0)
                    idle = false;
                else
                    segment.IsWatched = false;
            }
        }

        return idle;
    }

    public void ForgetWatch()
    {
        foreach (Segment<TKey, TValue> segment in _segments)
        {
            lock (segment)
                segment.IsWatched = false;
        }
    }

    private void Retire(Entry<TKey, TValue> entry)
    {
        if (_ring is null)
            entry.RingIndex = Entry<TKey, TValue>.Removed;
        else
            _ring.Release(entry);
    }

    /// <summary>Spread over all bits: the high ones choose the segment, the low ones the bucket.</summary>
    private uint HashOf(TKey key)
    {
        int hash = _comparer is null ? key.GetHashCode() : _comparer.GetHashCode(key);
        return (uint)hash * 0x9E3779B1u;
    }

    private Segment<TKey, TValue> SegmentOf(uint hash) => _segments[hash >> (32 - SegmentBits)];

    private Entry<TKey, TValue>? Find(Segment<TKey, TValue> segment, TKey key, uint hash)
    {
        Entry<TKey, TValue>?[] buckets = segment.Buckets;
        Entry<TKey, TValue>? entry = Volatile.Read(ref buckets[hash & (uint)(buckets.Length - 1)]);
        IEqualityComparer<TKey>? comparer = _comparer;
        if (comparer is null)
        {
            while (entry is not null && !(entry.Hash == hash && EqualityComparer<TKey>.Default.Equals(entry.Key, key)))
                entry = entry.Next;
        }
        else
        {
            while (entry is not null && !(entry.Hash == hash && comparer.Equals(entry.Key, key)))
                entry = entry.Next;
        }

        return entry;
    }
}
