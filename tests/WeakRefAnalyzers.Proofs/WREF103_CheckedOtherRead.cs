namespace WeakRefAnalyzers.Proofs;

public class WREF103_CheckedOtherReadProof
{
    [Fact]
    public Task Test() => Proof.RunAsync<WREF103_CheckedOtherRead, WREF102_WREF103_ReadOnce>(
        """
        public static class Program
        {
            public static string Run()
            {
                var reference = Create();
                if (reference.Deref() != null && CollectorRuns())
                {
                    reference.Deref().Pages = 2; // flagged
                }

                return "";
            }

            [MethodImpl(MethodImplOptions.NoInlining)]
            private static WeakRef<Document> Create() => Weaken(new Document());

            [MethodImpl(MethodImplOptions.NoInlining)]
            private static WeakRef<Document> Weaken(Document document) => new WeakRef<Document>(document);

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
