using System;
using System.Runtime.InteropServices;

namespace Safe;

/// <summary>A SafeHandle releases its handle exactly once, and no owner needs a finalizer.</summary>
internal static class WREF502
{
    private static int _released;

    private sealed class ThingHandle : SafeHandle
    {
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate void FreeThing(IntPtr thing);

        private static readonly FreeThing Free = static _ => _released++; // stands for a native function

        public ThingHandle(IntPtr thing)
            : base(IntPtr.Zero, ownsHandle: true) => SetHandle(thing);

        public override bool IsInvalid => handle == IntPtr.Zero;

        protected override bool ReleaseHandle()
        {
            Free(handle);
            return true;
        }
    }

    public static void Run()
    {
        var thing = new ThingHandle((IntPtr)1);
        thing.Dispose();
        thing.Dispose();
        Console.WriteLine("Released " + _released + " time.");
    }
}
