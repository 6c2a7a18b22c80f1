namespace WeakRefAnalyzers.Proofs;

public class WREF403_BlindRemovalProof
{
    [Fact]
    public Task ACallback() => Proof.RunAsync<WREF403_BlindRemoval, WREF403_RemoveOnlyTheDead>(
        """
        public static class Program
        {
            public static string Run()
            {
                var cache = new Cache();
                Fill(cache, "a", 1);
                var second = Fill(cache, "a", 2);
                for (var i = 0; i < 5; i++)
                {
                    Gc.Collect();
                    cache.Clean();
                    Thread.Sleep(20);
                }

                var found = cache.Contains("a");
                GC.KeepAlive(second);
                return found ? "" : "the living entry was removed by the cleanup of its predecessor";
            }

            [MethodImpl(MethodImplOptions.NoInlining)]
            private static object Fill(Cache cache, string key, int size)
            {
                var value = new byte[size];
                cache.Set(key, value);
                return value;
            }
        }

        public sealed class Cache
        {
            private readonly System.Collections.Concurrent.ConcurrentDictionary<string, WeakReference<object>> _entries = new();
            private readonly FinalizationRegistry<string> _registry;

            public Cache()
            {
                _registry = new FinalizationRegistry<string>(key => _entries.TryRemove(key, out _)); // flagged
            }

            public void Set(string key, object value)
            {
                _entries[key] = new WeakReference<object>(value);
                _registry.Register(value, key);
            }

            public bool Contains(string key) => _entries.TryGetValue(key, out var entry) && entry.TryGetTarget(out _);

            public void Clean() => _registry.CleanupSome();
        }
        """,
        "the living entry was removed by the cleanup of its predecessor");

    [Fact]
    public Task AFinalizer() => Proof.RunAsync<WREF403_BlindRemoval, WREF403_RemoveOnlyTheDead>(
        """
        public static class Program
        {
            public static string Run()
            {
                Make("a");
                var second = Make("a");
                Gc.Collect();
                var found = Item.Find("a") == second;
                GC.KeepAlive(second);
                return found ? "" : "the living item is not found any more";
            }

            [MethodImpl(MethodImplOptions.NoInlining)]
            private static Item Make(string name) => new(name);
        }

        public sealed class Item
        {
            private static readonly Dictionary<string, WeakReference<Item>> s_items = new();
            private readonly string _name;

            public Item(string name)
            {
                _name = name;
                lock (s_items)
                {
                    s_items[name] = new WeakReference<Item>(this);
                }
            }

            ~Item()
            {
                lock (s_items)
                {
                    s_items.Remove(_name); // flagged
                }
            }

            public static Item Find(string name)
            {
                lock (s_items)
                {
                    return s_items.TryGetValue(name, out var weak) && weak.TryGetTarget(out var item) ? item : null;
                }
            }
        }
        """,
        "the living item is not found any more");
}
