namespace WeakRefAnalyzers.Proofs;

public class WREF505_ThrowingFinalizerProof
{
    [Fact]
    public async Task TheHalfMadeObjectEndsTheProcess() => await Proof.RunAsync<WREF505_ThrowingFinalizer, WREF505_TestForNull>(
        """
        using System;
        using System.Collections.Generic;
        using System.Runtime.CompilerServices;

        public sealed class Cache
        {
            private readonly List<string> _items;

            public Cache(string name)
            {
                if (name == "")
                {
                    throw new ArgumentException("A cache needs a name.");
                }

                _items = new List<string> { name };
            }

            ~Cache()
            {
                _items.Clear(); // flagged
            }
        }

        public static class Program
        {
            public static string Run()
            {
                Make();
                Gc.Collect();
                return "";
            }

            [MethodImpl(MethodImplOptions.NoInlining)]
            private static void Make()
            {
                try
                {
                    GC.KeepAlive(new Cache(""));
                }
                catch (ArgumentException)
                {
                }
            }
        }
        """,
        "NullReferenceException",
        ownProcess: true);
}
