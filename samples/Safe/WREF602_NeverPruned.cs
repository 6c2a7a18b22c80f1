using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;

namespace Safe;

internal static class WREF602
{
    private static readonly Dictionary<int, WeakReference<string>> Cache = new();
    private static int _pruneAt = 64;

    public static void Run()
    {
        for (var key = 0; key < 10_000; key++)
        {
            Load(key);
        }

        GC.Collect();
        Load(10_000);
        Prune();
        Console.WriteLine($"{Cache.Count} entries, one of them alive");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Load(int key)
    {
        // Twice the survivors of the last time: the walks cost no more than the additions.
        if (Cache.Count >= _pruneAt)
        {
            Prune();
            _pruneAt = Math.Max(64, 2 * Cache.Count);
        }

        var text = new string('x', 100);
        Cache[key] = new WeakReference<string>(text);
        GC.KeepAlive(text);
    }

    private static void Prune()
    {
        foreach (var entry in Cache)
        {
            if (!entry.Value.TryGetTarget(out _))
            {
                Cache.Remove(entry.Key);
            }
        }
    }
}
