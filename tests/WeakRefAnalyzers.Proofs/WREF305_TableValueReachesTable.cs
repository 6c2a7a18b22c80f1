namespace WeakRefAnalyzers.Proofs;

public class WREF305_TableValueReachesTableProof
{
    private const string Program = """
        using System;
        using System.Runtime.CompilerServices;

        public static class Program
        {
            public static string Run()
            {
                var key = new object();
                var tracker = Track(key);
                for (var i = 0; i < 3; i++)
                    Gc.Collect();
                var alive = tracker.TryGetTarget(out _);
                GC.KeepAlive(key);
                return alive ? "still alive after 3 collections" : "";
            }

            [MethodImpl(MethodImplOptions.NoInlining)]
            static WeakReference<Tracker> Track(object key)
            {
                var tracker = new Tracker();
                tracker.Add(key);
                return new WeakReference<Tracker>(tracker);
            }
        }

        """;

    [Fact]
    public async Task TheKeyKeepsTableAndOwnerAlive() => await Proof.RunAsync<WREF305_TableValueReachesTable>(
        Program + """
        public sealed class Tracker
        {
            readonly ConditionalWeakTable<object, State> _states = new();

            public void Add(object key) => _states.Add(key, new State(this)); // flagged
        }

        public sealed class State
        {
            readonly Tracker _tracker;
            public State(Tracker tracker) => _tracker = tracker;
        }
        """,
        "still alive after 3 collections",
        Program + """
        public sealed class Tracker
        {
            readonly ConditionalWeakTable<object, State> _states = new();

            public void Add(object key) => _states.Add(key, new State(this));
        }

        public sealed class State
        {
            readonly WeakReference<Tracker> _tracker;
            public State(Tracker tracker) => _tracker = new(tracker);
        }
        """);
}
