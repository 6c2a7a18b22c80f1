namespace WeakRefAnalyzers.Proofs;

public class WREF507_NoKeepAliveProof
{
    [Fact]
    public async Task TheHandleIsReleasedDuringTheCall() => await Proof.RunAsync<WREF507_NoKeepAlive, WREF507_KeepAlive>(
        """
        using System;
        using System.Runtime.CompilerServices;
        using System.Runtime.InteropServices;

        public sealed class Image
        {
            [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
            private delegate void FreeImage(IntPtr image);

            [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
            private delegate bool DrawImage(IntPtr image);

            private static bool s_freed;
            private static readonly FreeImage s_free = static _ => s_freed = true;
            private static readonly DrawImage s_draw = static _ =>
            {
                // What another thread does while the native code draws.
                Gc.Collect();
                return !s_freed;
            };

            private readonly IntPtr _image = (IntPtr)1;

            public bool Draw()
            {
                return s_draw(_image); // flagged
            }

            ~Image()
            {
                s_free(_image);
            }
        }

        public static class Program
        {
            public static string Run() => Make().Draw() ? "" : "freed while it was drawn";

            [MethodImpl(MethodImplOptions.NoInlining)]
            private static Image Make() => new Image();
        }
        """,
        "freed while it was drawn");
}
