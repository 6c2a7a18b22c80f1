using System;
using System.Threading;

namespace Misuse;

internal static class WREF105
{
    private static readonly object Source = new();
    private static WeakReference<object>? s_source = new(Source);

    public static void Run()
    {
        var other = new Thread(() =>
        {
            for (var i = 0; i < 1_000_000; i++)
            {
                Stop();
                Start();
            }
        });
        other.Start();
        var read = 0;
        while (other.IsAlive)
        {
            // On a machine with two cores this line throws before long.
            read += IsConnected() ? 1 : 0;
        }

        Console.WriteLine($"read {read} times without an accident");
    }

    private static bool IsConnected() =>
        s_source != null && s_source.TryGetTarget(out _); // WREF105

    private static void Start() => s_source = new WeakReference<object>(Source);

    private static void Stop() => s_source = null;
}
