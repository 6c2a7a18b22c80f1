using System;
using System.Runtime.CompilerServices;

namespace Safe;

/// <summary>Each state knows its tracker weakly, so the document keeps the state and nothing more.</summary>
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

        public void Add(object document) => _states.Add(document, new State(new WeakReference<Tracker>(this)));
    }

    private sealed class State(WeakReference<Tracker> tracker)
    {
        public WeakReference<Tracker> Tracker { get; } = tracker;
    }
}
