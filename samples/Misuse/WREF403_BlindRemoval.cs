using System;
using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading;
using WeakRefs;

namespace Misuse;

/// <summary>The cleanup of the first page removes the entry of the second.</summary>
internal static class WREF403
{
    public static void Run()
    {
        var cache = new Cache();
        Fill(cache, 1);
        var second = Fill(cache, 2);
        for (var i = 0; i < 5; i++)
        {
            GC.Collect();
            cache.Clean();
            Thread.Sleep(20);
        }

        Console.WriteLine($"  the second page has {second.Length} bytes, the cache finds it: {cache.Contains("page")}");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static byte[] Fill(Cache cache, int size)
    {
        var page = new byte[size];
        cache.Set("page", page);
        return page;
    }

    private sealed class Cache
    {
        private readonly ConcurrentDictionary<string, WeakReference<byte[]>> _entries = new();
        private readonly FinalizationRegistry<string> _registry;

        public Cache()
        {
            _registry = new FinalizationRegistry<string>(key => _entries.TryRemove(key, out _)); // WREF403
        }

        public void Set(string key, byte[] page)
        {
            _entries[key] = new WeakReference<byte[]>(page);
            _registry.Register(page, key);
        }

        public bool Contains(string key) => _entries.TryGetValue(key, out var entry) && entry.TryGetTarget(out _);

        public void Clean() => _registry.CleanupSome();
    }
}
