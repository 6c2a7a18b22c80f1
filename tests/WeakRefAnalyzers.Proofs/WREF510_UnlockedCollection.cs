namespace WeakRefAnalyzers.Proofs;

public class WREF510_UnlockedCollectionProof
{
    [Fact]
    public Task TheListIsChangedUnderTheLock() => Proof.RunAsync<WREF510_UnlockedCollection, WREF510_TakeLock>(
        """
        public sealed class Session
        {
            private static readonly List<int> s_closed = new();

            ~Session()
            {
                s_closed.Add(1); // flagged
            }

            /// <summary>Whether the number of elements is the same at both ends of the lock.</summary>
            public static bool IsStable()
            {
                lock (s_closed)
                {
                    var before = s_closed.Count;
                    Program.Lose();
                    for (var i = 0; i < 20 && s_closed.Count == before; i++)
                    {
                        GC.Collect();
                        Thread.Sleep(10);
                    }

                    return s_closed.Count == before;
                }
            }
        }

        public static class Program
        {
            public static string Run() => Session.IsStable() ? "" : "the list was changed under the lock";

            [MethodImpl(MethodImplOptions.NoInlining)]
            public static void Lose() => _ = new Session();
        }
        """,
        "the list was changed under the lock");
}
