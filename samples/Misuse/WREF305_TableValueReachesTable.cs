using System;
using System.Runtime.CompilerServices;

namespace Misuse;

/// <summary>Each state knows its tracker, so the document keeps the tracker with its table, though nobody else does.</summary>
internal static class WREF305
{
    public static void Run()
    {
        var document = new object();
        var tracker = Track(document);
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Console.WriteLine($"Nobody uses the tracker any more. Still in memory: {tracker.TryGetTarget(out _)}");
        GC.KeepAlive(document);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference<Tracker> Track(object document)
    {
        var tracker = new Tracker();
        tracker.Add(document);
        return new WeakReference<Tracker>(tracker);
    }

    private sealed class Tracker
    {
        private readonly ConditionalWeakTable<object, State> _states = [];

        public void Add(object document) => _states.Add(document, new State(this)); // WREF305
    }

    private sealed class State(Tracker tracker)
    {
        public Tracker Tracker { get; } = tracker;
    }
}
