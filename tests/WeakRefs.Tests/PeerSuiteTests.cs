using System.Collections.Concurrent;
using Xunit;

namespace WeakRefs.Tests;

/// <summary>
/// Ideas of the suites of V8, .NET, Caffeine and BitFaster.Caching that have no other test here. docs/conformance.md lists all.
/// </summary>
public class PeerSuiteTests
{
    private readonly object _value = new(), _other = new();

    [Fact]
    public void A_dead_registry_does_not_take_the_registrations_of_another_with_it()
    {
        var calls = 0;
        using FinalizationRegistry<int> alive = new(_ => Interlocked.Increment(ref calls));
        var dead = Targets.InFrame(() =>
        {
            object target = new();
            FinalizationRegistry<int> other = new(static _ => { });
            other.Register(target, 1);
            alive.Register(target, 2);
            return new WeakReference(other);
        });
        Collector.CollectUntil(() => Volatile.Read(ref calls) == 1 && !dead.IsAlive, "no call, or the registry is kept");
    }

    [Fact]
    public void The_held_value_lives_as_long_as_its_registration()
    {
        object? got = null;
        using FinalizationRegistry<object> registry = new(held => got = held);
        object target = new();
        var held = Targets.InFrame(() =>
        {
            object value = new();
            registry.Register(target, value);
            return new WeakReference(value);
        });
        for (var i = 0; i < 3; i++)
        {
            Collector.Collect();
        }

        Assert.True(held.IsAlive);
        Assert.Null(got);
        GC.KeepAlive(target);
    }

    [Fact]
    public void Found_dead_twice_before_any_callback_ran_each_is_called_once()
    {
        ConcurrentQueue<int> calls = new();
        using FinalizationRegistry<int> registry = new(calls.Enqueue, ParkedScheduler.Options);
        for (var round = 0; round < 2; round++)
        {
            Targets.RegisterDead(registry, 100 * round, 100);
            Collector.Collect();
        }

        Collector.CollectUntil(() => registry.CleanupSome() >= 0 && calls.Count >= 200 - Collector.Missable, "some were not called");
        Assert.Equal(calls.Count, calls.Distinct().Count());
    }

    [Fact]
    public void One_collection_is_news_for_many_registries()
    {
        var calls = new int[50];
        var registries = Enumerable.Range(0, calls.Length)
            .Select(i => new FinalizationRegistry<int>(_ => Interlocked.Increment(ref calls[i]))).ToArray();
        foreach (var registry in registries)
        {
            Targets.RegisterDead(registry, 0, 30);
        }

        Collector.CollectUntil(
            () => calls.All(count => count > 0) && calls.Sum() >= 30 * calls.Length - Collector.Missable, "some hear nothing");
        Array.ForEach(registries, registry => registry.Dispose());
    }

    [Fact]
    public void A_callback_may_collect_and_others_come_after_it()
    {
        var calls = 0;
        FinalizationRegistry<int>? registry = null;
        registry = new(depth =>
        {
            Interlocked.Increment(ref calls);
            if (depth > 0)
            {
                Targets.RegisterDead(registry!, depth - 1, 30);
                Collector.Collect();
                Assert.Equal(0, registry!.CleanupSome()); // They do not nest.
            }
        });
        Targets.RegisterDead(registry, 1, 30);
        Collector.CollectUntil(() => Volatile.Read(ref calls) > 60, "nothing came after a callback that collected");
        registry.Dispose();
    }

    [Fact]
    public void A_removal_while_the_factory_runs_removes_nothing()
    {
        using WeakCache<int, object> cache = new(1);
        Assert.Same(_value, cache.GetOrAdd(1, key =>
        {
            Assert.False(cache.Remove(key));
            cache.Clear();
            return _value;
        }));
        Assert.True(cache.TryGetValue(1, out _));
    }

    [Fact]
    public void A_factory_may_change_other_keys()
    {
        using WeakCache<int, object> cache = new(10);
        cache.Set(2, _other);
        Assert.Same(_value, cache.GetOrAdd(1, _ =>
        {
            cache.Set(3, _value);
            cache.Remove(2);
            return cache.GetOrAdd(4, _ => _value);
        }));
        Assert.Equal([1, 3, 4], cache.Keys.OrderBy(key => key));
    }

    [Fact]
    public void GetOrAddAsync_of_a_cancelled_task_keeps_nothing()
    {
        using WeakCache<int, object> cache = new(1);
        TaskCompletionSource<object> source = new();
        var first = cache.GetOrAddAsync(1, _ => source.Task);
        var second = cache.GetOrAddAsync(1, _ => throw new NotSupportedException());
        source.SetCanceled();
        Assert.ThrowsAny<OperationCanceledException>(() => first.GetAwaiter().GetResult());
        Assert.ThrowsAny<OperationCanceledException>(() => second.GetAwaiter().GetResult());
        Assert.Equal(0, cache.Count);
        Assert.Same(_value, cache.GetOrAdd(1, _ => _value));
    }

    [Fact]
    public void Setting_a_value_while_its_task_runs_wins()
    {
        using WeakCache<int, object> cache = new(1);
        TaskCompletionSource<object> source = new();
        var asked = cache.GetOrAddAsync(1, _ => source.Task);
        cache.Set(1, _other);
        source.SetResult(_value);
        Assert.Same(_other, asked.GetAwaiter().GetResult());
        Assert.Same(_other, cache.GetOrAdd(1, _ => _value));
    }

    [Fact]
    public void An_enumeration_sees_what_was_there_when_it_began()
    {
        using WeakCache<int, object> cache = new(10);
        for (var key = 0; key < 5; key++)
        {
            cache.Set(key, _value);
        }

        List<int> seen = [];
        foreach (var entry in cache)
        {
            cache.Set(100 + entry.Key, _value);
            cache.Clear();
            seen.Add(entry.Key);
        }

        Assert.Equal([0, 1, 2, 3, 4], seen.Order());
    }

    [Fact]
    public void Clearing_tells_of_each_entry_and_an_empty_cache_of_none()
    {
        using WeakCache<int, object> cache = new(3);
        ConcurrentQueue<int> told = new();
        cache.Evicted += (_, entry) =>
        {
            Assert.Equal(WeakCacheEvictionCause.Cleared, entry.Cause);
            told.Enqueue(entry.Key);
        };
        cache.Clear();
        for (var key = 0; key < 10; key++)
        {
            cache.Set(key, _value);
        }

        cache.Clear();
        cache.Clear();
        Assert.Equal(Enumerable.Range(0, 10), told.Order());
        GC.KeepAlive(_value);
    }

    [Fact]
    public void Dropping_out_of_the_strong_part_is_no_eviction()
    {
        using WeakCache<int, object> cache = new(1);
        cache.Evicted += static (_, _) => throw new InvalidOperationException();
        object[] values = [new(), new(), new()];
        for (var key = 0; key < values.Length; key++)
        {
            cache.Set(key, values[key]);
        }

        cache.Capacity = 0;
        Assert.Equal([0, 1, 2], cache.Keys.OrderBy(key => key));
        GC.KeepAlive(values);
    }

    [Fact]
    public void All_members_at_once_on_all_threads_while_collecting()
    {
        using WeakCache<int, string> cache = new(50);
        var told = 0;
        cache.Evicted += (_, entry) =>
        {
            Interlocked.Increment(ref told);
            if (entry.Value is { } value && value != Text(entry.Key))
            {
                throw new InvalidOperationException();
            }
        };
        ConcurrentQueue<CleanupFailedEventArgs> failures = new();
        EventHandler<CleanupFailedEventArgs> handler = (_, failure) => failures.Enqueue(failure);
        FinalizationRegistry.UnobservedCleanupFailed += handler;
        var tasks = Enumerable.Range(0, 4).Select(seed => Task.Factory.StartNew(
            () =>
            {
                Random random = new(seed);
                for (var i = 0; i < 10_000; i++)
                {
                    UseAny(cache, random);
                }
            },
            TaskCreationOptions.LongRunning)).ToArray();
        while (!Task.WaitAll(tasks, 5))
        {
            GC.Collect(0);
        }

        FinalizationRegistry.UnobservedCleanupFailed -= handler;
        Assert.Empty(failures);
        Assert.True(told > 0);
        cache.Capacity = 0;
        Collector.CollectUntil(() => cache.Count <= Collector.Missable, "entries were kept");
    }

    private static void UseAny(WeakCache<int, string> cache, Random random)
    {
        var key = random.Next(200);
        string? value = null;
        switch (random.Next(16))
        {
            case 0: cache.Set(key, Text(key)); break;
            case 1: cache.TryAdd(key, Text(key)); break;
            case 2: cache.TryRemove(key, out value); break;
            case 3: cache.TryRemove(key, Text(key)); break;
            case 4: value = cache.GetOrAdd(key, Text); break;
            case 5: value = cache.GetOrAdd(key, static (key, _) => Text(key), 1); break;
            case 6: value = cache.GetOrAddAsync(key, static async key =>
                {
                    await Task.Yield();
                    return Text(key);
                }).GetAwaiter().GetResult(); break;
            case 7 when random.Next(100) == 0: cache.Clear(); break;
            case 8 when random.Next(20) == 0: cache.Trim(); break;
            case 9 when random.Next(50) == 0: cache.Capacity = random.Next(100); break;
            case 10 when random.Next(50) == 0: Assert.All(cache, entry => Assert.Equal(Text(entry.Key), entry.Value)); break;
            case 11 when random.Next(50) == 0: Assert.Distinct(cache.Keys); break;
            default: cache.TryGetValue(key, out value); break;
        }

        if (value is not null)
        {
            Assert.Equal(Text(key), value);
        }
    }

    private static string Text(int key) => new('x', key + 1);
}
