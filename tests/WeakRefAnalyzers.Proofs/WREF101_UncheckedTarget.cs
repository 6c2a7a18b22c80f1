namespace WeakRefAnalyzers.Proofs;

public class WREF101_UncheckedTargetProof
{
    [Fact]
    public Task Test() => Proof.RunAsync<WREF101_UncheckedTarget, WREF101_GuardTarget>(
        """
        public static class Program
        {
            public static string Run()
            {
                var reference = Create();
                Gc.Collect();
                ((Document)reference.Target).Pages = 2; // flagged
                return "";
            }

            [MethodImpl(MethodImplOptions.NoInlining)]
            private static WeakReference Create() => Weaken(new Document());

            [MethodImpl(MethodImplOptions.NoInlining)]
            private static WeakReference Weaken(Document document) => new WeakReference(document);

            private sealed class Document
            {
                public int Pages = 1;
            }
        }
        """,
        "NullReferenceException");
}
