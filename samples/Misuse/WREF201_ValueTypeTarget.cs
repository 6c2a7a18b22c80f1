using System;

namespace Misuse;

/// <summary>A weak reference to a number is a weak reference to a box that nobody has.</summary>
internal static class WREF201
{
    public static void Run()
    {
        var seat = 42;
        var watch = new Watch(seat);
        GC.Collect();
        Console.WriteLine($"  seat {seat} is taken, the watch sees it: {watch.Sees}");
    }

    private sealed class Watch
    {
        private readonly WeakReference _seat;

        public Watch(int seat) => _seat = new WeakReference(seat); // WREF201

        public bool Sees => _seat.Target is not null;
    }
}
