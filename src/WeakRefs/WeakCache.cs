using System.Collections;
using System.ComponentModel;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using WeakRefs.Annotations;
using WeakRefs.Cache;
using WeakRefs.Registry;

namespace WeakRefs;

/// <summary>
/// A cache whose values may be collected when nothing else uses them, except for the most useful ones, which it keeps.
/// </summary>
/// <typeparam name="TKey">The type of the keys. Keys are held strongly; one that leads to its value keeps it for ever.</typeparam>
/// <typeparam name="TValue">The type of the values.</typeparam>
/// <remarks>
/// <para>The bound on strongly held entries is exact. The number of all entries is not bounded by it: an entry lives as long
/// as something else uses its value, and its remains (the key and some bookkeeping) until they are removed some time after the
/// collection, in the background, by <see cref="Set"/> or by <see cref="Trim"/>. An entry that got a new value in the meantime
/// stays.</para>
/// <para>There is no expiry by time: it would cost every entry a time stamp and every lookup a look at a clock. Put the time
/// into the value if you need it, and remove it with <see cref="TryRemove(TKey, TValue)"/> when it is over.</para>
/// <para>All members may be called from any thread, from comparers, factories, event handlers and finalizers; none of these
/// runs inside a lock of the cache. Looking up a strongly held value takes no lock.</para>
/// </remarks>
[DebuggerDisplay("{DebuggerDisplay,nq}")]
public sealed partial class WeakCache<TKey, TValue> : IEnumerable<KeyValuePair<TKey, TValue>>, IDisposable, IWatched
    where TKey : notnull
    where TValue : class
{
    private readonly Watched _watched = new();
    private readonly Table<TKey, TValue> _table;
    private readonly Productions<TKey, TValue> _productions = new();
    private volatile bool _isDisposed;

    /// <summary>Makes an empty cache.</summary>
    /// <param name="strongCapacity">
    /// How many entries to keep, the most useful ones, even if nothing else uses their values. 0 keeps none.
    /// </param>
    /// <param name="comparer">Compares keys; <see langword="null"/> for the default comparer of the type.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="strongCapacity"/> is negative.</exception>
    public WeakCache(int strongCapacity = 0, IEqualityComparer<TKey>? comparer = null)
    {
        ThrowIfNegative(strongCapacity, nameof(strongCapacity));
        _watched.Owner = this;
        _table = new Table<TKey, TValue>(strongCapacity, comparer, _watched);
    }

    /// <summary>
    /// How many entries there are, including those whose value was collected and that were not removed yet. 0 after
    /// <see cref="Dispose"/>.
    /// </summary>
    public int Count => _table.Count;

    /// <summary>How many entries are kept even if nothing else uses their values. What is too many is let go at once.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int Capacity
    {
        get => _table.Strong.Capacity;
        set
        {
            ThrowIfNegative(value, nameof(value));
            _table.Strong.Capacity = value;
        }
    }

    /// <summary>What compares the keys.</summary>
    public IEqualityComparer<TKey> Comparer => _table.Comparer;

    /// <summary>The keys whose values are alive, as they are now. A copy.</summary>
    public IReadOnlyCollection<TKey> Keys => _table.ToList().ConvertAll(static entry => entry.Key);

    bool IWatched.HasDue => HasEvictions;

    bool IWatched.IsEmpty => _table.Count == 0;

    private string DebuggerDisplay => _isDisposed ? "disposed" : $"{Count} entries, {_table.Strong.Count} of them strong";

    /// <summary>Looks a value up, which counts as a use.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value, or <see langword="null"/> if there is none or it was collected.</param>
    /// <returns><see langword="true"/> if there is a value.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">The cache was disposed.</exception>
    public bool TryGetValue(TKey key, [WeakRead, NotNullWhen(true)] out TValue? value)
    {
        ThrowIfNull(key, nameof(key));
        var found = _table.TryGet(key, out value);
        CountLookup(found);
        return found;
    }

    /// <summary>The same as <see cref="TryGetValue"/>.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value, or <see langword="null"/> if there is none or it was collected.</param>
    /// <returns><see langword="true"/> if there is a value.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">The cache was disposed.</exception>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public bool TryGet(TKey key, [WeakRead, NotNullWhen(true)] out TValue? value) => TryGetValue(key, out value);

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

    /// <summary>Adds a value, unless the key has one that is alive.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <returns><see langword="true"/> if it was added.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> or <paramref name="value"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">The cache was disposed.</exception>
    public bool TryAdd(TKey key, TValue value)
    {
        ThrowIfNull(key, nameof(key));
        ThrowIfNull(value, nameof(value));
        ThrowIfDisposed();
        return Store(key, value, onlyIfAbsent: true) is null;
    }

    /// <summary>Removes an entry.</summary>
    /// <param name="key">The key.</param>
    /// <returns><see langword="true"/> if there was a value that had not been collected.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">The cache was disposed.</exception>
    public bool Remove(TKey key) => TryRemove(key, out _);

    /// <summary>Removes an entry and returns its value.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value, or <see langword="null"/> if there was none or it was collected.</param>
    /// <returns><see langword="true"/> if there was a value that had not been collected.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">The cache was disposed.</exception>
    public bool TryRemove(TKey key, [WeakRead, NotNullWhen(true)] out TValue? value)
    {
        ThrowIfNull(key, nameof(key));
        ThrowIfDisposed();
        var found = _table.TryRemove(key, null, out value);
        TellEvictions();
        return found;
    }

    /// <summary>Removes an entry if it has that very value, so that one that has replaced it stays.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value, compared by reference.</param>
    /// <returns><see langword="true"/> if it was removed.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> or <paramref name="value"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">The cache was disposed.</exception>
    public bool TryRemove(TKey key, TValue value)
    {
        ThrowIfNull(key, nameof(key));
        ThrowIfNull(value, nameof(value));
        ThrowIfDisposed();
        var found = _table.TryRemove(key, value, out _);
        TellEvictions();
        return found;
    }

    /// <summary>Removes all entries.</summary>
    /// <exception cref="ObjectDisposedException">The cache was disposed.</exception>
    public void Clear()
    {
        ThrowIfDisposed();
        _table.Clear();
        TellEvictions();
    }

    /// <summary>
    /// Removes the entries whose values were collected, and gives back what memory they had, without waiting for it to be done
    /// in the background. It does not start a collection.
    /// </summary>
    public void Trim()
    {
        _table.RemoveDead(GC.MaxGeneration);
        TellEvictions();
    }

    /// <summary>Returns the entries whose values are alive, as they are now. Does not count as a use.</summary>
    /// <returns>An enumerator of a copy, which keeps those values alive as long as it lives itself.</returns>
    public IEnumerator<KeyValuePair<TKey, TValue>> GetEnumerator() => _table.ToList().GetEnumerator();

    /// <summary>Removes all entries for good. May be called more than once.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        _table.Close();
        TellEvictions();
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    int IWatched.FindDead(int generation) => _table.RemoveDead(generation);

    void IWatched.RunDue() => TellEvictions();

    void IWatched.Trim()
    {
        // Nothing is pooled.
    }

    private static void ThrowIfNegative(int argument, string name)
    {
        if (argument < 0)
        {
            throw new ArgumentOutOfRangeException(name);
        }
    }

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

    private void CountLookup(bool found)
    {
        if (_statistics is { } statistics)
        {
            statistics.CountLookup(found);
        }

        if (!found)
        {
            ThrowIfDisposed(); // Who finds something need not ask: nothing is left to find after Dispose.
        }
    }

    /// <summary>Returns what was in the cache before, or null.</summary>
    private TValue? Store(TKey key, TValue value, bool onlyIfAbsent)
    {
        var previous = _table.Set(key, value, onlyIfAbsent, out var needsWatch);
        if (needsWatch)
        {
#if NET8_0_OR_GREATER
            if (LibraryMeter.IsCounting)
            {
                StartCounting();
            }
#endif
            CollectionWatcher.Watch(_watched); // If no thread can be started, the entry is there all the same; the next one tries again.
        }

        // Until here the value must live, or its death might go unnoticed.
        GC.KeepAlive(value);
        TellEvictions();
        return previous;
    }
}
