using System;
using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Safe;

internal static class WREF510
{
    // Made for several threads: whoever walks it sees it as it was at some moment.
    private static readonly ConcurrentQueue<string> Names = new(["a", "b"]);

    private sealed class Session
    {
        ~Session()
        {
            Names.Enqueue("closed");
        }
    }

    public static void Run()
    {
        foreach (var name in Names.ToArray())
        {
            Console.WriteLine(name);
            Open();
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Console.WriteLine(Names.Count);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Open() => _ = new Session();
}
