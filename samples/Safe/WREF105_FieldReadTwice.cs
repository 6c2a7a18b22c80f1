using System;
using System.Threading;

namespace Safe;

internal static class WREF105
{
    private static WeakReference<object>? _source = new(typeof(WREF105).Assembly);

    public static void Run() => Console.WriteLine(IsConnected() ? "connected" : "not connected");

    private static bool IsConnected()
    {
        var source = _source;
        return source != null && IsEnabled() && source.TryGetTarget(out _);
    }

    private static bool IsEnabled()
    {
        var other = new Thread(Stop);
        other.Start();
        other.Join();
        return true;
    }

    private static void Stop() => _source = null;
}
