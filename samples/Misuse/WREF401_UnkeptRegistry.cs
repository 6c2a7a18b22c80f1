using System;
using System.Collections.Generic;
using System.Threading;
using WeakRefs;

namespace Misuse;

/// <summary>The registry is collected with its callback, before the target dies.</summary>
internal static class WREF401
{
    private static List<string>? _report = ["a", "b"];
    private static int _cleaned;

    public static void Run()
    {
        Tracker.Track(_report!);
        GC.Collect();
        _report = null;
        Collect();
        Console.WriteLine($"  the report is gone, its cleanup ran {_cleaned} times");
    }

    private static void Collect()
    {
        for (var i = 0; i < 10 && Volatile.Read(ref _cleaned) == 0; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Thread.Sleep(50);
        }
    }

    private static class Tracker
    {
        public static void Track(object report)
        {
            var registry = new FinalizationRegistry<string>(static _ => Interlocked.Increment(ref _cleaned)); // WREF401
            registry.Register(report, "report");
        }
    }
}
