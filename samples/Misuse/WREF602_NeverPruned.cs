using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;

namespace Misuse;

internal static class WREF602
{
    private static readonly Dictionary<int, WeakReference<string>> Cache = new(); // WREF602

    public static void Run()
    {
        for (var key = 0; key < 10_000; key++)
        {
            Load(key);
        }

        GC.Collect();
        Load(10_000);
        Console.WriteLine($"{Cache.Count} entries, one of them alive");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Load(int key)
    {
        var text = new string('x', 100);
        Cache[key] = new WeakReference<string>(text);
        GC.KeepAlive(text);
    }
}
