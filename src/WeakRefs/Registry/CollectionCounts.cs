namespace WeakRefs.Registry;

/// <summary>How many collections there were, by generation.</summary>
internal struct CollectionCounts
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
