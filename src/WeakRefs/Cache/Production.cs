namespace WeakRefs.Cache;

/// <summary>A factory at work for a key, and those who wait for it.</summary>
internal sealed class Production<TKey, TValue>(TKey key, uint hash)
    where TKey : notnull
    where TValue : class
{
    public readonly TKey Key = key;

    public readonly uint Hash = hash;

    /// <summary>The next one of the bucket.</summary>
    public volatile Production<TKey, TValue>? Next;

    private readonly TaskCompletionSource<TValue> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The thread the factory runs on, 0 after it returned.</summary>
    private volatile int _thread = Environment.CurrentManagedThreadId;

    /// <summary>The factory's value, or what it threw.</summary>
    public Task<TValue> Task
    {
        get
        {
            if (_thread == Environment.CurrentManagedThreadId)
            {
                throw new InvalidOperationException("The factory asked the cache for the value it is making.");
            }

            return _result.Task;
        }
    }

    /// <summary>The factory has returned, if with a task only: its thread may now wait like others.</summary>
    public void Leave() => _thread = 0;

    public void Complete(TValue value)
    {
        Leave();
        _result.TrySetResult(value);
    }

    public void Fail(Exception exception)
    {
        Leave();
        _result.TrySetException(exception);
        _ = _result.Task.Exception; // Seen by the caller whose factory it was, if by nobody else.
    }
}
