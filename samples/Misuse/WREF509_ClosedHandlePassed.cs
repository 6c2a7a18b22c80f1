using System;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Misuse;

/// <summary>ReleaseHandle passes the SafeHandle, which is closed by then: the marshaller throws and nothing is released.</summary>
internal static class WREF509
{
    private sealed class Session : SafeHandle
    {
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int EndSession(SafeHandle session);

        private static readonly EndSession End = Native.Function<EndSession>();

        public Session()
            : base(IntPtr.Zero, ownsHandle: true) => SetHandle((IntPtr)1);

        public override bool IsInvalid => handle == IntPtr.Zero;

        protected override bool ReleaseHandle() => End(this) == 0; // WREF509
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
