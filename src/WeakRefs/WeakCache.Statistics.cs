#if NET8_0_OR_GREATER
using WeakRefs.Registry;
#endif

namespace WeakRefs;

public sealed partial class WeakCache<TKey, TValue>
{
    private volatile WeakCacheStatistics? _statistics;

    /// <summary>
    /// How the lookups went. Counting begins when this is first read, or when somebody who listens to the meter <c>WeakRefs</c>
    /// first asks for lookups, and costs nothing before. <c>GetOrAdd</c> counts as a lookup, a change does not.
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

#if NET8_0_OR_GREATER
    int IWatched.Count => _table.Count;

    (string Key, string Value)? IWatched.Types => Types;

    private static (string Key, string Value) Types => (typeof(TKey).ToString(), typeof(TValue).ToString());

    void IWatched.StartCounting() => StartCounting();

    private void StartCounting()
    {
        if (Statistics.Total is null)
        {
            Statistics.Total = LibraryMeter.TotalOf(Types);
        }
    }
#endif
}
