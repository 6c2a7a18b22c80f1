namespace WeakRefAnalyzers.Proofs;

public class WREF506_ResurrectionProof
{
    [Fact]
    public async Task TheBufferComesBackOnlyOnce() => await Proof.RunAsync<WREF506_Resurrection, WREF506_ReRegister>(
        """
        using System;
        using System.Collections.Concurrent;
        using System.Runtime.CompilerServices;

        public sealed class Buffer
        {
            public static readonly ConcurrentStack<Buffer> Pool = new();

            ~Buffer()
            {
                Pool.Push(this); // flagged
            }
        }

        public static class Program
        {
            public static string Run()
            {
                Make();
                Gc.Collect();
                Use();
                Gc.Collect();
                return Buffer.Pool.Count == 1 ? "" : "lost the second time";
            }

            [MethodImpl(MethodImplOptions.NoInlining)]
            private static void Make() => GC.KeepAlive(new Buffer());

            [MethodImpl(MethodImplOptions.NoInlining)]
            private static void Use()
            {
                if (Buffer.Pool.TryPop(out var buffer))
                {
                    GC.KeepAlive(buffer);
                }
            }
        }
        """,
        "lost the second time");
}
