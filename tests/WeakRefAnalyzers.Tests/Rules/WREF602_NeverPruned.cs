namespace WeakRefAnalyzers.Tests;

public class WREF602_NeverPrunedTests
{
    [Fact]
    public Task Message_and_cause() => Verify<WREF602_NeverPruned>.Diagnostics("""
        class C
        {
            private readonly List<WeakReference<C>> {|#0:_listeners|} = new();
            void Add(C c) => {|#1:_listeners.Add(new WeakReference<C>(c))|};
        }
        """,
        new DiagnosticResult("WREF602", DiagnosticSeverity.Info).WithLocation(0).WithLocation(1).WithMessage(
            "Nothing removes dead references from '_listeners', so it grows with every '_listeners.Add'; remove those whose "
                + "target is gone"));

    [Theory]
    [InlineData("List<WeakReference>", "f.Add(new WeakReference(o));")]
    [InlineData(
        "List<WeakReference>",
        "f.Insert(0, new WeakReference(o)); foreach (var w in f) { } _ = f.Count + f.Where(w => w.IsAlive).Count();")]
    [InlineData("HashSet<WeakRef<object>>", "var w = new WeakRef<object>(o); f.Add(w); Keep(w);")]
    [InlineData("Dictionary<string, WeakReference>", "f[\"a\"] = new WeakReference(o); if (f.TryGetValue(\"b\", out var w)) { }")]
    [InlineData("Dictionary<string, WeakReference<object>>", "lock (f) f.Add(\"a\", new WeakReference<object>(o));")]
    [InlineData(
        "System.Collections.Concurrent.ConcurrentDictionary<string, WeakReference>",
        "f.GetOrAdd(\"a\", k => new WeakReference(o));")]
    [InlineData("LinkedList<WeakReference>", "this.f.AddLast(new WeakReference(o));")]
    public Task Reports_what_only_grows(string type, string use) => Verify<WREF602_NeverPruned>.Diagnostics($$"""
        class C : IDisposable
        {
            private {{type}} [|f|] = new {{type}}();
            void M(object o) { {{use}} }
            void Keep(object o) { }
            public void Dispose() { f.Clear(); f = null; }
        }
        """);

    [Theory]
    [InlineData("List<WeakReference>", "f.RemoveAll(w => !w.IsAlive);")]
    [InlineData("List<WeakReference>", "f.RemoveAt(0);")]
    [InlineData("List<WeakReference>", "f.RemoveRange(0, 1);")]
    [InlineData("List<WeakReference>", "f.Clear();")]
    [InlineData("List<WeakReference>", "f = f.Where(w => w.IsAlive).ToList();")]
    [InlineData("List<WeakReference>", "f = new List<WeakReference>();")]
    [InlineData("List<WeakReference>", "f[0] = new WeakReference(o);")]
    [InlineData("List<WeakReference>", "foreach (var w in f) if (!w.IsAlive) { w.Target = o; return; }")]
    [InlineData("List<WeakReference>", "Prune(f);")]
    [InlineData("List<WeakReference>", "var all = f; all.Clear();")]
    [InlineData("List<WeakReference>", "f?.Remove(null);")]
    [InlineData("List<WeakReference>", "((IList<WeakReference>)f).RemoveAt(0);")]
    public Task Silent_where_entries_go(string type, string use) => Verify<WREF602_NeverPruned>.Diagnostics($$"""
        class C
        {
            private {{type}} f = new {{type}}();
            void Add(object o) => f.Add(new WeakReference(o));
            void M(object o) { {{use}} }
            static void Prune(List<WeakReference> list) { }
        }
        """);

    [Fact]
    public Task Silent_for_other_shapes() => Verify<WREF602_NeverPruned>.Diagnostics("""
        class C
        {
            internal readonly List<WeakReference> _shared = new();
            private readonly List<WeakReference> _fixed = new();
            private readonly List<WeakReference> _given;
            private readonly List<string> _strong = new();
            private readonly Dictionary<Kind, WeakReference> _byKind = new();
            private readonly Dictionary<Type, WeakReference> _byType = new();
            private readonly Queue<WeakReference> _queue = new();
            private readonly Dictionary<WeakReference, string> _badKey = new();
            private List<WeakReference> _handedOut = new();
            private Dictionary<string, WeakReference> _cache = new();
            private readonly List<Renewable> _renewed = new();
            private readonly List<Renewable> [|_kept|] = new();
            public C(List<WeakReference> given)
            {
                _given = given;
                _fixed.Add(new WeakReference(this));
            }
            public List<WeakReference> HandedOut => _handedOut;
            void M(object o)
            {
                _shared.Add(new WeakReference(o));
                _given.Add(new WeakReference(o));
                _strong.Add("");
                _byKind[Kind.A] = new WeakReference(o);
                _byType[o.GetType()] = new WeakReference(o);
                _queue.Enqueue(new WeakReference(o));
                _queue.Dequeue();
                _badKey.Add(new WeakReference(o), "");
                _handedOut.Add(new WeakReference(o));
                _cache["a"] = new WeakReference(o);
            }
            void N(object o)
            {
                foreach (var w in _renewed) if (!w.IsAlive) { w.Renew(o); return; }
                _renewed.Add(new Renewable(o));
            }
            void O(object o)
            {
                foreach (var w in _kept) if (!w.IsAlive) { w.Forget(o); return; }
                _kept.Add(new Renewable(o));
            }
            class Renewable : WeakReference
            {
                public Renewable(object o) : base(o) { }
                public void Renew([WeakRefs.Annotations.WeakTarget] object o) => Target = o;
                public void Forget(object o) { }
            }
            class Entry
            {
                private C _owner;
                private string _key;
                ~Entry() { lock (_owner._cache) _owner._cache.Remove(_key); }
            }
            enum Kind { A }
        }
        """);

    [Theory]
    [InlineData("List<(int, WeakReference)>", "f.Add((1, new WeakReference(o)));")]
    [InlineData("Dictionary<int, (WeakReference<object> Target, string Name)>", "f[1] = (new(o), null);")]
    [InlineData("List<KeyValuePair<string, WeakReference>>", "f.Add(new(null, new WeakReference(o)));")]
    [InlineData("Queue<Entry>", "f.Enqueue(new Entry(1, new(o)));")]
    [InlineData("Dictionary<int, Slot>", "f[1] = new Slot { Target = new(o) };")]
    [InlineData("Dictionary<string, List<WeakReference>>", "if (!f.TryGetValue(\"a\", out var l)) f[\"a\"] = l = new(); l.Add(new(o));")]
    [InlineData(
        "System.Collections.Concurrent.ConcurrentDictionary<string, System.Collections.Concurrent.ConcurrentBag<WeakReference>>",
        "f.GetOrAdd(\"a\", _ => new()).Add(new WeakReference(o)); foreach (var bag in f.Values) foreach (var w in bag) { }")]
    [InlineData("System.Collections.Immutable.ImmutableList<WeakReference>", "f = f.Add(new WeakReference(o)); _ = f.Count;")]
    [InlineData("System.Collections.Immutable.ImmutableDictionary<int, WeakReference>", "f = f.SetItem(1, new WeakReference(o));")]
    public Task Reports_entries_that_hold_references_and_what_is_replaced_by_more(string type, string use) =>
        Verify<WREF602_NeverPruned>.Diagnostics($$"""
            record Entry(int Number, WeakReference<object> Target);
            struct Slot { public WeakReference<object> Target; }
            class C
            {
                private {{type}} [|f|] = {{(type.Contains("Immutable") ? type + ".Empty" : "new()")}};
                void M(object o) { {{use}} }
            }
            """);

    [Theory]
    [InlineData("List<(int, WeakReference)>", "f.Add((1, new WeakReference(o)));", "f.RemoveAll(e => !e.Item2.IsAlive);")]
    [InlineData("List<Entry>", "f.Add(new Entry(1, new(o)));", "Hand(f);")]
    [InlineData(
        "List<Slot>",
        "f.Add(new Slot());",
        "foreach (var s in f) if (!s.Target.IsAlive) { s.Target = new WeakReference(o); return; }")]
    [InlineData("List<Owner>", "f.Add(new Owner(null, new(o)));", "")]
    [InlineData(
        "Dictionary<string, List<WeakReference>>",
        "f[\"a\"].Add(new(o));",
        "foreach (var l in f.Values) l.RemoveAll(w => !w.IsAlive);")]
    [InlineData("Dictionary<string, List<WeakReference>>", "f[\"a\"].Add(new(o));", "f.Remove(\"a\");")]
    [InlineData("Dictionary<string, List<WeakReference>>", "f[\"a\"].Add(new(o));", "Hand(f[\"a\"]);")]
    [InlineData("Dictionary<string, List<WeakReference>>", "f[\"a\"] = new();", "")]
    [InlineData(
        "System.Collections.Immutable.ImmutableList<WeakReference>",
        "f = f.Add(new WeakReference(o));",
        "f = f.RemoveAll(w => !w.IsAlive);")]
    [InlineData(
        "System.Collections.Immutable.ImmutableList<WeakReference>",
        "f = f.RemoveAll(w => !w.IsAlive).Add(new WeakReference(o));",
        "")]
    [InlineData("System.Collections.Immutable.ImmutableList<WeakReference>", "Hand(f.Add(new WeakReference(o)));", "")]
    public Task Silent_for_such_entries_where_they_go(string type, string add, string use) =>
        Verify<WREF602_NeverPruned>.Diagnostics($$"""
            record Entry(int Number, WeakReference<object> Target);
            record Owner(object Other, WeakReference<object> Watcher);
            class C
            {
                private class Slot { public WeakReference Target; }
                private {{type}} f = {{(type.Contains("Immutable") ? type + ".Empty" : "new()")}};
                void M(object o) { {{add}} }
                void N(object o) { {{use}} }
                void Hand(object o) { }
            }
            """);

    [Fact]
    public Task Reports_a_private_property_and_no_fix_there() => Verify<WREF602_NeverPruned, WREF602_PruneOnMiss>.NoFix("""
        class C
        {
            private static List<WeakReference> [|All|] { get; } = new();
            private Dictionary<string, List<WeakReference>> [|_byName|] = new();
            private List<WeakReference> Pruned { get; } = new();
            public List<WeakReference> Shown { get; } = new();
            private List<WeakReference> Computed => new();
            private List<WeakReference> [|_lazy|];
            void M(object o)
            {
                All.Add(new(o));
                Pruned.RemoveAll(w => !w.IsAlive);
                Pruned.Add(new(o));
                Shown.Add(new(o));
                Computed.Add(new(o));
                (_lazy ??= new()).Add(new(o));
                _byName["a"].Add(new(o));
            }
        }
        """);

    [Fact]
    public Task Lazily_made_collections_are_not_reassigned() => Verify<WREF602_NeverPruned>.Diagnostics("""
        static class C
        {
            private static List<WeakReference> [|_a|];
            private static List<WeakReference> [|_b|];
            static void M(object o)
            {
                if (_a == null) _a = new List<WeakReference>();
                _a.Add(new WeakReference(o));
                _b ??= new();
                _b.Add(new WeakReference(o));
            }
        }
        """);

    [Fact]
    public Task Old_broken_and_configured() => Verify<WREF602_NeverPruned>.Diagnostics("""
        using System;
        using System.Collections.Generic;
        class Weak { public Weak(object target) { } }
        class C
        {
            private readonly List<Weak> [|_items|] = new List<Weak>();
            private readonly List<Weak> _unclear = new List<Weak>();
            void M(object o) { _items.Add(new Weak(o)); Missing(); int i = ; }
            void N(object o) { _unclear.Add(new Weak(o)); _unclear. }
        }
        """,
            new Options
            {
                NetFramework = true,
                Language = LanguageVersion.CSharp7_3,
                CompilerErrors = true,
                EditorConfig = "weakref_analyzers.reference_types = Weak"
            });

    [Fact]
    public Task Fix_prunes_before_it_adds_and_Trivia_stays() => Verify<WREF602_NeverPruned, WREF602_PruneOnMiss>.Fix("""
        class A
        {
            private readonly List<WeakReference> [|_list|] = new();

            void M(object o)
            {
                // Keep it.
                _list.Add(new WeakReference(o)); // weakly
            }
        }

        class B
        {
            private readonly Dictionary<string, WeakReference<object>> [|_map|] = new();

            object Get(string key)
            {
                lock (_map)
                {
                    if (_map.TryGetValue(key, out var w) && w.TryGetTarget(out var known))
                    {
                        return known;
                    }

                    var made = new object();
                    _map[key] = new WeakReference<object>(made);
                    return made;
                }
            }
        }
        """, """
        class A
        {
            private readonly List<WeakReference> _list = new();
            private int _pruneListAt;

            void M(object o)
            {
                if (_list.Count >= _pruneListAt)
                {
                    _list.RemoveAll(reference => !reference.IsAlive);
                    _pruneListAt = Math.Max(16, 2 * _list.Count);
                }

                // Keep it.
                _list.Add(new WeakReference(o)); // weakly
            }
        }

        class B
        {
            private readonly Dictionary<string, WeakReference<object>> _map = new();
            private int _pruneMapAt;

            object Get(string key)
            {
                lock (_map)
                {
                    if (_map.TryGetValue(key, out var w) && w.TryGetTarget(out var known))
                    {
                        return known;
                    }

                    var made = new object();
                    if (_map.Count >= _pruneMapAt)
                    {
                        foreach (var entry in new List<KeyValuePair<string, WeakReference<object>>>(_map))
                        {
                            if (!entry.Value.TryGetTarget(out _))
                            {
                                _map.Remove(entry.Key);
                            }
                        }

                        _pruneMapAt = Math.Max(16, 2 * _map.Count);
                    }

                    _map[key] = new WeakReference<object>(made);
                    return made;
                }
            }
        }
        """);

    [Fact]
    public Task Fix_of_a_concurrent_one_and_a_set() => Verify<WREF602_NeverPruned, WREF602_PruneOnMiss>.Fix("""
        using System.Collections.Concurrent;
        class A
        {
            private readonly ConcurrentDictionary<string, WeakRef<object>> [|_map|] = new();

            void M(string key, object o)
            {
                _map.TryAdd(key, new WeakRef<object>(o));
            }
        }

        class B
        {
            private readonly HashSet<WeakReference> [|_set|] = new();

            void M(WeakReference w)
            {
                this._set.Add(w);
            }
        }
        """, """
        using System.Collections.Concurrent;
        class A
        {
            private readonly ConcurrentDictionary<string, WeakRef<object>> _map = new();
            private int _pruneMapAt;

            void M(string key, object o)
            {
                if (_map.Count >= _pruneMapAt)
                {
                    foreach (var entry in _map)
                    {
                        if (!entry.Value.TryGetTarget(out _))
                        {
                            ((ICollection<KeyValuePair<string, WeakRef<object>>>)_map).Remove(entry);
                        }
                    }

                    _pruneMapAt = Math.Max(16, 2 * _map.Count);
                }

                _map.TryAdd(key, new WeakRef<object>(o));
            }
        }

        class B
        {
            private readonly HashSet<WeakReference> _set = new();
            private int _pruneSetAt;

            void M(WeakReference w)
            {
                if (this._set.Count >= this._pruneSetAt)
                {
                    this._set.RemoveWhere(reference => !reference.IsAlive);
                    this._pruneSetAt = Math.Max(16, 2 * this._set.Count);
                }

                this._set.Add(w);
            }
        }
        """);

    [Fact]
    public Task Fix_makes_a_block() => Verify<WREF602_NeverPruned, WREF602_PruneOnMiss>.Fix("""
        static class A
        {
            static readonly List<WeakReference> [|s_list|] = new();

            static void Add(object o) => s_list.Add(new WeakReference(o)); // weakly
        }

        class B
        {
            List<WeakReference> [|_list|] = new();

            void M(object o, B other)
            {
                if (o != null)
                    // the other
                    other._list.Add(new WeakReference(o)); // to the other
            }
        }
        """, """
        static class A
        {
            static readonly List<WeakReference> s_list = new();
            private static int s_pruneListAt;

            static void Add(object o)
            {
                if (s_list.Count >= s_pruneListAt)
                {
                    s_list.RemoveAll(reference => !reference.IsAlive);
                    s_pruneListAt = Math.Max(16, 2 * s_list.Count);
                }

                s_list.Add(new WeakReference(o));
            } // weakly
        }

        class B
        {
            List<WeakReference> _list = new();
            private int _pruneListAt;

            void M(object o, B other)
            {
                if (o != null)
                {
                    if (other._list.Count >= other._pruneListAt)
                    {
                        other._list.RemoveAll(reference => !reference.IsAlive);
                        other._pruneListAt = Math.Max(16, 2 * other._list.Count);
                    }

                    // the other
                    other._list.Add(new WeakReference(o)); // to the other
                }
            }
        }
        """);

    [Fact]
    public Task No_fix_where_nothing_can_come_before_or_be_removed() => Verify<WREF602_NeverPruned, WREF602_PruneOnMiss>.NoFix("""
        class C
        {
            private readonly List<WeakReference> [|_list|] = new();
            private readonly LinkedList<WeakReference> [|_linked|] = new();
            Action<object> M() => o => _list.Add(new WeakReference(o));
            void N(object o)
            {
                _linked.AddLast(new WeakReference(o));
            }
        }
        """);
}
