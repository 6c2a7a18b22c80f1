#if NET10_0_OR_GREATER
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using WeakRefs.Annotations;
using WeakRefs.Cache;

#pragma warning disable RS0041 // Says so of the arguments of the type that a nested type is in.

namespace WeakRefs;

public sealed partial class WeakCache<TKey, TValue>
{
    /// <summary>
    /// Returns a view of this cache that is asked with another type than that of its keys, a span of characters for a string for
    /// example, so that a key is made only for what is added.
    /// </summary>
    /// <typeparam name="TAlternateKey">The type to ask with.</typeparam>
    /// <returns>The view, which costs nothing to make.</returns>
    /// <exception cref="InvalidOperationException">
    /// The <see cref="Comparer"/> does not compare keys with <typeparamref name="TAlternateKey"/>, or returned no key where one
    /// was to be made. Those of strings do with <see cref="ReadOnlySpan{T}"/> of <see cref="char"/>.
    /// </exception>
    public AlternateLookup<TAlternateKey> GetAlternateLookup<TAlternateKey>()
        where TAlternateKey : notnull, allows ref struct =>
        TryGetAlternateLookup<TAlternateKey>(out var lookup)
            ? lookup
            : throw new InvalidOperationException($"The comparer does not compare keys with {typeof(TAlternateKey)}.");

    /// <summary>The same as <see cref="GetAlternateLookup{TAlternateKey}"/>, without an exception.</summary>
    /// <typeparam name="TAlternateKey">The type to ask with.</typeparam>
    /// <param name="lookup">The view; a default value, which cannot be used, if there is none.</param>
    /// <returns><see langword="true"/> if the comparer compares keys with <typeparamref name="TAlternateKey"/>.</returns>
    public bool TryGetAlternateLookup<TAlternateKey>(out AlternateLookup<TAlternateKey> lookup)
        where TAlternateKey : notnull, allows ref struct
    {
        var found = Comparer is IAlternateEqualityComparer<TAlternateKey, TKey>;
        lookup = found ? new(this) : default;
        return found;
    }

    /// <summary>A view of a <see cref="WeakCache{TKey, TValue}"/> that is asked with another type than that of its keys.</summary>
    /// <typeparam name="TAlternateKey">The type to ask with.</typeparam>
    /// <remarks>All members may be called from any thread, as those of the cache. A default value cannot be used.</remarks>
    [DebuggerDisplay("{Cache}")]
    public readonly struct AlternateLookup<TAlternateKey>
        where TAlternateKey : notnull, allows ref struct
    {
        internal AlternateLookup(WeakCache<TKey, TValue> cache) => Cache = cache;

        /// <summary>The cache this is a view of.</summary>
        public WeakCache<TKey, TValue> Cache { get; }

        /// <summary>Looks a value up, which counts as a use.</summary>
        /// <param name="key">What equals the key.</param>
        /// <param name="value">The value, or <see langword="null"/> if there is none or it was collected.</param>
        /// <returns><see langword="true"/> if there is a value.</returns>
        /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
        /// <exception cref="ObjectDisposedException">The cache was disposed.</exception>
        public bool TryGetValue(TAlternateKey key, [WeakRead, NotNullWhen(true)] out TValue? value)
        {
            ThrowIfAlternateNull(key);
            var found = Cache._table.TryGetBy(key, Compare, out value);
            Cache.CountLookup(found);
            return found;
        }

        /// <summary>
        /// Looks a value up, or makes and adds it, as <see cref="WeakCache{TKey, TValue}.GetOrAdd(TKey, Func{TKey, TValue})"/>.
        /// </summary>
        /// <param name="key">What equals the key. Made into a key if there is no value.</param>
        /// <param name="factory">Makes the value.</param>
        /// <returns>The value.</returns>
        /// <exception cref="ArgumentNullException"><paramref name="key"/> or <paramref name="factory"/> is null.</exception>
        /// <exception cref="InvalidOperationException">
        /// The factory returned null, or asked for the value it is making; or the comparer made no key.
        /// </exception>
        /// <exception cref="ObjectDisposedException">The cache was disposed.</exception>
        public TValue GetOrAdd(TAlternateKey key, Func<TKey, TValue> factory)
        {
            ThrowIfNull(factory, nameof(factory));
            return GetOrAdd(key, static (key, factory) => factory(key), factory);
        }

        /// <summary>Looks a value up, or makes and adds it; as the other overload, for a factory that needs no closure.</summary>
        /// <typeparam name="TArgument">The type of the argument.</typeparam>
        /// <param name="key">What equals the key. Made into a key if there is no value.</param>
        /// <param name="factory">Makes the value.</param>
        /// <param name="argument">Handed to the factory.</param>
        /// <returns>The value.</returns>
        /// <exception cref="ArgumentNullException"><paramref name="key"/> or <paramref name="factory"/> is null.</exception>
        /// <exception cref="InvalidOperationException">
        /// The factory returned null, or asked for the value it is making; or the comparer made no key.
        /// </exception>
        /// <exception cref="ObjectDisposedException">The cache was disposed.</exception>
        public TValue GetOrAdd<TArgument>(TAlternateKey key, Func<TKey, TArgument, TValue> factory, TArgument argument)
        {
            ThrowIfNull(factory, nameof(factory));
            return TryGetValue(key, out var value) ? value : Cache.Join(KeyOf(key), factory, argument);
        }

        /// <summary>Removes an entry.</summary>
        /// <param name="key">What equals the key.</param>
        /// <returns><see langword="true"/> if there was a value that had not been collected.</returns>
        /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
        /// <exception cref="ObjectDisposedException">The cache was disposed.</exception>
        public bool Remove(TAlternateKey key) => TryRemove(key, out _);

        /// <summary>Removes an entry and returns its value.</summary>
        /// <param name="key">What equals the key.</param>
        /// <param name="value">The value, or <see langword="null"/> if there was none or it was collected.</param>
        /// <returns><see langword="true"/> if there was a value that had not been collected.</returns>
        /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
        /// <exception cref="ObjectDisposedException">The cache was disposed.</exception>
        public bool TryRemove(TAlternateKey key, [WeakRead, NotNullWhen(true)] out TValue? value)
        {
            ThrowIfAlternateNull(key);
            Cache.ThrowIfDisposed();
            var found = Cache._table.TryRemoveBy(key, Compare, out value);
            Cache.TellEvictions();
            return found;
        }

        private IAlternateEqualityComparer<TAlternateKey, TKey> Compare =>
            (IAlternateEqualityComparer<TAlternateKey, TKey>)Cache._table.Comparer;

        private TKey KeyOf(TAlternateKey key) =>
            Compare.Create(key) ?? throw new InvalidOperationException("The comparer made no key.");

        private static void ThrowIfAlternateNull(TAlternateKey key)
        {
            if (key is null)
            {
                throw new ArgumentNullException(nameof(key));
            }
        }
    }
}
#endif
