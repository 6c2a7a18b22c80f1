using System.Diagnostics.CodeAnalysis;
using WeakRefs.Annotations;

namespace WeakRefs;

/// <summary>
/// A cache whose values may be collected when nothing else uses them, except for the most recently used ones, which it
/// keeps.
/// </summary>
/// <typeparam name="TKey">The type of the keys. Keys are held strongly; one that leads to its value keeps it for ever.</typeparam>
/// <typeparam name="TValue">The type of the values.</typeparam>
/// <remarks>
/// <para>The bound on strongly held entries is exact. The number of all entries is not bounded by it: an entry lives as long
/// as something else uses its value, and its remains (the key and some bookkeeping) until a callback has removed them some
/// time after the collection.</para>
/// <para>All members may be called from any thread.</para>
/// </remarks>
public sealed class WeakCache<TKey, TValue> : IDisposable
    where TKey : notnull
    where TValue : class
{
    private readonly object _lock = new();
    private readonly int _strongCapacity;
    private readonly Dictionary<TKey, Entry> _entries;
    private readonly Dictionary<TKey, Production> _productions;

    /// <summary>The strongly held entries, the most recently used first.</summary>
    private readonly LinkedList<Entry> _recent = new();

    // Its callback refers to the cache, which does no harm: nothing refers to the registry but the cache.
    private readonly FinalizationRegistry<Entry> _registry;
    private bool _isDisposed;

    /// <summary>Makes an empty cache.</summary>
    /// <param name="strongCapacity">
    /// How many entries to keep, those used last, even if nothing else uses their values. 0 keeps none.
    /// </param>
    /// <param name="comparer">Compares keys; <see langword="null"/> for the default comparer of the type.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="strongCapacity"/> is negative.</exception>
    public WeakCache(int strongCapacity = 0, IEqualityComparer<TKey>? comparer = null)
    {
        if (strongCapacity < 0)
            throw new ArgumentOutOfRangeException(nameof(strongCapacity));
        _strongCapacity = strongCapacity;
        _entries = new Dictionary<TKey, Entry>(comparer);
        _productions = new Dictionary<TKey, Production>(comparer);
        _registry = new FinalizationRegistry<Entry>(OnCollected);
    }

    /// <summary>
    /// How many entries there are, including those whose value was collected and that no callback has removed yet. 0 after
    /// <see cref="Dispose"/>.
    /// </summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _entries.Count;
        }
    }

    /// <summary>Looks a value up, which counts as a use.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value, or <see langword="null"/> if there is none or it was collected.</param>
    /// <returns><see langword="true"/> if there is a value.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">The cache was disposed.</exception>
    public bool TryGet(TKey key, [WeakRead, NotNullWhen(true)] out TValue? value)
    {
        ThrowIfNull(key, nameof(key));
        lock (_lock)
        {
            ThrowIfDisposed();
            return TryGetLocked(key, out value);
        }
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
        lock (_lock)
        {
            ThrowIfDisposed();
            SetLocked(key, value);
        }
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
            Production? production;
            bool isOurs = false;
            lock (_lock)
            {
                ThrowIfDisposed();
                if (TryGetLocked(key, out TValue? value))
                    return value;
                if (!_productions.TryGetValue(key, out production))
                {
                    isOurs = true;
                    _productions.Add(key, production = new Production());
                }
            }

            if (isOurs)
                return Produce(key, factory, production);
            if (production.Wait() is { } produced)
                return produced;
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
        lock (_lock)
        {
            ThrowIfDisposed();
            if (!_entries.TryGetValue(key, out Entry? entry))
                return false;
            _entries.Remove(key);
            Retire(entry);
            return entry.Value.TryGetTarget(out _);
        }
    }

    /// <summary>Removes all entries.</summary>
    /// <exception cref="ObjectDisposedException">The cache was disposed.</exception>
    public void Clear()
    {
        lock (_lock)
        {
            ThrowIfDisposed();
            ClearLocked();
        }
    }

    /// <summary>Removes all entries for good. May be called more than once.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_isDisposed)
                return;
            _isDisposed = true;
            ClearLocked();
        }

        _registry.Dispose();
    }

    private static void ThrowIfNull(object? argument, string name)
    {
        if (argument is null)
            throw new ArgumentNullException(name);
    }

    private void ThrowIfDisposed()
    {
        if (_isDisposed)
            throw new ObjectDisposedException(nameof(WeakCache<TKey, TValue>));
    }

    private TValue Produce(TKey key, Func<TKey, TValue> factory, Production production)
    {
        TValue? result = null;
        try
        {
            TValue value = factory(key) ?? throw new InvalidOperationException("The factory returned null.");
            lock (_lock)
            {
                if (TryGetLocked(key, out TValue? other))
                    value = other;
                else if (!_isDisposed)
                    SetLocked(key, value);
            }

            return result = value;
        }
        finally
        {
            lock (_lock)
                _productions.Remove(key);
            production.Complete(result);
        }
    }

    private bool TryGetLocked(TKey key, [NotNullWhen(true)] out TValue? value)
    {
        if (_entries.TryGetValue(key, out Entry? entry) && entry.Value.TryGetTarget(out value))
        {
            Touch(entry, value);
            return true;
        }

        value = null;
        return false;
    }

    private void SetLocked(TKey key, TValue value)
    {
        if (_entries.TryGetValue(key, out Entry? old))
        {
            if (ReferenceEquals(old.Value.Deref(), value))
            {
                Touch(old, value);
                return;
            }

            Retire(old);
        }

        Entry entry = new(key, value);
        entry.Registration = _registry.Register(value, entry);
        _entries[key] = entry;
        Touch(entry, value);
    }

    /// <summary>Makes the entry the most recently used one, and lets go of the one that was used longest ago.</summary>
    private void Touch(Entry entry, TValue value)
    {
        if (_strongCapacity == 0)
            return;
        if (entry.Strong is not null)
        {
            _recent.Remove(entry.Node);
        }
        else
        {
            entry.Strong = value;
            if (_recent.Count == _strongCapacity)
                Weaken(_recent.Last!.Value);
        }

        _recent.AddFirst(entry.Node);
    }

    private void Weaken(Entry entry)
    {
        entry.Strong = null;
        _recent.Remove(entry.Node);
    }

    /// <summary>Lets go of an entry that is no longer, or soon no longer, in the dictionary.</summary>
    private void Retire(Entry entry)
    {
        entry.Registration.Unregister();
        if (entry.Strong is not null)
            Weaken(entry);
    }

    private void ClearLocked()
    {
        foreach (Entry entry in _entries.Values)
            Retire(entry);
        _entries.Clear();
    }

    private void OnCollected(Entry entry)
    {
        lock (_lock)
        {
            // The key may have another entry by now.
            if (_entries.TryGetValue(entry.Key, out Entry? current) && ReferenceEquals(current, entry))
                _entries.Remove(entry.Key);
        }
    }

    private sealed class Entry
    {
        public Entry(TKey key, TValue value)
        {
            Key = key;
            Value = new WeakRef<TValue>(value);
            Node = new LinkedListNode<Entry>(this);
        }

        public TKey Key { get; }

        public WeakRef<TValue> Value { get; }

        /// <summary>The value as well, while the entry is one of the recent ones.</summary>
        public TValue? Strong { get; set; }

        public LinkedListNode<Entry> Node { get; }

        public Registration Registration { get; set; }
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
                throw new InvalidOperationException("The factory asked the cache for the value it is making.");
            lock (this)
            {
                while (!_isComplete)
                    Monitor.Wait(this);
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
