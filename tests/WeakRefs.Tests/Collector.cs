using System.Diagnostics;
using Xunit;

namespace WeakRefs.Tests;

/// <summary>Bounded waiting. The bounds are for a test that fails; one that passes never gets near them.</summary>
internal static class Collector
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    /// <summary>How many of very many targets may be missing: Mono keeps what a stale stack slot or register points to.</summary>
    public const int Missable =
#if NET
        0;
#else
        20;
#endif

    /// <summary>One full collection, with finalizers.</summary>
    public static void Collect()
    {
#if !NET
        Registry.StackCleaner.Clean();
#endif
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    /// <summary>Collects until the condition holds.</summary>
    public static void CollectUntil(Func<bool> condition, string because)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(watch.Elapsed < Bound, "Waited in vain, collecting: " + because);
            Collect();
            Thread.Sleep(1);
        }
    }

    /// <summary>Waits without collecting until the condition holds.</summary>
    public static void WaitUntil(Func<bool> condition, string because)
    {
        Assert.True(SpinWait.SpinUntil(condition, Bound), "Waited in vain: " + because);
    }

    /// <summary>
    /// Registers objects and drops them until <paramref name="registry"/> has called back for one with that value: whatever
    /// died before had its chance by then.
    /// </summary>
    public static void CollectUntilCalled<T>(FinalizationRegistry<T> registry, T control, Func<bool> called)
    {
        Targets.RegisterDead(registry, control);
        CollectUntil(called, "the control registration was never called");
        registry.CleanupSome();
    }
}
