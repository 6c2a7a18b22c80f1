using WeakRefs.Registry;

namespace WeakRefs.Cache;

/// <summary>
/// The entries whose values are held strongly, and who is let in. Sets weak target, strong value and place of an entry
/// together.
/// </summary>
/// <remarks>
/// A newcomer enters a small window. When it leaves that, it goes on to the main part: at the price of an entry that was not
/// used since the hand came by last, if it was used again meanwhile; otherwise at the price of the least used of a few, if it was used
/// more often than that one, what is remembered of its earlier stays included. So a loop or a scan of keys that are used once
/// drives nothing out. The window grows where those come back that left it, as keys do that are used for a short while only, and the main
/// part is not used meanwhile; it shrinks where that is used, and now and then to try again. A small cache is all window, and keeps what
/// was used last. All this takes a few steps at most, however large the cache is.
/// </remarks>
internal sealed partial class StrongPart<TKey, TValue>
    where TKey : notnull
    where TValue : class
{
    /// <summary>From this capacity on there is a main part.</summary>
    public const int Large = 64;

    private const int MostSteps = 16;

    /// <summary>How many are compared to find one that is little used.</summary>
    private const int Sample = 4;

    /// <summary>The window's part of the capacity, in percent, at first and at least.</summary>
    private const int WindowPercent = 3;

    /// <summary>In newcomers, as a multiple of the capacity: after this many, uses count half.</summary>
    private const int PeriodLength = 5;

    private readonly StrongRing<TKey, TValue> _window = new();
    private readonly StrongRing<TKey, TValue> _main = new();
    private Gate _gate;
    private volatile int _capacity;
    private UseHistory? _history;
    private byte _period;
    private int _newcomers;

    public StrongPart(int capacity) => Divide(capacity);

    /// <summary>When it is made smaller, entries are dropped at once, a few at a time inside the gate.</summary>
    public int Capacity
    {
        get => _capacity;
        set
        {
            try
            {
            }
            finally
            {
                Change(value);
            }
        }
    }

    public int Count => _window.Count + _main.Count;

    /// <summary>Holds the value of an entry that was read, if it still has one and there is room for any.</summary>
    public void Admit(Entry<TKey, TValue> entry)
    {
        if (_capacity == 0)
        {
            return;
        }

        try
        {
        }
        finally
        {
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
    }

    /// <summary>Gives an entry of the table a value and holds it. Fails if the entry was finalized.</summary>
    public bool TrySet(Entry<TKey, TValue> entry, TValue value, bool isNew)
    {
        var taken = false;
        try
        {
            _gate.Enter(LockRank.StrongPart, ref taken);
            if (!isNew && !ReferenceEquals(value, entry.Value) && !entry.TryReplace(value))
            {
                return false;
            }

            if (entry.Place == Entry<TKey, TValue>.Weak)
            {
                Add(entry, value);
            }
            else
            {
                entry.Uses = Uses.Add(entry.Uses);
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
                Drop(entry);
            }

            entry.Place = Entry<TKey, TValue>.Removed;
        }
        finally
        {
            _gate.Exit(LockRank.StrongPart, taken);
        }
    }

    private void Change(int capacity)
    {
        var taken = false;
        try
        {
            _gate.Enter(LockRank.StrongPart, ref taken);
            Divide(capacity);
        }
        finally
        {
            _gate.Exit(LockRank.StrongPart, taken);
        }

        while (!DropSome())
        {
        }
    }

    private void Divide(int capacity)
    {
        _window.Capacity = capacity < Large ? capacity : Math.Max(1, (int)((long)capacity * WindowPercent / 100));
        _leastWindow = _window.Capacity;
        _main.Capacity = capacity - _window.Capacity;
        _history = null;
        _capacity = capacity;
    }

    /// <summary>Drops what is too many, but not all at once; says whether that is done.</summary>
    private bool DropSome()
    {
        var taken = false;
        try
        {
            _gate.Enter(LockRank.StrongPart, ref taken);
            for (var i = 0; i < MostSteps; i++)
            {
                if (_window.Count > _window.Capacity)
                {
                    var entry = _window.Next();
                    _window.Remove(entry);
                    if (_main.HasRoom)
                    {
                        _main.Add(entry, isMain: true);
                    }
                    else
                    {
                        BecomeWeak(entry);
                    }
                }
                else if (_main.Count > _main.Capacity)
                {
                    Drop(_main.Next());
                }
                else
                {
                    return true;
                }
            }

            return false;
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

        if (++_newcomers / PeriodLength >= _capacity)
        {
            _newcomers = 0;
            _period++;
            _isTrying |= _period % TrialInterval == 0;
        }

        // As it is new here, nothing is recent.
        var fromWindow = false;
        entry.Uses = Uses.Forget(Uses.Add((byte)(_history?.Find(entry.Hash, out fromWindow) ?? 0)));
        entry.Period = _period;
        if (fromWindow)
        {
            WidenWindow();
        }

        if (!_window.HasRoom)
        {
            var leaving = NextToLeave();
            Leave(leaving, entry);
        }
        else
        {
            _window.Add(entry, isMain: false);
        }

        entry.Strong = value;
    }

    /// <summary>Of the window. In a small cache, where that is all, one that was used again may stay once more.</summary>
    private Entry<TKey, TValue> NextToLeave()
    {
        var entry = _window.Next();
        for (var steps = 0; _main.Capacity == 0 && Uses.IsRecent(entry.Uses) && steps < MostSteps; steps++)
        {
            entry.Uses = Uses.Forget(entry.Uses);
            entry = _window.Next();
        }

        return entry;
    }

    /// <summary>Leaves the window to another entry, and goes to the main part or is dropped.</summary>
    private void Leave(Entry<TKey, TValue> leaving, Entry<TKey, TValue> entering)
    {
        _window.Replace(leaving, entering, isMain: false);
        if (_main.HasRoom)
        {
            _main.Add(leaving, isMain: true);
            return;
        }

        var fromWindow = true;
        if (_main.Count > 0 && FindVictim(leaving) is { } victim)
        {
            fromWindow = false;
            leaving.Uses = Uses.Forget(leaving.Uses);
            _main.Replace(victim, leaving, isMain: true);
            leaving = victim;
        }

        BecomeWeak(leaving);
        if (_main.Capacity > 0)
        {
            Remember(leaving, fromWindow);
            if (fromWindow || _isTrying)
            {
                NarrowWindow();
            }
        }
    }

    private void Remember(Entry<TKey, TValue> entry, bool fromWindow)
    {
        try
        {
            // Only now, since a capacity may be meant as "no limit" and never be reached.
            _history ??= new UseHistory((int)Math.Min(2L * _capacity, 1 << 28));
            _history.Note(entry.Hash, Uses.Count(entry.Uses), fromWindow);
        }
        catch (OutOfMemoryException)
        {
            // It will be a stranger when it comes back.
        }
    }

    /// <summary>Who is to make room in the main part, if anyone is.</summary>
    private Entry<TKey, TValue>? FindVictim(Entry<TKey, TValue> candidate)
    {
        var victim = _main.Next();
        Age(victim);
        if (Uses.IsRecent(candidate.Uses))
        {
            for (var steps = 0; Uses.IsRecent(victim.Uses) && steps < MostSteps; steps++)
            {
                victim.Uses = (byte)Math.Max(Uses.Count(victim.Uses) - 1, 0);
                victim = _main.Next();
                Age(victim);
            }

            return victim;
        }

        for (var i = 1; i < Sample; i++)
        {
            var other = _main.Next();
            Age(other);
            if (Uses.Count(other.Uses) < Uses.Count(victim.Uses))
            {
                victim = other;
            }
        }

        return Uses.Count(candidate.Uses) > Uses.Count(victim.Uses) ? victim : null;
    }

    /// <summary>Makes up for the periods it was not looked at.</summary>
    private void Age(Entry<TKey, TValue> entry)
    {
        for (var periods = Math.Min((byte)(_period - entry.Period), (byte)3); periods > 0; periods--)
        {
            entry.Uses = Uses.Halve(entry.Uses);
        }

        entry.Period = _period;
    }

    private void Drop(Entry<TKey, TValue> entry)
    {
        (entry.IsInMain ? _main : _window).Remove(entry);
        BecomeWeak(entry);
    }

    private static void BecomeWeak(Entry<TKey, TValue> entry)
    {
        entry.Strong = null;
        entry.Place = Entry<TKey, TValue>.Weak;
    }
}
