using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Xunit;

namespace WeakRefs.Tests;

/// <summary>What happens after a collection.</summary>
public class RegistryCallbackTests
{
    [Fact]
    public void A_dead_target_gives_one_call_with_its_held_value()
    {
        ConcurrentQueue<string> calls = new();
        using FinalizationRegistry<string> registry = new(calls.Enqueue);
        Targets.RegisterDead(registry, "held");
        Collector.CollectUntil(() => !calls.IsEmpty, "no callback");
        Collector.CollectUntilCalled(registry, "control", () => calls.Contains("control"));
        Assert.Equal(["held", "control"], calls);
    }

    [Fact]
    public void A_live_target_gives_none()
    {
        ConcurrentQueue<string> calls = new();
        using FinalizationRegistry<string> registry = new(calls.Enqueue);
        object target = new();
        registry.Register(target, "live");
        Collector.CollectUntilCalled(registry, "control", () => calls.Contains("control"));
        Assert.DoesNotContain("live", calls);
        GC.KeepAlive(target);
    }

    [Fact]
    public void Null_held_values_are_handed_over()
    {
        ConcurrentQueue<object?> calls = new();
        using FinalizationRegistry<object?> registry = new(calls.Enqueue);
        Targets.RegisterDead(registry, null);
        Collector.CollectUntil(() => !calls.IsEmpty, "no callback");
        Assert.Equal([null], calls);
    }

    [Fact]
    public void N_registrations_of_one_target_give_N_calls()
    {
        ConcurrentQueue<int> calls = new();
        using FinalizationRegistry<int> registry = new(calls.Enqueue);
        Targets.InFrame(() =>
        {
            object target = new();
            for (var i = 0; i < 5; i++)
            {
                registry.Register(target, i);
            }
        });
        Collector.CollectUntil(() => calls.Count >= 5, "not all were called");
        Assert.Equal([0, 1, 2, 3, 4], calls.Order());
    }

    [Fact]
    public void Every_one_of_many_is_called_exactly_once()
    {
        const int Count = 100_000;
        var calls = new int[Count];
        var total = 0;
        using FinalizationRegistry<int> registry = new(i =>
        {
            Interlocked.Increment(ref calls[i]);
            Interlocked.Increment(ref total);
        });
        // In ten waves, so that slots and chunks are reused.
        for (var first = 0; first < Count; first += Count / 10)
        {
            Targets.RegisterDead(registry, first, Count / 10);
            var expected = first + Count / 10;
            Collector.CollectUntil(() => Volatile.Read(ref total) >= expected, "a callback is missing");
        }

        Collector.Collect();
        registry.CleanupSome();
        Assert.All(calls, n => Assert.Equal(1, n));
    }

    [Fact]
    public void Old_targets_are_found_too()
    {
        ConcurrentQueue<int> calls = new();
        using FinalizationRegistry<int> registry = new(calls.Enqueue);
        var targets = new object?[2000];
        Targets.InFrame(() =>
        {
            for (var i = 0; i < targets.Length; i++)
            {
                registry.Register(targets[i] = new object(), i);
            }
        });
        Collector.CollectUntil(() => GC.GetGeneration(targets[0]!) == GC.MaxGeneration, "targets do not age");
        Assert.Empty(calls);
        for (var i = 0; i < targets.Length; i += 2)
        {
            targets[i] = null;
        }

        Collector.CollectUntil(() => calls.Count >= targets.Length / 2, "an old target was not found");
        Assert.Equal(Enumerable.Range(0, targets.Length / 2).Select(i => 2 * i), calls.Order());
        GC.KeepAlive(targets);
    }

    [Fact]
    public void Large_and_pinned_objects_are_found()
    {
        ConcurrentQueue<string> calls = new();
        using FinalizationRegistry<string> registry = new(calls.Enqueue);
        Targets.InFrame(() =>
        {
            registry.Register(new byte[200_000], "large");
#if NET
            registry.Register(GC.AllocateArray<byte>(100, pinned: true), "pinned");
#else
            registry.Register(new byte[200_000], "pinned");
#endif
        });
        Collector.CollectUntil(() => calls.Count >= 2, "not all were called");
        Assert.Equal(["large", "pinned"], calls.Order());
    }

    [Fact]
    public void A_young_collection_suffices_for_a_young_target()
    {
        var calls = 0;
        using FinalizationRegistry<int> registry = new(_ => Interlocked.Increment(ref calls));
        // The first may be promoted with the frame that made it; not all of many are.
        Targets.RegisterDead(registry, 0, 1000);
        GC.Collect(0);
        Collector.WaitUntil(() => Volatile.Read(ref calls) > 0, "nothing was found after a collection of generation 0");
    }

    [Fact]
    public void Callbacks_come_without_anybody_forcing_a_collection()
    {
        var calls = 0;
        using FinalizationRegistry<int> registry = new(_ => Interlocked.Increment(ref calls));
        Targets.RegisterDead(registry, 0, 1000);
        long allocated = 0;
        // A gen-0 budget is far below 8 GB.
        for (; Volatile.Read(ref calls) == 0 && allocated < 8L << 30; allocated += 10_000)
        {
            GC.KeepAlive(new byte[10_000]);
        }

        Collector.WaitUntil(() => Volatile.Read(ref calls) > 0, "allocating alone brought no callback");
    }

    [Fact]
    public void A_throwing_callback_does_not_strand_the_others_and_is_reported()
    {
        ConcurrentQueue<int> calls = new();
        ConcurrentQueue<(object? Sender, CleanupFailedEventArgs Failure)> failures = new();
        using FinalizationRegistry<int> registry = new(i =>
        {
            calls.Enqueue(i);
            if (i % 2 == 0)
            {
                throw new InvalidOperationException(i.ToString());
            }
        });
        registry.CleanupFailed += (sender, failure) => failures.Enqueue((sender, failure));
        Targets.RegisterDead(registry, 0, 100);
        Collector.CollectUntil(() => calls.Count >= 100 && failures.Count >= 50, "calls or failures are missing");

        Assert.Equal(Enumerable.Range(0, 100), calls.Order());
        Assert.Equal(50, failures.Count);
        Assert.All(failures, failure =>
        {
            Assert.Same(registry, failure.Sender);
            Assert.Equal(failure.Failure.HeldValue?.ToString(), failure.Failure.Exception.Message);
        });
    }

    [Fact]
    public void A_failure_nobody_handles_goes_to_the_event_for_all_registries()
    {
        ConcurrentQueue<(object? Sender, CleanupFailedEventArgs Failure)> failures = new();
        EventHandler<CleanupFailedEventArgs> handler = (sender, failure) => failures.Enqueue((sender, failure));
        using FinalizationRegistry<string> registry = new(_ => throw new InvalidOperationException("thrown"));
        FinalizationRegistry.UnobservedCleanupFailed += handler;
        try
        {
            Targets.RegisterDead(registry, "held");
            Collector.CollectUntil(() => failures.Any(f => f.Sender == registry), "the failure was swallowed");
        }
        finally
        {
            FinalizationRegistry.UnobservedCleanupFailed -= handler;
        }

        var failure = failures.Single(f => f.Sender == registry).Failure;
        Assert.Equal("held", failure.HeldValue);
        Assert.Equal("thrown", failure.Exception.Message);
    }

    [Fact]
    public void A_failure_in_the_handler_is_reported_with_the_first()
    {
        ConcurrentQueue<CleanupFailedEventArgs> failures = new();
        EventHandler<CleanupFailedEventArgs> handler = (_, failure) => failures.Enqueue(failure);
        var calls = 0;
        using FinalizationRegistry<string> registry = new(_ =>
        {
            Interlocked.Increment(ref calls);
            throw new InvalidOperationException("callback");
        });
        registry.CleanupFailed += (_, _) => throw new InvalidOperationException("handler");
        FinalizationRegistry.UnobservedCleanupFailed += handler;
        try
        {
            Targets.RegisterDead(registry, "first");
            Targets.RegisterDead(registry, "second");
            Collector.CollectUntil(() => failures.Count >= 2, "a failure was swallowed");
        }
        finally
        {
            FinalizationRegistry.UnobservedCleanupFailed -= handler;
        }

        Assert.Equal(2, calls);
        Assert.All(failures, failure =>
        {
            var both = Assert.IsType<AggregateException>(failure.Exception);
            Assert.Equal(["callback", "handler"], both.InnerExceptions.Select(e => e.Message));
        });
    }

    [Fact]
    public void A_failure_nobody_handles_at_all_is_traced()
    {
        ConcurrentQueue<string> messages = new();
        using QueueListener listener = new(messages);
        using FinalizationRegistry<int> registry = new(_ => throw new InvalidOperationException("nobody listens"));
        Trace.Listeners.Add(listener);
        try
        {
            Targets.RegisterDead(registry, 1);
            Collector.CollectUntil(() => messages.Any(m => m.Contains("nobody listens")), "the failure was swallowed");
        }
        finally
        {
            Trace.Listeners.Remove(listener);
        }
    }

    [Fact]
    public void Callbacks_run_neither_on_the_finalizer_thread_nor_inside_Register()
    {
        ConcurrentDictionary<int, bool> threads = new();
        var calls = 0;
        using FinalizationRegistry<int> registry = new(_ =>
        {
            threads[Environment.CurrentManagedThreadId] = true;
            Interlocked.Increment(ref calls);
        });
        for (var i = 0; i < 20; i++)
        {
            Targets.RegisterDead(registry, 0, 500);
            GC.Collect(0);
        }

        Collector.CollectUntil(() => Volatile.Read(ref calls) == 10_000, "not all were called");
        Collector.CollectUntil(() => ThreadReporter.FinalizerThread(), "no finalizer ran");
        Assert.DoesNotContain(Environment.CurrentManagedThreadId, threads.Keys);
        Assert.DoesNotContain(ThreadReporter.Id, threads.Keys);
    }

    [Fact]
    public void When_a_callback_runs_no_reference_returns_the_target()
    {
        int seen = 0, calls = 0;
        using FinalizationRegistry<WeakRef<Finalizable>> registry = new(reference =>
        {
            if (reference.Deref() is not null)
            {
                Interlocked.Increment(ref seen);
            }

            Interlocked.Increment(ref calls);
        });
        Targets.InFrame(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                Finalizable target = new();
                registry.Register(target, new WeakRef<Finalizable>(target));
            }
        });
        Collector.CollectUntil(() => Volatile.Read(ref calls) == 1000, "not all were called");
        Assert.Equal(0, seen);
    }

    [Fact]
    public void A_resurrected_target_is_not_dead()
    {
        ConcurrentQueue<string> calls = new();
        using FinalizationRegistry<string> registry = new(calls.Enqueue);
        Targets.InFrame(() => { registry.Register(new Phoenix(), "phoenix"); });
        Collector.CollectUntil(() => Phoenix.Alive is not null, "the finalizer did not run");
        Collector.CollectUntilCalled(registry, "control", () => calls.Contains("control"));
        Assert.DoesNotContain("phoenix", calls);

        Phoenix.Alive = null;
        Collector.CollectUntil(() => calls.Contains("phoenix"), "the target died at last and nobody was told");
    }

    [Fact]
    public void A_callback_may_register_and_unregister()
    {
        ConcurrentQueue<string> calls = new();
        object live = new();
        FinalizationRegistry<string>? self = null;
        Registration toCancel = default;
        bool? cancelled = null;
        using FinalizationRegistry<string> registry = new(held =>
        {
            calls.Enqueue(held);
            if (held != "first")
            {
                return;
            }

            cancelled = toCancel.Unregister();
            Targets.RegisterDead(self!, "from the callback");
        });
        self = registry;
        toCancel = registry.Register(live, "live");
        Targets.RegisterDead(registry, "first");
        Collector.CollectUntil(() => calls.Contains("from the callback"), "the registration made in the callback was lost");
        Assert.True(cancelled);
        Assert.Equal(["first", "from the callback"], calls);
        GC.KeepAlive(live);
    }

    [Fact]
    public void CleanupSome_runs_what_is_due_on_this_thread_and_stops_at_the_maximum()
    {
        ConcurrentQueue<int> calls = new();
        int wrongThread = 0, thread = Environment.CurrentManagedThreadId;
        using FinalizationRegistry<int> registry = new(
            i =>
            {
                calls.Enqueue(i);
                if (Environment.CurrentManagedThreadId != thread)
                {
                    Interlocked.Increment(ref wrongThread);
                }
            },
            ParkedScheduler.Options);
        Targets.RegisterDead(registry, 0, 10);
        List<int> counts = [];
        Collector.CollectUntil(() => registry.CleanupSome(1) == 1, "nothing was due");
        Collector.CollectUntil(
            () =>
            {
                counts.Add(registry.CleanupSome(4));
                return calls.Count == 10;
            },
            "not all were due");
        Assert.All(counts, n => Assert.InRange(n, 0, 4));
        Assert.Equal(9, counts.Sum());
        Assert.Equal(0, registry.CleanupSome());
        Assert.Equal(Enumerable.Range(0, 10), calls.Order());
        Assert.Equal(0, wrongThread);
    }

    [Fact]
    public void CleanupSome_from_a_callback_does_not_nest()
    {
        FinalizationRegistry<int>? self = null;
        List<int> nested = [];
        var calls = 0;
        using FinalizationRegistry<int> registry = new(
            _ =>
            {
                calls++;
                nested.Add(self!.CleanupSome());
            },
            ParkedScheduler.Options);
        self = registry;
        Targets.RegisterDead(registry, 0, 3);
        Collector.CollectUntil(
            () =>
            {
                registry.CleanupSome();
                return calls == 3;
            },
            "not all were called");
        Assert.Equal([0, 0, 0], nested);
    }

    [Fact]
    public void A_due_registration_can_still_be_cancelled_by_registration_or_token()
    {
        List<string> calls = [];
        using FinalizationRegistry<string> registry = new(calls.Add, ParkedScheduler.Options);
        object token = new();
        var first = Targets.RegisterDead(registry, "by registration");
        Targets.RegisterDead(registry, "by token", token);
        var dead = Targets.InFrame(() =>
        {
            object target = new();
            registry.Register(target, "left");
            return new WeakReference(target);
        });
        Collector.CollectUntil(() => !dead.IsAlive, "the target lives");
        Collector.Collect();
        // Finds the dead, runs none.
        Assert.Equal(0, registry.CleanupSome(0));

        Assert.True(first.Unregister());
        Assert.False(first.Unregister());
        Assert.True(registry.Unregister(token));
        Assert.False(registry.Unregister(token));
        Assert.Equal(1, registry.CleanupSome());
        Assert.Equal(["left"], calls);
    }

    [Fact]
    public void A_callback_can_cancel_the_ones_that_are_due_after_it()
    {
        object token = new();
        FinalizationRegistry<int>? self = null;
        List<int> calls = [];
        bool? cancelled = null;
        using FinalizationRegistry<int> registry = new(
            i =>
            {
                calls.Add(i);
                cancelled ??= self!.Unregister(token);
            },
            ParkedScheduler.Options);
        self = registry;
        var dead = Targets.InFrame(() =>
        {
            object target = new();
            for (var i = 0; i < 3; i++)
            {
                registry.Register(target, i, token);
            }

            return new WeakReference(target);
        });
        Collector.CollectUntil(() => !dead.IsAlive, "the target lives");
        Collector.Collect();
        Assert.Equal(1, registry.CleanupSome());
        Assert.Equal(0, registry.CleanupSome());
        Assert.Single(calls);
        Assert.True(cancelled);
    }

    [Fact]
    public void An_unregistered_one_is_never_called()
    {
        ConcurrentQueue<string> calls = new();
        using FinalizationRegistry<string> registry = new(calls.Enqueue);
        object token = new();
        var registration = Targets.RegisterDead(registry, "by registration");
        Targets.RegisterDead(registry, "by token", token);
        bool first = registration.Unregister(), second = registry.Unregister(token);
        Collector.CollectUntilCalled(registry, "control", () => calls.Contains("control"));
        // Had a collection come in between, a callback would have been right.
        Assert.Equal(!first, calls.Contains("by registration"));
        Assert.Equal(!second, calls.Contains("by token"));
    }

    [Fact]
    public void The_held_value_is_released_with_the_registration()
    {
        using FinalizationRegistry<object> registry = new(static _ => { });
        object target = new();
        var (held, registration) = Targets.InFrame(() =>
        {
            object value = new();
            return (new WeakReference(value), registry.Register(target, value));
        });
        Collector.Collect();
        Assert.True(held.IsAlive);
        Assert.True(registration.Unregister());
        Collector.CollectUntil(() => !held.IsAlive, "the held value was kept");
        GC.KeepAlive(target);
    }

    [Fact]
    public void The_held_value_is_released_after_the_callback()
    {
        var calls = 0;
        using FinalizationRegistry<object> registry = new(_ => Interlocked.Increment(ref calls));
        var held = Targets.InFrame(() =>
        {
            object value = new();
            Targets.RegisterDead(registry, value);
            return new WeakReference(value);
        });
        Collector.CollectUntil(() => Volatile.Read(ref calls) == 1 && !held.IsAlive, "the held value was kept");
    }

    [Fact]
    public void A_token_is_not_kept_alive_and_its_death_changes_nothing()
    {
        ConcurrentQueue<string> calls = new();
        using FinalizationRegistry<string> registry = new(calls.Enqueue);
        var target = new object?[1];
        var token = Targets.InFrame(() =>
        {
            object value = new();
            registry.Register(target[0] = new object(), "held", value);
            return new WeakReference(value);
        });
        Collector.CollectUntil(() => !token.IsAlive, "the registry kept the token");
        Assert.Empty(calls);
        target[0] = null;
        Collector.CollectUntil(() => !calls.IsEmpty, "the registration went with its token");
        Assert.Equal(["held"], calls);
    }

    [Fact]
    public void A_token_does_not_find_a_registration_that_was_called()
    {
        ConcurrentQueue<int> calls = new();
        using FinalizationRegistry<int> registry = new(calls.Enqueue);
        object token = new();
        Targets.RegisterDead(registry, 1, token);
        Collector.CollectUntil(() => !calls.IsEmpty, "no callback");
        Assert.False(registry.Unregister(token));
    }

    [Fact]
    public void A_held_value_that_leads_to_the_target_keeps_it()
    {
        // The mistake the analyzers look for; here to show that the other tests can fail.
        ConcurrentQueue<object> calls = new();
        using FinalizationRegistry<object> registry = new(calls.Enqueue);
        var target = Targets.InFrame(() =>
        {
            object value = new();
            registry.Register(value, new object[] { value });
            return new WeakReference(value);
        });
        Collector.CollectUntilCalled(registry, "control", () => calls.Contains("control"));
        Assert.True(target.IsAlive);
        Assert.Equal(["control"], calls);
    }

    [Fact]
    public void A_scheduler_runs_the_callbacks()
    {
        ParkedScheduler scheduler = new();
        List<int> calls = [];
        using FinalizationRegistry<int> registry = new(calls.Add, new FinalizationRegistryOptions { Scheduler = scheduler });
        Targets.RegisterDead(registry, 0, 10);
        Collector.CollectUntil(() => scheduler.QueuedCount > 0, "nothing was scheduled");
        Collector.Collect();
        Assert.Empty(calls);
        Assert.Equal(1, scheduler.QueuedCount);
        Collector.CollectUntil(
            () =>
            {
                scheduler.RunQueued();
                return calls.Count == 10;
            },
            "not all were called");
        Assert.Equal(Enumerable.Range(0, 10), calls.Order());
    }

    [Fact]
    public void A_scheduler_that_refuses_is_reported_and_asked_again()
    {
        ConcurrentQueue<CleanupFailedEventArgs> failures = new();
        ConcurrentQueue<int> calls = new();
        RefusingScheduler scheduler = new();
        using FinalizationRegistry<int> registry = new(calls.Enqueue, new FinalizationRegistryOptions { Scheduler = scheduler });
        registry.CleanupFailed += (_, failure) => failures.Enqueue(failure);
        Targets.RegisterDead(registry, 7);
        Collector.CollectUntil(() => !failures.IsEmpty, "the refusal was swallowed");
        Assert.Empty(calls);
        Assert.All(failures, failure => Assert.Null(failure.HeldValue));
        Assert.All(failures, failure => Assert.IsType<TaskSchedulerException>(failure.Exception));

        scheduler.Accepts = true;
        Collector.WaitUntil(() => !calls.IsEmpty, "the callback was given up");
        Assert.Equal([7], calls);
    }

    [Fact]
    public void The_thread_pool_may_be_starved()
    {
        var calls = 0;
        using FinalizationRegistry<int> registry = new(_ => Interlocked.Increment(ref calls));
        using ManualResetEventSlim release = new();
        var blockers = Enumerable.Range(0, 64).Select(_ => Task.Run(release.Wait)).ToArray();
        try
        {
            Targets.RegisterDead(registry, 1);
            Collector.CollectUntil(() => Volatile.Read(ref calls) == 1, "the callback waited for the thread pool");
        }
        finally
        {
            release.Set();
            Task.WaitAll(blockers);
        }
    }

    [Fact]
    public void Ambient_values_of_the_caller_do_not_reach_the_callback()
    {
        AsyncLocal<string?> ambient = new();
        ConcurrentQueue<string?> calls = new();
        using FinalizationRegistry<int> registry = new(_ => calls.Enqueue(ambient.Value));
        ambient.Value = "the caller's";
        Targets.RegisterDead(registry, 1);
        Collector.CollectUntil(() => !calls.IsEmpty, "no callback");
        Assert.Equal([null], calls);
    }

    private sealed class QueueListener(ConcurrentQueue<string> messages) : TraceListener
    {
        public override void Write(string? message) => messages.Enqueue(message ?? "");

        public override void WriteLine(string? message) => messages.Enqueue(message ?? "");
    }

    private sealed class RefusingScheduler : TaskScheduler
    {
        public volatile bool Accepts;

        protected override void QueueTask(Task task)
        {
            if (!Accepts)
            {
                throw new InvalidOperationException("refused");
            }

            TryExecuteTask(task);
        }

        protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

        protected override IEnumerable<Task> GetScheduledTasks() => [];
    }

    /// <summary>Tells the finalizer thread's id.</summary>
    private sealed class ThreadReporter
    {
        public static volatile int Id;

        ~ThreadReporter() => Id = Environment.CurrentManagedThreadId;

        [MethodImpl(MethodImplOptions.NoInlining)]
        public static bool FinalizerThread()
        {
            _ = new ThreadReporter();
            return Id != 0;
        }
    }

    private sealed class Finalizable
    {
        private int _finalized;

        ~Finalizable() => _finalized++;
    }

    private sealed class Phoenix
    {
        public static volatile Phoenix? Alive;

        ~Phoenix() => Alive = this;
    }
}
