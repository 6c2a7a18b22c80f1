namespace WeakRefs;

public sealed partial class WeakCache<TKey, TValue>
{
    private EventHandler<WeakCacheEvictedEventArgs<TKey, TValue>>? _evicted;

    /// <summary>
    /// Raised for each entry that left the cache, with the cause: on the thread whose call made it leave, before that call
    /// returns, or on the library's background thread if the collector did it. Entries that leave while nobody listens are
    /// not remembered.
    /// </summary>
    /// <remarks>
    /// An entry that is no longer among the strongly held ones has not left. What a handler throws goes to
    /// <see cref="FinalizationRegistry.UnobservedCleanupFailed"/>, with the key.
    /// </remarks>
    public event EventHandler<WeakCacheEvictedEventArgs<TKey, TValue>>? Evicted
    {
        add
        {
            lock (_watched)
            {
                _evicted += value;
                _table.Evictions ??= new();
            }
        }

        remove
        {
            lock (_watched)
            {
                _evicted -= value;
                if (_evicted is null)
                {
                    _table.Evictions = null;
                }
            }
        }
    }

    private bool HasEvictions => _table.Evictions is { IsEmpty: false };

    private void TellEvictions()
    {
        if (!HasEvictions)
        {
            return;
        }

        while (_table.Evictions is { } evictions && evictions.TryDequeue(out var eviction))
        {
            try
            {
                _evicted?.Invoke(this, eviction);
            }
            catch (Exception exception)
            {
                UnobservedFailure.Report(this, new CleanupFailedEventArgs(exception, eviction.Key));
            }
        }
    }
}
