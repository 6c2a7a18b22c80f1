namespace WeakRefs.Registry;

/// <summary>
/// Spreads threads over stripes. Cheaper than the number of the processor, and a thread that is moved to another processor
/// still finds the slots it freed.
/// </summary>
internal static class ThreadNumber
{
    private static int _last;

    /// <summary>0 before the first use.</summary>
    [ThreadStatic]
    private static int _current;

    /// <summary>Threads that come one after the other get different numbers, beginning with 1.</summary>
    public static int Current
    {
        get
        {
            var current = _current;
            return current != 0 ? current : _current = Interlocked.Increment(ref _last);
        }
    }
}
