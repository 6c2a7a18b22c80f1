using System.Diagnostics.CodeAnalysis;
using WeakRefs.Annotations;
using WeakRefs.Cache;
using WeakRefs.Registry;

namespace WeakRefs;

/// <summary>
/// A cache whose values may be collected when nothing else uses them, except for the most recently used ones, which it
/// keeps.
/// </summary>
/// <typeparam name="TKey">The type of the keys. Keys are held strongly; one that leads to its value keeps it for ever.</typeparam>
/// <typeparam name="TValue">The type of the values.</typeparam>
/// <remarks>
/// <para>The bound on strongly held entries is exact. The number of all entries is not bounded by it: an entry lives as long
/// as something else uses its value, and its remains (the key and some bookkeeping) until they are removed in the background
/// some time after the collection. An entry that got a new value in the meantime stays.</para>
/// <para>Which entries are the most recently used ones is decided by giving an entry that was read a second chance, not by an
/// exact order.</para>
/// <para>All members may be called from any thread. Looking up a strongly held value takes no lock.</para>
/// </remarks>
public sealed class WeakCache<TKey, TValue> : IDisposable, IWatched
    where TKey : notnull
    where TValue : class
{
    private readonly Table<TKey, TValue> _table;

    /// <summary>The factories at work; also their lock.</summary>
    private readonly Dictionary<TKey, Production> _productions;
    private volatile bool _isDisposed;

    /// <summary>Makes an empty cache.</summary>
    /// <param name="strongCapacity">
    /// How many entries to keep, those used last, even if nothing else uses their values. 0 keeps none.
    /// </param>
    /// <param name="comparer">Compares keys; <see langword="null"/> for the default comparer of the type.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="strongCapacity"/> is negative.</exception>
    public WeakCache(int strongCapacity = 0, IEqualityComparer<TKey>? comparer = null)
    {
        if (strongCapacity < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(strongCapacity));
        }

        _table = new Table<TKey, TValue>(strongCapacity, comparer);
        _productions = new Dictionary<TKey, Production>(comparer);
    }

    /// <summary>
    /// How many entries there are, including those whose value was collected and that were not removed yet. 0 after
    /// <see cref="Dispose"/>.
    /// </summary>
    public int Count => _table.Count;

    bool IWatched.IsListed { get; set; }

    bool IWatched.HasDue => false;

    /// <summary>Looks a value up, which counts as a use.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value, or <see langword="null"/> if there is none or it was collected.</param>
    /// <returns><see langword="true"/> if there is a value.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">The cache was disposed.</exception>
    public bool TryGet(TKey key, [WeakRead, NotNullWhen(true)] out TValue? value)
    {
        ThrowIfNull(key, nameof(key));
        if (_table.TryGet(key, out value))
        {
            return true;
        }

        ThrowIfDisposed(); // Who finds something need not ask: nothing is left to find after Dispose.
        return false;
    }

    /// <summary>Adds a value, or replaces the one of that key, which counts as a use.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> or <paramref name="value"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">The cache was disposed.</exception>
    public void Set(TKey key, TValue value)
    {
        ThrowIfNull(key, nameof(key));
        ThrowIfNull(value, nameof(value));
        ThrowIfDisposed();
        Store(key, value, onlyIfAbsent: false);
    }

    /// <summary>Looks a value up, or makes and adds it.</summary>
    /// <param name="key">The key.</param>
    /// <param name="factory">
    /// Makes the value. Concurrent calls for one key run one factory, and all get its value. It runs outside of any lock
    /// and may use the cache, but not ask for its own key. Two factories that wait for each other's key, on two threads, wait
    /// for ever.
    /// </param>
    /// <returns>
    /// The value; if one was set while the factory ran, that one. If the cache was disposed meanwhile, the factory's value,
    /// which is then not kept.
    /// </returns>
    /// <remarks>What the factory throws reaches the caller whose factory it was, and leaves no entry; a call that waited for
    /// it then runs its own factory.</remarks>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> or <paramref name="factory"/> is null.</exception>
    /// <exception cref="InvalidOperationException">
    /// The factory returned null, or asked for the value it is making.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The cache was disposed.</exception>
    public TValue GetOrAdd(TKey key, Func<TKey, TValue> factory)
    {
        ThrowIfNull(key, nameof(key));
        ThrowIfNull(factory, nameof(factory));
        while (true)
        {
            ThrowIfDisposed();
            if (_table.TryGet(key, out var value))
            {
                return value;
            }

            Production? production;
            var isOurs = false;
            lock (_productions)
            {
                // Once more: a factory may have finished since.
                if (_table.TryGet(key, out value))
                {
                    return value;
                }

                if (!_productions.TryGetValue(key, out production))
                {
                    isOurs = true;
                    _productions.Add(key, production = new Production());
                }
            }

            if (isOurs)
            {
                return Produce(key, factory, production);
            }

            if (production.Wait() is { } produced)
            {
                return produced;
            }
        }
    }

    /// <summary>Removes an entry.</summary>
    /// <param name="key">The key.</param>
    /// <returns><see langword="true"/> if there was a value that had not been collected.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">The cache was disposed.</exception>
    public bool Remove(TKey key)
    {
        ThrowIfNull(key, nameof(key));
        ThrowIfDisposed();
        return _table.Remove(key);
    }

    /// <summary>Removes all entries.</summary>
    /// <exception cref="ObjectDisposedException">The cache was disposed.</exception>
    public void Clear()
    {
        ThrowIfDisposed();
        _table.Clear();
    }

    /// <summary>Removes all entries for good. May be called more than once.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        _table.Close();
    }

    void IWatched.OnCollection(int generation) => _table.RemoveDead(generation);

    void IWatched.Trim()
    {
        // Nothing is pooled.
    }

    bool IWatched.TryGoIdle() => _table.TryGoIdle();

    // Generic, so that a key of a value type is not boxed.
    private static void ThrowIfNull<T>(T argument, string name)
    {
        if (argument is null)
        {
            throw new ArgumentNullException(name);
        }
    }

    private void ThrowIfDisposed()
    {
        if (_isDisposed)
        {
            throw new ObjectDisposedException(nameof(WeakCache<TKey, TValue>));
        }
    }

    private TValue Produce(TKey key, Func<TKey, TValue> factory, Production production)
    {
        TValue? result = null;
        try
        {
            var value = factory(key) ?? throw new InvalidOperationException("The factory returned null.");
            return result = Store(key, value, onlyIfAbsent: true);
        }
        finally
        {
            lock (_productions)
            {
                _productions.Remove(key);
            }

            production.Complete(result);
        }
    }

    /// <summary>Returns what is in the cache afterwards, or <paramref name="value"/> if the cache was disposed.</summary>
    private TValue Store(TKey key, TValue value, bool onlyIfAbsent)
    {
        var stored = _table.Set(key, value, onlyIfAbsent, out var needsWatch);
        if (needsWatch)
        {
            Watch();
        }

        return stored;
    }

    private void Watch()
    {
        try
        {
            CollectionWatcher.Watch(this);
        }
        catch
        {
            // No thread could be started. The entry is there all the same; the next new one tries again.
            _table.ForgetWatch();
            throw;
        }
    }

    /// <summary>A factory at work, and those who wait for it.</summary>
    private sealed class Production
    {
        private readonly int _thread = Environment.CurrentManagedThreadId;
        private TValue? _value;
        private bool _isComplete;

        /// <summary>Returns the value, or null if the factory threw.</summary>
        public TValue? Wait()
        {
            if (_thread == Environment.CurrentManagedThreadId)
            {
                throw new InvalidOperationException("The factory asked the cache for the value it is making.");
            }

            lock (this)
            {
                while (!_isComplete)
                {
                    Monitor.Wait(this);
                }

                return _value;
            }
        }

        public void Complete(TValue? value)
        {
            lock (this)
            {
                _value = value;
                _isComplete = true;
                Monitor.PulseAll(this);
            }
        }
    }
}
