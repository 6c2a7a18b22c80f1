namespace WeakRefAnalyzers.Tests;

public class WREF201_ValueTypeTargetTests
{
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
}
