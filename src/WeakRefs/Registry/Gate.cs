using System.Runtime.CompilerServices;

namespace WeakRefs.Registry;

/// <summary>
/// A spin lock for a few dozen instructions: an uncontended pass costs less than half of a <see cref="Monitor"/>. Not
/// re-entrant. Enter it inside a <see langword="try"/> whose <see langword="finally"/> exits it if it was taken. Make it a
/// field that is not read-only.
/// </summary>
/// <remarks>
/// .NET Framework and Mono can abort a thread between any two instructions, but not inside a finally block: what must not be left
/// half done stands in one behind an empty <see langword="try"/>. Later runtimes have no aborts, and their compiler drops the block.
/// </remarks>
internal struct Gate
{
    private int _taken;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Enter(LockRank rank, ref bool taken)
    {
        LockOrder.Enter(rank);
#if NET8_0_OR_GREATER
        if (Interlocked.Exchange(ref _taken, 1) != 0)
        {
            Spin();
        }

        taken = true;
#else
        // A thread may be aborted between any two instructions, but not inside a finally block.
        try
        {
        }
        finally
        {
            if (Interlocked.Exchange(ref _taken, 1) != 0)
            {
                Spin();
            }

            taken = true;
        }
#endif
    }

    /// <summary>Says whether it was free, and enters it only then.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryEnter(LockRank rank, ref bool taken)
    {
        LockOrder.Enter(rank);
#if NET8_0_OR_GREATER
        taken = Interlocked.Exchange(ref _taken, 1) == 0;
#else
        try
        {
        }
        finally
        {
            taken = Interlocked.Exchange(ref _taken, 1) == 0;
        }
#endif
        if (!taken)
        {
            LockOrder.Exit(rank);
        }

        return taken;
    }

    /// <param name="rank">As for <see cref="Enter"/>.</param>
    /// <param name="taken">Nothing happens if <see langword="false"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Exit(LockRank rank, bool taken)
    {
        if (taken)
        {
            Volatile.Write(ref _taken, 0);
        }

        LockOrder.Exit(rank);
    }

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
