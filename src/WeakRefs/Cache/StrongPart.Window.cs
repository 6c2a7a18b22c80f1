namespace WeakRefs.Cache;

/// <summary>How large the window is.</summary>
internal sealed partial class StrongPart<TKey, TValue>
{
    /// <summary>How many of the main part are looked at for one that can make room for a larger window.</summary>
    private const int PriceSample = 2;

    /// <summary>How many of the main part must all be in use to make the window smaller.</summary>
    private const int UseSample = 3;

    /// <summary>In periods: how often it is tried again whether a small window would do.</summary>
    private const int TrialInterval = 8;

    private int _leastWindow;
    private bool _isTrying;

    /// <summary>
    /// Somebody who left it comes back: it was too small. If the main part has an entry that nobody uses, that is the price.
    /// </summary>
    private void WidenWindow()
    {
        if (_isTrying || _main.Count < _main.Capacity || _main.Capacity <= _capacity / 10)
        {
            return;
        }

        for (var i = 0; i < PriceSample; i++)
        {
            var entry = _main.Next();
            Age(entry);
            if (!Uses.IsRecent(entry.Uses))
            {
                _main.Remove(entry);
                BecomeWeak(entry);
                Remember(entry, fromWindow: false);
                _main.Capacity--;
                _window.Capacity++;
                return;
            }
        }
    }

    /// <summary>
    /// Somebody leaves it for good. If the main part is in use wherever one looks, it gets the place; and while it is tried again
    /// whether a small window would do: in a small main part nothing looks used, since the hand is round so soon.
    /// </summary>
    private void NarrowWindow()
    {
        if (_window.Capacity <= _leastWindow || _window.Count < _window.Capacity)
        {
            _isTrying = false;
            return;
        }

        for (var i = 0; i < UseSample && !_isTrying; i++)
        {
            if (!Uses.IsRecent(_main.Next().Uses))
            {
                return;
            }
        }

        _main.Capacity++;
        if (!_main.HasRoom)
        {
            _main.Capacity--;
            return;
        }

        var entry = _window.Next();
        _window.Remove(entry);
        _window.Capacity--;
        _main.Add(entry, isMain: true);
    }
}
