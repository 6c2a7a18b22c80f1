namespace WeakRefAnalyzers.Tests;

public class WREF203_UnheldTargetTests
{
    private const string Item = """

        class Item
        {
            public Item() { }

            public Item(string name) => Name = name;

            public string Name { get; set; }
        }
        """;

    [Fact]
    public Task EveryKindOfFreshObject() => Verify<WREF203_UnheldTarget>.Diagnostics("""
        class C
        {
            WeakReference _w;
            WeakReference<Item> _item;

            void M(string name)
            {
                _w = new WeakReference([|new Item()|]);
                _item = new([|new Item(name) { Name = "a" }|]);
                _item = new([|new()|]);
                _w = new WeakReference([|new byte[4096]|]);
                _w = new WeakReference([|new[] { 1, 2 }|]);
                _w = new WeakReference([|new { name }|]);
                _w = new WeakReference([|new List<int> { 1 }|]);
                _w = new WeakReference((object)[|new MemoryStream()|]);
            }
        }
        """ + Item);

    [Fact]
    public Task EveryRoleOfTarget() => Verify<WREF203_UnheldTarget>.Diagnostics("""
        class C
        {
            void M(WeakReference<Item> reference, WeakReference old, FinalizationRegistry<int> registry, ConditionalWeakTable<object, object> table)
            {
                reference.SetTarget([|new Item()|]);
                old.Target = [|new Item()|];
                registry.Register([|new Item()|], 1);
                table.Add([|new Item()|], "");
                _ = WeakRef.Create([|new Item()|]);
                _ = new WeakRef<Item>([|new Item()|]);
                _ = new WeakReference(null) { Target = [|new Item()|] };
            }
        }
        """ + Item);

    [Fact]
    public Task ALocalThatIsUsedForNothingElse() => Verify<WREF203_UnheldTarget>.Diagnostics(
        """
        class C
        {
            readonly List<WeakReference<Item>> _items = new();

            void M()
            {
                var item = {|#1:new Item()|};
                Console.WriteLine(nameof(item));
                _items.Add(new WeakReference<Item>({|#0:item|}));
            }
        }
        """ + Item,
        Verify<WREF203_UnheldTarget>.Diagnostic().WithLocation(0).WithLocation(1).WithArguments("Item"));

    [Fact]
    public Task WhatSomebodyKeeps() => Verify<WREF203_UnheldTarget>.Diagnostics("""
        class C
        {
            WeakReference<Item> _weak;
            Item _strong;
            Action _later;

            Item Returned()
            {
                var item = new Item();
                _weak = new WeakReference<Item>(item);
                return item;
            }

            void Stored()
            {
                var item = new Item();
                _weak = new WeakReference<Item>(item);
                _strong = item;
            }

            void Passed(List<Item> items)
            {
                var item = new Item();
                items.Add(item);
                _weak = new WeakReference<Item>(item);
            }

            void UsedAfter()
            {
                var item = new Item();
                _weak = new WeakReference<Item>(item);
                Console.WriteLine(item.Name);
            }

            void KeptAlive()
            {
                var item = new Item();
                _weak = new WeakReference<Item>(item);
                GC.KeepAlive(item);
            }

            void Captured()
            {
                var item = new Item();
                _later = () => _weak = new WeakReference<Item>(item);
            }

            void Assigned() => _weak = new WeakReference<Item>(_strong = new Item());

            Item Chained(WeakReference weak) => (Item)(weak.Target = new Item());

            void Disposed(WeakReference weak)
            {
                using var stream = new MemoryStream();
                weak.Target = stream;
            }

            void Changed(bool other)
            {
                var item = new Item();
                if (other)
                {
                    item = _strong;
                }

                _weak = new WeakReference<Item>(item);
            }
        }
        """ + Item);

    [Fact]
    public Task FactoriesAndParametersAndSentinels() => Verify<WREF203_UnheldTarget>.Diagnostics("""
        class C
        {
            static Item s_cached;
            WeakReference _w;

            static Item Create() => s_cached ??= new Item();

            void M<T>(Item parameter, Func<Item> make, bool condition) where T : class, new()
            {
                _w = new WeakReference(Create());
                _w = new WeakReference(make());
                _w = new WeakReference(parameter);
                _w = new WeakReference(parameter ?? new Item());
                _w = new WeakReference(condition ? new Item() : s_cached);
                _w = new WeakReference(new T());
                _w = new WeakReference(new object());
                _w = new WeakReference(new Sentinel());
                _w = new WeakReference(null);
                _w = new WeakReference(5);
            }
        }

        class Sentinel
        {
            ~Sentinel() => Console.WriteLine("a collection");
        }
        """ + Item);

#if ROSLYN_LATEST
    [Fact]
    public Task CollectionExpressions() => Verify<WREF203_UnheldTarget>.Diagnostics("""
        class C
        {
            readonly WeakReference<List<int>> _field = new([|[1, 2]|]);
            void A(List<int> strong) { _ = new WeakReference<List<int>>([|[.. strong]|]); }
            void B() { _ = new WeakReference<int[]>([|[1, 2]|]); }
            void D() { List<int> local = [1]; _ = new WeakReference<List<int>>([|local|]); }
            void E() { _ = new WeakReference<int[]>([]); }
            List<int> F() { List<int> kept = [1]; _ = new WeakReference<List<int>>(kept); return kept; }
            void G() { _ = new WeakReference<Action>([Obsolete] () => { }); }
        }
        """, new Options { Language = LanguageVersion.Preview });
#endif

    [Fact]
    public Task ConstructorsThatRootTheirObject() => Verify<WREF203_UnheldTarget>.Diagnostics("""
        class C
        {
            WeakReference _w;

            void M(Bus bus, Node parent)
            {
                _w = new WeakReference(new Stores());
                _w = new WeakReference(new Passes(bus));
                _w = new WeakReference(new Subscribes(bus));
                _w = new WeakReference(new Lambda(bus));
                _w = new WeakReference(new Indirect());
                _w = new WeakReference(new Derived());
                _w = new WeakReference(new Chained());
                _w = new WeakReference(new Node { Parent = parent });
                _w = new WeakReference(new Timer(_ => { }));
                _w = new WeakReference(new Thread(() => { }));
                _w = new WeakReference(new OwnTimer());
            }
        }

        class Bus
        {
            public event Action Happened;

            public void Add(object subscriber) => Happened += () => Console.WriteLine(subscriber);
        }

        class Stores
        {
            static readonly List<object> s_all = new();

            public Stores() => s_all.Add(this);
        }

        class Passes
        {
            public Passes(Bus bus) => bus.Add(this);
        }

        class Subscribes
        {
            public Subscribes(Bus bus) => bus.Happened += OnHappened;

            void OnHappened() { }
        }

        class Lambda
        {
            public Lambda(Bus bus) => bus.Happened += () => Count++;

            public int Count;
        }

        class Indirect
        {
            static Indirect s_last;

            public Indirect() => Initialize();

            void Initialize() => s_last = this;
        }

        class Derived : Stores { }

        class Chained
        {
            static object s_last;

            public Chained() : this(1) { }

            Chained(int number) => s_last = this;
        }

        class Node
        {
            readonly List<Node> _children = new();
            Node _parent;

            public Node Parent
            {
                get => _parent;
                set
                {
                    _parent = value;
                    value._children.Add(this);
                }
            }
        }

        class OwnTimer : MarshalByRefObject
        {
            readonly Timer _timer;

            public OwnTimer() => _timer = new Timer(Tick);

            void Tick(object state) { }
        }
        """);

    [Fact]
    public Task ConstructorsThatDoNot() => Verify<WREF203_UnheldTarget>.Diagnostics("""
        class C
        {
            WeakReference _w;

            void M()
            {
                _w = new WeakReference([|new Plain(3)|]);
                _w = new WeakReference([|new MyList()|]);
                _w = new WeakReference([|new Point(1, 2)|]);
            }
        }

        class Base
        {
            protected readonly List<int> Numbers = new();

            public event Action Changed;

            protected void Touch() => Changed?.Invoke();
        }

        class Plain : Base
        {
            public Plain(int count)
            {
                Count = count;
                this.Numbers.Add(count);
                Touch();
                Changed += Static;
            }

            public int Count { get; set; }

            static void Static() { }
        }

        class MyList : List<string> { }

        record Point(int X, int Y);
        """);

    [Fact]
    public Task CodeThatWatchesTheCollector() => Verify<WREF203_UnheldTarget>.Diagnostics("""
        class FactAttribute : Attribute { }

        class Tests
        {
            [Fact]
            public void M() => Check(new WeakReference(new Item()));

            static WeakReference Helper() => new WeakReference(new Item());

            void Check(WeakReference weak) { }
        }

        class Harness
        {
            [MethodImpl(MethodImplOptions.NoInlining)]
            static WeakReference Make() => new WeakReference(new Item());

            void M()
            {
                [MethodImpl(MethodImplOptions.NoInlining)]
                static WeakReference Local() => new WeakReference(new Item());
                Local();
            }
        }

        class Program
        {
            static void Main()
            {
                var weak = new WeakReference(new Item());
                GC.Collect();
                Console.WriteLine(weak.IsAlive);
            }
        }
        """ + Item);

    [Fact]
    public Task BrokenCode() => Verify<WREF203_UnheldTarget>.Diagnostics(
        """
        class C
        {
            void M()
            {
                _ = new WeakReference(new Missing());
                _ = new WeakReference(new Item(missing));
                _ = new WeakReference(new );
                var = new Item();
                _ = new WeakReference([|new Item()|]
            }
        }
        """ + Item,
        new Options { CompilerErrors = true });

    [Fact]
    public Task FixAddsAField() => Verify<WREF203_UnheldTarget, WREF203_KeepTarget>.Fix(
        """
        class C
        {
            WeakReference<Item> _weak;

            public C()
            {
                _weak = new WeakReference<Item>([|new Item("a")|]);
            }

            void Change() { _weak.SetTarget([|new Item("b")|]); }
        }
        """ + Item,
        """
        class C
        {
            WeakReference<Item> _weak;
            private Item _item;
            private Item _item2;

            public C()
            {
                _item = new Item("a");
                _weak = new WeakReference<Item>(_item);
            }

            void Change() {
                _item2 = new Item("b");
                _weak.SetTarget(_item2); }
        }
        """ + Item);

    [Fact]
    public Task FixTurnsTheLocalIntoAField() => Verify<WREF203_UnheldTarget, WREF203_KeepTarget>.Fix(
        """
        class C
        {
            void Change()
            {
                var first = new Item();
                Weak = new WeakReference<Item>([|first|]);
            }

            WeakReference<Item>? Weak { get; set; }
        }
        """ + Item.Replace("string Name", "string? Name"),
        """
        class C
        {
            private Item? _first;

            void Change()
            {
                _first = new Item();
                Weak = new WeakReference<Item>(_first);
            }

            WeakReference<Item>? Weak { get; set; }
        }
        """ + Item.Replace("string Name", "string? Name"),
        new Options { Nullable = true });

    [Fact]
    public Task FixOfAStaticField() => Verify<WREF203_UnheldTarget, WREF203_KeepTarget>.Fix(
        """
        class C
        {
            static readonly string s_name = "a";
            static readonly WeakReference<Item> s_weak = new([|new Item(s_name)|]);
        }
        """ + Item,
        """
        class C
        {
            static readonly string s_name = "a";
            private static Item s_item = new Item(s_name);
            static readonly WeakReference<Item> s_weak = new(s_item);
        }
        """ + Item);

    [Fact]
    public Task FixKeepsTrivia() => Verify<WREF203_UnheldTarget, WREF203_KeepTarget>.Fix(
        """
        using System;

        class C
        {
            WeakReference weak;

            void Change()
            {
                // The buffer is large.
                weak = new WeakReference( // weak
                    /* size */ [|new byte[4096]|] /* bytes */); // done
            }
        }
        """,
        """
        using System;

        class C
        {
            WeakReference weak;
            private byte[] target;

            void Change()
            {
                // The buffer is large.
                target = new byte[4096];
                weak = new WeakReference( // weak
                    /* size */ target /* bytes */); // done
            }
        }
        """,
        new Options { NetFramework = true, Language = LanguageVersion.CSharp7_3 });

    /// <summary>
    /// Beside the weak reference in its own type, a field that never let go would be told by WREF304; one that is
    /// handed out may be weak for others.
    /// </summary>
    [Fact]
    public Task FixMakesAFieldThatCanLetGo() => Verify<WREF203_UnheldTarget, WREF203_KeepTarget>.Fix(
        """
        class C
        {
            readonly WeakReference<Item> _weak;
            public C() => _weak = new WeakReference<Item>([|new Item("a")|]); // weak
            public C(List<WeakReference<Item>> all)
            {
                all.Add(new WeakReference<Item>([|new Item("b")|])); // all
                if (all.Count > 1)
                    // the other
                    Other = new([|new Item("c")|]); // other
            }

            WeakReference<Item> Other { get; }
        }
        """ + Item,
        """
        class C
        {
            readonly WeakReference<Item> _weak;
            private Item _item;
            private readonly Item _item2;
            private Item _item3;

            public C()
            {
                _item = new Item("a");
                _weak = new WeakReference<Item>(_item);
            } // weak
            public C(List<WeakReference<Item>> all)
            {
                _item2 = new Item("b");
                all.Add(new WeakReference<Item>(_item2)); // all
                if (all.Count > 1)
                {
                    // the other
                    _item3 = new Item("c");
                    Other = new(_item3); // other
                }
            }

            WeakReference<Item> Other { get; }
        }
        """ + Item);

    [Fact]
    public Task ACopyOfWhatDoesNotBindMayBeAnything() => Verify<WREF203_UnheldTarget>.Diagnostics("""
        class C
        {
            readonly WeakReference _unknown;
            readonly WeakReference _record;

            public C({|CS0246:Missing|} missing, Row row)
            {
                _unknown = new WeakReference(missing with { });
                _record = new WeakReference([|row with { Id = 2 }|]);
            }
        }

        record Row(int Id);
        """);

    [Fact]
    public Task NoFixWhereNobodyCanSayTheType() => Verify<WREF203_UnheldTarget, WREF203_KeepTarget>.NoFix("""
        class C
        {
            WeakReference _weak;

            void M() => _weak = new WeakReference([|new List<{|CS0246:Missing|}>()|]);
        }
        """);

    [Fact]
    public Task NoFixWhereOneFieldWouldNotDo() => Verify<WREF203_UnheldTarget, WREF203_KeepTarget>.NoFix("""
        class C
        {
            readonly List<WeakReference> _all = new();
            WeakReference _weak;
            readonly WeakReference _initial = new WeakReference([|new Item()|]);

            public C(int count)
            {
                for (var i = 0; i < count; i++)
                {
                    _weak = new WeakReference([|new Item()|]);
                }
            }

            void Add() => _all.Add(new WeakReference([|new Item()|]));

            void AddInBlock()
            {
                _all.Add(new WeakReference([|new Item()|]));
            }

            WeakReference Return()
            {
                return new WeakReference([|new Item()|]);
            }

            void Anonymous()
            {
                _weak = new WeakReference([|new { _weak }|]);
            }
        }
        """ + Item);
}
