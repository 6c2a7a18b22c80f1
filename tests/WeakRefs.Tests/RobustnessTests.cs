using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using WeakRefs.Registry;
using Xunit;

namespace WeakRefs.Tests;

/// <summary>Nothing a program does with the library ends or hangs the process. Each of these once did, or lost something.</summary>
public class RobustnessTests
{
    [Fact]
    public void Comparers_that_use_another_cache_do_not_deadlock()
    {
        using WeakCache<int, object> plain = new(10);
        NestedComparer first = new(), second = new();
        using WeakCache<int, object> a = new(10, first), b = new(10, second);
        first.Other = b;
        second.Other = a;
        var value = new object();
        var tasks = Enumerable.Range(0, 4).Select(seed => Task.Factory.StartNew(
            () =>
            {
                for (var i = 0; i < 3000; i++)
                {
                    var cache = (i + seed) % 2 == 0 ? a : b;
                    cache.Set(i % 50, value);
                    cache.TryGetValue(i % 70, out _);
                    cache.GetOrAdd(i % 60, _ => value);
                    cache.Remove(i % 90);
                    // A first registration inside of a comparer.
                    using FinalizationRegistry<int> registry = new(static _ => { });
                    registry.Register(value, 1);
                }
            },
            TaskCreationOptions.LongRunning)).ToArray();
        Assert.True(Task.WaitAll(tasks, 60_000), "The comparers wait for each other.");
        GC.KeepAlive(value);
    }

    [Fact]
    public void A_comparer_may_change_the_cache_it_is_asked_for()
    {
        WeakCache<int, object>? cache = null;
        var calls = 0;
        var value = new object();
        ActingComparer comparer = new(() =>
        {
            if (++calls > 300)
            {
                return; // Or each walk along a bucket would make the bucket longer for the next.
            }

            if (calls % 3 == 0)
            {
                cache!.Set(1000 + calls, value);
            }
            else if (calls % 7 == 0)
            {
                cache!.Remove(calls % 10);
            }
        });
        cache = new(3, comparer);
        for (var i = 0; i < 200; i++)
        {
            cache.Set(i % 10, value);
            cache.GetOrAdd(i % 5, _ => value);
            cache.Remove(i % 10);
        }

        comparer.Action = null;
        cache.Set(5, value);
        Assert.True(cache.TryGetValue(5, out _));
        Assert.Equal(cache.Count, cache.Keys.Distinct().Count());
    }

    [Fact]
    public void What_callbacks_do_to_the_thread_does_not_stop_it()
    {
        ConcurrentQueue<int> calls = new();
        ConcurrentQueue<(bool IsBackground, ThreadPriority Priority, bool HasContext)> states = new();
        using FinalizationRegistry<int> registry = new(held =>
        {
            states.Enqueue((Thread.CurrentThread.IsBackground, Thread.CurrentThread.Priority, SynchronizationContext.Current is not null));
            calls.Enqueue(held);
            Thread.CurrentThread.IsBackground = false;
            Thread.CurrentThread.Priority = ThreadPriority.Lowest;
            SynchronizationContext.SetSynchronizationContext(new());
            Thread.CurrentThread.Interrupt();
        });
        for (var i = 0; i < 5; i++)
        {
            Targets.RegisterDead(registry, i);
            Collector.CollectUntil(() => calls.Contains(i), "the thread is gone");
        }

        Assert.All(states, state => Assert.Equal((true, ThreadPriority.Normal, false), state));
    }

    [Fact]
    public void Out_of_memory_in_a_callback_and_in_its_handler_does_not_stop_the_thread()
    {
        ConcurrentQueue<int> calls = new();
        using FinalizationRegistry<int> registry = new(held =>
        {
            calls.Enqueue(held);
            throw new InsufficientMemoryException("pretended");
        });
        registry.CleanupFailed += (_, _) => throw new InsufficientMemoryException("pretended too");
        EventHandler<CleanupFailedEventArgs> handler = static (_, _) => throw new InsufficientMemoryException("pretended as well");
        FinalizationRegistry.UnobservedCleanupFailed += handler;
        try
        {
            for (var i = 0; i < 3; i++)
            {
                Targets.RegisterDead(registry, i);
                Collector.CollectUntil(() => calls.Contains(i), "the thread is gone");
            }
        }
        finally
        {
            FinalizationRegistry.UnobservedCleanupFailed -= handler;
        }
    }

    [Fact]
    public void A_trace_listener_that_throws_does_not_stop_the_thread()
    {
        ConcurrentQueue<int> calls = new();
        using ThrowingListener listener = new();
        using FinalizationRegistry<int> registry = new(held =>
        {
            calls.Enqueue(held);
            throw new NotSupportedException("for a listener that throws");
        });
        Trace.Listeners.Add(listener);
        try
        {
            for (var i = 0; i < 3; i++)
            {
                Targets.RegisterDead(registry, i);
                Collector.CollectUntil(() => calls.Contains(i), "the thread is gone");
            }
        }
        finally
        {
            Trace.Listeners.Remove(listener);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_comparer_that_throws_after_the_factory_leaves_nobody_waiting(bool isAsync)
    {
        var thrown = new InvalidOperationException("the comparer");
        ActingComparer comparer = new(null);
        using WeakCache<int, object> cache = new(1, comparer);
        using ManualResetEventSlim entered = new(), release = new();
        var failing = Task.Factory.StartNew(
            () => cache.GetOrAdd(1, _ =>
            {
                entered.Set();
                release.Wait();
                var thread = Environment.CurrentManagedThreadId;
                comparer.Action = () =>
                {
                    // The other thread may ask only now.
                    if (Environment.CurrentManagedThreadId == thread)
                    {
                        throw thrown;
                    }
                };
                return new object();
            }),
            TaskCreationOptions.LongRunning);
        entered.Wait();
        var waiting = isAsync
            ? cache.GetOrAddAsync(1, _ => throw new NotSupportedException())
            : Task.Factory.StartNew(() => cache.GetOrAdd(1, _ => throw new NotSupportedException()), TaskCreationOptions.LongRunning);
        release.Set();
        Assert.Same(thrown, Assert.Throws<AggregateException>(() => failing.Result).InnerException);
        Assert.True(((IAsyncResult)waiting).AsyncWaitHandle.WaitOne(30_000), "One waits for ever.");
        comparer.Action = null;
        object value = new();
        Assert.Same(value, cache.GetOrAdd(1, _ => value));
    }

    [Fact]
    public void A_key_that_changes_while_its_factory_runs_leaves_nobody_waiting()
    {
        using WeakCache<ChangingKey, object> cache = new(10);
        ChangingKey key = new() { Id = 1 };
        object value = new();
        Assert.Same(value, cache.GetOrAdd(key, changed =>
        {
            changed.Id = 2;
            return value;
        }));
        for (var id = 1; id <= 2; id++)
        {
            var asked = Task.Factory.StartNew(
                () => cache.GetOrAdd(new ChangingKey { Id = id }, _ => value), TaskCreationOptions.LongRunning);
            Assert.True(asked.Wait(30_000), "The factory is still said to run.");
        }
    }

    [Fact]
    public void An_idle_registry_is_small_and_looking_after_many_allocates_nothing()
    {
        const int Count = 20_000;
        var registries = new FinalizationRegistry<int>[Count];
        var target = new object();
#if NET
        var before = GC.GetAllocatedBytesForCurrentThread();
#endif
        for (var i = 0; i < Count; i++)
        {
            registries[i] = new(static _ => { });
        }

#if NET
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / Count, 0, 400);
#endif
        foreach (var registry in registries)
        {
            registry.Register(target, 1);
        }

        // Old enough that nothing is young any more, and all visited once.
        var calls = 0;
        using FinalizationRegistry<int> control = new(_ => Interlocked.Increment(ref calls));
        for (var i = 1; i <= 4; i++)
        {
            Targets.RegisterDead(control, i);
            Collector.CollectUntil(() => Volatile.Read(ref calls) >= i, "no callback");
        }

#if NET
        before = GC.GetTotalAllocatedBytes(precise: true);
        for (var i = 5; i <= 24; i++)
        {
            Targets.RegisterDead(control, i);
            Collector.CollectUntil(() => Volatile.Read(ref calls) >= i, "no callback");
        }

        Assert.InRange((GC.GetTotalAllocatedBytes(precise: true) - before) / 20, 0, 4 * Count);
#endif
        GC.KeepAlive(registries);
        GC.KeepAlive(target);
    }

    [Fact]
    public void While_a_callback_blocks_caches_clean_themselves()
    {
        using ManualResetEventSlim entered = new(), release = new();
        using FinalizationRegistry<int> blocker = new(_ =>
        {
            entered.Set();
            release.Wait();
        });
        using WeakCache<int, byte[]> cache = new(100);
        try
        {
            Targets.RegisterDead(blocker, 1);
            Collector.CollectUntil(() => entered.IsSet, "no callback");
            var most = 0;
            for (var round = 0; round < 100; round++)
            {
                Targets.InFrame(() =>
                {
                    for (var i = 0; i < 2000; i++)
                    {
                        cache.Set(round * 2000 + i, new byte[1]);
                    }
                });
                GC.Collect(0);
                most = Math.Max(most, cache.Count);
            }

            Assert.InRange(most, 100, 40_000);
            Collector.CollectUntil(
                () =>
                {
                    cache.Trim();
                    return cache.Count <= 100 + Collector.Missable;
                },
                "Trim leaves the dead");
        }
        finally
        {
            release.Set();
        }
    }

#if NET
    [Fact]
    public void CleanupSome_during_a_background_collection_is_not_the_last_that_finds_something()
    {
        using FinalizationRegistry<int> registry = new(static _ => { }, ParkedScheduler.Options);
        for (var round = 0; round < 5; round++)
        {
            Targets.RegisterDead(registry, 0, 100);
            GC.Collect(2, GCCollectionMode.Forced, blocking: false);
            var found = registry.CleanupSome();
            // Without another collection: the one above may still be under way.
            Collector.WaitUntil(() => (found += registry.CleanupSome()) >= 90, "what the background collection found was never seen");
            Collector.Collect();
            registry.CleanupSome();
        }
    }

    [Fact]
    public void A_registration_put_together_from_halves_of_two_cancels_neither()
    {
        using FinalizationRegistry<int> first = new(static _ => { }), second = new(static _ => { });
        object target = new();
        Registration a = first.Register(target, 1), b = second.Register(target, 2), torn = a;
        // The first word of one and the second of the other.
        ref var words = ref Unsafe.As<Registration, (object Chunk, ulong Place)>(ref torn);
        words.Place = Unsafe.As<Registration, (object Chunk, ulong Place)>(ref b).Place;
        Assert.False(torn.Unregister());
        Assert.True(a.Unregister());
        Assert.True(b.Unregister());
        GC.KeepAlive(target);
    }

    [Fact]
    public void A_registration_stays_void_however_often_its_slot_is_reused()
    {
        using FinalizationRegistry<int> registry = new(static _ => { });
        object target = new();
        var old = registry.Register(target, 1);
        Assert.True(old.Unregister());
        var chunk = (Chunk<int>)Unsafe.As<Registration, (object Chunk, ulong Place)>(ref old).Chunk;
        // As after two thousand million registrations.
        for (var i = 0; i < chunk.Used; i++)
        {
            chunk.Slots[i].Version = Slot<int>.WornOut - 4;
        }

        List<Registration> all = [];
        for (var i = 0; i < 100; i++)
        {
            var registration = registry.Register(target, i);
            Assert.DoesNotContain(registration, all);
            Assert.False(old.Unregister());
            Assert.True(registration.Unregister());
            Assert.All(all, other => Assert.False(other.Unregister()));
            all.Add(registration);
        }

        GC.KeepAlive(target);
    }
#endif

    [Fact]
    public void A_table_of_tokens_gives_its_memory_back()
    {
        TokenTable table = new();
        StillChunk chunk = new();
        var tokens = Enumerable.Range(0, 100_000).Select(_ => new object()).ToArray();
        for (var i = 0; i < tokens.Length; i++)
        {
            table.Add(tokens[i], chunk, i, 1);
        }

        // All but a few, wherever they are.
        for (var i = 0; i < tokens.Length; i++)
        {
            if (i % 50_000 != 7)
            {
                table.TryTake(tokens[i], out _, out _, out _);
            }
        }

        table.Trim();
        Assert.InRange(table.Size.Records, 2, 3 * 1024);
        Assert.InRange(table.Size.Entries, 2, 64);
        for (var i = 7; i < tokens.Length; i += 50_000)
        {
            table.TryTake(tokens[i], out var taken, out var slot, out _);
            Assert.Same(chunk, taken);
            Assert.Equal(i, slot);
        }

        table.Trim();
        Assert.Equal((0, 0), table.Size);
        table.Add(tokens[0], chunk, 0, 1);
        table.TryTake(tokens[0], out var again, out _, out _);
        Assert.Same(chunk, again);
        table.Clear();
    }

    [Fact]
    public void A_finalizer_that_dies_with_its_cache_may_use_it()
    {
        for (var i = 0; i < 50; i++)
        {
            Targets.InFrame(() =>
            {
                WeakCache<int, object> cache = new(2);
                for (var key = 0; key < 10; key++)
                {
                    cache.Set(key, new object());
                }

                _ = new CacheUser(cache);
            });
            Collector.Collect();
        }

        Collector.CollectUntil(() => CacheUser.Answers >= 50 - Collector.Missable, "a finalizer did not come back");
        Assert.Null(CacheUser.Unexpected);
    }

    [Fact]
    public void A_scheduler_that_goes_on_refusing_is_reported_once()
    {
        ConcurrentQueue<CleanupFailedEventArgs> failures = new();
        CountingScheduler scheduler = new();
        using FinalizationRegistry<int> registry = new(static _ => { }, new FinalizationRegistryOptions { Scheduler = scheduler });
        registry.CleanupFailed += (_, failure) => failures.Enqueue(failure);
        Targets.RegisterDead(registry, 7);
        Collector.CollectUntil(() => scheduler.Attempts >= 3, "it is not asked again");
        Assert.Single(failures);
    }

    private sealed class NestedComparer : IEqualityComparer<int>
    {
        [ThreadStatic]
        private static bool _isInside;

        private static readonly object Value = new();

        public WeakCache<int, object>? Other;

        public bool Equals(int x, int y)
        {
            Use(x);
            return x == y;
        }

        public int GetHashCode(int obj)
        {
            Use(obj);
            return obj;
        }

        private void Use(int key)
        {
            if (_isInside || Other is null)
            {
                return;
            }

            _isInside = true;
            try
            {
                Other.Set(key, Value);
                Other.TryGetValue(key + 1, out _);
            }
            finally
            {
                _isInside = false;
            }
        }
    }

    private sealed class ActingComparer(Action? action) : IEqualityComparer<int>
    {
        [ThreadStatic]
        private static bool _isInside;

        public Action? Action { get; set; } = action;

        public bool Equals(int x, int y)
        {
            if (!_isInside && Action is { } action)
            {
                _isInside = true;
                try
                {
                    action();
                }
                finally
                {
                    _isInside = false;
                }
            }

            return x == y;
        }

        public int GetHashCode(int obj)
        {
            Equals(obj, obj);
            return obj % 4;
        }
    }

    private sealed class ChangingKey
    {
        public int Id { get; set; }

        public override bool Equals(object? obj) => obj is ChangingKey other && other.Id == Id;

        public override int GetHashCode() => Id;
    }

    private sealed class CacheUser(WeakCache<int, object> cache)
    {
        public static int Answers;
        public static Exception? Unexpected;

        ~CacheUser()
        {
            try
            {
                for (var key = 0; key < 20; key++)
                {
                    cache.Set(key, new object());
                    cache.GetOrAdd(key, _ => new object());
                    cache.Remove(key / 2);
                }

                cache.Trim();
            }
            catch (Exception exception)
            {
                Unexpected = exception;
            }

            Interlocked.Increment(ref Answers);
        }
    }

    private sealed class StillChunk : Chunk
    {
        public override bool Has(int index, int version) => throw new InvalidOperationException();

        public override bool Unregister(int index, int version, bool forgetToken) => throw new InvalidOperationException();
    }

    private sealed class ThrowingListener : TraceListener
    {
        public override void Write(string? message) => throw new InvalidOperationException("the listener");

        public override void WriteLine(string? message) => throw new InvalidOperationException("the listener");
    }

    private sealed class CountingScheduler : TaskScheduler
    {
        private int _attempts;

        public int Attempts => Volatile.Read(ref _attempts);

        protected override void QueueTask(Task task)
        {
            Interlocked.Increment(ref _attempts);
            throw new InvalidOperationException("refused");
        }

        protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

        protected override IEnumerable<Task> GetScheduledTasks() => [];
    }
}
