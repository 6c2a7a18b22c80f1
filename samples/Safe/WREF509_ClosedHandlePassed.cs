using System;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Safe;

/// <summary>ReleaseHandle passes the raw handle, which is valid until it returns.</summary>
internal static class WREF509
{
    private sealed class Session : SafeHandle
    {
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int EndSession(IntPtr session);

        private static readonly EndSession End = Native.Function<EndSession>();

        public Session()
            : base(IntPtr.Zero, ownsHandle: true) => SetHandle((IntPtr)1);

        public override bool IsInvalid => handle == IntPtr.Zero;

        protected override bool ReleaseHandle() => End(handle) == 0;
    }

    /// <summary>Stands for a native library.</summary>
    private static class Native
    {
        public static T Function<T>()
            where T : Delegate =>
            Marshal.GetDelegateForFunctionPointer<T>(typeof(Native).GetMethod(nameof(End), BindingFlags.NonPublic | BindingFlags.Static)!
                .MethodHandle.GetFunctionPointer());

        [UnmanagedCallersOnly(CallConvs = [typeof(System.Runtime.CompilerServices.CallConvCdecl)])]
        private static int End(IntPtr session)
        {
            Console.WriteLine($"  session {session} ended");
            return 0;
        }
    }

    public static void Run() => new Session().Dispose();
}
