using WeakRefs.Cache;

namespace WeakRefs;

public sealed partial class WeakCache<TKey, TValue>
{
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
    /// <remarks>What the factory throws reaches all who waited for it, and leaves no entry; the next call runs its own.</remarks>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> or <paramref name="factory"/> is null.</exception>
    /// <exception cref="InvalidOperationException">
    /// The factory returned null, or asked for the value it is making.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The cache was disposed.</exception>
    public TValue GetOrAdd(TKey key, Func<TKey, TValue> factory)
    {
        ThrowIfNull(factory, nameof(factory));
        return GetOrAdd(key, static (key, factory) => factory(key), factory);
    }

    /// <summary>Looks a value up, or makes and adds it; as the other overload, for a factory that needs no closure.</summary>
    /// <typeparam name="TArgument">The type of the argument.</typeparam>
    /// <param name="key">The key.</param>
    /// <param name="factory">Makes the value.</param>
    /// <param name="argument">Handed to the factory.</param>
    /// <returns>The value.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> or <paramref name="factory"/> is null.</exception>
    /// <exception cref="InvalidOperationException">
    /// The factory returned null, or asked for the value it is making.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The cache was disposed.</exception>
    public TValue GetOrAdd<TArgument>(TKey key, Func<TKey, TArgument, TValue> factory, TArgument argument)
    {
        ThrowIfNull(factory, nameof(factory));
        return TryGetValue(key, out var value) ? value : Join(key, factory, argument);
    }

    /// <summary>Looks a value up, or makes and adds it without blocking a thread.</summary>
    /// <param name="key">The key.</param>
    /// <param name="factory">
    /// Makes the value. Concurrent calls for one key run one factory, and all get its value, those of <c>GetOrAdd</c> included,
    /// which block until it is there. A factory that waits for its own key waits for ever.
    /// </param>
    /// <returns>A task with the value; if one was set while the factory ran, that one.</returns>
    /// <remarks>What the factory throws reaches all who waited for it, and leaves no entry; the next call runs its own.</remarks>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> or <paramref name="factory"/> is null.</exception>
    /// <exception cref="InvalidOperationException">The factory returned null, or asked for the value before it returned.</exception>
    /// <exception cref="ObjectDisposedException">The cache was disposed.</exception>
    public Task<TValue> GetOrAddAsync(TKey key, Func<TKey, Task<TValue>> factory)
    {
        ThrowIfNull(factory, nameof(factory));
        if (TryGetValue(key, out var value))
        {
            return Task.FromResult(value);
        }

        var production = _productions.Join(key, _table.HashOf(key), Comparer, out var isNew);
        return isNew ? ProduceAsync(production, factory) : production.Task;
    }

    /// <summary>Runs the factory, or waits for the one that runs for that key.</summary>
    private TValue Join<TArgument>(TKey key, Func<TKey, TArgument, TValue> factory, TArgument argument)
    {
        var production = _productions.Join(key, _table.HashOf(key), Comparer, out var isNew);
        return isNew ? Produce(production, factory, argument) : production.Task.GetAwaiter().GetResult();
    }

    private TValue Produce<TArgument>(
        Production<TKey, TValue> production, Func<TKey, TArgument, TValue> factory, TArgument argument)
    {
        try
        {
            // Once more: another factory may have finished since.
            var value = _table.TryGet(production.Key, out var present)
                ? present
                : Keep(production.Key, factory(production.Key, argument));
            production.Complete(value);
            return value;
        }
        catch (Exception exception)
        {
            production.Fail(exception);
            throw;
        }
        finally
        {
            _productions.Remove(production);
        }
    }

    private async Task<TValue> ProduceAsync(Production<TKey, TValue> production, Func<TKey, Task<TValue>> factory)
    {
        try
        {
            if (!_table.TryGet(production.Key, out var value))
            {
                var task = factory(production.Key);
                production.Leave();
                value = Keep(production.Key, task is null ? null : await task.ConfigureAwait(false));
            }

            production.Complete(value);
            return value;
        }
        catch (Exception exception)
        {
            production.Fail(exception);
            throw;
        }
        finally
        {
            _productions.Remove(production);
        }
    }

    /// <summary>Adds what a factory made, and returns what is in the cache then.</summary>
    private TValue Keep(TKey key, TValue? made)
    {
        if (made is null)
        {
            throw new InvalidOperationException("The factory returned null.");
        }

        return Store(key, made, onlyIfAbsent: true) ?? made;
    }
}
