namespace WeakRefAnalyzers.Proofs;

public class WREF102_ProbeThenReadProof
{
    [Fact]
    public Task Test() => Proof.RunAsync<WREF102_ProbeThenRead, WREF102_WREF103_ReadOnce>(
        """
        public static class Program
        {
            public static string Run()
            {
                var reference = Create();
                if (reference.IsAlive && CollectorRuns())
                {
                    var document = (Document)reference.Target; // flagged
                    document.Pages = 2;
                }

                return "";
            }

            [MethodImpl(MethodImplOptions.NoInlining)]
            private static WeakReference Create() => Weaken(new Document());

            [MethodImpl(MethodImplOptions.NoInlining)]
            private static WeakReference Weaken(Document document) => new WeakReference(document);

            // What another thread may do at any moment.
            private static bool CollectorRuns()
            {
                Gc.Collect();
                return true;
            }

            private sealed class Document
            {
                public int Pages = 1;
            }
        }
        """,
        "NullReferenceException");
}
