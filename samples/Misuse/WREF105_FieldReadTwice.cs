using System;
using System.Threading;

namespace Misuse;

internal static class WREF105
{
    private static WeakReference<object>? _source = new(typeof(WREF105).Assembly);

    public static void Run() => Console.WriteLine(IsConnected() ? "connected" : "not connected");

    private static bool IsConnected() =>
        _source != null && IsEnabled() && _source.TryGetTarget(out _); // WREF105

    // Any moment will do for the other thread; this sample picks one between the two reads.
    private static bool IsEnabled()
    {
        var other = new Thread(Stop);
        other.Start();
        other.Join();
        return true;
    }

    private static void Stop() => _source = null;
}
