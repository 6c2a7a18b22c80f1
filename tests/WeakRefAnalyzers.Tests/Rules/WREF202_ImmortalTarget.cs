namespace WeakRefAnalyzers.Tests;

public class WREF202_ImmortalTargetTests
{
    [Fact]
    public Task EveryKindOfPermanentObject() => Verify<WREF202_ImmortalTarget>.Diagnostics("""
        class C
        {
            const string Name = "name";
            static readonly object s_lock = new();
            static C Instance { get; } = new();

            void M(string text)
            {
                _ = new WeakReference([|"text"|]);
                _ = new WeakReference([|Name|]);
                _ = new WeakReference([|nameof(C)|]);
                _ = new WeakReference([|string.Empty|]);
                _ = new WeakReference([|string.Intern(text)|]);
                _ = new WeakReference([|typeof(C)|]);
                _ = new WeakReference([|typeof(List<int>)|]);
                _ = new WeakReference([|s_lock|]);
                _ = new WeakReference([|C.Instance|]);
                _ = new WeakReference([|Array.Empty<int>()|]);
                _ = new WeakReference([|Enumerable.Empty<int>()|]);
                _ = new WeakReference([|Task.CompletedTask|]);
                _ = new WeakReference([|EventArgs.Empty|]);
                _ = new WeakReference([|StringComparer.Ordinal|]);
                _ = new WeakReference([|Comparer<int>.Default|]);
                _ = new WeakReference([|System.Text.Encoding.UTF8|]);
            }
        }
        """);

    [Fact]
    public Task SilentWhereNobodyKeepsTheHandle() => Verify<WREF202_ImmortalTarget>.Diagnostics("""
        class C
        {
            void Dropped() { GCHandle.Alloc("text", GCHandleType.Weak); }
            GCHandle Kept() => GCHandle.Alloc([|"text"|], GCHandleType.Weak);
        }
        """);

    [Fact]
    public Task EveryRoleOfTarget() => Verify<WREF202_ImmortalTarget>.Diagnostics("""
        class C
        {
            void M(WeakReference<string> reference, WeakReference old, FinalizationRegistry<int> registry, ConditionalWeakTable<string, object> table)
            {
                reference.SetTarget([|"a"|]);
                old.Target = [|"a"|];
                registry.Register([|typeof(C)|], 1);
                table.Add([|"a"|], new object());
                _ = new WeakRef<string>([|"a"|]);
                _ = GCHandle.Alloc([|"a"|], GCHandleType.Weak);
            }
        }
        """);

    [Fact]
    public Task DelegatesTheCompilerCaches() => Verify<WREF202_ImmortalTarget>.Diagnostics("""
        class C
        {
            static void Handle() { }

            void M(int captured)
            {
                _ = new WeakReference<Action>([|() => { }|]);
                _ = new WeakReference<Action>([|static () => Handle()|]);
                _ = new WeakReference<Action<int>>([|x => { int y = x; Console.WriteLine(y); }|]);
                _ = new WeakReference<Action>([|Handle|]);
                _ = new WeakReference([|(Action)Handle|]);
                _ = new WeakReference<Action>(() => Console.WriteLine(captured));
                _ = new WeakReference<Action>(() => M(1));
                _ = new WeakReference<Action>(new Action(Handle));
            }
        }

        class StaticConstructor
        {
            static readonly WeakReference<Action> s_first = new(Handle);
            static readonly WeakReference<Action> s_second = new([|() => { }|]);

            static StaticConstructor() => s_first = new(Handle);

            static void Handle() { }
        }
        """);

    [Fact]
    public Task MethodGroupsAreMadeAnewBeforeCSharp11() => Verify<WREF202_ImmortalTarget>.Diagnostics(
        """
        class C
        {
            static void Handle() { }

            void M()
            {
                _ = new WeakReference<Action>(Handle);
                _ = new WeakReference<Action>([|() => { }|]);
            }
        }
        """,
        new Options { Language = LanguageVersion.CSharp10 });

    [Fact]
    public Task MessageAndTheLocalThatHoldsIt() => Verify<WREF202_ImmortalTarget>.Diagnostics(
        """
        class C
        {
            object M()
            {
                var name = {|#1:"name"|};
                Console.WriteLine(name);
                return new WeakReference({|#0:name|});
            }
        }
        """,
        Verify<WREF202_ImmortalTarget>.Diagnostic().WithLocation(0).WithLocation(1).WithArguments("The constant string 'name'"));

    [Fact]
    public Task WhatMayDie() => Verify<WREF202_ImmortalTarget>.Diagnostics("""
        class C
        {
            static object s_changing = new();
            readonly object _own = new();
            static C Made => new();
            static C Settable { get; set; } = new();

            void M<T>(Type type, object target, string text)
            {
                _ = new WeakReference(type);
                _ = new WeakReference(typeof(T));
                _ = new WeakReference(typeof(List<T>));
                _ = new WeakReference(target.GetType());
                _ = new WeakReference(s_changing);
                _ = new WeakReference(_own);
                _ = new WeakReference(Made);
                _ = new WeakReference(Settable);
                _ = new WeakReference(text + "x");
                _ = new WeakReference(text.Trim());
                _ = new WeakReference(new int[0]);
                _ = new WeakReference(null);
            }

            void N(bool condition)
            {
                var name = "name";
                if (condition)
                {
                    name = Console.ReadLine();
                }

                _ = new WeakReference(name);
            }
        }
        """);

    [Fact]
    public Task PermanentKeysBesideOthers() => Verify<WREF202_ImmortalTarget>.Diagnostics("""
        class C
        {
            static readonly object s_default = new();

            void M(ConditionalWeakTable<Type, object> types, ConditionalWeakTable<object, object> table)
            {
                types.Add(typeof(int), new object());
                table.Add(s_default, new object());
            }
        }
        """);

    [Fact]
    public Task TestsWantATargetThatStays() => Verify<WREF202_ImmortalTarget>.Diagnostics("""
        class FactAttribute : Attribute { }

        class CacheTests
        {
            [Fact]
            public void Finds() => Check(new WeakReference<string>("a"));

            void Check(WeakReference<string> reference) { }
        }
        """);

    [Fact]
    public Task BrokenCode() => Verify<WREF202_ImmortalTarget>.Diagnostics(
        """
        class C
        {
            void M()
            {
                _ = new WeakReference("a" + missing);
                _ = new WeakReference(Missing.Empty);
                _ = new WeakReference(typeof(Missing<>));
                _ = new WeakReference([|"a"|]
            }
        """,
        new Options { CompilerErrors = true });

    [Fact]
    public Task OldLanguageOnNetFramework() => Verify<WREF202_ImmortalTarget>.Diagnostics(
        """
        using System;

        class C
        {
            static void Handle() { }

            void M()
            {
                var a = new WeakReference<string>([|"a"|]);
                var b = new WeakReference<Action>([|() => { }|]);
                var c = new WeakReference<Action>(Handle);
            }
        }
        """,
        new Options { NetFramework = true, Language = LanguageVersion.CSharp7_3 });

    [Fact]
    public Task FixHoldsTheObjectAndKeepsTrivia() => Verify<WREF202_ImmortalTarget, WREF202_HoldObject>.Fix(
        """
        class C
        {
            static readonly List<int> s_shared = new();
            private readonly WeakReference<string> _text = new([|"a text"|]); // the text
            private readonly WeakReference _list = new WeakReference([|s_shared|]);

            bool IsThere => _text.TryGetTarget(out _) && _list.IsAlive;
            string? Text => _text.TryGetTarget(out var text) ? text : null;
            List<int> List => (List<int>)_list.Target!;

            void M(object o)
            {
                if (!_text.TryGetTarget(out string? text))
                    return;
                Console.WriteLine(text);
                WeakRef<string> local = new WeakRef<string>([|"x"|]);
                Console.WriteLine(local.Deref()!.Length + local.Deref()?.Length);
            }
        }
        """,
        """
        class C
        {
            static readonly List<int> s_shared = new();
            private readonly string _text = "a text"; // the text
            private readonly List<int> _list = s_shared;

            bool IsThere => _text != null && _list != null;
            string? Text => _text is { } text ? text : null;
            List<int> List => _list;

            void M(object o)
            {
                if (_text is not string text)
                    return;
                Console.WriteLine(text);
                string local = "x";
                Console.WriteLine(local.Length + local?.Length);
            }
        }
        """,
        new Options { Nullable = true });

    [Fact]
    public Task FixInAnOldLanguage() => Verify<WREF202_ImmortalTarget, WREF202_HoldObject>.Fix(
        """
        using System;

        class C
        {
            private readonly WeakReference<string> _text = new WeakReference<string>([|"a text"|]);

            void M()
            {
                string text;
                if (!(_text.TryGetTarget(out var other)))
                    return;
                Console.WriteLine(other);
            }
        }
        """,
        """
        using System;

        class C
        {
            private readonly string _text = "a text";

            void M()
            {
                string text;
                if (!(_text is string other))
                    return;
                Console.WriteLine(other);
            }
        }
        """,
        new Options { NetFramework = true, Language = LanguageVersion.CSharp7_3 });

    [Fact]
    public Task NoFixWhereTheReferenceIsMore() => Verify<WREF202_ImmortalTarget, WREF202_HoldObject>.NoFix("""
        class C
        {
            private readonly WeakReference<string> _text = new([|"a text"|]);
            private readonly WeakReference<string> _replaced = new("a text");
            private readonly ConditionalWeakTable<string, object> _table = new();

            void M(string known)
            {
                _table.Add([|"key"|], new object());
                _replaced.SetTarget(known);
                if (!_text.TryGetTarget(out var text))
                    Console.WriteLine(text);
            }
        }
        """);

    [Fact]
    public Task OneOfTwoEntries() => Verify<WREF202_ImmortalTarget>.Diagnostics("""
        class Map
        {
            static readonly object s_none = new();
            readonly Dictionary<string, WeakReference> _map = new();
            void Put(string key, object found)
            {
                if (found == null) _map[key] = new WeakReference(s_none);
                else _map[key] = new WeakReference(found);
            }
            void Only(string key) { _map[key] = new WeakReference([|s_none|]); }
        }
        """);

    [Fact]
    public Task APlaceholderThatIsShown() => Verify<WREF202_ImmortalTarget>.Diagnostics("""
        class Cache
        {
            static readonly object s_none = new();
            public static readonly WeakReference None = new WeakReference(s_none);
            static readonly WeakReference s_shared = new WeakReference([|s_none|]);
            static readonly WeakReference<object> s_other = new([|s_none|]);
        }
        """);
}
