using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using WeakRefs.Cache;
using Xunit;

namespace WeakRefs.Tests;

public class WeakCacheTests
{
    [Fact]
    public void Set_and_get()
    {
        using WeakCache<string, object> cache = new();
        object value = new(), other = new();
        cache.Set("key", value);
        Assert.True(cache.TryGet("key", out var found));
        Assert.Same(value, found);
        Assert.False(cache.TryGet("missing", out found));
        Assert.Null(found);
        cache.Set("key", other);
        Assert.True(cache.TryGet("key", out found));
        Assert.Same(other, found);
        Assert.Equal(1, cache.Count);
        GC.KeepAlive(value);
        GC.KeepAlive(other);
    }

    [Fact]
    public void A_value_nobody_uses_goes_and_so_does_its_entry()
    {
        using WeakCache<int, object> cache = new();
        Fill(cache, 0, 1000);
        Collector.CollectUntil(() => cache.Count == 0, "entries were kept");
        Assert.False(cache.TryGet(0, out _));
    }

    [Fact]
    public void A_value_in_use_stays()
    {
        using WeakCache<int, object> cache = new();
        object value = new();
        cache.Set(-1, value);
        Fill(cache, 0, 1000);
        Collector.CollectUntil(() => cache.Count == 1, "the others were kept");
        Assert.True(cache.TryGet(-1, out var found));
        Assert.Same(value, found);
    }

    // "The size limit is a soft guarantee": exact for what the cache keeps, open for what others keep.
    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(1000)]
    public void The_bound_is_exact_for_strong_entries_and_does_not_limit_the_rest(int capacity)
    {
        using WeakCache<int, object> cache = new(capacity);
        var inUse = new object[2000];
        Targets.InFrame(() =>
        {
            for (var i = 0; i < inUse.Length; i++)
            {
                cache.Set(i, inUse[i] = new object());
            }
        });

        Assert.Equal(inUse.Length, cache.Count);
        Fill(cache, 10_000, 3000);
        Assert.Equal(inUse.Length + 3000, cache.Count);
        if (capacity < StrongPart<int, object>.Large)
        {
            // The last ones set are the ones that are kept.
            Collector.CollectUntil(() => cache.Count == inUse.Length + capacity, "more or fewer strong entries than the bound");
            for (var i = 13_000 - capacity; i < 13_000; i++)
            {
                Assert.True(cache.TryGet(i, out _));
            }
        }

        // In a large cache newcomers, seen once, drive nothing out, so some of those in use are among the strong ones.
        Collector.CollectUntil(() => cache.Count <= inUse.Length + capacity, "more strong entries than the bound");
        Array.Clear(inUse, 0, inUse.Length);
        Collector.CollectUntil(() => cache.Count == capacity, "more or fewer strong entries than the bound");
        Collector.Collect();
        Collector.Collect();
        Assert.Equal(capacity, cache.Count);
    }

    [Fact]
    public void Replacing_and_reading_do_not_loosen_the_bound()
    {
        const int Capacity = 16;
        using WeakCache<int, object> cache = new(Capacity);
        for (var round = 0; round < 20; round++)
        {
            Fill(cache, 0, 40);
            Read(cache, 40 - Capacity / 2, Capacity / 2);
            Fill(cache, 30, 5);
            cache.Remove(33);
            cache.Remove(39);
        }

        Fill(cache, 0, 40);
        Collector.CollectUntil(() => cache.Count == Capacity, "more or fewer strong entries than the bound");
        Collector.Collect();
        Assert.Equal(Capacity, cache.Count);
    }

    [Fact]
    public void Reading_keeps_an_entry_from_being_dropped_first()
    {
        using WeakCache<string, object> cache = new(2);
        Targets.InFrame(() =>
        {
            cache.Set("a", new object());
            cache.Set("b", new object());
            Assert.True(cache.TryGet("a", out _));
            cache.Set("c", new object());
        });
        Collector.CollectUntil(() => cache.Count == 2, "three are kept");
        Assert.True(cache.TryGet("a", out _));
        Assert.False(cache.TryGet("b", out _));
        Assert.True(cache.TryGet("c", out _));
    }

    [Fact]
    public void Capacity_0_keeps_nothing()
    {
        using WeakCache<int, object> cache = new(0);
        Fill(cache, 0, 100);
        Read(cache, 0, 100);
        Collector.CollectUntil(() => cache.Count == 0, "entries were kept");
    }

    // "The callback may fire after you've already replaced an entry under the same key"
    [Fact]
    public void A_late_callback_does_not_remove_the_replacement()
    {
        using WeakCache<int, object> cache = new();
        var replacements = new object[100];
        for (var round = 0; round < 20; round++)
        {
            Fill(cache, 0, replacements.Length);
            // Finds the dead, and hands them to the background thread while they are being replaced here.
            GC.Collect(0);
            for (var i = 0; i < replacements.Length; i++)
            {
                cache.Set(i, replacements[i] = new object());
            }

            WaitForCallbacks();
            for (var i = 0; i < replacements.Length; i++)
            {
                Assert.True(cache.TryGet(i, out var found));
                Assert.Same(replacements[i], found);
            }

            cache.Clear();
        }
    }

    // "The callback may arrive after the cache is destroyed"
    [Fact]
    public void A_late_callback_after_Dispose_is_harmless()
    {
        ConcurrentQueue<CleanupFailedEventArgs> failures = new();
        EventHandler<CleanupFailedEventArgs> handler = (_, failure) => failures.Enqueue(failure);
        FinalizationRegistry.UnobservedCleanupFailed += handler;
        try
        {
            for (var round = 0; round < 20; round++)
            {
                WeakCache<int, object> cache = new(3);
                Fill(cache, 0, 1000);
                GC.Collect(0);
                cache.Dispose();
                Assert.Equal(0, cache.Count);
            }

            WaitForCallbacks();
        }
        finally
        {
            FinalizationRegistry.UnobservedCleanupFailed -= handler;
        }

        Assert.Empty(failures);
    }

    // "Holding the cache itself in a closure can block GC"
    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    public void Neither_callbacks_nor_live_values_keep_the_cache(int capacity)
    {
        object value = new();
        var (cache, kept) = Targets.InFrame(() =>
        {
            WeakCache<int, object> made = new(capacity);
            Fill(made, 0, 100);
            made.Set(-1, value);
            object last = new();
            made.Set(-2, last);
            return (new WeakReference(made), new WeakReference(last));
        });
        Collector.CollectUntil(() => !cache.IsAlive && !kept.IsAlive, "the cache was kept");
        GC.KeepAlive(value);
    }

    [Fact]
    public void Dispose_releases_the_strong_values()
    {
        WeakCache<int, object> cache = new(10);
        var value = Targets.InFrame(() =>
        {
            object made = new();
            cache.Set(1, made);
            return new WeakReference(made);
        });
        Collector.Collect();
        Assert.True(value.IsAlive);
        cache.Dispose();
        Collector.CollectUntil(() => !value.IsAlive, "the value was kept");
        GC.KeepAlive(cache);
    }

    [Fact]
    public void Remove_and_Clear_release_the_strong_values()
    {
        using WeakCache<int, object> cache = new(10);
        var (first, second) = Targets.InFrame(() =>
        {
            object a = new(), b = new();
            cache.Set(1, a);
            cache.Set(2, b);
            return (new WeakReference(a), new WeakReference(b));
        });
        Assert.True(Targets.InFrame(() => cache.Remove(1)));
        Assert.False(cache.Remove(1));
        Collector.CollectUntil(() => !first.IsAlive, "the removed value was kept");
        Assert.True(second.IsAlive);
        cache.Clear();
        Assert.Equal(0, cache.Count);
        Collector.CollectUntil(() => !second.IsAlive, "the cleared value was kept");
    }

    [Fact]
    public void Remove_says_whether_there_was_a_value()
    {
        using WeakCache<int, object> cache = new();
        object value = new();
        cache.Set(1, value);
        Assert.False(cache.Remove(2));
        Assert.True(cache.Remove(1));
        Assert.False(cache.TryGet(1, out _));
        Assert.Equal(0, cache.Count);
        GC.KeepAlive(value);
    }

    [Fact]
    public void Setting_the_same_value_again_changes_nothing()
    {
        using WeakCache<int, object> cache = new(1);
        object value = new();
        cache.Set(1, value);
        cache.Set(1, value);
        Assert.Equal(1, cache.Count);
        Assert.True(cache.TryGet(1, out var found));
        Assert.Same(value, found);
        found = value = null!;
        Assert.True(Targets.InFrame(() => cache.Remove(1)));
        Assert.Equal(0, cache.Count);
    }

    [Fact]
    public void One_value_may_have_several_keys()
    {
        using WeakCache<int, object> cache = new();
        Targets.InFrame(() =>
        {
            object value = new();
            for (var i = 0; i < 10; i++)
            {
                cache.Set(i, value);
            }

            Assert.Equal(10, cache.Count);
            Assert.True(cache.Remove(3));
            Assert.True(cache.TryGet(4, out var found));
            Assert.Same(value, found);
        });
        Collector.CollectUntil(() => cache.Count == 0, "an entry was kept");
    }

    [Fact]
    public void The_comparer_is_used()
    {
        using WeakCache<string, object> cache = new(5, StringComparer.OrdinalIgnoreCase);
        object value = new();
        cache.Set("Key", value);
        Assert.True(cache.TryGet("KEY", out var found));
        Assert.Same(value, found);
        Assert.Same(value, cache.GetOrAdd("key", _ => new object()));
        Assert.True(cache.Remove("kEY"));
    }

    [Fact]
    public void Keys_with_equal_hash_codes()
    {
        using WeakCache<int, object> cache = new(5, new OneHash());
        var values = Enumerable.Range(0, 100).Select(_ => new object()).ToArray();
        for (var i = 0; i < values.Length; i++)
        {
            cache.Set(i, values[i]);
        }

        for (var i = 0; i < values.Length; i += 3)
        {
            Assert.True(cache.Remove(i));
        }

        for (var i = 0; i < values.Length; i++)
        {
            Assert.Equal(i % 3 != 0, cache.TryGet(i, out var found));
            if (found is not null)
            {
                Assert.Same(values[i], found);
            }
        }
    }

    [Fact]
    public void GetOrAdd_makes_what_is_missing_once()
    {
        using WeakCache<int, object> cache = new(1);
        var made = 0;
        var first = cache.GetOrAdd(1, key =>
        {
            made++;
            return "made for " + key;
        });
        Assert.Equal("made for 1", first);
        Assert.Same(first, cache.GetOrAdd(1, _ => throw new InvalidOperationException()));
        Assert.Equal(1, made);
    }

    [Fact]
    public void GetOrAdd_makes_again_what_was_collected()
    {
        using WeakCache<int, object> cache = new();
        Targets.InFrame(() => { cache.GetOrAdd(1, _ => new object()); });
        Collector.CollectUntil(() => !Targets.InFrame(() => cache.TryGet(1, out _)), "the value was kept");
        object second = new();
        Assert.Same(second, cache.GetOrAdd(1, _ => second));
    }

    [Fact]
    public void GetOrAdd_runs_one_factory_for_concurrent_calls()
    {
        using WeakCache<int, object> cache = new();
        for (var round = 0; round < 50; round++)
        {
            var made = 0;
            using Barrier barrier = new(4);
            var calls = Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    barrier.SignalAndWait();
                    return cache.GetOrAdd(round, _ =>
                    {
                        Interlocked.Increment(ref made);
                        Thread.Sleep(1);
                        return new object();
                    });
                },
                TaskCreationOptions.LongRunning)).ToArray();
            var results = Task.WhenAll(calls).Result;
            Assert.Equal(1, made);
            Assert.Single(results.Distinct());
        }
    }

    [Fact]
    public void A_factory_that_throws_leaves_no_entry_and_the_next_one_runs()
    {
        using WeakCache<int, object> cache = new(1);
        InvalidOperationException thrown = new();
        Assert.Same(thrown, Assert.Throws<InvalidOperationException>(() => cache.GetOrAdd(1, _ => throw thrown)));
        Assert.Equal(0, cache.Count);
        object value = new();
        Assert.Same(value, cache.GetOrAdd(1, _ => value));
    }

    // Who waited would otherwise run the same failing factory again, one after the other.
    [Fact]
    public void What_a_factory_throws_reaches_all_who_waited_and_the_next_call_runs_its_own()
    {
        using WeakCache<int, object> cache = new(1);
        using ManualResetEventSlim entered = new(), release = new();
        InvalidOperationException thrown = new();
        var failing = Task.Factory.StartNew(
            () => cache.GetOrAdd(1, _ =>
            {
                entered.Set();
                release.Wait();
                throw thrown;
            }),
            TaskCreationOptions.LongRunning);
        entered.Wait();
        var waiting = cache.GetOrAddAsync(1, _ => throw new NotSupportedException());
        release.Set();
        Assert.Same(thrown, Assert.Throws<AggregateException>(() => failing.Result).InnerException);
        Assert.Same(thrown, Assert.Throws<AggregateException>(() => waiting.Result).InnerException);
        object value = new();
        Assert.Same(value, cache.GetOrAdd(1, _ => value));
    }

    [Fact]
    public void A_factory_that_returns_null_is_an_error()
    {
        using WeakCache<int, object> cache = new(1);
        Assert.Throws<InvalidOperationException>(() => cache.GetOrAdd(1, _ => null!));
        Assert.Equal(0, cache.Count);
    }

    [Fact]
    public void A_factory_that_asks_for_its_own_key_is_an_error_and_for_another_is_not()
    {
        using WeakCache<int, object> cache = new(10);
        Assert.Throws<InvalidOperationException>(
            () => cache.GetOrAdd(1, _ => cache.GetOrAdd(2, _ => cache.GetOrAdd(1, _ => new object()))));
        Assert.Equal(0, cache.Count);

        object inner = new(), outer = new();
        Assert.Same(outer, cache.GetOrAdd(1, _ =>
        {
            Assert.Same(inner, cache.GetOrAdd(2, _ => inner));
            return outer;
        }));
        Assert.Equal(2, cache.Count);
    }

    [Fact]
    public void A_value_set_while_the_factory_runs_wins()
    {
        using WeakCache<int, object> cache = new(10);
        object set = new();
        Assert.Same(set, cache.GetOrAdd(1, _ =>
        {
            cache.Set(1, set);
            return new object();
        }));
        Assert.True(cache.TryGet(1, out var found));
        Assert.Same(set, found);
    }

    [Fact]
    public void A_factory_whose_cache_is_disposed_still_returns_its_value()
    {
        WeakCache<int, object> cache = new(10);
        object value = new();
        Assert.Same(value, cache.GetOrAdd(1, _ =>
        {
            cache.Dispose();
            return value;
        }));
        Assert.Equal(0, cache.Count);
    }

    [Fact]
    public void Bad_arguments()
    {
        using WeakCache<string, object> cache = new();
        object value = new();
        Assert.Equal("strongCapacity", Assert.Throws<ArgumentOutOfRangeException>(() => new WeakCache<int, object>(-1)).ParamName);
        Assert.Equal("key", Assert.Throws<ArgumentNullException>(() => cache.TryGet(null!, out _)).ParamName);
        Assert.Equal("key", Assert.Throws<ArgumentNullException>(() => cache.Set(null!, value)).ParamName);
        Assert.Equal("value", Assert.Throws<ArgumentNullException>(() => cache.Set("", null!)).ParamName);
        Assert.Equal("key", Assert.Throws<ArgumentNullException>(() => cache.GetOrAdd(null!, _ => value)).ParamName);
        Assert.Equal("factory", Assert.Throws<ArgumentNullException>(() => cache.GetOrAdd("", null!)).ParamName);
        Assert.Equal("key", Assert.Throws<ArgumentNullException>(() => cache.Remove(null!)).ParamName);
    }

    [Fact]
    public void After_Dispose()
    {
        WeakCache<string, object> cache = new(1);
        cache.Set("key", new object());
        cache.Dispose();
        cache.Dispose();
        Assert.Equal(0, cache.Count);
        Assert.Throws<ObjectDisposedException>(() => cache.TryGet("key", out _));
        Assert.Throws<ObjectDisposedException>(() => cache.Set("key", new object()));
        Assert.Throws<ObjectDisposedException>(() => cache.GetOrAdd("key", _ => new object()));
        Assert.Throws<ObjectDisposedException>(() => cache.Remove("key"));
        Assert.Throws<ObjectDisposedException>(cache.Clear);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(50)]
    public void Threads_against_each_other_and_the_collector_see_only_values_of_their_key(int capacity)
    {
        using WeakCache<int, Tagged> cache = new(capacity);
        using CancellationTokenSource done = new();
        var wrong = 0;
        var tasks = Enumerable.Range(0, 4).Select(seed => Task.Factory.StartNew(
            () =>
            {
                Random random = new(seed);
                for (var i = 0; i < 60_000; i++)
                {
                    var key = random.Next(300);
                    Tagged? value = null;
                    switch (random.Next(8))
                    {
                        case 0: cache.Set(key, new Tagged(key)); break;
                        case 1: cache.Remove(key); break;
                        case 2: value = cache.GetOrAdd(key, k => new Tagged(k)); break;
                        default: cache.TryGet(key, out value); break;
                    }

                    if (value is not null && value.Key != key)
                    {
                        Interlocked.Increment(ref wrong);
                    }
                }
            },
            TaskCreationOptions.LongRunning)).ToArray();
        while (!Task.WaitAll(tasks, 5))
        {
            GC.Collect(0);
        }

        Assert.Equal(0, wrong);
        Collector.CollectUntil(() => cache.Count <= capacity, "entries were kept");
    }

    [Fact]
    public void What_is_always_there_is_always_counted_while_the_cache_grows_and_shrinks()
    {
        const int Always = 1000, Most = 20_000;
        using WeakCache<int, object> cache = new();
        object value = new();
        for (var i = 0; i < Always; i++)
        {
            cache.Set(i, value);
        }

        var changing = Task.Factory.StartNew(
            () =>
            {
                for (var round = 0; round < 20; round++)
                {
                    for (var i = Always; i < Most; i++)
                    {
                        cache.Set(i, value);
                    }

                    for (var i = Always; i < Most; i++)
                    {
                        cache.Remove(i);
                    }

                    cache.Trim();
                }
            },
            TaskCreationOptions.LongRunning);
        var least = int.MaxValue;
        while (!changing.IsCompleted)
        {
            least = Math.Min(least, cache.Count);
        }

        changing.GetAwaiter().GetResult();
        Assert.InRange(least, Always, Most);
        Assert.Equal(Always, cache.Count);
        GC.KeepAlive(value);
    }

    [Fact]
    public void A_key_that_is_always_there_is_never_missed_while_the_cache_grows()
    {
        using WeakCache<int, object> cache = new();
        object value = new();
        cache.Set(-1, value);
        var all = new object[200_000];
        var misses = 0;
        using ManualResetEventSlim started = new();
        var done = false;
        var reader = Task.Factory.StartNew(
            () =>
            {
                started.Set();
                do
                {
                    if (!cache.TryGet(-1, out var found) || found != value)
                    {
                        misses++;
                    }
                }
                while (!Volatile.Read(ref done));
            },
            TaskCreationOptions.LongRunning);
        started.Wait();
        for (var i = 0; i < all.Length; i++)
        {
            cache.Set(i, all[i] = new object());
        }

        Volatile.Write(ref done, true);
        reader.Wait();
        Assert.Equal(0, misses);
        Assert.Equal(all.Length + 1, cache.Count);
        GC.KeepAlive(all);
    }

    private static void Fill(WeakCache<int, object> cache, int first, int count) => Targets.InFrame(() =>
    {
        for (var i = first; i < first + count; i++)
        {
            cache.Set(i, new object());
        }
    });

    private static void Read(WeakCache<int, object> cache, int first, int count) => Targets.InFrame(() =>
    {
        for (var i = first; i < first + count; i++)
        {
            cache.TryGet(i, out _);
        }
    });

    /// <summary>All registries share one thread: when a later one was served, the earlier ones were.</summary>
    private static void WaitForCallbacks()
    {
        var calls = 0;
        using FinalizationRegistry<int> control = new(_ => Interlocked.Increment(ref calls));
        Collector.CollectUntilCalled(control, 1, () => Volatile.Read(ref calls) > 0);
    }

    private sealed record Tagged(int Key);

    private sealed class OneHash : IEqualityComparer<int>
    {
        public bool Equals(int x, int y) => x == y;

        public int GetHashCode(int obj) => 1;
    }
}
