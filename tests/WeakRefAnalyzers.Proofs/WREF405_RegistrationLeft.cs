namespace WeakRefAnalyzers.Proofs;

public class WREF405_RegistrationLeftProof
{
    [Fact]
    public Task TheSlotIsGivenBackTwice() => Proof.RunAsync<WREF405_RegistrationLeft, WREF405_Unregister>(
        """
        public sealed class Connection : IDisposable
        {
            private static readonly SemaphoreSlim s_slots = new(1);
            private static readonly FinalizationRegistry<int> s_leaked = new(static _ => s_slots.Release());

            public Connection()
            {
                s_slots.Wait();
                s_leaked.Register(this, 0);
            }

            public static int Free => s_slots.CurrentCount;

            public static void Clean() => s_leaked.CleanupSome();

            public void Dispose()
            {
                s_slots.Release(); // flagged
            }
        }

        public static class Program
        {
            public static string Run()
            {
                Connect();
                for (var i = 0; i < 20 && Connection.Free < 2; i++)
                {
                    Gc.Collect();
                    Connection.Clean();
                }

                return Connection.Free == 1 ? "" : "two slots are free where there is one";
            }

            [MethodImpl(MethodImplOptions.NoInlining)]
            private static void Connect() => new Connection().Dispose();
        }
        """,
        "two slots are free where there is one");
}
