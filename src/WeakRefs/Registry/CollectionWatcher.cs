using System.Runtime.CompilerServices;
#if NET8_0_OR_GREATER
using System.Runtime.Loader;
#endif

namespace WeakRefs.Registry;

/// <summary>
/// Tells registries and caches that the collector ran. One background thread, which runs the callbacks too, and which lives
/// only while something is registered. Whatever is thrown on it, it goes on.
/// </summary>
internal static class CollectionWatcher
{
    /// <summary>In milliseconds. Finds collections by their count when some other finalizer blocks the finalizer thread.</summary>
    private const int Poll = 250;

    /// <summary>In milliseconds: how often unused memory is given back.</summary>
    private const int TrimInterval = 5000;

    /// <summary>Mark of what has nothing alive: no collection can change it.</summary>
    private const byte Nothing = byte.MaxValue;

    private static readonly object Sync = new();
    private static readonly AutoResetEvent Signal = new(false);
    private static readonly ContextCallback RunDue = static owner => ((IWatched)owner!).RunDue();

    /// <summary>What is watched, in no order.</summary>
    private static Watched[] _list = new Watched[16];

    /// <summary>
    /// The youngest generation in each, beside the list: to pass over those that a collection cannot have changed costs a byte.
    /// </summary>
    private static byte[] _youngest = new byte[16];

    private static int _count;

    /// <summary>What asked for a visit without a collection.</summary>
    private static readonly List<Watched> Requested = [];

    private static WatcherShift? _shift;
    private static bool _isUnloading;
#if NET8_0_OR_GREATER
    private static bool _isTold;
#endif
    private static int _noticed;

    public static bool IsRunning => Volatile.Read(ref _shift) is not null;

    /// <summary>Changes with every collection, and once more when a background collection is over.</summary>
    public static long Collections => (long)Volatile.Read(ref _noticed) << 32 | (uint)GC.CollectionCount(0);

    /// <summary>Lists it as having something in generation 0. It stays listed until it is empty or collected.</summary>
    public static void Watch(Watched watched)
    {
        LockOrder.Enter(LockRank.Watcher);
        try
        {
            lock (Sync)
            {
                if (watched.Position < 0)
                {
                    Add(watched);
                }

                _youngest[watched.Position] = 0;
                if (_shift is null && !_isUnloading)
                {
                    Start();
                }

                watched.IsYoung = true;
            }
        }
        finally
        {
            LockOrder.Exit(LockRank.Watcher);
        }
    }

    /// <summary>Asks for a visit in so many milliseconds, because something is due. Never throws.</summary>
    public static void Request(Watched watched, int delay)
    {
        LockOrder.Enter(LockRank.Watcher);
        try
        {
            lock (Sync)
            {
                watched.VisitAt = unchecked(Environment.TickCount + delay);
                if (!watched.IsRequested)
                {
                    Requested.Add(watched);
                    watched.IsRequested = true;
                }
            }
        }
        catch (Exception exception) when (exception is OutOfMemoryException or ThreadInterruptedException)
        {
            // The next collection brings the visit.
        }
        finally
        {
            LockOrder.Exit(LockRank.Watcher);
        }

        if (delay == 0)
        {
            Wake();
        }
    }

    public static void Wake() => Signal.Set();

#if NET8_0_OR_GREATER
    /// <summary>All that has something and is alive.</summary>
    public static List<IWatched> Owners()
    {
        List<IWatched> result = [];
        lock (Sync)
        {
            for (var i = 0; i < _count; i++)
            {
                if (_list[i].Owner is { } owner)
                {
                    result.Add(owner);
                }
            }
        }

        return result;
    }
#endif

    private static void Add(Watched watched)
    {
        if (_count == _list.Length)
        {
            // Both or none.
            var youngest = new byte[2 * _count];
            Array.Copy(_youngest, youngest, _count);
            Array.Resize(ref _list, 2 * _count);
            _youngest = youngest;
        }

        watched.Position = _count;
        _list[_count++] = watched;
    }

    private static void Remove(Watched watched)
    {
        var last = _list[--_count];
        _list[watched.Position] = last;
        _youngest[watched.Position] = _youngest[_count];
        last.Position = watched.Position;
        _list[_count] = null!;
        watched.Position = -1;
    }

    private static void Start()
    {
#if NET8_0_OR_GREATER
        if (!_isTold && AssemblyLoadContext.GetLoadContext(typeof(CollectionWatcher).Assembly) is { IsCollectible: true } context)
        {
            _isTold = true;
            context.Unloading += static _ => Stop();
        }
#endif
        WatcherShift shift = new();
        Thread thread = new(Run) { IsBackground = true, Name = "WeakRefs cleanup" };
#if NET8_0_OR_GREATER
        thread.UnsafeStart(shift);
#else
        // The ambient values of whoever happened to register first are none of the callbacks' business.
        var restore = !ExecutionContext.IsFlowSuppressed();
        if (restore)
        {
            ExecutionContext.SuppressFlow();
        }

        try
        {
            thread.Start(shift);
        }
        finally
        {
            if (restore)
            {
                ExecutionContext.RestoreFlow();
            }
        }
#endif
        _shift = shift;
    }

    /// <summary>The load context of this assembly is being unloaded; a running thread or a bell would keep it.</summary>
    private static void Stop()
    {
        lock (Sync)
        {
            _isUnloading = true;
            if (_shift is { } shift)
            {
                shift.IsOver = true;
            }
        }

#if NET8_0_OR_GREATER
        LibraryMeter.Close();
#endif
        Wake();
    }

    private static void Run(object? argument)
    {
        var shift = (WatcherShift)argument!;
        // The callbacks of a registry must not see what those of another left in the thread's ambient values.
        var context = ExecutionContext.Capture();
        CollectionCounts seen = default;
        var lastTrim = Environment.TickCount;
        while (!shift.IsOver)
        {
            try
            {
#if NET8_0_OR_GREATER
                LibraryMeter.Open();
#else
                StackCleaner.Clean();
#endif
                Signal.WaitOne(Poll);
                // In this order: a collection before the counting is counted, one after it rings.
                shift.HangBells();
                var generation = seen.Update();
                if (shift.TakeOldRing())
                {
                    generation = GC.MaxGeneration;
                }

                if (generation >= 0)
                {
                    Interlocked.Increment(ref _noticed);
                    VisitAll(context, generation);
                }

                VisitRequested(context);
                if (unchecked(Environment.TickCount - lastTrim) >= TrimInterval)
                {
                    lastTrim = Environment.TickCount;
                    TrimAll();
                    StopIfIdle(shift);
                }
            }
            catch (Exception)
            {
                // Out of memory, or a callback interrupted the thread and this was its next wait. A collection that was
                // counted is not seen again, so everything is looked at next time.
                Recover();
                seen = default;
            }
        }
    }

    private static void StopIfIdle(WatcherShift shift)
    {
        lock (Sync)
        {
            if (_count == 0 && Requested.Count == 0)
            {
                shift.IsOver = true;
                _shift = null;
            }
        }
    }

    private static void VisitAll(ExecutionContext? context, int generation)
    {
        for (var i = int.MaxValue; i >= 0;)
        {
            i = VisitNext(i, context, generation);
        }
    }

    /// <summary>
    /// Visits the last one below that place, and returns where it is. Not inlined, so that the waiting thread has none on its stack.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int VisitNext(int below, ExecutionContext? context, int generation)
    {
        Watched watched;
        lock (Sync)
        {
            // Only this thread removes, and moves the last one to the place, which has had its turn.
            var i = Math.Min(below, _count) - 1;
            while (i >= 0 && _youngest[i] > generation)
            {
                i--;
            }

            if (i < 0)
            {
                return i;
            }

            below = i;
            watched = _list[i];
        }

        Visit(watched, context, generation);
        return below;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void VisitRequested(ExecutionContext? context)
    {
        for (var i = Requested.Count - 1; i >= 0; i--)
        {
            Watched watched;
            lock (Sync)
            {
                watched = Requested[i];
                if (unchecked(watched.VisitAt - Environment.TickCount) > 0)
                {
                    continue;
                }

                watched.IsRequested = false;
                Requested[i] = Requested[Requested.Count - 1];
                Requested.RemoveAt(Requested.Count - 1);
            }

            Visit(watched, context, -1);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Visit(Watched watched, ExecutionContext? context, int generation)
    {
        if (watched.Owner is not { } owner)
        {
            Forget(watched);
            return;
        }

        if (generation >= 0)
        {
            // From here on who adds something announces it: it may come too late for this look.
            watched.IsYoung = false;
            Note(watched, owner.FindDead(generation));
        }

        if (!owner.HasDue)
        {
            return;
        }

        try
        {
            if (context is null)
            {
                owner.RunDue();
            }
            else
            {
#if NET8_0_OR_GREATER
                ExecutionContext.Run(context, RunDue, owner);
#else
                // Older runtimes let each be used once.
                ExecutionContext.Run(context.CreateCopy(), RunDue, owner);
#endif
            }
        }
        catch (Exception)
        {
            // What callbacks throw does not come here: it is our own trouble, or an abort. The rest has its turn later.
            Recover();
            Request(watched, Poll);
        }

        Recover();
    }

    /// <summary>Undoes what callbacks can do to the thread.</summary>
    private static void Recover()
    {
        var thread = Thread.CurrentThread;
#if !NET8_0_OR_GREATER
        if ((thread.ThreadState & ThreadState.AbortRequested) != 0)
        {
            Thread.ResetAbort();
        }
#endif
        if (!thread.IsBackground)
        {
            thread.IsBackground = true;
        }

        if (thread.Priority != ThreadPriority.Normal)
        {
            thread.Priority = ThreadPriority.Normal;
        }

        if (SynchronizationContext.Current is not null)
        {
            SynchronizationContext.SetSynchronizationContext(null);
        }
    }

    private static void Note(Watched watched, int youngest)
    {
        lock (Sync)
        {
            if (watched.IsYoung || watched.Position < 0)
            {
                return; // Something was announced meanwhile.
            }

            _youngest[watched.Position] = (byte)Math.Min(youngest, Nothing);
            watched.IsYoung = youngest == 0;
        }
    }

    private static void Forget(Watched watched)
    {
        lock (Sync)
        {
            if (watched.Position >= 0)
            {
                Remove(watched);
            }
        }
    }

    private static void TrimAll()
    {
        for (var i = int.MaxValue; i >= 0;)
        {
            i = TrimNext(i);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int TrimNext(int below)
    {
        Watched watched;
        lock (Sync)
        {
            below = Math.Min(below, _count) - 1;
            if (below < 0)
            {
                return below;
            }

            watched = _list[below];
        }

        if (watched.Owner is not { } owner)
        {
            Forget(watched);
            return below;
        }

        owner.Trim();
        if (!owner.IsEmpty)
        {
            return below;
        }

        // Once more, now that who adds something announces it.
        watched.IsYoung = false;
        var isEmpty = owner.IsEmpty;
        lock (Sync)
        {
            if (isEmpty && !watched.IsYoung)
            {
                Remove(watched);
            }
            else
            {
                watched.IsYoung = _youngest[watched.Position] == 0;
            }
        }

        return below;
    }
}
