using System;
using System.Collections.Generic;
using System.Threading;
using WeakRefs;

namespace Safe;

/// <summary>A static field keeps the registry.</summary>
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
        private static readonly FinalizationRegistry<string> s_registry = new(static _ => Interlocked.Increment(ref s_cleaned));

        public static void Track(object report) => s_registry.Register(report, "report");
    }
}
