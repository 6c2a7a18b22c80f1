namespace WeakRefs.Cache;

/// <summary>A part of the strongly held entries, and a hand that goes round. Guarded by <see cref="StrongPart{TKey, TValue}"/>.</summary>
internal sealed class StrongRing<TKey, TValue>
    where TKey : notnull
    where TValue : class
{
    private Entry<TKey, TValue>[] _entries = [];
    private int _hand;

    public int Capacity { get; set; }

    public int Count { get; private set; }

    /// <summary>Not with all memory: it then stays as large as it is.</summary>
    public bool HasRoom
    {
        get
        {
            if (Count >= Capacity || Count < _entries.Length)
            {
                return Count < Capacity;
            }

            try
            {
                Array.Resize(ref _entries, (int)Math.Min(Capacity, Math.Max(16, 2L * Count)));
                return true;
            }
            catch (OutOfMemoryException) when (Count > 0)
            {
                return false;
            }
        }
    }

    /// <summary>The one the hand points at, if there are any; the hand goes on.</summary>
    public Entry<TKey, TValue> Next()
    {
        var place = _hand < Count ? _hand : 0;
        _hand = place + 1;
        return _entries[place];
    }

    public void Add(Entry<TKey, TValue> entry, bool isMain)
    {
        _entries[Count] = entry;
        entry.Place = Count;
        entry.IsInMain = isMain;
        Count++;
    }

    /// <summary>Takes the place of another one.</summary>
    public void Replace(Entry<TKey, TValue> old, Entry<TKey, TValue> entry, bool isMain)
    {
        _entries[old.Place] = entry;
        entry.Place = old.Place;
        entry.IsInMain = isMain;
    }

    /// <summary>The last one takes its place.</summary>
    public void Remove(Entry<TKey, TValue> entry)
    {
        var last = _entries[Count - 1];
        _entries[entry.Place] = last;
        last.Place = entry.Place;
        Count--;
        _entries[Count] = null!;
    }
}
