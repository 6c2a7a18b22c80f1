namespace WeakRefAnalyzers.Tests;

public class WREF403_BlindRemovalTests
{
    /// <summary>Who is in a table that holds it does not die, unless another takes its place there.</summary>
    [Fact]
    public Task TablesOfTheObjectsThemselves() => Verify<WREF403_BlindRemoval>.Diagnostics("""
        class Only
        {
            static readonly Dictionary<string, Only> s_all = new();
            readonly string _name;
            Only(string name) { _name = name; }
            public static Only Get(string name)
            {
                if (!s_all.TryGetValue(name, out var only)) { only = new Only(name); s_all[name] = only; }
                return only;
            }
            void Release() { GC.SuppressFinalize(this); s_all.Remove(_name); }
            ~Only() { Release(); }
        }
        class Replaced
        {
            static readonly Dictionary<string, Replaced> s_all = new();
            readonly string _name;
            public Replaced(string name) { _name = name; s_all[name] = this; }
            public static void Forget(string name) { s_all.Remove(name); }
            ~Replaced() { [|s_all.Remove(_name)|]; }
        }
        class LetGo
        {
            static readonly Dictionary<string, LetGo> s_all = new();
            readonly string _name;
            public LetGo(string name) { _name = name; if (!s_all.ContainsKey(name)) { s_all[name] = this; } }
            public static void Forget(string name) { s_all.Remove(name); }
            ~LetGo() { [|s_all.Remove(_name)|]; }
        }
        class Weak
        {
            static readonly Dictionary<string, WeakReference> s_all = new();
            readonly string _name;
            public Weak(string name) { _name = name; if (!s_all.ContainsKey(name)) { s_all[name] = new WeakReference(this); } }
            ~Weak() { [|s_all.Remove(_name)|]; }
        }
        class Points
        {
            private Dictionary<Type, object> _points = new();
            protected void Register(Type type) { _points[type] = new object(); }
            protected void Unregister(Type type) { _points.Remove(type); }
        }
        class Proxy : Points { public Proxy() { Register(typeof(Proxy)); } ~Proxy() { Unregister(typeof(Proxy)); } }
        """);

    [Fact]
    public Task CallbacksThatRemoveByKey() => Verify<WREF403_BlindRemoval>.Diagnostics("""
        class Cache
        {
            readonly System.Collections.Concurrent.ConcurrentDictionary<string, WeakReference<object>> _map = new();
            readonly Dictionary<(string, int), WeakRef<object>> _pairs = new();
            readonly FinalizationRegistry<string> _lambda, _method, _indirect;
            readonly FinalizationRegistry<Entry> _member;

            public Cache()
            {
                _lambda = new(key => [|_map.TryRemove(key, out _)|]);
                _method = new([|Evict|]);
                _indirect = new(key => [|Log(key)|]);
                _member = new(entry =>
                {
                    Console.WriteLine(entry.Name);
                    lock (_pairs)
                    {
                        [|_pairs.Remove((entry.Name, entry.Number))|];
                    }
                });
            }

            void Evict(string key) => _map.TryRemove(key, out _);

            void Log(string key)
            {
                Console.WriteLine(key);
                _map.TryRemove(key, out _);
            }

            public void Set(string key, object value)
            {
                _map[key] = new WeakReference<object>(value);
                _pairs[(key, 1)] = new WeakRef<object>(value);
                _lambda.Register(value, key);
            }
        }

        record Entry(string Name, int Number);
        """);

    [Fact]
    public Task FinalizersThatRemoveByKey() => Verify<WREF403_BlindRemoval>.Diagnostics("""
        class Item
        {
            static readonly Dictionary<string, WeakReference> s_items = new();
            readonly string _name;

            public Item(string name)
            {
                _name = name;
                s_items[name] = new WeakReference(this);
            }

            ~Item()
            {
                lock (s_items)
                {
                    [|s_items.Remove(_name)|];
                }
            }
        }

        class Disposable : IDisposable
        {
            readonly Owner _owner;
            readonly string _name;

            public Disposable(Owner owner, string name) => (_owner, _name) = (owner, name);

            ~Disposable() => Dispose(false);

            public void Dispose() => Dispose(true);

            void Dispose(bool disposing) => [|_owner.Items.Remove(_name)|];
        }

        class Owner
        {
            public IDictionary<string, WeakReference> Items { get; } = new Dictionary<string, WeakReference>();

            public void Set(string name, Disposable item) => Items[name] = new WeakReference(item);
        }
        """);

    [Fact]
    public Task ARemovalAndANewEntryReplaceToo() => Verify<WREF403_BlindRemoval>.Diagnostics("""
        class Cache
        {
            readonly Dictionary<string, WeakReference<object>> _map = new();
            readonly FinalizationRegistry<string> _registry;

            public Cache() => _registry = new(key => [|_map.Remove(key)|]);

            void Add(string key, object value) => _map.Add(key, new(value));

            void Forget(string key) => _map.Remove(key);
        }
        """);

    [Fact]
    public Task MessageAndTheReplacement() => Verify<WREF403_BlindRemoval>.Diagnostics(
        """
        class Cache
        {
            readonly Dictionary<string, WeakReference<object>> _map = new();
            readonly FinalizationRegistry<string> _registry;

            public Cache() => _registry = new(key => {|#0:_map.Remove(key)|});

            void Set(string key, object value) => {|#1:_map[key] = new(value)|};
        }
        """,
        Verify<WREF403_BlindRemoval>.Diagnostic().WithLocation(0).WithLocation(1).WithArguments("_map"));

    [Fact]
    public Task LocationsOfARemovalInAnotherMember() => Verify<WREF403_BlindRemoval>.Diagnostics(
        """
        class Cache
        {
            readonly Dictionary<string, WeakReference<object>> _map = new();
            readonly FinalizationRegistry<string> _registry;

            public Cache() => _registry = new({|#0:Evict|});

            void Evict(string key) => {|#1:_map.Remove(key)|};

            void Set(string key, object value) => {|#2:_map[key] = new(value)|};
        }
        """,
        Verify<WREF403_BlindRemoval>.Diagnostic().WithLocation(0).WithLocation(1).WithLocation(2).WithArguments("_map"));

    [Fact]
    public Task ThoseThatLookFirst() => Verify<WREF403_BlindRemoval>.Diagnostics("""
        class Cache
        {
            readonly System.Collections.Concurrent.ConcurrentDictionary<string, WeakReference<object>> _map = new();
            readonly FinalizationRegistry<string> _a, _b, _d;
            readonly FinalizationRegistry<KeyValuePair<string, WeakReference<object>>> _c;

            public Cache()
            {
                _a = new(key =>
                {
                    if (_map.TryGetValue(key, out var entry) && !entry.TryGetTarget(out _))
                    {
                        _map.TryRemove(key, out _);
                    }
                });
                _b = new(key =>
                {
                    if (_map[key].TryGetTarget(out _))
                    {
                        return;
                    }

                    _map.TryRemove(key, out _);
                });
                _c = new(pair => _map.TryRemove(pair));
                _d = new(key => _ = !_map[key].TryGetTarget(out _) && _map.TryRemove(key, out _));
                _d = new(key =>
                {
                    if (_map.TryRemove(key, out var removed) && removed.TryGetTarget(out _))
                    {
                        _map.TryAdd(key, removed);
                    }
                });
                _c = new(pair => ((ICollection<KeyValuePair<string, WeakReference<object>>>)_map).Remove(pair));
            }

            public void Set(string key, object value) => _map[key] = new WeakReference<object>(value);
        }
        """);

    [Fact]
    public Task KeysThatAreNotUsedAgain() => Verify<WREF403_BlindRemoval>.Diagnostics("""
        class Cache
        {
            readonly Dictionary<long, WeakReference<object>> _byNumber = new();
            readonly Dictionary<Guid, WeakReference<object>> _byGuid = new();
            readonly Dictionary<string, WeakReference<object>> _once = new();
            readonly HashSet<string> _names = new();
            readonly FinalizationRegistry<long> _numbers;
            readonly FinalizationRegistry<Guid> _guids;
            readonly FinalizationRegistry<string> _texts, _set;
            long _next;

            public Cache()
            {
                _numbers = new(key => _byNumber.Remove(key));
                _guids = new(key => _byGuid.Remove(key));
                _texts = new(key => _once.Remove(key));
                _set = new(key => _names.Remove(key));
            }

            void Add(object value, string name)
            {
                var number = Interlocked.Increment(ref _next);
                _byNumber[number] = new(value);
                _byNumber[++_next] = new(value);
                _byGuid[Guid.NewGuid()] = new(value);
                _once.Add(name, new(value));
                _names.Add(name);
            }
        }

        class Native
        {
            static readonly Dictionary<IntPtr, WeakReference> s_wrappers = new();
            readonly IntPtr _handle;

            Native(IntPtr handle)
            {
                _handle = handle;
                s_wrappers[handle] = new WeakReference(this);
            }

            ~Native()
            {
                s_wrappers.Remove(_handle);
                Free(_handle);
            }

            [DllImport("native")]
            static extern void Free(IntPtr handle);
        }

        class Texture
        {
            static readonly Dictionary<int, WeakReference> s_textures = new();
            readonly int _id;

            public Texture(int id)
            {
                _id = id;
                s_textures[id] = new WeakReference(this);
            }

            ~Texture()
            {
                s_textures.Remove(_id);
                DeleteTexture(_id);
            }

            [DllImport("gl")]
            static extern void DeleteTexture(int id);
        }
        """);

    [Fact]
    public Task WhatTheFinalizerDoesNotReach() => Verify<WREF403_BlindRemoval>.Diagnostics("""
        class Disposable : IDisposable
        {
            static readonly Dictionary<string, WeakReference> s_items = new();
            readonly Dictionary<string, object> _own = new();
            readonly string _name;

            public Disposable(string name)
            {
                _name = name;
                s_items[name] = new WeakReference(this);
                _own[name] = name;
            }

            ~Disposable()
            {
                _own.Remove(_name);
                Dispose(false);
                Close(false);
            }

            public void Dispose() => Dispose(true);

            void Dispose(bool managed)
            {
                if (managed)
                {
                    s_items.Remove(_name);
                }
            }

            void Close(bool disposing)
            {
                if (!disposing)
                {
                    return;
                }

                s_items.Remove(_name);
            }
        }
        """);

    [Fact]
    public Task LocalDictionaries() => Verify<WREF403_BlindRemoval>.Diagnostics("""
        class C
        {
            static Dictionary<string, WeakReference<object>> Make(object value)
            {
                var map = new Dictionary<string, WeakReference<object>>();
                Keep(new FinalizationRegistry<string>(key => [|map.Remove(key)|]));
                map["a"] = new(value);
                return map;
            }

            static void Keep(object registry) { }
        }
        """);

    [Fact]
    public Task BrokenCode() => Verify<WREF403_BlindRemoval>.Diagnostics(
        """
        class Cache
        {
            readonly Dictionary<string, Missing> _map = new();
            readonly FinalizationRegistry<string> _a, _b;

            public Cache()
            {
                _a = new(key => missing.Remove(key));
                _b = new(key => _map.Remove());
                _b = new(Missing);
            }

            ~Cache() => Dispose(

            void Set(string key) => _map[key] = null;
        }
        """,
        new Options { CompilerErrors = true });

    [Fact]
    public Task OldLanguageOnNetFramework() => Verify<WREF403_BlindRemoval, WREF403_RemoveOnlyTheDead>.Fix(
        """
        using System;
        using System.Collections.Concurrent;

        class Item
        {
            static readonly ConcurrentDictionary<string, WeakReference> s_items = new ConcurrentDictionary<string, WeakReference>();
            readonly string _name;

            public Item(string name)
            {
                _name = name;
                s_items[name] = new WeakReference(this);
            }

            ~Item()
            {
                WeakReference removed;
                [|s_items.TryRemove(_name, out removed)|];
            }
        }
        """,
        """
        using System;
        using System.Collections.Concurrent;

        class Item
        {
            static readonly ConcurrentDictionary<string, WeakReference> s_items = new ConcurrentDictionary<string, WeakReference>();
            readonly string _name;

            public Item(string name)
            {
                _name = name;
                s_items[name] = new WeakReference(this);
            }

            ~Item()
            {
                if (s_items.TryGetValue(_name, out var entry) && !entry.IsAlive)
                {
                    ((System.Collections.Generic.ICollection<System.Collections.Generic.KeyValuePair<string, WeakReference>>)s_items).Remove(new System.Collections.Generic.KeyValuePair<string, WeakReference>(_name, entry));
                }
            }
        }
        """,
        new Options { NetFramework = true, Language = LanguageVersion.CSharp7_3 });

    [Fact]
    public Task AnyLookAtATargetCounts() => Verify<WREF403_BlindRemoval>.Diagnostics("""
        class Entry
        {
            readonly WeakReference _target = new(null);

            [WeakRefs.Annotations.WeakRead] public object Peek() => Native();
            public bool IsGone => !_target.IsAlive;
            public object Ask() => Native();
            [System.Runtime.InteropServices.DllImport("n")] static extern object Native();
        }

        class Base
        {
            protected static readonly Dictionary<string, Entry> s_items = new();
            protected readonly string Name = "";
            protected Entry Entry = new();

            public void Use() => s_items[Name] = Entry;
        }

        class Annotated : Base { ~Annotated() { if (Entry.Peek() is null) s_items.Remove(Name); } }
        class Wrapped : Base { ~Wrapped() { if (Entry.IsGone) s_items.Remove(Name); } }
        class Other : Base { ~Other() { if (Entry.Ask() is null) [|s_items.Remove(Name)|]; } }
        """);

    [Fact]
    public Task FixChecksTheEntry() => Verify<WREF403_BlindRemoval, WREF403_RemoveOnlyTheDead>.Fix(
        """
        class Cache
        {
            readonly System.Collections.Concurrent.ConcurrentDictionary<string, WeakReference<object>> _map = new();
            readonly Dictionary<string, WeakRef<object>> _plain = new();
            readonly FinalizationRegistry<string> _a, _b, _c;

            public Cache()
            {
                _a = new(key => [|_map.TryRemove(key, out _)|]);
                _b = new([|Evict|]);
                _c = new(key => { [|_plain.Remove(key)|]; });
            }

            void Evict(string key) => _map.TryRemove(key, out _);

            void Set(string key, object value)
            {
                _map[key] = new WeakReference<object>(value);
                _plain[key] = new WeakRef<object>(value);
            }
        }
        """,
        """
        class Cache
        {
            readonly System.Collections.Concurrent.ConcurrentDictionary<string, WeakReference<object>> _map = new();
            readonly Dictionary<string, WeakRef<object>> _plain = new();
            readonly FinalizationRegistry<string> _a, _b, _c;

            public Cache()
            {
                _a = new(key =>
                {
                    if (_map.TryGetValue(key, out var entry) && !entry.TryGetTarget(out _))
                    {
                        _map.TryRemove(new KeyValuePair<string, WeakReference<object>>(key, entry));
                    }
                });
                _b = new(Evict);
                _c = new(key => {
                    if (_plain.TryGetValue(key, out var entry) && !entry.TryGetTarget(out _))
                    {
                        _plain.Remove(key);
                    }
                });
            }

            void Evict(string key)
            {
                if (_map.TryGetValue(key, out var entry) && !entry.TryGetTarget(out _))
                {
                    _map.TryRemove(new KeyValuePair<string, WeakReference<object>>(key, entry));
                }
            }

            void Set(string key, object value)
            {
                _map[key] = new WeakReference<object>(value);
                _plain[key] = new WeakRef<object>(value);
            }
        }
        """);

    [Fact]
    public Task FixKeepsTrivia() => Verify<WREF403_BlindRemoval, WREF403_RemoveOnlyTheDead>.Fix(
        """
        class Item
        {
            static readonly Dictionary<string, WeakReference<Item>> s_items = new();
            readonly string _name;

            public Item(string name)
            {
                _name = name;
                s_items[name] = new(this);
            }

            // Runs late.
            ~Item()
            {
                // Forget it.
                [|s_items.Remove(_name)|]; // by name
            }
        }
        """,
        """
        class Item
        {
            static readonly Dictionary<string, WeakReference<Item>> s_items = new();
            readonly string _name;

            public Item(string name)
            {
                _name = name;
                s_items[name] = new(this);
            }

            // Runs late.
            ~Item()
            {
                // Forget it.
                if (s_items.TryGetValue(_name, out var entry) && !entry.TryGetTarget(out _))
                {
                    s_items.Remove(_name);
                } // by name
            }
        }
        """);

    [Fact]
    public Task NoFixWhereTheEntrySaysNothingOfItsOwner() => Verify<WREF403_BlindRemoval, WREF403_RemoveOnlyTheDead>.NoFix("""
        class Cache
        {
            readonly Dictionary<string, int> _counts = new();
            readonly Dictionary<string, WeakReference<object>> _map = new();
            readonly FinalizationRegistry<string> _a, _b;

            public Cache()
            {
                _a = new(key => [|_counts.Remove(key)|]);
                _b = new(key => Console.WriteLine([|_map.Remove(key)|]));
            }

            void Set(string key, object value)
            {
                _counts[key] = 1;
                _map[key] = new(value);
            }
        }
        """);

    [Fact]
    public Task FixInsideLocksAndBranches() => Verify<WREF403_BlindRemoval, WREF403_RemoveOnlyTheDead>.Fix(
        """
        class Cache
        {
            readonly Dictionary<string, WeakReference<object>> _map = new();
            readonly System.Collections.Concurrent.ConcurrentDictionary<string, WeakReference<object>> _shared = new();
            readonly FinalizationRegistry<string> _a, _b, _c;
            bool _open;

            public Cache()
            {
                _a = new(key =>
                {
                    lock (_map)
                    {
                        [|_map.Remove(key)|]; // in a block
                    }
                });
                _b = new(key =>
                {
                    lock (_map)
                        [|_map.Remove(key)|];
                });
                _c = new(key =>
                {
                    if (_open)
                        [|_shared.TryRemove(key, out var entry)|];
                    else
                        Console.WriteLine();
                });
            }

            void Set(string key, object value)
            {
                lock (_map) _map[key] = new(value);
                _shared[key] = new(value);
            }
        }
        """,
        """
        class Cache
        {
            readonly Dictionary<string, WeakReference<object>> _map = new();
            readonly System.Collections.Concurrent.ConcurrentDictionary<string, WeakReference<object>> _shared = new();
            readonly FinalizationRegistry<string> _a, _b, _c;
            bool _open;

            public Cache()
            {
                _a = new(key =>
                {
                    lock (_map)
                    {
                        if (_map.TryGetValue(key, out var entry) && !entry.TryGetTarget(out _))
                        {
                            _map.Remove(key);
                        } // in a block
                    }
                });
                _b = new(key =>
                {
                    lock (_map)
                    {
                        if (_map.TryGetValue(key, out var entry) && !entry.TryGetTarget(out _))
                        {
                            _map.Remove(key);
                        }
                    }
                });
                _c = new(key =>
                {
                    if (_open)
                    {
                        if (_shared.TryGetValue(key, out var entry2) && !entry2.TryGetTarget(out _))
                        {
                            _shared.TryRemove(new KeyValuePair<string, WeakReference<object>>(key, entry2));
                        }
                    }
                    else
                        Console.WriteLine();
                });
            }

            void Set(string key, object value)
            {
                lock (_map) _map[key] = new(value);
                _shared[key] = new(value);
            }
        }
        """);
}
