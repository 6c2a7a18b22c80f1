namespace WeakRefs.Cache;

/// <summary>Removing what died, all there is, and too many or too few buckets.</summary>
internal sealed partial class Table<TKey, TValue>
{
    /// <summary>
    /// Removes entries whose value a collection of that generation, or a younger one, may have killed. Returns the generation
    /// of the youngest value that is left. Runs no code of a user, and allocates nothing unless it makes the table smaller.
    /// </summary>
    public int RemoveDead(int generation)
    {
        int youngest = byte.MaxValue;
        for (var i = 0; i < StripeCount; i++)
        {
            youngest = Math.Min(youngest, RemoveDeadOf(i, generation));
        }

        var old = _buckets;
        if (old.Length > BucketArray<TKey, TValue>.SmallestSize && Count < old.Length / 8)
        {
            Resize(old, Math.Max(BucketArray<TKey, TValue>.SmallestSize, old.Length / 4));
        }

        return youngest == byte.MaxValue ? int.MaxValue : youngest;
    }

    /// <summary>Removes all entries.</summary>
    public void Clear() => LockAll(static table => table.ClearInside());

    /// <summary>Removes all entries for good.</summary>
    public void Close() => LockAll(static table =>
    {
        table._isClosed = true;
        table.ClearInside();
    });

    /// <summary>Returns the keys and values that are alive.</summary>
    public List<KeyValuePair<TKey, TValue>> ToList()
    {
        List<KeyValuePair<TKey, TValue>> result = [];
        LockAll(table =>
        {
            var buckets = table._buckets;
            for (var i = 0; i < buckets.Length; i++)
            {
                for (var entry = buckets[i]; entry is not null; entry = entry.Next)
                {
                    if (entry.Value is { } value)
                    {
                        result.Add(new(entry.Key, value));
                    }
                }
            }
        });
        return result;
    }

    /// <summary>
    /// Before an entry is added: if the stripe of its bucket is full, removes the dead from it, and grows the table unless that
    /// made some room. So, whatever keeps the watcher from coming, dead entries are never many more than the others, and an
    /// added one pays for looking at a few.
    /// </summary>
    private void MakeRoom(uint hash)
    {
        var buckets = _buckets;
        var stripe = buckets.IndexOf(hash) % StripeCount;
        var most = buckets.Length / StripeCount;
        if (Volatile.Read(ref _stripes[stripe].Count) <= most)
        {
            return;
        }

        RemoveDeadOf(stripe, GC.MaxGeneration);
        if (Volatile.Read(ref _stripes[stripe].Count) > most / 4 * 3)
        {
            Resize(buckets, 2 * buckets.Length);
        }
    }

    /// <summary>Returns the generation of the youngest value that is left in the stripe.</summary>
    private int RemoveDeadOf(int stripe, int generation)
    {
        try
        {
        }
        finally
        {
            generation = RemoveDead(stripe, generation);
        }

        return generation;
    }

    private int RemoveDead(int stripe, int generation)
    {
        while (true)
        {
            var buckets = _buckets;
            var taken = false;
            try
            {
                if (!TryEnter(buckets, stripe, ref taken))
                {
                    continue;
                }

                int youngest = byte.MaxValue;
                for (var first = stripe; first < buckets.Length; first += BucketArray<TKey, TValue>.BlockSize * StripeCount)
                {
                    ref var ofBlock = ref buckets.YoungestAt(first);
                    if (ofBlock <= generation)
                    {
                        ofBlock = RemoveDead(buckets, first);
                    }

                    youngest = Math.Min(youngest, ofBlock);
                }

                return youngest;
            }
            finally
            {
                Exit(stripe, taken);
            }
        }
    }

    /// <summary>Goes through a block, and returns the generation its youngest value has reached.</summary>
    private byte RemoveDead(BucketArray<TKey, TValue> buckets, int first)
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
                    Unlink(buckets, index, previous, entry);
                    Tell(entry.Key, null, WeakCacheEvictionCause.Collected, null);
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

    private void ClearInside()
    {
        var buckets = _buckets;
        for (var i = 0; i < buckets.Length; i++)
        {
            for (var entry = buckets[i]; entry is not null; entry = entry.Next)
            {
                var value = Evictions is null ? null : entry.Value;
                entry.IsRemoved = true;
                Strong.Release(entry);
                Tell(entry.Key, value, value is null ? WeakCacheEvictionCause.Collected : WeakCacheEvictionCause.Cleared, null);
            }
        }

        _buckets = new BucketArray<TKey, TValue>(BucketArray<TKey, TValue>.SmallestSize);
        foreach (var stripe in _stripes)
        {
            stripe.Count = 0;
        }
    }

    private void Resize(BucketArray<TKey, TValue> old, int size)
    {
        if (_buckets != old)
        {
            return;
        }

        BucketArray<TKey, TValue> buckets = new(size);
        LockAll(table =>
        {
            if (table._buckets != old)
            {
                return; // Someone else was quicker.
            }

            // A reader whose entry moves goes on in another bucket's list, which is finite too, but not the one he wanted.
            table._isMoving = true;
            foreach (var stripe in table._stripes)
            {
                Volatile.Write(ref stripe.Count, 0);
            }

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
    }

    /// <summary>In order, so that two who do it do not wait for each other. No one who holds one lock may ask for all.</summary>
    private void LockAll(Action<Table<TKey, TValue>> action)
    {
        try
        {
        }
        finally
        {
            DoLocked(action);
        }
    }

    private void DoLocked(Action<Table<TKey, TValue>> action)
    {
        var locked = 0;
        var taken = false;
        try
        {
            for (; locked < StripeCount; locked++)
            {
                taken = false;
                TryEnter(_buckets, locked, ref taken);
            }

            action(this);
        }
        finally
        {
            if (locked < StripeCount)
            {
                Exit(locked, taken);
            }

            while (locked > 0)
            {
                Exit(--locked, true);
            }
        }
    }
}
