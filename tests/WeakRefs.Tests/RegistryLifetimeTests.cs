using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Xunit;

namespace WeakRefs.Tests;

/// <summary>Who keeps whom alive, Dispose, and threads against each other.</summary>
public class RegistryLifetimeTests
{
    [Fact]
    public void No_registration_keeps_the_registry_or_its_callback()
    {
        object target = new(), token = new();
        Registration registration = default;
        var (registry, callback) = Targets.InFrame(() =>
        {
            object state = new();
            FinalizationRegistry<object> made = new(_ => GC.KeepAlive(state));
            registration = made.Register(target, "held", token);
            made.Register(target, "held");
            return (new WeakReference(made), new WeakReference(state));
        });
        Collector.CollectUntil(() => !registry.IsAlive && !callback.IsAlive, "something kept the registry");
        Collector.CollectUntil(() => !registration.Unregister(), "the registration outlived its registry");
        GC.KeepAlive(target);
        GC.KeepAlive(token);
    }

    [Fact]
    public void A_registration_that_is_kept_does_not_keep_the_held_value_of_a_dead_registry()
    {
        object target = new();
        Registration registration = default;
        var held = Targets.InFrame(() =>
        {
            object value = new();
            registration = new FinalizationRegistry<object>(static _ => { }).Register(target, value);
            return new WeakReference(value);
        });
        Collector.CollectUntil(() => !held.IsAlive, "the held value was kept");
        Assert.False(registration.Unregister());
        GC.KeepAlive(target);
    }

    [Fact]
    public void Registry_and_callback_that_refer_to_each_other_are_collected()
    {
        object target = new();
        var registry = Targets.InFrame(() =>
        {
            FinalizationRegistry<int>? self = null;
            self = new FinalizationRegistry<int>(_ => self!.CleanupSome());
            self.Register(target, 1);
            return new WeakReference(self);
        });
        Collector.CollectUntil(() => !registry.IsAlive, "the cycle was kept");
        GC.KeepAlive(target);
    }

    [Fact]
    public void A_registry_registered_with_itself_is_collected_without_a_call()
    {
        var calls = 0;
        var registry = Targets.InFrame(() =>
        {
            FinalizationRegistry<int> made = new(_ => Interlocked.Increment(ref calls));
            made.Register(made, 1);
            made.Register(made, 2, made);
            return new WeakReference(made, trackResurrection: true);
        });
        Collector.CollectUntil(() => !registry.IsAlive, "the registry kept itself");
        Collector.Collect();
        Assert.Equal(0, calls);
    }

    [Fact]
    public void A_registry_watched_by_another_is_reported()
    {
        ConcurrentQueue<string> calls = new();
        using FinalizationRegistry<string> outer = new(calls.Enqueue);
        Targets.InFrame(() => { outer.Register(new FinalizationRegistry<int>(static _ => { }), "inner"); });
        Collector.CollectUntil(() => !calls.IsEmpty, "no callback");
        Assert.Equal(["inner"], calls);
    }

    [Fact]
    public void Dispose_cancels_what_is_pending_and_releases_the_held_values()
    {
        var calls = 0;
        FinalizationRegistry<object> registry = new(_ => Interlocked.Increment(ref calls));
        object target = new();
        var held = Targets.InFrame(() =>
        {
            object value = new();
            registry.Register(target, value);
            Targets.RegisterDead(registry, new object());
            return new WeakReference(value);
        });
        registry.Dispose();
        var before = Volatile.Read(ref calls);
        Collector.CollectUntil(() => !held.IsAlive, "the held value was kept");
        using FinalizationRegistry<int> control = new(_ => Interlocked.Increment(ref calls));
        Collector.CollectUntilCalled(control, 1, () => Volatile.Read(ref calls) > before);
        Assert.Equal(before + 1, calls);
        GC.KeepAlive(target);
        GC.KeepAlive(registry);
    }

    [Fact]
    public void Dispose_in_the_callback_stops_the_rest()
    {
        var calls = 0;
        FinalizationRegistry<int>? self = null;
        self = new FinalizationRegistry<int>(
            _ =>
            {
                calls++;
                self!.Dispose();
            },
            ParkedScheduler.Options);
        Targets.RegisterDead(self, 0, 100);
        Collector.CollectUntil(
            () =>
            {
                self.CleanupSome();
                return calls > 0;
            },
            "no callback");
        Collector.Collect();
        Assert.Equal(0, self.CleanupSome());
        Assert.Equal(1, calls);
    }

    [Fact]
    public void Dispose_during_a_callback_on_another_thread_neither_waits_nor_lets_another_start()
    {
        var calls = 0;
        using ManualResetEventSlim entered = new(), release = new();
        FinalizationRegistry<int> registry = new(_ =>
        {
            Interlocked.Increment(ref calls);
            entered.Set();
            release.Wait();
        });
        try
        {
            Targets.RegisterDead(registry, 0, 100);
            Collector.CollectUntil(() => entered.IsSet, "no callback");
            registry.Dispose();
        }
        finally
        {
            release.Set();
        }

        // The background thread is free again when another registry is served.
        var others = 0;
        using FinalizationRegistry<int> control = new(_ => Interlocked.Increment(ref others));
        Collector.CollectUntilCalled(control, 1, () => Volatile.Read(ref others) == 1);
        Assert.Equal(1, calls);
    }

    [Fact]
    public void Callbacks_of_one_registry_do_not_overlap()
    {
        const int Count = 20_000;
        int inside = 0, overlaps = 0, calls = 0;
        using FinalizationRegistry<int> registry = new(_ =>
        {
            if (Interlocked.Increment(ref inside) != 1)
            {
                Interlocked.Increment(ref overlaps);
            }

            Thread.SpinWait(20);
            Interlocked.Increment(ref calls);
            Interlocked.Decrement(ref inside);
        });
        using CancellationTokenSource done = new();
        var others = Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
        {
            while (!done.IsCancellationRequested)
            {
                registry.CleanupSome(5);
            }
        })).ToArray();
        for (var i = 0; i < Count; i += 1000)
        {
            Targets.RegisterDead(registry, i, 1000);
            GC.Collect(0);
        }

        Collector.CollectUntil(() => Volatile.Read(ref calls) >= Count - Collector.Missable, "not all were called");
        done.Cancel();
        Task.WaitAll(others);
        Assert.Equal(0, overlaps);
        Assert.InRange(calls, Count - Collector.Missable, Count);
    }

    [Fact]
    public void Unregister_against_the_background_thread_gives_exactly_one_of_true_and_a_call()
    {
        const int Count = 5000;
        for (var round = 0; round < 20; round++)
        {
            var calls = new int[Count];
            var total = 0;
            using FinalizationRegistry<int> registry = new(i =>
            {
                Interlocked.Increment(ref calls[i]);
                Interlocked.Increment(ref total);
            });
            var registrations = Targets.RegisterDeadArray(registry, Count);
            var cancelled = new bool[Count];
            GC.Collect(0);
            // From both ends, by two threads, against the callbacks.
            var other = Task.Run(() =>
            {
                for (var i = Count - 1; i >= Count / 2; i--)
                {
                    cancelled[i] = registrations[i].Unregister();
                }
            });
            for (var i = 0; i < Count / 2; i++)
            {
                cancelled[i] = registrations[i].Unregister();
            }

            other.Wait();

            var expected = Count - cancelled.Count(c => c);
            Collector.CollectUntil(() => Volatile.Read(ref total) >= expected, "a call is missing");
            for (var i = 0; i < Count; i++)
            {
                Assert.Equal(1, calls[i] + (cancelled[i] ? 1 : 0));
            }
        }
    }

    [Fact]
    public void Registering_on_many_threads_while_collecting_loses_nothing()
    {
        const int Threads = 4, PerThread = 20_000;
        var calls = new int[Threads * PerThread];
        var total = 0;
        using FinalizationRegistry<int> registry = new(i =>
        {
            Interlocked.Increment(ref calls[i]);
            Interlocked.Increment(ref total);
        });
        var tasks = Enumerable.Range(0, Threads).Select(t => Task.Run(() =>
        {
            for (var i = 0; i < PerThread; i += 100)
            {
                Targets.RegisterDead(registry, t * PerThread + i, 100);
            }
        })).ToArray();
        while (!Task.WaitAll(tasks, 0))
        {
            GC.Collect(0);
        }

        Collector.CollectUntil(() => Volatile.Read(ref total) >= calls.Length - Collector.Missable, "a call is missing");
        Assert.All(calls, n => Assert.InRange(n, 0, 1));
        Assert.InRange(calls.Sum(), calls.Length - Collector.Missable, calls.Length);
    }

    [Fact]
    public void A_finalizer_may_register_and_unregister()
    {
        ConcurrentQueue<string> calls = new();
        using FinalizationRegistry<string> registry = new(calls.Enqueue);
        object live = new();
        var registration = registry.Register(live, "live");
        Targets.InFrame(() =>
        {
            for (var i = 0; i < 20; i++)
            {
                _ = new Registrar(registry, registration);
            }
        });
        Collector.CollectUntil(() => calls.Contains("from the finalizer"), "the registration made in a finalizer was lost");
        Assert.False(registration.Unregister());
        GC.KeepAlive(live);
    }

    [Fact]
    public void A_finalizer_that_dies_with_its_registry_gets_an_answer()
    {
        for (var i = 0; i < 50; i++)
        {
            Targets.InFrame(() =>
            {
                FinalizationRegistry<string> registry = new(static _ => { });
                _ = new Registrar(registry, registry.Register(new object(), "held"));
            });
            Collector.Collect();
        }

        Collector.CollectUntil(() => Registrar.Answers >= 50, "a finalizer did not come back");
        Assert.Null(Registrar.Unexpected);
    }

#if NET // Mono has no region without collections, and would take minutes for each.
    // The staging test deep-weakmap of test262. A chain that is alive takes the runtime a time quadratic in its length, so no
    // collection may find it so.
    [Fact]
    public void A_long_chain_of_ephemerons_is_collected()
    {
        const int Length = 100_000;
        var calls = 0;
        using FinalizationRegistry<int> registry = new(_ => Interlocked.Increment(ref calls));
        ConditionalWeakTable<object, object> table = new();
        Assert.True(GC.TryStartNoGCRegion(100 << 20));
        Targets.InFrame(() =>
        {
            object key = new();
            for (var i = 0; i < Length; i++)
            {
                object next = new();
                registry.Register(key, i);
                table.Add(key, next);
                key = next;
            }
        });
        GC.EndNoGCRegion();
        Collector.CollectUntil(() => Volatile.Read(ref calls) == Length, "the chain was kept");
        GC.KeepAlive(table);
    }
#endif

    private sealed class Registrar(FinalizationRegistry<string> registry, Registration registration)
    {
        public static int Answers;
        public static Exception? Unexpected;

        ~Registrar()
        {
            try
            {
                registration.Unregister();
                Targets.RegisterDead(registry, "from the finalizer");
            }
            catch (ObjectDisposedException)
            {
                // Right, if the registry died with this object.
            }
            catch (Exception exception)
            {
                Unexpected = exception;
            }

            Interlocked.Increment(ref Answers);
        }
    }
}
