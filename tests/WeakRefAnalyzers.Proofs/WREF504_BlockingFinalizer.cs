namespace WeakRefAnalyzers.Proofs;

public class WREF504_BlockingFinalizerProof
{
    private const string Main = """

        public sealed class Other
        {
            ~Other() => Program.Finalized++;
        }

        public static class Program
        {
            public static int Finalized;

            public static string Run()
            {
                lock (Entry.Gate)
                {
                    MakeEntry();
                    GC.Collect();
                    Thread.Sleep(100);
                    MakeOthers();
                    for (var i = 0; i < 20 && Finalized == 0; i++)
                    {
                        GC.Collect();
                        Thread.Sleep(50);
                    }

                    return Finalized > 0 ? "" : "no other finalizer runs";
                }
            }

            [MethodImpl(MethodImplOptions.NoInlining)]
            private static void MakeEntry() => GC.KeepAlive(new Entry());

            [MethodImpl(MethodImplOptions.NoInlining)]
            private static void MakeOthers()
            {
                for (var i = 0; i < 100; i++)
                {
                    GC.KeepAlive(new Other());
                }
            }
        }
        """;

    [Fact]
    public async Task NoOtherFinalizerRuns() => await Proof.RunAsync<WREF504_BlockingFinalizer>(
        """
        using System;
        using System.Runtime.CompilerServices;
        using System.Threading;

        public sealed class Entry
        {
            public static readonly object Gate = new();
            public static int Dead;

            ~Entry()
            {
                lock (Gate) // flagged
                {
                    Dead++;
                }
            }
        }
        """ + Main,
        "no other finalizer runs",
        """
        using System;
        using System.Runtime.CompilerServices;
        using System.Threading;

        public sealed class Entry
        {
            public static readonly object Gate = new();
            public static int Dead;

            ~Entry() => Interlocked.Increment(ref Dead);
        }
        """ + Main);
}
