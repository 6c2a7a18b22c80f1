namespace WeakRefs.Registry;

/// <summary>
/// A spin lock for a few dozen instructions that cannot throw: an uncontended pass costs less than half of a
/// <see cref="Monitor"/>. Not re-entrant; no user code runs inside. Make it a field that is not read-only.
/// </summary>
internal struct Gate
{
    private int _taken;

    public void Enter()
    {
        if (Interlocked.Exchange(ref _taken, 1) != 0)
        {
            Spin();
        }
    }

    public void Exit() => Volatile.Write(ref _taken, 0);

    private void Spin()
    {
        SpinWait spinner = default;
        do
        {
#if NET8_0_OR_GREATER
            spinner.SpinOnce(sleep1Threshold: -1);
#else
            spinner.SpinOnce();
#endif
        }
        while (Volatile.Read(ref _taken) != 0 || Interlocked.Exchange(ref _taken, 1) != 0);
    }
}
