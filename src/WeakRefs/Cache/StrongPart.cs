using WeakRefs.Registry;

namespace WeakRefs.Cache;

/// <summary>
/// The entries whose values are held strongly. When it is full a hand goes round and drops the first entry that was not read
/// since it came by last. Sets weak target, strong value and place of an entry together.
/// </summary>
internal sealed class StrongPart<TKey, TValue>
    where TKey : notnull
    where TValue : class
{
    /// <summary>How far the hand goes at once: the time inside the gate must not depend on the capacity.</summary>
    private const int MostSteps = 32;

    private Entry<TKey, TValue>?[] _entries;
    private Gate _gate;
    private volatile int _capacity;
    private int _count;
    private int _hand;

    public StrongPart(int capacity)
    {
        _capacity = capacity;
        _entries = new Entry<TKey, TValue>?[Math.Min(capacity, 16)];
    }

    /// <summary>When it is made smaller, entries are dropped at once, a few at a time inside the gate.</summary>
    public int Capacity
    {
        get => _capacity;
        set
        {
            _capacity = value;
            while (!DropSome())
            {
            }
        }
    }

    public int Count => Volatile.Read(ref _count);

    /// <summary>Holds the value of an entry that was read, if it still has one and there is room for any.</summary>
    public void Admit(Entry<TKey, TValue> entry)
    {
        if (_capacity == 0)
        {
            return;
        }

        var taken = false;
        try
        {
            _gate.Enter(LockRank.StrongPart, ref taken);
            if (entry.Place == Entry<TKey, TValue>.Weak && entry.Value is { } value)
            {
                Add(entry, value);
            }
        }
        finally
        {
            _gate.Exit(LockRank.StrongPart, taken);
        }
    }

    /// <summary>Gives an entry of the table a value and holds it. Fails if the entry was finalized.</summary>
    public bool TrySet(Entry<TKey, TValue> entry, TValue value)
    {
        var taken = false;
        try
        {
            _gate.Enter(LockRank.StrongPart, ref taken);
            if (!ReferenceEquals(value, entry.Value) && !entry.TryReplace(value))
            {
                return false;
            }

            if (entry.Place == Entry<TKey, TValue>.Weak)
            {
                Add(entry, value);
            }
            else
            {
                entry.WasUsed = true;
                entry.Strong = value;
            }

            return true;
        }
        finally
        {
            _gate.Exit(LockRank.StrongPart, taken);
        }
    }

    /// <summary>Lets go of an entry that was removed, for good.</summary>
    public void Release(Entry<TKey, TValue> entry)
    {
        var taken = false;
        try
        {
            _gate.Enter(LockRank.StrongPart, ref taken);
            if (entry.Place >= 0)
            {
                Drop(entry.Place);
            }

            entry.Place = Entry<TKey, TValue>.Removed;
        }
        finally
        {
            _gate.Exit(LockRank.StrongPart, taken);
        }
    }

    /// <summary>Drops what is too many, but not all at once; says whether that is done.</summary>
    private bool DropSome()
    {
        var taken = false;
        try
        {
            _gate.Enter(LockRank.StrongPart, ref taken);
            for (var i = 0; i < MostSteps && _count > _capacity; i++)
            {
                Drop(FindVictim());
            }

            return _count <= _capacity;
        }
        finally
        {
            _gate.Exit(LockRank.StrongPart, taken);
        }
    }

    private void Add(Entry<TKey, TValue> entry, TValue value)
    {
        if (_capacity == 0)
        {
            return;
        }

        int place;
        if (_count < _capacity && HasRoomOrGrows())
        {
            place = _count++;
        }
        else
        {
            place = FindVictim();
            var victim = _entries[place]!;
            victim.Strong = null;
            victim.Place = Entry<TKey, TValue>.Weak;
        }

        _entries[place] = entry;
        entry.Place = place;
        entry.WasUsed = false;
        entry.Strong = value;
    }

    /// <summary>Without memory it stays as large as it is.</summary>
    private bool HasRoomOrGrows()
    {
        if (_count < _entries.Length)
        {
            return true;
        }

        try
        {
            Array.Resize(ref _entries, (int)Math.Min(_capacity, Math.Max(16, 2L * _count)));
            return true;
        }
        catch (OutOfMemoryException) when (_count > 0)
        {
            return false;
        }
    }

    private int FindVictim()
    {
        for (var steps = MostSteps; ; steps--)
        {
            var place = _hand < _count ? _hand : 0;
            _hand = place + 1;
            var entry = _entries[place]!;
            if (!entry.WasUsed || steps == 0)
            {
                return place;
            }

            entry.WasUsed = false;
        }
    }

    /// <summary>The last one takes its place.</summary>
    private void Drop(int place)
    {
        var entry = _entries[place]!;
        entry.Strong = null;
        entry.Place = Entry<TKey, TValue>.Weak;
        var last = _entries[--_count]!;
        _entries[place] = last;
        last.Place = place == _count ? Entry<TKey, TValue>.Weak : place;
        _entries[_count] = null;
    }
}
