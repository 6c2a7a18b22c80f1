using System;
using System.Collections.Generic;
using System.Threading;
using WeakRefs;

namespace Misuse;

/// <summary>The registry is collected with its callback, before the target dies.</summary>
internal static class WREF401
{
    private static List<string>? s_report = ["a", "b"];
    private static int s_cleaned;

    public static void Run()
    {
        Tracker.Track(s_report!);
        GC.Collect();
        s_report = null;
        Collect();
        Console.WriteLine($"  the report is gone, its cleanup ran {s_cleaned} times");
    }

    private static void Collect()
    {
        for (var i = 0; i < 10 && Volatile.Read(ref s_cleaned) == 0; i++)
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
            var registry = new FinalizationRegistry<string>(static _ => Interlocked.Increment(ref s_cleaned)); // WREF401
            registry.Register(report, "report");
        }
    }
}
