namespace WeakRefAnalyzers.Proofs;

public class WREF203_UnheldTargetProof
{
    [Fact]
    public Task Test() => Proof.RunAsync<WREF203_UnheldTarget, WREF203_KeepTarget>(
        """
        public static class Program
        {
            public static string Run()
            {
                var owner = new Owner();
                Gc.Collect();
                return owner.HasState ? "" : "the state is gone while its owner lives";
            }
        }

        public sealed class Owner
        {
            private readonly WeakReference<State> _state;

            public Owner()
            {
                _state = new WeakReference<State>(new State()); // flagged
            }

            public bool HasState => _state.TryGetTarget(out _);
        }

        public sealed class State
        {
            public int Visits { get; set; }
        }
        """,
        "the state is gone while its owner lives");
}
