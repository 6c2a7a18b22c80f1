using System;
using System.Runtime.InteropServices;

namespace Misuse;

/// <summary>Disposed twice, the handle is released twice: the second time it may be somebody else's.</summary>
internal static class WREF502
{
    private static int _released;

    private sealed class Thing : IDisposable
    {
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate void FreeThing(IntPtr thing);

        private static readonly FreeThing Free = static _ => _released++; // stands for a native function
        private readonly IntPtr _thing = (IntPtr)1;

        public void Dispose()
        {
            Free(_thing);
            GC.SuppressFinalize(this);
        }

        ~Thing() // WREF502
        {
            Free(_thing);
        }
    }

    public static void Run()
    {
        var thing = new Thing();
        thing.Dispose();
        thing.Dispose();
        Console.WriteLine("Released " + _released + " times.");
    }
}
