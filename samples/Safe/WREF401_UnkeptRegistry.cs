using System;
using System.Collections.Generic;
using System.Threading;
using WeakRefs;

namespace Safe;

/// <summary>A static field keeps the registry.</summary>
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
        private static readonly FinalizationRegistry<string> Registry = new(static _ => Interlocked.Increment(ref _cleaned));

        public static void Track(object report) => Registry.Register(report, "report");
    }
}
