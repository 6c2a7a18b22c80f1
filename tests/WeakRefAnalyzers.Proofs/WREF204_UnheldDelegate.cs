namespace WeakRefAnalyzers.Proofs;

public class WREF204_UnheldDelegateProof
{
    [Fact]
    public Task Test() => Proof.RunAsync<WREF204_UnheldDelegate, WREF204_KeepDelegate>(
        """
        public static class Program
        {
            public static string Run()
            {
                var source = new Source();
                var listener = new Listener(source);
                Gc.Collect();
                source.Raise();
                return listener.Calls == 1 ? "" : "the handler was not called though the listener lives";
            }
        }

        public sealed class Source
        {
            private readonly List<WeakReference<Action>> _handlers = new();

            public void Add(WeakReference<Action> handler) => _handlers.Add(handler);

            public void Raise()
            {
                foreach (var weak in _handlers)
                {
                    if (weak.TryGetTarget(out var handler))
                    {
                        handler();
                    }
                }
            }
        }

        public sealed class Listener
        {
            public Listener(Source source)
            {
                source.Add(new WeakReference<Action>(OnRaised)); // flagged
            }

            public int Calls { get; private set; }

            private void OnRaised() => Calls++;
        }
        """,
        "the handler was not called though the listener lives");
}
