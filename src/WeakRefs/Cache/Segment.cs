namespace WeakRefs.Cache;

/// <summary>
/// A part of a table. Readers use <see cref="Buckets"/>, the entries' links and <see cref="Version"/>; all else is guarded by
/// the lock of the segment.
/// </summary>
internal sealed class Segment<TKey, TValue>
    where TKey : notnull
    where TValue : class
{
    /// <summary>
    /// The entries by the number of collections of their generation they have survived, so that a collection of young objects
    /// needs a look at the young ones only. A replaced value stays where its predecessor was: what waits there for an older
    /// collection is an empty entry, not the value.
    /// </summary>
    private readonly Entry<TKey, TValue>?[] _ages = new Entry<TKey, TValue>?[3];

    private volatile Entry<TKey, TValue>?[] _buckets = new Entry<TKey, TValue>?[4];

    /// <summary>Odd while entries move from bucket to bucket.</summary>
    public int Version;

    public int Count;

    /// <summary>The owner listed the cache with the watcher since the segment was last empty.</summary>
    public bool IsWatched;

    public Entry<TKey, TValue>?[] Buckets => _buckets;

    public void Add(Entry<TKey, TValue> entry)
    {
        if (Count == _buckets.Length)
            Resize(2 * _buckets.Length);
        ref Entry<TKey, TValue>? bucket = ref BucketOf(_buckets, entry);
        entry.Next = bucket;
        Volatile.Write(ref bucket, entry);
        entry.NextOfAge = _ages[0];
        _ages[0] = entry;
        Count++;
    }

    /// <summary>Takes it out of its bucket. The list of its age drops it when that list is gone through.</summary>
    public void Remove(Entry<TKey, TValue> entry)
    {
        // The entry keeps its own link, for readers who are there just now.
        ref Entry<TKey, TValue>? bucket = ref BucketOf(_buckets, entry);
        if (bucket == entry)
        {
            Volatile.Write(ref bucket, entry.Next);
        }
        else
        {
            Entry<TKey, TValue> previous = bucket!;
            while (previous.Next != entry)
                previous = previous.Next!;
            previous.Next = entry.Next;
        }

        Count--;
    }

    public void RemoveDead(int generation, Action<Entry<TKey, TValue>> retire)
    {
        int before = Count;
        // The oldest first, or the young ones that get older would be looked at twice.
        for (int age = generation; age >= 0; age--)
        {
            Entry<TKey, TValue>? entry = _ages[age];
            _ages[age] = null;
            int nextAge = Math.Min(age + 1, _ages.Length - 1);
            while (entry is not null)
            {
                Entry<TKey, TValue>? following = entry.NextOfAge;
                entry.NextOfAge = null;
                if (entry.RingIndex != Entry<TKey, TValue>.Removed)
                {
                    if (entry.IsAlive)
                    {
                        entry.NextOfAge = _ages[nextAge];
                        _ages[nextAge] = entry;
                    }
                    else
                    {
                        Remove(entry);
                        retire(entry);
                    }
                }

                entry = following;
            }
        }

        if (Count < before && Count < _buckets.Length / 8 && _buckets.Length > 16)
            Resize(_buckets.Length / 4);
    }

    public void Clear(Action<Entry<TKey, TValue>> retire)
    {
        foreach (Entry<TKey, TValue>? head in _buckets)
        {
            for (Entry<TKey, TValue>? entry = head; entry is not null; entry = entry.Next)
                retire(entry);
        }

        _buckets = new Entry<TKey, TValue>?[4];
        Array.Clear(_ages, 0, _ages.Length);
        Count = 0;
    }

    private void Resize(int size)
    {
        Entry<TKey, TValue>?[] buckets = new Entry<TKey, TValue>?[size];
        // A reader whose entry moves goes on in another bucket's list, which is finite too, but not the one he wanted.
        Interlocked.Increment(ref Version);
        foreach (Entry<TKey, TValue>? head in _buckets)
        {
            Entry<TKey, TValue>? entry = head;
            while (entry is not null)
            {
                Entry<TKey, TValue>? following = entry.Next;
                ref Entry<TKey, TValue>? bucket = ref BucketOf(buckets, entry);
                entry.Next = bucket;
                bucket = entry;
                entry = following;
            }
        }

        _buckets = buckets;
        Interlocked.Increment(ref Version);
    }

    private static ref Entry<TKey, TValue>? BucketOf(Entry<TKey, TValue>?[] buckets, Entry<TKey, TValue> entry) =>
        ref buckets[entry.Hash & (uint)(buckets.Length - 1)];
}
