namespace WeakRefAnalyzers.Proofs;

public class WREF509_ClosedHandlePassedProof
{
    [Fact]
    public Task TheHandleIsNotReleased() => Proof.RunAsync<WREF509_ClosedHandlePassed, WREF509_PassHandle>(
        """
        public static class NativeMethods
        {
            // Any function of the C library does: the marshaller throws before it is called.
            [DllImport("libc", EntryPoint = "abs")] public static extern int session_end(Session session);
        }

        public sealed class Session : SafeHandle
        {
            public Session() : base(IntPtr.Zero, true) => SetHandle((IntPtr)1);

            public override bool IsInvalid => handle == IntPtr.Zero;

            protected override bool ReleaseHandle()
            {
                NativeMethods.session_end(this); // flagged
                Program.IsReleased = true;
                return true;
            }
        }

        public static class Program
        {
            public static bool IsReleased;

            public static string Run()
            {
                try
                {
                    new Session().Dispose();
                }
                catch (ObjectDisposedException)
                {
                    // What a user sees of Dispose.
                }

                return IsReleased ? "" : "the handle was not released";
            }
        }
        """,
        "the handle was not released");
}
