namespace WeakRefAnalyzers.Tests;

public class WREF601_WeakReferenceAsKeyTests
{
    [Fact]
    public Task Message_and_cause() => Verify<WREF601_WeakReferenceAsKey>.Diagnostics("""
        class C
        {
            private readonly Dictionary<WeakReference<object>, string> {|#0:_names|} = new();
            string Find(object key) => _names.TryGetValue({|#1:new WeakReference<object>(key)|}, out var name) ? name : null;
        }
        """,
        new DiagnosticResult("WREF601", DiagnosticSeverity.Warning).WithLocation(0).WithLocation(1).WithMessage(
            "'_names' compares weak references themselves and not their targets, so 'new WeakReference<object>(key)' equals no "
                + "other; use a ConditionalWeakTable, or give the collection a comparer"));

    [Fact]
    public Task Message_says_what_to_do_instead() => Verify<WREF601_WeakReferenceAsKey>.Diagnostics("""
        class C
        {
            bool Keyed(Dictionary<WeakReference<object>, int> map, object o) => map.ContainsKey({|#0:new WeakReference<object>(o)|});
            bool Searched(List<WeakReference<object>> list, object o) => list.Contains({|#1:new WeakReference<object>(o)|});
        }
        """,
        Verify<WREF601_WeakReferenceAsKey>.Diagnostic().WithLocation(0).WithArguments(
            "map", "new WeakReference<object>(o)", "use a ConditionalWeakTable, or give the collection a comparer"),
        Verify<WREF601_WeakReferenceAsKey>.Diagnostic().WithLocation(1).WithArguments(
            "list", "new WeakReference<object>(o)", "look for the reference whose target it is"));

    [Theory]
    [InlineData("Dictionary<WeakReference, int>", "f.Add(new WeakReference(o), 1);")]
    [InlineData("Dictionary<WeakReference, int>", "f[new WeakReference(o)] = 1;")]
    [InlineData("Dictionary<WeakReference, int>", "_ = f[new WeakReference(o)];")]
    [InlineData("Dictionary<WeakReference, int>", "this.f.Remove(new WeakReference(o));")]
    [InlineData("Dictionary<WeakReference, int>", "f?.ContainsKey(new WeakReference(o));")]
    [InlineData("Dictionary<WeakReference, int>", "var key = new WeakReference(o); if (!f.ContainsKey(key)) f.Add(key, 1);")]
    [InlineData("Dictionary<WeakRef<object>, int>", "f.TryAdd(new WeakRef<object>(o), 1);")]
    [InlineData("Dictionary<WeakRef<object>, int>", "f.TryAdd(WeakRef.Create(o), 1);")]
    [InlineData("System.Collections.Concurrent.ConcurrentDictionary<WeakReference<object>, int>", "f.GetOrAdd(new(o), 1);")]
    [InlineData("HashSet<WeakReference>", "f.Add(new WeakReference(o));")]
    [InlineData("HashSet<(WeakReference, int)>", "f.Add((new WeakReference(o), 1));")]
    [InlineData("HashSet<KeyValuePair<WeakReference, int>>", "f.Add(new(new WeakReference(o), 1));")]
    [InlineData("Dictionary<Pair, int>", "f[new Pair(new WeakReference(o), 1)] = 1;")]
    [InlineData("Dictionary<ByObject, int>", "f[new ByObject(o)] = 1;")]
    public Task Reports_a_fresh_key(string type, string use) => Verify<WREF601_WeakReferenceAsKey>.Diagnostics($$"""
        class C
        {
            {{type}} [|f|] = new {{type}}();
            void M(object o) { {{use}} }
        }
        record struct Pair(WeakReference Target, int Number);
        class ByObject : WeakReference { public ByObject(object o) : base(o) { } }
        """);

    [Theory]
    [InlineData("HashSet<WeakReference>", "f.Add(new WeakReference(o)); f.RemoveWhere(key => !key.IsAlive);", false)]
    [InlineData("Dictionary<WeakReference, bool>", "f.Add(new WeakReference(o), true); foreach (var key in f.Keys) f.Remove(key);", false)]
    [InlineData("Dictionary<WeakReference, string>", "f.Add(new WeakReference(o), null); foreach (var key in f.Keys) f.Remove(key);", true)]
    public Task References_that_are_walked_are_a_bag_but_not_where_they_lead_to_something(string type, string use, bool isReported) =>
        Verify<WREF601_WeakReferenceAsKey>.Diagnostics($$"""
            class C
            {
                {{type}} {{(isReported ? "[|f|]" : "f")}} = new {{type}}();
                void M(object o) { {{use}} }
            }
            """);

    [Theory]
    [InlineData("Dictionary<WeakReference, int>", "f.Add(_own, 1);")]
    [InlineData("Dictionary<WeakReference, int>", "var key = new WeakReference(o); _own = key; f.Add(key, 1);")]
    [InlineData("Dictionary<WeakReference, int>", "foreach (var pair in f.ToList()) if (!pair.Key.IsAlive) f.Remove(pair.Key);")]
    [InlineData("Dictionary<string, WeakReference>", "f[\"a\"] = new WeakReference(o);")]
    [InlineData("List<WeakReference>", "f.Add(new WeakReference(o));")]
    [InlineData("Dictionary<ByTarget, int>", "f.Add(new ByTarget(o), 1);")]
    public Task Silent_for_kept_keys_and_other_collections(string type, string use) => Verify<WREF601_WeakReferenceAsKey>.Diagnostics($$"""
        class C
        {
            WeakReference _own = new WeakReference(null);
            {{type}} f = new {{type}}();
            void M(object o) { {{use}} }
        }
        class ByTarget : WeakReference
        {
            public ByTarget(object o) : base(o) { }
            public override bool Equals(object other) => other is ByTarget b && b.Target == Target;
            public override int GetHashCode() => 1;
        }
        """);

    [Fact]
    public Task Silent_with_a_comparer_or_unknown_origin() => Verify<WREF601_WeakReferenceAsKey>.Diagnostics("""
        class ByTarget : IEqualityComparer<WeakReference>
        {
            public bool Equals(WeakReference x, WeakReference y) => x.Target == y.Target;
            public int GetHashCode(WeakReference w) => 0;
        }
        class C
        {
            private readonly Dictionary<WeakReference, int> _a = new(new ByTarget());
            private readonly HashSet<WeakReference> _b;
            private readonly IDictionary<WeakReference, int> _c;
            public C(IDictionary<WeakReference, int> given)
            {
                _b = new HashSet<WeakReference>(comparer: new ByTarget());
                _c = given;
            }
            void M(object o)
            {
                _a.Add(new WeakReference(o), 1);
                _b.Add(new WeakReference(o));
                _c.Add(new WeakReference(o), 1);
            }
        }
        """);

    [Fact]
    public Task Sees_all_parts_and_configured_types() => Verify<WREF601_WeakReferenceAsKey>.Diagnostics("""
        class Weak { public Weak(object target) { } public object Target => null; }
        partial class C
        {
            private readonly Dictionary<Weak, int> [|_map|] = new();
        }
        partial class C
        {
            class Nested { void M(C owner, object o) => owner._map.Add(new Weak(o), 1); }
        }
        """, new Options { EditorConfig = "weakref_analyzers.reference_types = Weak" });

    [Theory]
    [InlineData("var map = new Dictionary<WeakReference<object>, int>(); map[[|new WeakReference<object>(o)|]] = 1;")]
    [InlineData(
        "var map = new Dictionary<WeakReference<object>, int>(); var key = [|new WeakReference<object>(o)|]; if "
            + "(!map.ContainsKey(key)) map.Add(key, 1);")]
    [InlineData(
        "var map = new Dictionary<WeakReference<object>, int>(); map.Add([|new(o)|], 1); map.Remove(new WeakReference<object>(o));")]
    [InlineData("given.TryGetValue([|new WeakReference<object>(o)|], out _);")]
    [InlineData("Store.Names[[|new WeakReference<object>(o)|]] = 1;")]
    [InlineData("Store.Field[[|new WeakReference<object>(o)|]] = 1;")]
    [InlineData("Store.Auto.ContainsKey([|new WeakReference<object>(o)|]);")]
    [InlineData("Store.Frozen.GetValueOrDefault([|new WeakReference<object>(o)|]);")]
    [InlineData("Store.Immutable = Store.Immutable.SetItem([|new WeakReference<object>(o)|], 1);")]
    [InlineData("Store.List.Contains([|new WeakReference<object>(o)|]);")]
    [InlineData("_ = Store.Array.Contains([|new WeakReference<object>(o)|]);")]
    [InlineData("Store.List.Remove([|new WeakReference<object>(o)|]);")]
    [InlineData("_ = Array.IndexOf(Store.Array, [|new WeakReference<object>(o)|]);")]
    [InlineData("Store.Linked.Find([|new(o)|]);")]
    [InlineData("Store.Pairs.Remove(([|new WeakReference<object>(o)|], 1));")]
    [InlineData("Store.Records.Add(new Entry([|new(o)|], 1));")]
    [InlineData("Store.Derived.TryGetValue([|new Derived(o)|], out _);")]
    [InlineData("Store.ByName[\"a\"].Remove([|new WeakReference(o)|]);")]
    public Task Reports_the_use_of_what_is_declared_elsewhere(string use) => Verify<WREF601_WeakReferenceAsKey>.Diagnostics(Elsewhere(use));

    [Theory]
    [InlineData("Store.List.Add(new WeakReference<object>(o));")]
    [InlineData("Store.Linked.AddLast(new WeakReference<object>(o));")]
    [InlineData("_ = Array.IndexOf(Store.Array, Store.Array[0]);")]
    [InlineData("Store.OwnEquality.Add(new ByNumber(new WeakReference<object>(o), 1));")]
    [InlineData("_ = new Dictionary<WeakReference<object>, int> { [new(o)] = 1 };")]
    [InlineData("Store.Sorted.Add(new WeakReference<object>(o), 1);")]
    [InlineData("Store.Values[1] = new WeakReference<object>(o);")]
    [InlineData("Store.Own.Add(new WeakReference<object>(o), 1);")]
    [InlineData("var key = new WeakReference<object>(o); Store.Names[key] = 1; Store.List.Add(key);")]
    [InlineData("var map = new Dictionary<WeakReference<object>, int>(Comparer()); map[new WeakReference<object>(o)] = 1;")]
    [InlineData("var map = Store.Immutable.WithComparers(Comparer()); map.ContainsKey(new WeakReference<object>(o));")]
    [InlineData("Store.Compared[new WeakReference<object>(o)] = 1;")]
    [InlineData("_ = Store.List.Contains(new WeakReference<object>(o), Comparer());")]
    public Task Silent_for_what_is_declared_elsewhere(string use) => Verify<WREF601_WeakReferenceAsKey>.Diagnostics(Elsewhere(use));

    private static string Elsewhere(string use) => $$"""
        using System.Collections.Immutable;
        using System.Collections.Frozen;
        record Entry(WeakReference<object> Target, int Number);
        record struct ByNumber(WeakReference<object> Target, int Number)
        {
            public bool Equals(ByNumber other) => other.Number == Number;
            public override int GetHashCode() => Number;
        }
        class Derived : WeakReference { public Derived(object o) : base(o) { } }
        static class Store
        {
            public static readonly Dictionary<WeakReference<object>, int> Field = new();
            public static readonly Dictionary<WeakReference<object>, int> Compared = new(Program.Comparer());
            private static readonly Dictionary<WeakReference<object>, int> s_names = new();
            public static Dictionary<WeakReference<object>, int> Names => s_names;
            public static IDictionary<WeakReference<object>, int> Auto { get; } = new Dictionary<WeakReference<object>, int>();
            public static ImmutableDictionary<WeakReference<object>, int> Immutable = ImmutableDictionary<WeakReference<object>, int>.Empty;
            public static FrozenDictionary<WeakReference<object>, int> Frozen = Auto.ToFrozenDictionary();
            public static List<WeakReference<object>> List = new();
            public static WeakReference<object>[] Array = new WeakReference<object>[2];
            public static LinkedList<WeakReference<object>> Linked = new();
            public static HashSet<(WeakReference<object>, int)> Pairs = new();
            public static HashSet<Entry> Records = new();
            public static HashSet<ByNumber> OwnEquality = new();
            public static Dictionary<Derived, int> Derived = new();
            public static Dictionary<string, HashSet<WeakReference>> ByName = new();
            public static SortedDictionary<WeakReference<object>, int> Sorted = new();
            public static Dictionary<int, WeakReference<object>> Values = new();
            public static Dictionary<WeakReference<object>, int> [|Own|] = new();
            static void Add(object o) => Own.Add(new WeakReference<object>(o), 1);
        }
        class Program
        {
            public static IEqualityComparer<WeakReference<object>> Comparer() => null;
            void M(object o, IDictionary<WeakReference<object>, int> given) { {{use}} }
        }
        """;

    [Fact]
    public Task A_comparer_anywhere_may_be_that_of_a_collection_from_elsewhere() => Verify<WREF601_WeakReferenceAsKey>.Diagnostics("""
        class ByTarget : IEqualityComparer<WeakReference>
        {
            public bool Equals(WeakReference x, WeakReference y) => x.Target == y.Target;
            public int GetHashCode(WeakReference w) => 0;
        }
        class C
        {
            void M(object o, IDictionary<WeakReference, int> given)
            {
                given[new WeakReference(o)] = 1;
                var own = new Dictionary<WeakReference, int>();
                own[[|new WeakReference(o)|]] = 1;
            }
        }
        """);

    [Fact]
    public Task Message_of_a_search() => Verify<WREF601_WeakReferenceAsKey>.Diagnostics("""
        class C
        {
            bool M(List<WeakReference> all, object o) => all.Contains({|#0:new WeakReference(o)|});
        }
        """,
        new DiagnosticResult("WREF601", DiagnosticSeverity.Warning).WithLocation(0).WithMessage(
            "'all' compares weak references themselves and not their targets, so 'new WeakReference(o)' equals no other; look "
                + "for the reference whose target it is"));

    [Fact]
    public Task Old_and_broken_code() => Verify<WREF601_WeakReferenceAsKey>.Diagnostics("""
        using System;
        using System.Collections.Generic;
        class C
        {
            private Dictionary<WeakReference, Missing> [|_map|] = new Dictionary<WeakReference, Missing>();
            private Dictionary<WeakReference, > _other = new
            void M(object o) { _map.Add(new WeakReference(o), null); _map.; }
        }
        """, new Options { NetFramework = true, Language = LanguageVersion.CSharp7_3, CompilerErrors = true });

    [Fact]
    public Task Fix_uses_a_table_and_Trivia_stays() => Verify<WREF601_WeakReferenceAsKey, WREF601_UseTable>.Fix("""
        class C
        {
            // Names by object.
            private readonly Dictionary<WeakReference<object>, string> [|_names|] = new(); // by object

            string Find(object key)
            {
                // Known?
                if (_names.ContainsKey(new WeakReference<object>(key)))
                {
                    return null;
                }

                lock (_names)
                {
                    _names.Add(new WeakReference<object>(key), "a"); // first
                    _names[new WeakReference<object>(key)] = "b";    // then
                    _names.Remove(new(key));
                }

                return _names.TryGetValue(/* the key */ new WeakReference<object>(key), out var name) ? name : null;
            }
        }
        """, """
        class C
        {
            // Names by object.
            private readonly ConditionalWeakTable<object, string> _names = new(); // by object

            string Find(object key)
            {
                // Known?
                if (_names.TryGetValue(key, out _))
                {
                    return null;
                }

                lock (_names)
                {
                    _names.Add(key, "a"); // first
                    _names.AddOrUpdate(key, "b");    // then
                    _names.Remove(key);
                }

                return _names.TryGetValue(/* the key */ key, out var name) ? name : null;
            }
        }
        """);

    [Fact]
    public Task Fix_of_two_types() => Verify<WREF601_WeakReferenceAsKey, WREF601_UseTable>.Fix("""
        class A
        {
            private readonly Dictionary<WeakReference, string> [|_map|] = new Dictionary<WeakReference, string>();
            void M(C o) => _map.Add(new WeakReference(o), "");
        }
        class C
        {
            private readonly Dictionary<WeakRef<C>, string> [|_map|] = new Dictionary<WeakRef<C>, string>();
            void M(C o) => _map.Remove(new WeakRef<C>(o));
        }
        """, """
        class A
        {
            private readonly ConditionalWeakTable<C, string> _map = new ConditionalWeakTable<C, string>();
            void M(C o) => _map.Add(o, "");
        }
        class C
        {
            private readonly ConditionalWeakTable<C, string> _map = new ConditionalWeakTable<C, string>();
            void M(C o) => _map.Remove(o);
        }
        """);

    [Fact]
    public Task Fix_of_expression_bodies_and_factories() => Verify<WREF601_WeakReferenceAsKey, WREF601_UseTable>.Fix("""
        using System.Collections.Concurrent;
        class C
        {
            private readonly Dictionary<WeakReference<object>, string> [|_names|] = new(); // WREF601
            private readonly ConcurrentDictionary<WeakReference, C> [|_made|] = new();

            void Set(object key, string name) => _names[new WeakReference<object>(key)] = name; // set
            bool TryGet(object key, out string name) => _names.TryGetValue(new WeakReference<object>(key), out name); // never
            C Of(object key) => _made.GetOrAdd(new(key), _ => new C());
        }
        """, """
        using System.Collections.Concurrent;
        class C
        {
            private readonly ConditionalWeakTable<object, string> _names = new(); // WREF601
            private readonly ConditionalWeakTable<object, C> _made = new();

            void Set(object key, string name) => _names.AddOrUpdate(key, name); // set
            bool TryGet(object key, out string name) => _names.TryGetValue(key, out name); // never
            C Of(object key) => _made.GetValue(key, _ => new C());
        }
        """);

    [Fact]
    public Task Fix_of_locals_and_of_what_other_types_use() => Verify<WREF601_WeakReferenceAsKey, WREF601_UseTable>.Fix("""
        static class Roles
        {
            internal static Dictionary<WeakReference<object>, string> Of { get; } = new(); // roles
        }

        class C
        {
            string M(object user)
            {
                Roles.Of[[|new WeakReference<object>(user)|]] = "admin"; // first
                var local = new Dictionary<WeakReference, string>();
                local.Add([|new WeakReference(user)|], "a");
                return Roles.Of.TryGetValue(new WeakReference<object>(user), out var role) ? role : "none";
            }
        }
        """, """
        static class Roles
        {
            internal static ConditionalWeakTable<object, string> Of { get; } = new(); // roles
        }

        class C
        {
            string M(object user)
            {
                Roles.Of.AddOrUpdate(user, "admin"); // first
                var local = new ConditionalWeakTable<object, string>();
                local.Add(user, "a");
                return Roles.Of.TryGetValue(user, out var role) ? role : "none";
            }
        }
        """);

    [Fact]
    public Task No_fix_of_what_other_assemblies_see() => Verify<WREF601_WeakReferenceAsKey, WREF601_UseTable>.NoFix("""
        public static class Roles
        {
            public static readonly Dictionary<WeakReference<object>, string> Of = new();
        }

        class C
        {
            void M(object user, Dictionary<WeakReference<object>, string> given)
            {
                Roles.Of[[|new WeakReference<object>(user)|]] = "admin";
            }
        }
        """);

    /// <summary>The table has no way to replace a value there.</summary>
    [Fact]
    public Task Fix_on_NetFramework() => Verify<WREF601_WeakReferenceAsKey, WREF601_UseTable>.Fix("""
        using System;
        using System.Collections.Generic;

        class C
        {
            private readonly Dictionary<WeakReference, string> [|_names|] = new Dictionary<WeakReference, string>();

            void Set(object key, string name)
            {
                // the name
                _names[new WeakReference(key)] = name; // set
            }
        }
        """, """
        using System;
        using System.Collections.Generic;

        class C
        {
            private readonly System.Runtime.CompilerServices.ConditionalWeakTable<object, string> _names = new System.Runtime.CompilerServices.ConditionalWeakTable<object, string>();

            void Set(object key, string name)
            {
                // the name
                _names.Remove(key);
                _names.Add(key, name); // set
            }
        }
        """, new Options { NetFramework = true, Language = LanguageVersion.CSharp7_3 });

    [Theory]
    [InlineData("int", "_map.Add(new WeakReference(o), 1);")]
    [InlineData("string", "_map.Add(new WeakReference(o), null); _ = _map.Count;")]
    [InlineData("string", "_map.Add(new WeakReference(o), null); foreach (var pair in _map) { }")]
    [InlineData("string", "var key = new WeakReference(o); _map.Add(key, null);")]
    [InlineData("string", "_map.Add(new WeakReference(o), null); _map.Add(new WeakReference(\"\"), null);")]
    [InlineData("string", "var name = _map[new WeakReference(o)] = null;")]
    [InlineData("string", "Action set = () => _map[new WeakReference(o)] = null;")]
    public Task No_fix_without_a_counterpart(string value, string use) => Verify<WREF601_WeakReferenceAsKey, WREF601_UseTable>.NoFix($$"""
        class C
        {
            private readonly Dictionary<WeakReference, {{value}}> [|_map|] = new();
            void M(object o) { {{use}} }
        }
        """);

    [Fact]
    public Task No_fix_for_a_key_with_more_in_it() => Verify<WREF601_WeakReferenceAsKey, WREF601_UseTable>.NoFix("""
        record Pair(WeakReference Target);
        class C
        {
            private readonly Dictionary<Pair, string> [|_names|] = new();
            void Add(object o) => _names.Add(new Pair(new WeakReference(o)), "");
        }
        """);
}
