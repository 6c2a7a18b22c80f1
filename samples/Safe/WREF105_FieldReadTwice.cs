using System;
using System.Threading;

namespace Safe;

internal static class WREF105
{
    private static readonly object Source = new();
    private static WeakReference<object>? s_source = new(Source);

    public static void Run()
    {
        var other = new Thread(() =>
        {
            for (var i = 0; i < 100_000; i++)
            {
                Stop();
                Start();
            }
        });
        other.Start();
        while (other.IsAlive)
        {
            IsConnected();
        }

        Console.WriteLine($"connected: {IsConnected()}");
    }

    private static bool IsConnected()
    {
        var source = s_source;
        return source != null && source.TryGetTarget(out _);
    }

    private static void Start() => s_source = new WeakReference<object>(Source);

    private static void Stop() => s_source = null;
}
