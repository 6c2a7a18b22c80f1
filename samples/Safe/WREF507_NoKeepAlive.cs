using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Safe;

/// <summary>The image stays alive until native code has drawn it.</summary>
internal static class WREF507
{
    private sealed unsafe class Image
    {
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate void FreeImage(byte* image);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate void DrawImage(byte* image);

        private static bool _freed;

        // Stand for native functions; other threads may collect at any time.
        private static readonly FreeImage NativeFree = static _ => _freed = true;
        private static readonly DrawImage NativeDraw = static _ =>
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Console.WriteLine(_freed ? "The image was freed while it was drawn." : "The image was drawn.");
        };

        private readonly byte* _image = (byte*)1;

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        public void Draw()
        {
            NativeDraw(_image);
            GC.KeepAlive(this);
        }

        internal void Free() => NativeFree(_image);

        ~Image() => Free();
    }

    public static void Run() => Make().Draw();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Image Make() => new();
}
