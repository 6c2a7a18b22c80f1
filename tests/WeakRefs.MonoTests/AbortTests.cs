using System.Collections.Concurrent;
using Xunit;

namespace WeakRefs.Tests;

/// <summary>.NET Framework and Mono can abort a thread between any two instructions.</summary>
public class AbortTests
{
    [Fact]
    public void A_thread_that_is_aborted_takes_no_lock_with_it()
    {
        using FinalizationRegistry<int> registry = new(static _ => { });
        using WeakCache<int, object> cache = new(5);
        for (var round = 0; round < 100; round++)
        {
            using ManualResetEventSlim started = new();
            Thread thread = new(() =>
            {
                object target = new(), token = new();
                for (var i = 0; ; i++)
                {
                    registry.Register(target, i, token);
                    registry.Register(target, i).Unregister();
                    registry.Unregister(token);
                    cache.Set(i % 20, target);
                    cache.GetOrAdd(i % 30, _ => target);
                    cache.Remove(i % 10);
                    started.Set();
                }
            });
            thread.Start();
            started.Wait();
            Thread.Sleep(round % 7);
            thread.Abort();
            Assert.True(thread.Join(30_000), "The thread waits for a lock.");
        }

        var others = Task.Factory.StartNew(
            () =>
            {
                object target = new();
                registry.Register(target, 1, target);
                registry.Unregister(target);
                for (var key = 0; key < 40; key++)
                {
                    cache.Set(key, target);
                    cache.GetOrAdd(key, _ => target);
                }

                cache.Clear();
            },
            TaskCreationOptions.LongRunning);
        Assert.True(others.Wait(30_000), "A lock was left taken.");
    }

    [Fact]
    public void A_callback_that_aborts_the_thread_does_not_end_it()
    {
        ConcurrentQueue<int> calls = new();
        using FinalizationRegistry<int> registry = new(held =>
        {
            calls.Enqueue(held);
            Thread.CurrentThread.Abort();
        });
        registry.CleanupFailed += static (_, _) => { };
        for (var i = 0; i < 3; i++)
        {
            Targets.RegisterDead(registry, i);
            Collector.CollectUntil(() => calls.Contains(i), "the thread is gone");
        }
    }
}
