namespace WeakRefAnalyzers.Proofs;

public class WREF201_ValueTypeTargetProof
{
    [Fact]
    public Task Test() => Proof.RunAsync<WREF201_ValueTypeTarget>(
        """
        public static class Program
        {
            public static string Run()
            {
                var seat = 42;
                var watch = new Watch(seat);
                Gc.Collect();
                return watch.Sees ? "" : $"the weak reference to seat {seat} is dead while the seat is in use";
            }
        }

        public sealed class Watch
        {
            private readonly WeakReference _seat;

            public Watch(int seat) => _seat = new WeakReference(seat); // flagged

            public bool Sees => _seat.Target is not null;
        }
        """,
        "the weak reference to seat 42 is dead while the seat is in use",
        """
        public static class Program
        {
            public static string Run()
            {
                var seat = new Seat(42);
                var watch = new Watch(seat);
                Gc.Collect();
                return watch.Sees ? "" : $"the weak reference to seat {seat.Number} is dead while the seat is in use";
            }
        }

        public sealed record Seat(int Number);

        public sealed class Watch
        {
            private readonly WeakReference _seat;

            public Watch(Seat seat) => _seat = new WeakReference(seat);

            public bool Sees => _seat.Target is not null;
        }
        """);
}
