namespace WeakRefAnalyzers.Tests;

public class WREF201_ValueTypeTargetTests
{
    [Fact]
    public Task AHandleThatOnlyHoldsAPlace() => Verify<WREF201_ValueTypeTarget>.Diagnostics("""
        class C
        {
            void Send(byte[] bytes)
            {
                var real = GCHandle.Alloc(0, GCHandleType.Weak);
                var watched = GCHandle.Alloc([|0|], GCHandleType.Weak);
                try
                {
                    real = GCHandle.Alloc(bytes, GCHandleType.Pinned);
                }
                finally
                {
                    real.Free();
                    watched.Free();
                }
            }
        }
        """);

    [Fact]
    public Task EveryKindOfValue() => Verify<WREF201_ValueTypeTarget>.Diagnostics("""
        class C
        {
            WeakReference _w;

            void M(int number, DateTime? time, Guid id, IComparable comparable)
            {
                _w = new WeakReference([|5|]);
                _w = new WeakReference([|number|]);
                _w = new WeakReference([|time|]);
                _w = new WeakReference([|(1, "a")|]);
                _w = new WeakReference((object)[|DayOfWeek.Monday|]);
                _w = new WeakReference((IComparable)[|id|]);
                _w.Target = [|new KeyValuePair<int, int>(1, 2)|];
            }

            void N<T>(T value) where T : struct => _w = new WeakReference([|value|]);
        }
        """);

    [Fact]
    public Task EveryRoleOfTarget() => Verify<WREF201_ValueTypeTarget>.Diagnostics("""
        class C
        {
            void M(int number, ConditionalWeakTable<object, string> table, FinalizationRegistry<string> registry, WeakReference<object> reference)
            {
                reference.SetTarget([|number|]);
                table.Add([|number|], "");
                table.GetValue([|number|], _ => "");
                registry.Register([|number|], "");
                _ = WeakRef.Create<object>([|number|]);
                _ = new WeakRef<object>([|number|]);
                _ = GCHandle.Alloc([|number|], GCHandleType.Weak);
                _ = new System.Runtime.DependentHandle([|number|], "");
            }
        }
        """);

    [Fact]
    public Task MessageNamesValueAndType() => Verify<WREF201_ValueTypeTarget>.Diagnostics(
        """
        class C
        {
            object M(TimeSpan span)
            {
                object box = {|#1:span|};
                return new WeakReference({|#0:box|});
            }
        }
        """,
        Verify<WREF201_ValueTypeTarget>.Diagnostic().WithLocation(0).WithLocation(1).WithArguments("box", "TimeSpan"));

    [Fact]
    public Task ABoxThatOthersHold() => Verify<WREF201_ValueTypeTarget>.Diagnostics("""
        class C
        {
            object _box;

            object M(int number)
            {
                object box = number;
                _ = new WeakReference(box);
                return box;
            }

            void N(int number)
            {
                _box = number;
                _ = new WeakReference(_box);
            }
        }
        """);

    [Fact]
    public Task WhatMayBeAnObject() => Verify<WREF201_ValueTypeTarget>.Diagnostics("""
        class C
        {
            void M<T>(T value, dynamic any, object thing, ValueType box, Enum constant, IComparable comparable)
            {
                _ = new WeakReference(value);
                _ = new WeakReference(any);
                _ = new WeakReference(thing);
                _ = new WeakReference(box);
                _ = new WeakReference(constant);
                _ = new WeakReference(comparable);
                _ = new WeakReference(null);
                _ = new WeakReference(default(int?));
                _ = GCHandle.Alloc(5, GCHandleType.Normal);
            }
        }
        """);

    [Fact]
    public Task ATypeThatIsMissing() => Verify<WREF201_ValueTypeTarget>.Diagnostics(
        """
        class C
        {
            void M(Missing a, Missing? b)
            {
                _ = new WeakReference(a);
                _ = new WeakReference(b);
                _ = new WeakReference(
            }
        }
        """,
        new Options { CompilerErrors = true });

    [Fact]
    public Task OldLanguageOnNetFramework() => Verify<WREF201_ValueTypeTarget>.Diagnostics(
        """
        using System;
        using System.Runtime.CompilerServices;
        using System.Runtime.InteropServices;

        class C
        {
            void M(int number, ConditionalWeakTable<object, string> table)
            {
                var a = new WeakReference([|number|]);
                var b = GCHandle.Alloc([|number|], GCHandleType.Weak);
                table.Add([|number|], "");
            }
        }
        """,
        new Options { NetFramework = true, Language = LanguageVersion.CSharp7_3 });

    [Fact]
    public Task AnnotatedAndConfiguredWrappers() => Verify<WREF201_ValueTypeTarget>.Diagnostics(
        """
        using WeakRefs.Annotations;

        class Cache
        {
            public void Hold([WeakTarget] object target) { }
        }

        class SoftReference
        {
            public SoftReference(object target) { }
        }

        class C
        {
            void M(Cache cache)
            {
                cache.Hold([|1|]);
                _ = new SoftReference([|1|]);
            }
        }
        """,
        new Options { EditorConfig = "weakref_analyzers.reference_types = SoftReference" });

    [Fact]
    public Task FixHoldsTheValueAndKeepsTrivia() => Verify<WREF201_ValueTypeTarget, WREF201_HoldValue>.Fix(
        """
        class C
        {
            // The seat.
            private readonly WeakReference _seat = new WeakReference([|42|]); // the answer
            private static WeakReference? s_id;
            private readonly WeakReference _any;

            public C(int any) => _any = new([|any|]);

            static void Set(Guid id)
            {
                s_id = new WeakReference([|id|]);
            }

            int Seat => (int)_seat.Target! + ((int)_seat.Target!).CompareTo(1);
            void Show() => Console.WriteLine($"{s_id.Target} {(Guid)s_id.Target!}");
            bool IsAny => _any.Target is not null;

            void Local()
            {
                var weak = new WeakReference([|42|]);
                var unread = new WeakReference([|42|]);
                Console.WriteLine(weak.Target);
            }
        }
        """,
        """
        class C
        {
            // The seat.
            private readonly int _seat = 42; // the answer
            private static Guid s_id;
            private readonly object _any;

            public C(int any) => _any = any;

            static void Set(Guid id)
            {
                s_id = id;
            }

            int Seat => _seat + _seat.CompareTo(1);
            void Show() => Console.WriteLine($"{s_id} {s_id}");
            bool IsAny => _any is not null;

            void Local()
            {
                var weak = 42;
                object unread = 42;
                Console.WriteLine(weak);
            }
        }
        """);

    [Fact]
    public Task NoFixWhereTheReferenceIsMore() => Verify<WREF201_ValueTypeTarget, WREF201_HoldValue>.NoFix("""
        class C
        {
            private readonly WeakReference _passed = new WeakReference([|1|]);
            private readonly WeakReference _tested = new WeakReference([|2|]);
            private readonly WeakReference _commented = new WeakReference(/* number */ [|2|]);
            private readonly WeakReference _unread = new WeakReference([|3|]);
            private readonly WeakReference _filled = new WeakReference([|4|]);
            internal readonly WeakReference Shared = new WeakReference([|5|]);
            private readonly List<WeakReference> _all = new();

            void M(object o)
            {
                _all.Add(_passed);
                Console.WriteLine(_passed.Target);
                Console.WriteLine(_filled.Target);
                _filled.Target = o;
                Console.WriteLine(Shared.Target);
                _all.Add(new WeakReference([|9|]));
                Console.WriteLine(_commented.Target);
                Action later = () => Console.WriteLine(_tested?.Target);
            }
        }
        """);
}
