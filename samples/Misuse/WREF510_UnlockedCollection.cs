using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;

namespace Misuse;

/// <summary>A finalizer changes a list in the middle of somebody else's loop.</summary>
internal static class WREF510
{
    private static readonly List<string> Names = ["a", "b"];

    private sealed class Session
    {
        ~Session()
        {
            Names.Add("closed"); // WREF510
        }
    }

    public static void Run()
    {
        foreach (var name in Names)
        {
            Console.WriteLine("  " + name);
            Open();
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Open() => _ = new Session();
}
