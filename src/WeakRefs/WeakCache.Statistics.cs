namespace WeakRefs;

public sealed partial class WeakCache<TKey, TValue>
{
    private volatile WeakCacheStatistics? _statistics;

    /// <summary>
    /// How the lookups went. Counting begins when this is first read, and costs nothing before. <c>GetOrAdd</c> counts as a
    /// lookup, a change does not.
    /// </summary>
    public WeakCacheStatistics Statistics
    {
        get
        {
            if (_statistics is null)
            {
                Interlocked.CompareExchange(ref _statistics, new WeakCacheStatistics(), null);
                _table.Statistics = _statistics;
            }

            return _statistics;
        }
    }
}
