namespace WeakRefAnalyzers.Proofs;

public class WREF802_FinalizersNotAwaitedProof
{
    private const string Program = """
        using System;
        using System.Runtime.CompilerServices;
        using System.Threading;

        public static class Program
        {
            private static bool s_closed;

            public static string Run()
            {
                s_closed = false;
                Open();
                GC.Collect();
                GC.WaitForPendingFinalizers();
                return s_closed ? "" : "not finalized yet"; // flagged
            }

            [MethodImpl(MethodImplOptions.NoInlining)]
            private static void Open() => new Connection();

            private sealed class Connection
            {
                ~Connection()
                {
                    Thread.Sleep(500); // the finalizer thread has other things to do first
                    s_closed = true;
                }
            }
        }
        """;

    [Fact]
    public Task Read_before_the_finalizer_ran() =>
        Proof.RunAsync<WREF802_FinalizersNotAwaited>(
            Program.Replace("        GC.WaitForPendingFinalizers();\n", ""),
            "not finalized yet",
            Program);
}
