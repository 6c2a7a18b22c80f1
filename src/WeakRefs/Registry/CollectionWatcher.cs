using System.Runtime.CompilerServices;
#if NET8_0_OR_GREATER
using System.Runtime.Loader;
#endif

namespace WeakRefs.Registry;

/// <summary>What the watcher does with a registry.</summary>
internal interface IWatched
{
    /// <summary>Belongs to the watcher.</summary>
    bool IsListed { get; set; }

    /// <summary>Callbacks are due that some earlier attempt left over.</summary>
    bool HasDue { get; }

    /// <summary>Called with the oldest generation collected since the last call, or -1 for what is left over.</summary>
    void OnCollection(int generation);

    void Trim();

    bool TryGoIdle();
}

/// <summary>
/// Tells registries that the collector ran. One background thread, which runs the callbacks too, and which lives only
/// while something is registered.
/// </summary>
/// <remarks>
/// There is no public notification of a collection, so finalizable objects that nothing refers to serve as bells. Their
/// finalizers run no code of a user: they hang up the next bell and wake the thread. In that order, for a collection between
/// waking and hanging up would ring nothing.
/// </remarks>
internal static class CollectionWatcher
{
    /// <summary>In milliseconds. Finds collections by their count when some other finalizer blocks the finalizer thread.</summary>
    private const int Poll = 250;

    /// <summary>In polls, so 5 seconds: how often unused memory is given back.</summary>
    private const int TrimInterval = 20;

    private static readonly object Sync = new();
    private static readonly AutoResetEvent Signal = new(false);

    // Weak, so that a registry nobody uses any more goes, with its callback and its registrations.
    private static readonly List<WeakReference<IWatched>> Watched = [];

    private static bool _isRunning;
    private static bool _isUnloading;

    /// <summary>Counts the runs of the thread: bells of an earlier run fall silent.</summary>
    private static int _run;

    /// <summary>1 if everything must be looked at, whatever the counts say.</summary>
    private static int _lookAtAll;

    public static bool IsRunning
    {
        get
        {
            lock (Sync)
            {
                return _isRunning;
            }
        }
    }

    /// <summary>Lists a registry. It stays listed until it is idle or collected.</summary>
    public static void Watch(IWatched registry)
    {
        lock (Sync)
        {
            if (!registry.IsListed)
            {
                Watched.Add(new WeakReference<IWatched>(registry));
                registry.IsListed = true;
            }

            // A collection since the registration was announced to others only.
            Volatile.Write(ref _lookAtAll, 1);
            if (!_isRunning && !_isUnloading)
            {
                Start();
            }
        }
    }

    /// <summary>Makes the thread call on all registries soon.</summary>
    public static void Wake() => Signal.Set();

    private static void Start()
    {
#if NET8_0_OR_GREATER
        if (_run == 0 && AssemblyLoadContext.GetLoadContext(typeof(CollectionWatcher).Assembly) is { IsCollectible: true } context)
        {
            context.Unloading += static _ => Stop();
        }
#endif
        Thread thread = new(Run) { IsBackground = true, Name = "WeakRefs cleanup" };
#if NET8_0_OR_GREATER
        thread.UnsafeStart(++_run);
#else
        // The ambient values of whoever happened to register first are none of the callbacks' business.
        var restore = !ExecutionContext.IsFlowSuppressed();
        if (restore)
        {
            ExecutionContext.SuppressFlow();
        }

        try
        {
            thread.Start(++_run);
        }
        finally
        {
            if (restore)
            {
                ExecutionContext.RestoreFlow();
            }
        }
#endif
        _isRunning = true;
        HangBells(_run);
    }

    /// <summary>The load context of this assembly is being unloaded; a running thread or an armed bell would keep it.</summary>
    private static void Stop()
    {
        lock (Sync)
        {
            _isUnloading = true;
            _run++;
        }

        Signal.Set();
    }

    private static void Run(object? run)
    {
        // The callbacks of a registry must not see what those of another left in the thread's ambient values.
        var context = ExecutionContext.Capture();
        Collections seen = default;
        var polls = 0;
        while (Volatile.Read(ref _run) == (int)run!)
        {
            Signal.WaitOne(Poll);
            // Counted first: a collection while we look belongs to the next round.
            var generation = seen.Update();
            if (Interlocked.Exchange(ref _lookAtAll, 0) != 0)
            {
                generation = GC.MaxGeneration;
            }

            var trim = ++polls % TrimInterval == 0;
            VisitAll(context, generation, trim);
            if (trim && StopIfIdle())
            {
                return;
            }
        }
    }

    private static bool StopIfIdle()
    {
        lock (Sync)
        {
            if (Watched.Count > 0)
            {
                return false;
            }

            _isRunning = false;
            _run++;
            return true;
        }
    }

    private static void VisitAll(ExecutionContext? context, int generation, bool trim)
    {
        for (var i = Count() - 1; i >= 0; i--)
        {
            Visit(i, context, generation, trim);
        }
    }

    private static int Count()
    {
        lock (Sync)
        {
            return Watched.Count;
        }
    }

    // Not inlined, so that the waiting thread has no registry on its stack.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Visit(int position, ExecutionContext? context, int generation, bool trim)
    {
        IWatched? registry;
        lock (Sync)
        {
            if (!Watched[position].TryGetTarget(out registry))
            {
                RemoveAt(position);
                return;
            }
        }

        if (generation >= 0 || registry.HasDue)
        {
            if (context is null)
            {
                registry.OnCollection(generation);
            }
            else
            {
                ExecutionContext.Run(context, _ => registry.OnCollection(generation), null);
            }
        }

        if (!trim)
        {
            return;
        }

        registry.Trim();
        lock (Sync)
        {
            if (registry.TryGoIdle())
            {
                registry.IsListed = false;
                RemoveAt(position);
            }
        }
    }

    /// <summary>Only the thread removes, from the end; so the last one has been visited.</summary>
    private static void RemoveAt(int position)
    {
        Watched[position] = Watched[Watched.Count - 1];
        Watched.RemoveAt(Watched.Count - 1);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void HangBells(int run)
    {
        _ = new YoungBell(run);
        _ = new OldBell(run);
    }

    /// <summary>How many collections there were, by generation.</summary>
    private struct Collections
    {
        private int _gen0;
        private int _gen1;
        private int _gen2;
#if NET8_0_OR_GREATER
        private long _background;
#endif

        /// <summary>Returns the oldest generation collected since the last call, or -1.</summary>
        public int Update()
        {
            var last = this;
            _gen0 = GC.CollectionCount(0);
            _gen1 = GC.CollectionCount(1);
            _gen2 = GC.CollectionCount(2);
#if NET8_0_OR_GREATER
            // The count of generation 2 rises when a background collection begins; this does when it is done.
            _background = GC.GetGCMemoryInfo(GCKind.Background).Index;
            if (_background != last._background)
            {
                return 2;
            }
#endif
            return _gen2 != last._gen2 ? 2
                : _gen1 != last._gen1 ? 1
                : _gen0 != last._gen0 ? 0
                : -1;
        }
    }

    /// <summary>Dies in the next collection of any generation.</summary>
    private sealed class YoungBell(int run)
    {
        ~YoungBell()
        {
            if (run != Volatile.Read(ref _run) || Environment.HasShutdownStarted)
            {
                return;
            }

            _ = new YoungBell(run);
            Signal.Set();
        }
    }

    /// <summary>
    /// Ages into generation 2 and dies there again and again: rings when a background collection has found its dead.
    /// </summary>
    private sealed class OldBell(int run)
    {
        ~OldBell()
        {
            if (run != Volatile.Read(ref _run) || Environment.HasShutdownStarted)
            {
                return;
            }

            GC.ReRegisterForFinalize(this);
            if (GC.GetGeneration(this) < GC.MaxGeneration)
            {
                return;
            }

            Volatile.Write(ref _lookAtAll, 1);
            Signal.Set();
        }
    }
}
