using System;
using System.Runtime.CompilerServices;

namespace Misuse;

internal static class WREF802
{
    private static int _closed;

    public static void Run()
    {
        Open();
        GC.Collect();
        Console.WriteLine($"{_closed} of 1000 finalized"); // WREF802
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
        private int _noise;

        ~Connection()
        {
            for (var i = 0; i < 10_000; i++)
            {
                _noise = (_noise * 31) + i;
            }

            _closed++;
        }
    }
}
