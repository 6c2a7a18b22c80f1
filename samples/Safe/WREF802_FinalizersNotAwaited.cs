using System;
using System.Runtime.CompilerServices;
using System.Threading;

namespace Safe;

internal static class WREF802
{
    private static int _closed;

    public static void Run()
    {
        Open();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Console.WriteLine($"{_closed} of 1000 finalized");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Open()
    {
        for (var i = 0; i < 1000; i++)
        {
            _ = new Connection();
        }
    }

    private sealed class Connection
    {
        ~Connection() => Interlocked.Increment(ref _closed);
    }
}
