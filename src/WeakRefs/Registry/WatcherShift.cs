namespace WeakRefs.Registry;

/// <summary>One life of the watcher's thread, and the bells that wake it.</summary>
/// <remarks>
/// There is no public notification of a collection, so finalizable objects that nothing refers to serve as bells. Their
/// finalizers run no code of a user and allocate nothing, for what they throw would end the process; the thread hangs up
/// the next one before it counts the collections.
/// </remarks>
internal sealed class WatcherShift
{
    public volatile bool IsOver;

    private volatile bool _youngHangs;
    private volatile bool _oldHangs;
    private int _oldRang;

    /// <summary>Says whether a full collection has found its dead since the last call, even if it was counted before.</summary>
    public bool TakeOldRing() => Interlocked.Exchange(ref _oldRang, 0) != 0;

    /// <summary>May throw for lack of memory.</summary>
    public void HangBells()
    {
        if (!_youngHangs)
        {
            _youngHangs = true; // First, since it may ring at once.
            try
            {
                _ = new YoungBell(this);
            }
            catch
            {
                _youngHangs = false;
                throw;
            }
        }

        if (!_oldHangs)
        {
            _oldHangs = true;
            try
            {
                _ = new OldBell(this);
            }
            catch
            {
                _oldHangs = false;
                throw;
            }
        }
    }

    /// <summary>Dies in the next collection of any generation.</summary>
    private sealed class YoungBell(WatcherShift shift)
    {
        ~YoungBell()
        {
            if (!shift.IsOver && !Environment.HasShutdownStarted)
            {
                shift._youngHangs = false;
                CollectionWatcher.Wake();
            }
        }
    }

    /// <summary>
    /// Ages into generation 2 and dies there again and again: rings when a background collection has found its dead.
    /// </summary>
    private sealed class OldBell(WatcherShift shift)
    {
        ~OldBell()
        {
            if (shift.IsOver || Environment.HasShutdownStarted)
            {
                return;
            }

            try
            {
                GC.ReRegisterForFinalize(this);
            }
            catch (OutOfMemoryException)
            {
                shift._oldHangs = false;
            }

            if (GC.GetGeneration(this) >= GC.MaxGeneration)
            {
                Volatile.Write(ref shift._oldRang, 1);
                CollectionWatcher.Wake();
            }
        }
    }
}
