namespace WeakRefs.Registry;

/// <summary>What the watcher does with a registry or a cache. Called by its thread only.</summary>
internal interface IWatched
{
    /// <summary>There is something for <see cref="RunDue"/>.</summary>
    bool HasDue { get; }

    /// <summary>Nothing is alive or due, and no memory is left to be given back. Exact for what was added before.</summary>
    bool IsEmpty { get; }

    /// <summary>
    /// Finds what a collection of that generation, or a younger one, may have killed, and returns the generation of the
    /// youngest that is alive. Runs no code of a user and allocates nothing.
    /// </summary>
    int FindDead(int generation);

    /// <summary>Calls back. The only one that runs code of a user.</summary>
    void RunDue();

    /// <summary>Gives back memory that was not used lately.</summary>
    void Trim();

#if NET8_0_OR_GREATER
    /// <summary>How many registrations or entries there are. For the meter, as the next two.</summary>
    int Count { get; }

    /// <summary>The types of a cache's keys and values; null for a registry. By name, because a type would keep its load context.</summary>
    (string Key, string Value)? Types { get; }

    /// <summary>Counts lookups from now on.</summary>
    void StartCounting();
#endif
}

/// <summary>The watcher's note about a registry or a cache, which it does not keep alive.</summary>
internal sealed class Watched
{
    private readonly WeakReference<IWatched> _owner = new(null!);

    /// <summary>
    /// A collection of generation 0 will bring the watcher here. Who adds something and finds it false must call
    /// <see cref="CollectionWatcher.Watch"/> before letting go of what was added.
    /// </summary>
    public volatile bool IsYoung;

    /// <summary>Place in the list, or -1. Guarded by the watcher, as all that follows.</summary>
    public int Position = -1;

    /// <summary>A visit was asked for, at <see cref="VisitAt"/>.</summary>
    public bool IsRequested;

    /// <summary>In milliseconds, as <see cref="Environment.TickCount"/>.</summary>
    public int VisitAt;

    /// <summary>To be set once. Not in the constructor, since owner and note need each other.</summary>
    public IWatched? Owner
    {
        get => _owner.TryGetTarget(out var owner) ? owner : null;
        set => _owner.SetTarget(value!);
    }
}
