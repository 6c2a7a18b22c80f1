namespace WeakRefAnalyzers.Proofs;

public class WREF105_FieldReadTwiceProof
{
    /// <summary>The other thread is let run exactly between the test and the second read.</summary>
    [Fact]
    public Task The_reference_is_gone_between_two_reads() => Proof.RunAsync<WREF105_FieldReadTwice, WREF105_CopyField>("""
        using System;
        using System.Threading;

        public static class Program
        {
            private static readonly object Target = new object();
            private static WeakReference<object> s_reference = new WeakReference<object>(Target);

            public static string Run()
            {
                s_reference = new WeakReference<object>(Target);
                try
                {
                    return Get() == Target ? "" : "wrong target";
                }
                catch (NullReferenceException)
                {
                    return "NullReferenceException behind a null test";
                }
            }

            private static object Get()
            {
                if (s_reference != null && Interrupted() && s_reference.TryGetTarget(out var target)) // flagged
                {
                    return target;
                }

                return null;
            }

            private static bool Interrupted()
            {
                var other = new Thread(Reset);
                other.Start();
                other.Join();
                return true;
            }

            private static void Reset() => s_reference = null;
        }
        """, "NullReferenceException behind a null test");
}
