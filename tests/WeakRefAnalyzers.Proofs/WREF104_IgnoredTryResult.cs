namespace WeakRefAnalyzers.Proofs;

public class WREF104_IgnoredTryResultProof
{
    [Fact]
    public Task Test() => Proof.RunAsync<WREF104_IgnoredTryResult, WREF104_TestResult>(
        """
        public static class Program
        {
            public static string Run()
            {
                var reference = Create();
                Gc.Collect();
                reference.TryGetTarget(out var document);
                document.Pages = 2; // flagged
                return "";
            }

            [MethodImpl(MethodImplOptions.NoInlining)]
            private static WeakReference<Document> Create() => Weaken(new Document());

            [MethodImpl(MethodImplOptions.NoInlining)]
            private static WeakReference<Document> Weaken(Document document) => new WeakReference<Document>(document);

            private sealed class Document
            {
                public int Pages = 1;
            }
        }
        """,
        "NullReferenceException");
}
