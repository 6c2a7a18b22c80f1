using WeakRefs.Registry;

namespace WeakRefs.Cache;

/// <summary>
/// The entries whose values are held strongly. When it is full a hand goes round and drops the first entry that was not read
/// since it came by last. Sets weak target, strong value and place of an entry together.
/// </summary>
internal sealed class StrongRing<TKey, TValue>(int capacity)
    where TKey : notnull
    where TValue : class
{
    private Entry<TKey, TValue>[] _entries = new Entry<TKey, TValue>[Math.Min(capacity, 16)];
    private Gate _gate;
    private int _count;
    private int _hand;

    /// <summary>Holds the value of an entry, giving it a new one first unless <paramref name="value"/> is null.</summary>
    public void Hold(Entry<TKey, TValue> entry, TValue? value)
    {
        _gate.Enter();
        try
        {
            if (entry.RingIndex == Entry<TKey, TValue>.Removed)
            {
                return;
            }

            var present = entry.Value;
            if (value is null)
            {
                value = present;
            }
            else if (!ReferenceEquals(value, present))
            {
                entry.Target = value;
            }

            if (value is null)
            {
                return; // Collected meanwhile.
            }

            if (entry.RingIndex == Entry<TKey, TValue>.Weak)
            {
                var place = FreePlace();
                _entries[place] = entry;
                entry.RingIndex = place;
                entry.WasUsed = false;
            }
            else
            {
                entry.WasUsed = true;
            }

            entry.Strong = value;
        }
        finally
        {
            _gate.Exit();
        }
    }

    /// <summary>Marks an entry as removed, for good.</summary>
    public void Release(Entry<TKey, TValue> entry)
    {
        _gate.Enter();
        var place = entry.RingIndex;
        if (place >= 0)
        {
            entry.Strong = null;
            var last = _entries[--_count];
            _entries[place] = last;
            last.RingIndex = place;
            _entries[_count] = null!;
        }

        entry.RingIndex = Entry<TKey, TValue>.Removed;
        _gate.Exit();
    }

    private int FreePlace()
    {
        if (_count < capacity)
        {
            if (_count == _entries.Length)
            {
                Array.Resize(ref _entries, (int)Math.Min(capacity, 2L * _count));
            }

            return _count++;
        }

        while (true)
        {
            var place = _hand;
            _hand = place + 1 < capacity ? place + 1 : 0;
            var entry = _entries[place];
            if (!entry.WasUsed)
            {
                entry.Strong = null;
                entry.RingIndex = Entry<TKey, TValue>.Weak;
                return place;
            }

            entry.WasUsed = false;
        }
    }
}
