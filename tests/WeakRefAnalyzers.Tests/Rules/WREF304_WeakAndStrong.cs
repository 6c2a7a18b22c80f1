namespace WeakRefAnalyzers.Tests;

public class WREF304_WeakAndStrongTests
{
    private const string Types = """

        class T { public int Id; public static T Current; }
        """;

    [Fact]
    public Task TargetsPutIntoStatics() => Verify<WREF304_WeakAndStrong>.Diagnostics("""
        class C
        {
            static T s_last;
            static T s_out;
            static readonly List<T> s_all = new();
            static readonly Dictionary<int, T> s_byId = new();
            static T Property { get; set; }
            readonly WeakReference<T> _typed;
            readonly WeakReference _plain;
            readonly WeakRef<T> _ref;

            void M()
            {
                s_last = (T)[|_plain.Target|];
                if ([|_typed.TryGetTarget(out var a)|])
                    s_all.Add(a);
                if ([|_plain.Target|] is T b)
                    s_byId[b.Id] = b;
                var c = [|_ref.Deref()|];
                Property = c;
                [|_typed.TryGetTarget(out s_out)|];
            }
        }
        """ + Types);

    [Fact]
    public Task StrongFieldBesideTheWeakOne() => Verify<WREF304_WeakAndStrong>.Diagnostics("""
        class C
        {
            readonly WeakReference<T> _weak;
            T _strong;

            public C(T target)
            {
                _strong = target;
                _weak = [|new WeakReference<T>(target)|];
            }

            public bool IsAlive => _weak.TryGetTarget(out _) && _strong != null;
        }

        class D
        {
            readonly T _strong = new();
            WeakReference _weak;

            public D() => _weak = [|new(_strong)|];

            public object Target => _weak.Target;
        }
        """ + Types);

    [Fact]
    public Task WhatIsLetGoIsSilent() => Verify<WREF304_WeakAndStrong>.Diagnostics("""
        class C
        {
            static T s_current;
            static readonly List<T> s_recent = new();
            static readonly T[] s_ring = new T[4];
            static readonly ConditionalWeakTable<T, object> s_table = new();
            static readonly ConditionalWeakTable<object, T> s_values = new();
            static readonly List<int> s_ids = new();
            static readonly List<WeakReference<T>> s_weak = new();
            [ThreadStatic] static T s_mine;
            readonly List<T> _own = new();
            T _field;
            WeakReference<T> _reference;

            void M()
            {
                if (!_reference.TryGetTarget(out var t))
                    return;
                s_current = t;
                s_recent.Add(t);
                s_ring[0] = t;
                s_table.Add(t, new object());
                s_values.Add(this, t);
                s_ids.Add(t.Id);
                s_weak.Add(new WeakReference<T>(t));
                s_mine = t;
                _own.Add(t);
                _field = t;
                s_current = null;
                s_recent.RemoveAt(0);
                Console.WriteLine(s_recent.Contains(t));
            }
        }

        class Toggle
        {
            readonly WeakReference<T> _weak;
            T _strong;

            public Toggle(T target)
            {
                _strong = target;
                _weak = new WeakReference<T>(target);
            }

            public void Release() => _strong = null;

            public T Target => _weak.TryGetTarget(out var t) ? t : _strong;
        }

        class Owner
        {
            readonly T _owned = new();
            readonly WeakReference<T> _given;

            public Owner() => _given = new WeakReference<T>(_owned);

            public WeakReference<T> Given => _given;
        }

        class Other
        {
            readonly WeakReference<T> _weak;
            readonly T _strong;

            public Other(T target, T other)
            {
                _strong = other;
                _weak = new WeakReference<T>(target);
            }
        }
        """ + Types);

    [Fact]
    public Task OldCode() => Verify<WREF304_WeakAndStrong>.Diagnostics(
        """
        using System;
        using System.Collections.Generic;

        class C
        {
            static readonly List<object> s_all = new List<object>();
            readonly WeakReference _weak = new WeakReference(null);

            void M()
            {
                object target = [|_weak.Target|];
                if (target != null) s_all.Add(target);
            }
        }
        """,
        new Options { NetFramework = true, Language = LanguageVersion.CSharp7_3 });

    [Fact]
    public Task MessageAndStore() => Verify<WREF304_WeakAndStrong>.Diagnostics(
        """
        class C
        {
            static readonly List<T> s_all = new();

            void M(WeakReference<T> weak)
            {
                if ({|#0:weak.TryGetTarget(out var t)|})
                    {|#1:s_all.Add(t)|};
            }
        }
        """ + Types,
        Verify<WREF304_WeakAndStrong>
            .Diagnostic()
            .WithLocation(0)
            .WithLocation(1)
            .WithArguments("s_all", "for as long as the program runs"));

    [Fact]
    public Task MessageOfAnInstanceField() => Verify<WREF304_WeakAndStrong>.Diagnostics(
        """
        class View
        {
            readonly T _strong = new();
            readonly WeakReference<T> _weak;

            public View() => _weak = {|#0:new({|#1:_strong|})|};

            public bool IsAlive => _weak.TryGetTarget(out _);
        }
        """ + Types,
        Verify<WREF304_WeakAndStrong>.Diagnostic().WithLocation(0).WithLocation(1).WithMessage(
            "'_strong' keeps this object for as long as the 'View' lives, so the weak reference cannot see it die before; keep "
                + "one of the two"));

    [Fact]
    public Task BrokenCode() => Verify<WREF304_WeakAndStrong>.Diagnostics(
        """
        class C
        {
            static readonly List<T> s_all = new();
            WeakReference<T> _weak;

            void M(WeakReference<T> weak)
            {
                s_missing = weak.Target;
                if (weak.TryGetTarget(out var t)) s_all.Missing(t);
                if (weak.TryGetTarget(out )) s_all.Add();
                _weak = new WeakReference<T>(missing);
                _weak = new WeakReference<T>(
            }
        """ + Types,
        new Options { CompilerErrors = true });

    [Fact]
    public Task FixReadsTheStrongFieldAndKeepsTrivia() => Verify<WREF304_WeakAndStrong, WREF304_DropWeakField>.Fix(
        """
        class Item { public string Name = ""; }

        class C
        {
            private readonly Item _item; // the item
            private readonly WeakReference<Item> _weak;
            private readonly WeakReference _plain;

            public C(Item item)
            {
                // Both.
                _item = item;
                _weak = [|new WeakReference<Item>(item)|];
                _plain = [|new WeakReference(_item)|];
                Console.WriteLine(item);
            }

            // Its name.
            string Name => _weak.TryGetTarget(out var item) ? item.Name : ((Item)_plain.Target).Name; // or that
            bool IsAlive(C other) => other._plain.IsAlive;
        }
        """,
        """
        class Item { public string Name = ""; }

        class C
        {
            private readonly Item _item; // the item

            public C(Item item)
            {
                // Both.
                _item = item;
                Console.WriteLine(item);
            }

            // Its name.
            string Name => _item is { } item ? item.Name : _item.Name; // or that
            bool IsAlive(C other) => other._item != null;
        }
        """);

    [Fact]
    public Task NoFixWhereTheTypesDifferOrTheReferenceIsMore() => Verify<WREF304_WeakAndStrong, WREF304_DropWeakField>.NoFix("""
        class C
        {
            private readonly object _object;
            private readonly WeakReference<string> _text;
            private readonly string _name;
            private readonly WeakReference<string> _commented;
            private WeakReference<string> _filled;

            public C(string text, string name)
            {
                _object = text;
                _text = [|new WeakReference<string>(text)|];
                _name = name;
                _commented = [|new WeakReference<string>(name)|]; // why
                _filled = [|new WeakReference<string>(name)|];
            }

            string Read() => _text.TryGetTarget(out var text) ? text : _commented.TryGetTarget(out var other) ? other : null;
            void Fill(string other) => _filled.SetTarget(other);
        }

        static class S
        {
            static readonly List<object> s_all = new();
            static void Keep(WeakReference<object> weak)
            {
                if ([|weak.TryGetTarget(out var target)|])
                    s_all.Add(target);
            }
        }
        """);
}
