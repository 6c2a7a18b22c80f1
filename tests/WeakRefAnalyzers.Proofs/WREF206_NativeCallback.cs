namespace WeakRefAnalyzers.Proofs;

public class WREF206_NativeCallbackProof
{
    [Fact]
    public Task NativeCodeHasAPointerToNothing() => Proof.RunAsync<WREF206_NativeCallback, WREF206_KeepDelegate>(
        """
        public delegate void Callback(int value);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        public delegate void SetCallback(Callback callback);

        public sealed class Count
        {
            public int Value;
        }

        public sealed class Listener
        {
            private readonly string _name;

            public Listener(string name, Count count)
            {
                _name = name;
                Native.SetCallback(value => count.Value += value); // flagged
            }
        }

        public static class Native
        {
            public static readonly SetCallback SetCallback = Marshal.GetDelegateForFunctionPointer<SetCallback>(
                typeof(Native).GetMethod("Set").MethodHandle.GetFunctionPointer());

            public static IntPtr Kept;

            [UnmanagedCallersOnly(CallConvs = new[] { typeof(CallConvCdecl) })]
            public static void Set(IntPtr callback) => Kept = callback;
        }

        public static class Program
        {
            private static Listener s_listener;

            public static string Run()
            {
                var count = Listen();
                Gc.Collect();
                return Native.Kept == IntPtr.Zero || count.IsAlive ? "" : "the pointer is there and the delegate is gone";
            }

            [MethodImpl(MethodImplOptions.NoInlining)]
            private static WeakReference Listen()
            {
                var count = new Count();
                s_listener = new Listener("all", count);
                return new WeakReference(count);
            }
        }
        """,
        "the pointer is there and the delegate is gone");
}
