namespace WeakRefAnalyzers.Proofs;

public class WREF401_UnkeptRegistryProof
{
    [Fact]
    public Task Test() => Proof.RunAsync<WREF401_UnkeptRegistry, WREF401_PromoteRegistry>(
        """
        public static class Program
        {
            private static object s_report = new List<int>();
            private static int s_cleaned;

            public static string Run()
            {
                Track(s_report);
                Gc.Collect();
                s_report = null;
                for (var i = 0; i < 20 && Volatile.Read(ref s_cleaned) == 0; i++)
                {
                    Gc.Collect();
                    Thread.Sleep(50);
                }

                return Volatile.Read(ref s_cleaned) == 1 ? "" : "the cleanup never ran";
            }

            private static void Track(object report)
            {
                var registry = new FinalizationRegistry<string>(name => Interlocked.Increment(ref s_cleaned)); // flagged
                registry.Register(report, "report");
            }
        }
        """,
        "the cleanup never ran");
}
