using System;
using System.Threading;

namespace Safe;

internal static class WREF105
{
    private static WeakReference<object>? s_source = new(typeof(WREF105).Assembly);

    public static void Run() => Console.WriteLine(IsConnected() ? "connected" : "not connected");

    private static bool IsConnected()
    {
        var source = s_source;
        return source != null && IsEnabled() && source.TryGetTarget(out _);
    }

    private static bool IsEnabled()
    {
        var other = new Thread(Stop);
        other.Start();
        other.Join();
        return true;
    }

    private static void Stop() => s_source = null;
}
