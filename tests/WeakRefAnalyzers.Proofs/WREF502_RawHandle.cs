namespace WeakRefAnalyzers.Proofs;

public class WREF502_RawHandleProof
{
    [Fact]
    public async Task TheHandleIsReleasedTwice() => await Proof.RunAsync<WREF502_RawHandle, WREF502_UseSafeHandle>(
        """
        using System;
        using System.Runtime.InteropServices;

        public sealed class Thing : IDisposable
        {
            [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
            private delegate void FreeThing(IntPtr thing);

            private static readonly FreeThing s_free = static _ => Program.Releases++;
            private readonly IntPtr _thing = (IntPtr)1;

            public void Dispose()
            {
                s_free(_thing);
                GC.SuppressFinalize(this);
            }

            ~Thing() // flagged
            {
                s_free(_thing);
            }
        }

        public static class Program
        {
            public static int Releases;

            public static string Run()
            {
                // Two owners that share it both clean up, which Dispose has to allow.
                var thing = new Thing();
                thing.Dispose();
                thing.Dispose();
                return Releases == 1 ? "" : "released twice";
            }
        }
        """,
        "released twice");
}
