using System.Diagnostics;
using WeakRefs.Annotations;
using WeakRefs.Registry;

namespace WeakRefs;

/// <summary>
/// Runs a callback some time after a registered object was collected: JavaScript's <c>FinalizationRegistry</c>.
/// </summary>
/// <typeparam name="THeld">The type of the value that is handed to the callback in place of the dead object.</typeparam>
/// <remarks>
/// <para>A callback comes late or never: not before a collection finds the target dead, not if the process exits first, not
/// if the registry itself is disposed or collected first. Nothing that must happen may depend on it. Nothing a registration
/// involves keeps the registry alive, so keep it in a field.</para>
/// <para>Callbacks run on a background thread, or on <see cref="FinalizationRegistryOptions.Scheduler"/>; never on the
/// finalizer thread, never inside <c>Register</c>, one at a time per registry. When one runs, the target is gone for good:
/// finalized, not resurrected, and no <see cref="WeakRef{T}"/> returns it. Each registration has one call. A callback that
/// throws does not hold up the others; see <see cref="CleanupFailed"/>.</para>
/// <para>The held value is kept alive until the callback or <c>Unregister</c>. If it leads to the target, or if the callback
/// captured the target, the target is never collected.</para>
/// <para>All members may be called from any thread, from the callback and from finalizers.</para>
/// </remarks>
[DebuggerDisplay("{DebuggerDisplay,nq}")]
public sealed class FinalizationRegistry<THeld> : IDisposable, IWatched
{
    /// <summary>In milliseconds: when the watcher looks after callbacks that were left over.</summary>
    private const int LeftOverDelay = 250;

    /// <summary>Of the delay, for a scheduler that goes on refusing: about four minutes at last.</summary>
    private const int MostDoublings = 10;

    private readonly Action<THeld> _cleanup;
    private readonly TaskScheduler? _scheduler;
    private readonly Watched _watched = new();
    private readonly Slab<THeld> _slab;
    private readonly SlabOwner _owner;
    private long _collectionsSeen = -1;
    private int _isRunning;
    private int _wasRefused;
    private int _isScheduled;

    /// <summary>How often in a row the scheduler refused.</summary>
    private int _refusals;

    /// <summary>Makes a registry without registrations.</summary>
    /// <param name="cleanup">Called with the held value after a target was collected. Must not reference a target.</param>
    /// <param name="options">How to call it, or <see langword="null"/> for the defaults. Read once, here.</param>
    /// <exception cref="ArgumentNullException"><paramref name="cleanup"/> is null.</exception>
    public FinalizationRegistry([CleanupCallback] Action<THeld> cleanup, FinalizationRegistryOptions? options = null)
    {
        _cleanup = cleanup ?? throw new ArgumentNullException(nameof(cleanup));
        _scheduler = options?.Scheduler;
        _watched.Owner = this;
        _slab = new Slab<THeld>(_watched);
        _owner = new SlabOwner(_slab);
    }

    /// <summary>
    /// Raised for a callback that threw, on the thread it ran on, before the next callback. Without a handler, or if a
    /// handler throws too, <see cref="FinalizationRegistry.UnobservedCleanupFailed"/> is raised.
    /// </summary>
    public event EventHandler<CleanupFailedEventArgs>? CleanupFailed;

    bool IWatched.HasDue => _slab.HasDue && Volatile.Read(ref _isScheduled) == 0;

    bool IWatched.IsEmpty => _slab.IsEmpty();

    private string DebuggerDisplay => _slab.IsClosed ? "disposed" : $"{_slab.Count} registrations";

    /// <summary>Asks for a callback with <paramref name="heldValue"/> after <paramref name="target"/> was collected.</summary>
    /// <param name="target">The object to watch. It may be registered any number of times.</param>
    /// <param name="heldValue">What the callback gets; any value but the target, <see langword="null"/> included.</param>
    /// <returns>The registration, for cancelling it.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="target"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="heldValue"/> is <paramref name="target"/>, or <paramref name="target"/> is a boxed value type, which
    /// nothing else refers to.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The registry was disposed, or collected and resurrected.</exception>
    public Registration Register([WeakTarget] object target, [HeldValue] THeld heldValue) => Add(target, heldValue, null);

    /// <summary>
    /// Asks for a callback with <paramref name="heldValue"/> after <paramref name="target"/> was collected, unless
    /// <see cref="Unregister"/> is called with <paramref name="unregisterToken"/> before.
    /// </summary>
    /// <param name="target">The object to watch. It may be registered any number of times.</param>
    /// <param name="heldValue">What the callback gets; any value but the target, <see langword="null"/> included.</param>
    /// <param name="unregisterToken">
    /// Any object, often the target itself. Compared by reference, held weakly, good for any number of registrations.
    /// </param>
    /// <returns>The registration, another means of cancelling it.</returns>
    /// <exception cref="ArgumentNullException">
    /// <paramref name="target"/> or <paramref name="unregisterToken"/> is null.
    /// </exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="heldValue"/> is <paramref name="target"/>, or one of the two others is a boxed value type.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The registry was disposed, or collected and resurrected.</exception>
    public Registration Register(
        [WeakTarget] object target, [HeldValue] THeld heldValue, [UnregisterToken] object unregisterToken)
    {
        Target.ThrowIfUnfit(unregisterToken, nameof(unregisterToken));
        return Add(target, heldValue, unregisterToken);
    }

    /// <summary>Cancels all registrations made with <paramref name="unregisterToken"/> whose callback has not started.</summary>
    /// <param name="unregisterToken">The object that was passed to <c>Register</c>.</param>
    /// <returns>
    /// <see langword="true"/> if there were any; their callbacks never run. Always <see langword="false"/> after
    /// <see cref="Dispose"/>.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="unregisterToken"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="unregisterToken"/> is a boxed value type.</exception>
    public bool Unregister([UnregisterToken] object unregisterToken)
    {
        Target.ThrowIfUnfit(unregisterToken, nameof(unregisterToken));
        bool found;
        try
        {
        }
        finally
        {
            found = _slab.Remove(unregisterToken);
        }

        GC.KeepAlive(this);
        return found;
    }

    /// <summary>
    /// Runs callbacks that are due on the calling thread, instead of waiting for the background thread or the scheduler. It
    /// does not start a collection.
    /// </summary>
    /// <param name="max">How many to run at most. Those that throw count.</param>
    /// <returns>
    /// How many ran. 0 if callbacks of this registry are running already, be it on another thread or because this is called
    /// from one; they do not overlap. 0 after <see cref="Dispose"/>.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="max"/> is negative.</exception>
    public int CleanupSome(int max = int.MaxValue)
    {
        if (max < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(max));
        }

        var collections = CollectionWatcher.Collections;
        if (Interlocked.Exchange(ref _collectionsSeen, collections) != collections)
        {
            FindDead(GC.MaxGeneration);
        }

        var count = RunDue(max);
        if (_slab.HasDue)
        {
            CollectionWatcher.Request(_watched, LeftOverDelay);
        }

        GC.KeepAlive(this);
        return count;
    }

    /// <summary>
    /// Cancels all registrations and releases their held values. Does not wait: a callback that is running, or was picked
    /// to run next on another thread, still finishes. May be called from the callback, and more than once.
    /// </summary>
    public void Dispose() => _owner.Dispose();

    int IWatched.FindDead(int generation) => FindDead(generation);

    void IWatched.RunDue()
    {
        if (_scheduler is null)
        {
            RunDue(int.MaxValue);
        }
        else if (Interlocked.Exchange(ref _isScheduled, 1) == 0)
        {
            Schedule(_scheduler);
        }
    }

    void IWatched.Trim()
    {
        try
        {
        }
        finally
        {
            _slab.Trim();
        }
    }

#if NET8_0_OR_GREATER
    int IWatched.Count => _slab.Count;

    (string Key, string Value)? IWatched.Types => null;

    void IWatched.StartCounting()
    {
        // There are no lookups.
    }
#endif

    private int FindDead(int generation)
    {
        try
        {
        }
        finally
        {
            generation = _slab.FindDead(generation);
        }

        return generation;
    }

    private Registration Add(object target, THeld heldValue, object? token)
    {
        Target.ThrowIfUnfit(target, nameof(target));
        if (!typeof(THeld).IsValueType && ReferenceEquals(target, heldValue))
        {
            throw new ArgumentException("The held value would keep the target alive for ever, being the target.", nameof(heldValue));
        }

        Registration registration;
        bool needsWatch;
        try
        {
        }
        finally
        {
            // Not to be left half done by an abort, see Gate.
            registration = _slab.Add(target, heldValue, token, out needsWatch);
        }

        if (registration.IsNone)
        {
            throw new ObjectDisposedException(nameof(FinalizationRegistry<THeld>));
        }

        if (needsWatch)
        {
            Watch(registration);
        }

        // Until here the target must live, or the callback might come before this returns; and so must the registry, or
        // its slab might be closed under our hands.
        GC.KeepAlive(target);
        GC.KeepAlive(this);
        return registration;
    }

    private void Watch(Registration registration)
    {
        try
        {
            CollectionWatcher.Watch(_watched);
        }
        catch
        {
            // No thread could be started. What this call registered is taken back, and the next one tries again.
            registration.Unregister();
            throw;
        }
    }

    private void Schedule(TaskScheduler scheduler)
    {
        LockOrder.AssertNone();
        try
        {
            Task.Factory.StartNew(
                static registry => ((FinalizationRegistry<THeld>)registry!).RunScheduled(),
                this, CancellationToken.None, TaskCreationOptions.DenyChildAttach, scheduler);
            _refusals = 0;
        }
        catch (Exception exception)
        {
            // The callbacks stay due; it is asked again, less and less often.
            Volatile.Write(ref _isScheduled, 0);
            CollectionWatcher.Request(_watched, LeftOverDelay << Math.Min(_refusals, MostDoublings));
            if (_refusals++ == 0)
            {
                Report(exception, null);
            }
        }
    }

    private void RunScheduled()
    {
        Volatile.Write(ref _isScheduled, 0);
        RunDue(int.MaxValue);
    }

    /// <summary>Runs callbacks unless that is being done already; returns how many.</summary>
    private int RunDue(int max)
    {
        int count = 0, stripe = 0;
        if (Interlocked.Exchange(ref _isRunning, 1) != 0)
        {
            Volatile.Write(ref _wasRefused, 1);
            return 0;
        }

        try
        {
            while (count < max && _slab.TryTakeDue(ref stripe, out var batch))
            {
                Run(ref batch, max, ref count);
            }
        }
        finally
        {
            Volatile.Write(ref _isRunning, 0);
            // Someone came by in the meantime and found the place taken; there may be something left for him.
            if (Interlocked.Exchange(ref _wasRefused, 0) != 0 && _slab.HasDue)
            {
                CollectionWatcher.Request(_watched, 0);
            }
        }

        return count;
    }

    private void Run(ref DueBatch<THeld> batch, int max, ref int count)
    {
        var before = count;
        try
        {
            while (count < max && batch.TryTake(out var held))
            {
                count++;
                LockOrder.AssertNone();
                try
                {
                    _cleanup(held);
                }
                catch (Exception exception)
                {
#if NET8_0_OR_GREATER
                    LibraryMeter.CountFailure();
#endif
                    Report(exception, held);
                }
            }
        }
        finally
        {
            batch.Return();
#if NET8_0_OR_GREATER
            LibraryMeter.CountCallbacks(count - before);
#endif
        }
    }

    private void Report(Exception exception, object? held)
    {
        var handler = CleanupFailed;
        if (handler is not null)
        {
            try
            {
                handler(this, new CleanupFailedEventArgs(exception, held));
                return;
            }
            catch (Exception second)
            {
                exception = new AggregateException(exception, second);
            }
        }

        UnobservedFailure.Report(this, new CleanupFailedEventArgs(exception, held));
    }

    /// <summary>
    /// Frees the handles when the registry is collected. An object of its own, so that the registry and what its callback
    /// refers to need not survive that collection.
    /// </summary>
    private sealed class SlabOwner(Slab<THeld> slab) : IDisposable
    {
        ~SlabOwner() => slab.Close();

        public void Dispose()
        {
            try
            {
            }
            finally
            {
                slab.Close();
            }

            GC.SuppressFinalize(this);
        }
    }
}
