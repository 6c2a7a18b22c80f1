using WeakRefs.Registry;

namespace WeakRefs.Cache;

/// <summary>The factories at work for a cache. Keys are compared outside of the lock, as in <see cref="Table{TKey, TValue}"/>.</summary>
internal sealed class Productions<TKey, TValue>
    where TKey : notnull
    where TValue : class
{
    private const int BucketCount = 32;

    private readonly Production<TKey, TValue>?[] _buckets = new Production<TKey, TValue>?[BucketCount];
    private Gate _gate;

    /// <summary>Returns the one of that key. A new one is the caller's to run, complete and remove.</summary>
    public Production<TKey, TValue> Join(TKey key, uint hash, IEqualityComparer<TKey> comparer, out bool isNew)
    {
        ref var bucket = ref _buckets[hash % BucketCount];
        Production<TKey, TValue>? made = null, compared = null;
        while (true)
        {
            var head = Volatile.Read(ref bucket);
            for (var other = head; other is not null && other != compared; other = other.Next)
            {
                if (other.Hash == hash && comparer.Equals(other.Key, key))
                {
                    isNew = false;
                    return other;
                }
            }

            compared = head;
            made ??= new Production<TKey, TValue>(key, hash);
            var taken = false;
            try
            {
                _gate.Enter(LockRank.Productions, ref taken);
                if (bucket == head)
                {
                    made.Next = head;
                    Volatile.Write(ref bucket, made);
                    isNew = true;
                    return made;
                }
            }
            finally
            {
                _gate.Exit(LockRank.Productions, taken);
            }
        }
    }

    /// <summary>Goes by identity: whatever has become of its key, it is found.</summary>
    public void Remove(Production<TKey, TValue> production)
    {
        ref var bucket = ref _buckets[production.Hash % BucketCount];
        var taken = false;
        try
        {
            _gate.Enter(LockRank.Productions, ref taken);
            if (bucket == production)
            {
                Volatile.Write(ref bucket, production.Next);
                return;
            }

            for (var other = bucket; other is not null; other = other.Next)
            {
                if (other.Next == production)
                {
                    other.Next = production.Next;
                    return;
                }
            }
        }
        finally
        {
            _gate.Exit(LockRank.Productions, taken);
        }
    }
}
