namespace WeakRefAnalyzers.Tests;

public class WREF510_UnlockedCollectionTests
{
    [Fact]
    public Task Finalizers() => Verify<WREF510_UnlockedCollection>.Diagnostics("""
        class OfOthers
        {
            static readonly List<IDisposable> s_parts = new();
            public OfOthers(IDisposable part) => s_parts.Add(part);
            ~OfOthers() { [|s_parts.Clear()|]; }
        }
        class Removes
        {
            static readonly HashSet<int> s_open = new();
            readonly int _id;
            public Removes(int id) { _id = id; s_open.Add(id); }
            ~Removes() { [|s_open.Remove(_id)|]; }
        }
        class Adds
        {
            static readonly List<string> s_leaked = new();
            public static IEnumerable<string> Leaked => s_leaked.ToArray();
            ~Adds() => [|s_leaked.Add("leaked")|];
        }
        class Sets
        {
            static readonly Dictionary<string, int> s_counts = new();
            public static int Count(string name) => s_counts.TryGetValue(name, out var count) ? count : 0;
            ~Sets() { [|s_counts["Sets"]|] = 1; }
        }
        class Through : IDisposable
        {
            static readonly Stack<IntPtr> s_free = new();
            IntPtr _handle;
            public Through() { _handle = s_free.Count > 0 ? s_free.Pop() : (IntPtr)1; }
            public void Dispose() { Dispose(true); GC.SuppressFinalize(this); }
            ~Through() => Dispose(false);
            void Dispose(bool disposing) { GiveBack(); }
            void GiveBack() { [|s_free.Push(_handle)|]; }
        }
        class Interface
        {
            static readonly IDictionary<int, string> s_names = new Dictionary<int, string>();
            readonly int _id;
            public Interface(int id) { s_names.Add(_id = id, "x"); }
            ~Interface() { [|s_names.Remove(_id)|]; }
        }
        class Pool { internal readonly Queue<int> Ids = new(); public int Take() => Ids.Dequeue(); }
        class Other
        {
            readonly Pool _pool;
            readonly int _id;
            public Other(Pool pool) { _pool = pool; _id = pool.Take(); }
            ~Other() => [|_pool.Ids.Enqueue(_id)|];
        }
        class Property
        {
            static List<int> Gone { get; } = new();
            public static bool Has(int id) => Gone.Contains(id);
            ~Property() { [|Gone.Add(1)|]; }
        }
        class Wrapper
        {
            [DllImport("n")] static extern void thing_free(IntPtr thing);
            static readonly Dictionary<IntPtr, WeakReference> s_wrappers = new();
            readonly IntPtr _thing;
            public Wrapper(IntPtr thing) { _thing = thing; s_wrappers[thing] = new WeakReference(this); }
            ~Wrapper()
            {
                [|s_wrappers.Remove(_thing)|];
                thing_free(_thing);
            }
        }
        static class Table { public static readonly List<string> Names = new(); }
        class Elsewhere
        {
            public Elsewhere() { Table.Names.Add("x"); }
            ~Elsewhere() { [|Table.Names.Remove("x")|]; }
        }
        """);

    [Fact]
    public Task Callbacks() => Verify<WREF510_UnlockedCollection>.Diagnostics("""
        class Own
        {
            readonly List<string> _gone = new();
            readonly FinalizationRegistry<string> _registry;
            public Own() => _registry = new FinalizationRegistry<string>(name => [|_gone.Add(name)|]);
            public int Count => _gone.Count;
            public void Watch(object target, string name) => _registry.Register(target, name);
        }
        class Static
        {
            static readonly HashSet<int> s_live = new();
            static readonly FinalizationRegistry<int> s_registry = new(static id => [|s_live.Remove(id)|]);
            public static void Watch(object target, int id) { s_live.Add(id); s_registry.Register(target, id); }
        }
        class Group
        {
            static readonly List<int> s_gone = new();
            static readonly FinalizationRegistry<int> s_registry = new([|Gone|]);
            static void Gone(int id) { s_gone.Add(id); }
            public static int[] Take() { var all = s_gone.ToArray(); s_gone.Clear(); return all; }
        }
        class Held
        {
            readonly List<object> _log = new();
            static readonly FinalizationRegistry<List<object>> s_registry = new(static log => [|log.Add("gone")|]);
            public void Watch(object target) => s_registry.Register(target, _log);
            public int Count => _log.Count;
        }
        class Part
        {
            readonly Store _store = new();
            static readonly FinalizationRegistry<Store> s_registry = new(static store => [|store.Gone.Add(1)|]);
            public void Watch(object target) => s_registry.Register(target, _store);
            public int Count => _store.Gone.Count;
        }
        class Store { public List<int> Gone { get; } = new(); public int Last => Gone[Gone.Count - 1]; }
        """);

    [Fact]
    public Task OnlyTheCleanupTakesNoLock() => Verify<WREF510_UnlockedCollection>.Diagnostics("""
        class Looked
        {
            readonly Dictionary<string, WeakReference> _all = new();
            readonly FinalizationRegistry<string> _registry;
            public Looked() => _registry = new FinalizationRegistry<string>(key => { if (_all.TryGetValue(key, out var entry) && !entry.IsAlive) [|_all.Remove(key)|]; });
            public void Set(string key, object value) { lock (_all) _all[key] = new WeakReference(value); _registry.Register(value, key); }
        }
        """);

    [Fact]
    public Task Annotated() => Verify<WREF510_UnlockedCollection>.Diagnostics("""
        using WeakRefs.Annotations;
        class Deaths { public void When([WeakTarget] object target, [HeldValue] int id, [CleanupCallback] Action<int> gone) { } }
        class Own
        {
            readonly List<int> _gone = new();
            public int Count => _gone.Count;
            public void Watch(Deaths deaths, object target) => deaths.When(target, 1, id => [|_gone.Add(id)|]);
        }
        """);

    [Fact]
    public Task SilentWhereItIsSafe() => Verify<WREF510_UnlockedCollection>.Diagnostics("""
        class Looks
        {
            static readonly Queue<int> s_open = new();
            public Looks() => s_open.Enqueue(1);
            ~Looks() { s_open.TryPeek(out _); }
        }
        class Concurrent
        {
            static readonly System.Collections.Concurrent.ConcurrentDictionary<int, string> s_open = new();
            readonly int _id;
            public Concurrent(int id) { _id = id; s_open[id] = "x"; }
            ~Concurrent() { s_open.TryRemove(_id, out _); }
        }
        class Locked
        {
            static readonly HashSet<int> s_open = new();
            readonly int _id;
            public Locked(int id) { _id = id; lock (s_open) s_open.Add(id); }
            ~Locked() { lock (s_open) { s_open.Remove(_id); } }
        }
        class LockedInside
        {
            static readonly object s_gate = new();
            static readonly HashSet<int> s_open = new();
            readonly int _id;
            public LockedInside(int id) { _id = id; lock (s_gate) s_open.Add(id); }
            ~LockedInside() => Remove(_id);
            static void Remove(int id) { Monitor.Enter(s_gate); try { s_open.Remove(id); } finally { Monitor.Exit(s_gate); } }
        }
        class LockedAround
        {
            static readonly object s_gate = new();
            static readonly HashSet<int> s_open = new();
            public LockedAround() { lock (s_gate) s_open.Add(1); }
            ~LockedAround() { lock (s_gate) { Remove(); } }
            void Remove() => s_open.Remove(1);
        }
        class Synchronized
        {
            static readonly HashSet<int> s_open = new();
            public Synchronized() => Add();
            [MethodImpl(MethodImplOptions.Synchronized)] static void Add() => s_open.Add(1);
            [MethodImpl(MethodImplOptions.Synchronized)] static void Remove() => s_open.Remove(1);
            ~Synchronized() => Remove();
        }
        class PerThread
        {
            [ThreadStatic] static List<int> s_list;
            public PerThread() { (s_list ??= new()).Add(1); }
            ~PerThread() { s_list?.Remove(1); }
        }
        class Counter
        {
            static int s_count;
            static int[] s_counts = new int[9];
            public Counter() { s_count++; s_counts[1]++; }
            ~Counter() { s_count--; s_counts[1]--; }
        }
        class OnlyHere
        {
            static readonly List<int> s_gone = new();
            ~OnlyHere() { s_gone.Add(1); }
        }
        class ItsOwn
        {
            readonly List<int> _list = new();
            public void Add(int i) => _list.Add(i);
            ~ItsOwn() { _list.Clear(); }
        }
        class OnlyWhenDisposing : IDisposable
        {
            static readonly HashSet<int> s_open = new();
            public OnlyWhenDisposing() => s_open.Add(1);
            public void Dispose() => Dispose(true);
            ~OnlyWhenDisposing() => Dispose(false);
            void Dispose(bool disposing) { if (disposing) s_open.Remove(1); }
        }
        class Wrapped
        {
            static readonly System.Collections.ArrayList s_all = System.Collections.ArrayList.Synchronized(new System.Collections.ArrayList());
            public Wrapped() => s_all.Add(1);
            ~Wrapped() => s_all.Remove(1);
        }
        class Window : IDisposable
        {
            static readonly Dictionary<int, Window> s_windows = new();
            static readonly List<IDisposable> s_all = new();
            int _id;
            public static Window Find(int id) => s_windows[id];
            public static void Add(Window window) { s_windows.Add(window._id, window); s_all.Add(window); }
            public void Dispose() => Close();
            ~Window() => Close();
            void Close() { s_windows.Remove(_id); s_all.RemoveAt(0); }
        }
        class Found
        {
            static readonly Dictionary<int, Found> s_maps = new();
            readonly List<int> _links = new();
            public void Add(int id) => _links.Add(id);
            class Link { ~Link() { if (s_maps.TryGetValue(1, out var found)) found._links.Remove(1); } }
        }
        class Table
        {
            static readonly ConditionalWeakTable<object, object> s_table = new();
            public Table(object key) => s_table.Add(key, key);
            ~Table() => s_table.Remove("x");
        }
        """);

    [Fact]
    public Task SilentWhereTheThreadIsKnown() => Verify<WREF510_UnlockedCollection>.Diagnostics("""
        class Scheduled
        {
            readonly List<string> _gone = new();
            readonly FinalizationRegistry<string> _registry;
            public Scheduled(TaskScheduler scheduler) => _registry = new FinalizationRegistry<string>(name => _gone.Add(name), new FinalizationRegistryOptions { Scheduler = scheduler });
            public int Count => _gone.Count;
        }
        class Posted
        {
            readonly List<string> _gone = new();
            readonly FinalizationRegistry<string> _registry;
            public Posted(SynchronizationContext context) => _registry = new FinalizationRegistry<string>(name => context.Post(_ => _gone.Add(name), null));
            public int Count => _gone.Count;
        }
        """);

    [Fact]
    public Task OthersSpeakOfTheSamePlace() => Verify<WREF510_UnlockedCollection>.Diagnostics("""
        class WaitsForItself
        {
            static readonly List<WaitsForItself> s_all = new();
            public WaitsForItself() => s_all.Add(this);
            ~WaitsForItself() => s_all.Remove(this);
        }
        class ComesBack
        {
            static readonly Stack<ComesBack> s_pool = new();
            public static ComesBack Take() => s_pool.Pop();
            ~ComesBack() => s_pool.Push(this);
        }
        class Replaced
        {
            readonly Dictionary<string, WeakReference> _all = new();
            readonly FinalizationRegistry<string> _registry;
            public Replaced() => _registry = new FinalizationRegistry<string>(key => _all.Remove(key));
            public void Set(string key, object value) { _all[key] = new WeakReference(value); _registry.Register(value, key); }
        }
        class Looked
        {
            readonly Dictionary<string, WeakReference> _all = new();
            readonly FinalizationRegistry<string> _registry;
            public Looked() => _registry = new FinalizationRegistry<string>(key => { if (_all.TryGetValue(key, out var entry) && !entry.IsAlive) _all.Remove(key); });
            public void Set(string key, object value) { _all[key] = new WeakReference(value); _registry.Register(value, key); }
        }
        """);

    [Fact]
    public Task MessageNamesTheCollectionAndThePlaces() => Verify<WREF510_UnlockedCollection>.Diagnostics(
        """
        class Session
        {
            static readonly HashSet<int> s_open = new();
            public Session() { {|#1:lock (s_open) s_open.Add(1);|} }
            ~Session() => {|#0:s_open.Remove(1)|};
        }
        """,
        Verify<WREF510_UnlockedCollection>.Diagnostic().WithLocation(0).WithLocation(1).WithLocation(0).WithArguments("s_open"));

    [Fact]
    public Task BrokenCode() => Verify<WREF510_UnlockedCollection>.Diagnostics(
        """
        class Half
        {
            static readonly List<int> s_list = new();
            static readonly List<Missing> s_missing = new();
            public Half() { s_list.Add(1); s_missing.Add(null); }
            ~Half() { s_list.Remove(; s_unknown.Add(1); [|s_missing.Clear()|]; }
        """,
        new Options { CompilerErrors = true });

    [Fact]
    public Task FixTakesTheLockAndKeepsTrivia() => Verify<WREF510_UnlockedCollection, WREF510_TakeLock>.Fix(
        """
        class Session
        {
            static readonly object s_gate = new();
            static readonly HashSet<int> s_open = new();
            readonly int _id;

            public Session(int id)
            {
                _id = id;
                lock (s_gate)
                {
                    s_open.Add(id);
                }
            }

            ~Session()
            {
                // closed
                [|s_open.Remove(_id)|]; // at last
            }
        }

        class Arrow
        {
            static readonly List<int> s_gone = new();

            public static int Count
            {
                get
                {
                    lock (s_gone)
                        return s_gone.Count;
                }
            }

            ~Arrow() => [|s_gone.Add(1)|]; // one more
        }

        class Owner
        {
            readonly object _gate = new();
            readonly List<string> _gone = new();
            readonly FinalizationRegistry<string> _registry;

            public Owner()
            {
                _registry = new FinalizationRegistry<string>(name => [|_gone.Add(name)|]); // weakly
            }

            public int Count()
            {
                lock (_gate)
                {
                    return _gone.Count;
                }
            }
        }
        """,
        """
        class Session
        {
            static readonly object s_gate = new();
            static readonly HashSet<int> s_open = new();
            readonly int _id;

            public Session(int id)
            {
                _id = id;
                lock (s_gate)
                {
                    s_open.Add(id);
                }
            }

            ~Session()
            {
                // closed
                lock (s_gate)
                {
                    s_open.Remove(_id);
                } // at last
            }
        }

        class Arrow
        {
            static readonly List<int> s_gone = new();

            public static int Count
            {
                get
                {
                    lock (s_gone)
                        return s_gone.Count;
                }
            }

            ~Arrow()
            {
                lock (s_gone)
                {
                    s_gone.Add(1);
                }
            } // one more
        }

        class Owner
        {
            readonly object _gate = new();
            readonly List<string> _gone = new();
            readonly FinalizationRegistry<string> _registry;

            public Owner()
            {
                _registry = new FinalizationRegistry<string>(name =>
                {
                    lock (_gate)
                    {
                        _gone.Add(name);
                    }
                }); // weakly
            }

            public int Count()
            {
                lock (_gate)
                {
                    return _gone.Count;
                }
            }
        }
        """);

    [Fact]
    public Task NoFixWithoutOneLock() => Verify<WREF510_UnlockedCollection, WREF510_TakeLock>.NoFix("""
        class None
        {
            static readonly HashSet<int> s_open = new();
            public None() => s_open.Add(1);
            ~None() { [|s_open.Remove(1)|]; }
        }
        class Two
        {
            static readonly object s_one = new(), s_other = new();
            static readonly HashSet<int> s_open = new();
            public Two() { lock (s_one) s_open.Add(1); }
            public static int Count() { lock (s_other) return s_open.Count; }
            ~Two() { [|s_open.Remove(1)|]; }
        }
        class Some
        {
            static readonly HashSet<int> s_open = new();
            public Some() { lock (s_open) s_open.Add(1); }
            public static int Count() => s_open.Count;
            ~Some() { [|s_open.Remove(1)|]; }
        }
        class Used
        {
            static readonly HashSet<int> s_open = new();
            public Used() { lock (s_open) s_open.Add(1); }
            ~Used() { if ([|s_open.Remove(1)|]) Console.WriteLine(); }
        }
        """);
}
