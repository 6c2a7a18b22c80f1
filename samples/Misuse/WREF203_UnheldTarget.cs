using System;

namespace Misuse;

/// <summary>The buffer is made for the weak reference alone: it is gone before it is used.</summary>
internal static class WREF203
{
    public static void Run()
    {
        var writer = new Writer();
        GC.Collect();
        Console.WriteLine($"  the writer lives, its buffer is there: {writer.HasBuffer}");
    }

    private sealed class Writer
    {
        private readonly WeakReference<byte[]> _buffer;

        public Writer()
        {
            _buffer = new WeakReference<byte[]>(new byte[4096]); // WREF203
        }

        public bool HasBuffer => _buffer.TryGetTarget(out _);
    }
}
