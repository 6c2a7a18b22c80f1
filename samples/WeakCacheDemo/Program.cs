using System.Diagnostics;
using System.Runtime.CompilerServices;
using WeakRefs;

namespace WeakCacheDemo;

internal sealed record User(string Name);

internal static class Program
{
    private static bool _asExpected = true;

    private static int Main()
    {
        Simple();
        AutoCleaning();
        Bounded();
        NotPrompt();
        return _asExpected ? 0 : 1;
    }

    private static void Simple()
    {
        Console.WriteLine("== A simple weak cache");
        SimpleWeakCache<string, User> cache = new();
        User alice = new("Alice");
        cache.Set("alice", alice);
        SetUnused(cache);
        Collect(() => !Has(cache, "bob"));
        Show("alice, who is in use", cache.TryGet("alice", out var found) ? found.Name : "gone", "Alice");
        Show("bob, whom nobody uses", Has(cache, "bob") ? "there" : "gone", "gone");
        Show("entries left", cache.Count, 1);
        GC.KeepAlive(alice);
    }

    private static void AutoCleaning()
    {
        Console.WriteLine("== A cache that cleans up after itself");
        using AutoCleaningCache<User> cache = new();
        cache.Collected += key => Console.WriteLine($"  callback: the value of \"{key}\" was collected");
        SetUnused(cache);
        User replacement = new("Replacement");
        cache.Set("cart:43", replacement);
        Collect(() => cache.Count == 1);
        Show("entries left, though nobody asked for the dead one", cache.Count, 1);
        Show(
            "cart:43, replaced before its first value died",
            cache.TryGet("cart:43", out var found) ? found.Name : "gone",
            "Replacement");
        GC.KeepAlive(replacement);
    }

    private static void Bounded()
    {
        Console.WriteLine("== WeakCache: the last 3 entries are kept, the others as long as somebody uses them");
        using WeakCache<int, User> cache = new(strongCapacity: 3);
        User inUse = new("in use");
        cache.Set(0, inUse);
        SetUnused(cache);
        Show("entries before a collection", cache.Count, 11);
        Collect(() => cache.Count == 4);
        Show("entries after it: 3 kept and 1 in use", cache.Count, 4);
        var alive = Enumerable.Range(0, 11).Where(key => cache.TryGet(key, out _)).ToArray();
        Show("which ones", string.Join(" ", alive), "0 8 9 10");
        var made = cache.GetOrAdd(5, key => new User("made again for " + key));
        Show("a collected one is made again", made.Name, "made again for 5");
        GC.KeepAlive(inUse);
    }

    private static void NotPrompt()
    {
        Console.WriteLine("== Callbacks are not prompt");
        var calls = 0;
        FinalizationRegistry<string> registry = new(_ => Interlocked.Increment(ref calls));
        RegisterUnused(registry);
        Show("callbacks right after the last reference is gone", Volatile.Read(ref calls), 0);
        Thread.Sleep(500);
        Show("half a second later, as no collection happened", Volatile.Read(ref calls), 0);
        Collect(() => Volatile.Read(ref calls) == 1);
        Show("some time after a collection", Volatile.Read(ref calls), 1);
        RegisterUnused(registry);
        Console.WriteLine("  one more is registered, and the process ends: that callback never comes");
        GC.KeepAlive(registry);
    }

    // Values are made in methods of their own: in a Debug build a local lives until its method returns.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void SetUnused(SimpleWeakCache<string, User> cache) => cache.Set("bob", new User("Bob"));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void SetUnused(AutoCleaningCache<User> cache)
    {
        cache.Set("cart:42", new User("Cart"));
        cache.Set("cart:43", new User("Replaced"));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void SetUnused(WeakCache<int, User> cache)
    {
        for (var i = 1; i <= 10; i++)
        {
            cache.Set(i, new User("user " + i));
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void RegisterUnused(FinalizationRegistry<string> registry) => registry.Register(new User("Temp"), "temp");

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool Has(SimpleWeakCache<string, User> cache, string key) => cache.TryGet(key, out _);

    /// <summary>Forces collections until the condition holds, for at most 30 seconds. A real program does not do this.</summary>
    private static void Collect(Func<bool> condition)
    {
        var watch = Stopwatch.StartNew();
        while (!condition() && watch.Elapsed < TimeSpan.FromSeconds(30))
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Thread.Sleep(1);
        }
    }

    private static void Show<T>(string what, T actual, T expected)
    {
        var same = EqualityComparer<T>.Default.Equals(actual, expected);
        _asExpected &= same;
        Console.WriteLine($"  {what}: {actual}" + (same ? "" : $"  UNEXPECTED, should be {expected}"));
    }
}
