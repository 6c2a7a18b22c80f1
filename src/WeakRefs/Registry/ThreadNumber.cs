namespace WeakRefs.Registry;

/// <summary>
/// Spreads threads over stripes. Cheaper than the number of the processor, and a thread that is moved to another processor
/// still finds the slots it freed.
/// </summary>
internal static class ThreadNumber
{
    private static int s_last;

    /// <summary>0 before the first use.</summary>
    [ThreadStatic]
    private static int t_current;

    /// <summary>Threads that come one after the other get different numbers, beginning with 1.</summary>
    public static int Current
    {
        get
        {
            int current = t_current;
            return current != 0 ? current : t_current = Interlocked.Increment(ref s_last);
        }
    }
}
