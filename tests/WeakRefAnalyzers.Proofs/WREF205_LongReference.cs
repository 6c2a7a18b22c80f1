namespace WeakRefAnalyzers.Proofs;

public class WREF205_LongReferenceProof
{
    [Fact]
    public Task Test() => Proof.RunAsync<WREF205_LongReference, WREF205_DropTracking>(
        """
        public static class Program
        {
            public static string Run()
            {
                var reference = Create();
                GC.Collect();
                GC.WaitForPendingFinalizers();
                return reference.TryGetTarget(out var buffer) && buffer.Released ? "returned an object whose finalizer had run" : "";
            }

            [MethodImpl(MethodImplOptions.NoInlining)]
            private static WeakReference<Buffer> Create() => new WeakReference<Buffer>(new Buffer(), trackResurrection: true); // flagged

            private sealed class Buffer
            {
                public bool Released;

                ~Buffer() => Released = true;
            }
        }
        """,
        "returned an object whose finalizer had run");
}
