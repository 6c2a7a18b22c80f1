using System;

namespace Safe;

/// <summary>What is watched is an object, and somebody has it.</summary>
internal static class WREF201
{
    public static void Run()
    {
        var seat = new Seat(42);
        var watch = new Watch(seat);
        GC.Collect();
        Console.WriteLine($"  the watch sees it: {watch.Sees}, seat {seat.Number} is taken");
    }

    private sealed record Seat(int Number);

    private sealed class Watch
    {
        private readonly WeakReference<Seat> _seat;

        public Watch(Seat seat) => _seat = new WeakReference<Seat>(seat);

        public bool Sees => _seat.TryGetTarget(out _);
    }
}
