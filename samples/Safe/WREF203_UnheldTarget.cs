using System;

namespace Safe;

/// <summary>Who makes the buffer keeps it; the writer only knows it weakly.</summary>
internal static class WREF203
{
    public static void Run()
    {
        var buffer = new byte[4096];
        var writer = new Writer(buffer);
        GC.Collect();
        Console.WriteLine($"  the writer lives, its buffer is there: {writer.HasBuffer}");
        GC.KeepAlive(buffer);
    }

    private sealed class Writer
    {
        private readonly WeakReference<byte[]> _buffer;

        public Writer(byte[] buffer) => _buffer = new WeakReference<byte[]>(buffer);

        public bool HasBuffer => _buffer.TryGetTarget(out _);
    }
}
