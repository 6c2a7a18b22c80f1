namespace WeakRefAnalyzers.Tests;

public class WREF401_UnkeptRegistryTests
{
    [Fact]
    public Task TemporariesAndLocals() => Verify<WREF401_UnkeptRegistry>.Diagnostics("""
        class C
        {
            void M(object target)
            {
                [|new FinalizationRegistry<int>(_ => { })|].Register(target, 1);
                var local = [|new FinalizationRegistry<int>(_ => { })|];
                local.Register(target, 1);
                local.Register(this, 2);
                FinalizationRegistry<string> typed = [|new(Console.WriteLine)|];
                typed.Register(target, "");
                FinalizationRegistry<int> later;
                later = [|new FinalizationRegistry<int>(_ => { })|];
                later.Register(target, 1);
            }

            void PerTurn(IEnumerable<object> targets)
            {
                foreach (var target in targets)
                {
                    var local = [|new FinalizationRegistry<int>(_ => { })|];
                    local.CleanupFailed += (_, _) => { };
                    local.Register(target, 1, target);
                }
            }

            Registration Expression(object target) => [|new FinalizationRegistry<int>(_ => { })|].Register(target, 1);
        }
        """);

    [Fact]
    public Task MessageAndTheRegistration() => Verify<WREF401_UnkeptRegistry>.Diagnostics(
        """
        class C
        {
            void M(object target)
            {
                var registry = {|#0:new FinalizationRegistry<int>(_ => { })|};
                {|#1:registry.Register(target, 1)|};
            }
        }
        """,
        Verify<WREF401_UnkeptRegistry>.Diagnostic().WithLocation(0).WithLocation(1).WithArguments("FinalizationRegistry<int>"));

    [Fact]
    public Task WhatSomebodyKeeps() => Verify<WREF401_UnkeptRegistry>.Diagnostics("""
        class C
        {
            static readonly FinalizationRegistry<int> s_registry = new(_ => { });
            FinalizationRegistry<int> _field;
            Action<object> _register;

            FinalizationRegistry<int> Property { get; } = new(_ => { });

            FinalizationRegistry<int> Returned(object target)
            {
                var registry = new FinalizationRegistry<int>(_ => { });
                registry.Register(target, 1);
                return registry;
            }

            void Stored(object target)
            {
                var registry = new FinalizationRegistry<int>(_ => { });
                registry.Register(target, 1);
                _field = registry;
            }

            void Passed(object target, List<object> all)
            {
                var registry = new FinalizationRegistry<int>(_ => { });
                registry.Register(target, 1);
                all.Add(registry);
            }

            void KeptAlive(object target, Action work)
            {
                var registry = new FinalizationRegistry<int>(_ => { });
                registry.Register(target, 1);
                work();
                GC.KeepAlive(registry);
            }

            void Captured(object target)
            {
                var registry = new FinalizationRegistry<int>(_ => { });
                registry.Register(target, 1);
                _register = x => registry.Register(x, 2);
            }

            void Assigned(object target) => (_field = new FinalizationRegistry<int>(_ => { })).Register(target, 1);
        }
        """);

    [Fact]
    public Task WhatTheMethodItselfNeeds() => Verify<WREF401_UnkeptRegistry>.Diagnostics("""
        class C
        {
            void Scoped(object target)
            {
                using var registry = new FinalizationRegistry<int>(_ => { });
                registry.Register(target, 1);
            }

            void Unregistered(object target, Action work)
            {
                var registry = new FinalizationRegistry<int>(_ => { });
                registry.Register(target, 1, target);
                work();
                registry.Unregister(target);
            }

            void Pumped(object target)
            {
                var registry = new FinalizationRegistry<int>(_ => { });
                registry.Register(target, 1);
                registry.CleanupSome();
            }

            void Serving(Func<object> next)
            {
                var registry = new FinalizationRegistry<int>(_ => { });
                while (true)
                {
                    registry.Register(next(), 1);
                }
            }

            void Unused()
            {
                _ = new FinalizationRegistry<int>(_ => { });
                var registry = new FinalizationRegistry<int>(_ => { });
            }
        }
        """);

    [Fact]
    public Task ConfiguredAndAnnotatedRegistries() => Verify<WREF401_UnkeptRegistry>.Diagnostics(
        """
        using WeakRefs.Annotations;

        class Cleaner
        {
            readonly Action<object> _cleanup;

            public Cleaner([CleanupCallback] Action<object> cleanup) => _cleanup = cleanup;

            public void Watch([WeakTarget] object target, [HeldValue] object held) { }
        }

        class SelfKeeping
        {
            static readonly List<SelfKeeping> s_all = new();

            public SelfKeeping([CleanupCallback] Action<object> cleanup) => s_all.Add(this);

            public void Watch([WeakTarget] object target, [HeldValue] object held) { }
        }

        class Configured
        {
            public Configured(Action<object> cleanup) { }

            public void Register(object target, object held) { }
        }

        class C
        {
            void M(object target)
            {
                [|new Cleaner(_ => { })|].Watch(target, "");
                [|new Configured(_ => { })|].Register(target, "");
                new SelfKeeping(_ => { }).Watch(target, "");
            }
        }
        """,
        new Options { EditorConfig = "weakref_analyzers.registry_types = Configured" });

    [Fact]
    public Task BrokenCode() => Verify<WREF401_UnkeptRegistry>.Diagnostics(
        """
        class C
        {
            void M(object target)
            {
                var a = new FinalizationRegistry<Missing>(_ => { });
                a.Register();
                var b = [|new FinalizationRegistry<int>(_ => { })|];
                b.Register(target, 1);
                missing();
                var c = new FinalizationRegistry<int>(_ => { });
                c.
            }
        }
        """,
        new Options { CompilerErrors = true });

    [Fact]
    public Task OldLanguageOnNetFramework() => Verify<WREF401_UnkeptRegistry, WREF401_PromoteRegistry>.Fix(
        """
        using System;
        using WeakRefs;

        class C
        {
            void M(object target)
            {
                var registry = [|new FinalizationRegistry<int>(x => Console.WriteLine(x))|];
                registry.Register(target, 1);
            }
        }
        """,
        """
        using System;
        using WeakRefs;

        class C
        {
            private static readonly FinalizationRegistry<int> s_registry = new FinalizationRegistry<int>(x => Console.WriteLine(x));

            void M(object target)
            {
                s_registry.Register(target, 1);
            }
        }
        """,
        new Options { NetFramework = true, Language = LanguageVersion.CSharp7_3 });

    [Fact]
    public Task FixOfSeveral() => Verify<WREF401_UnkeptRegistry, WREF401_PromoteRegistry>.Fix(
        """
        class C
        {
            readonly object _lock = new();

            void M(object target)
            {
                FinalizationRegistry<int> log = [|new(static id => Log(id))|];
                log.Register(target, 1);
                log.Register(_lock, 2);
            }

            void N(object target)
            {
                [|new FinalizationRegistry<int>(Log)|].Register(target, 1);
            }

            static void Log(int id) { }
        }
        """,
        """
        class C
        {
            readonly object _lock = new();
            private static readonly FinalizationRegistry<int> s_log = new(static id => Log(id));
            private static readonly FinalizationRegistry<int> s_registry = new FinalizationRegistry<int>(Log);

            void M(object target)
            {
                s_log.Register(target, 1);
                s_log.Register(_lock, 2);
            }

            void N(object target)
            {
                s_registry.Register(target, 1);
            }

            static void Log(int id) { }
        }
        """);

    [Fact]
    public Task FixKeepsTrivia() => Verify<WREF401_UnkeptRegistry, WREF401_PromoteRegistry>.Fix(
        """
        class C
        {
            void M(object target)
            {
                // Says when a target went.
                var registry = [|new FinalizationRegistry<string>(name => Console.WriteLine(name /* of the target */))|];
                registry.Register(target, "a"); // now
            }
        }
        """,
        """
        class C
        {
            private static readonly FinalizationRegistry<string> s_registry = new FinalizationRegistry<string>(name => Console.WriteLine(name /* of the target */));

            void M(object target)
            {
                // Says when a target went.
                s_registry.Register(target, "a"); // now
            }
        }
        """);

    [Fact]
    public Task NoFixWhereTheCallbackNeedsItsCall() => Verify<WREF401_UnkeptRegistry, WREF401_PromoteRegistry>.NoFix("""
        class C
        {
            int _count;

            void M<T>(object target, string name)
            {
                var a = [|new FinalizationRegistry<int>(_ => Console.WriteLine(name))|];
                a.Register(target, 1);
                var b = [|new FinalizationRegistry<int>(_ => _count++)|];
                b.Register(target, 1);
                var c = [|new FinalizationRegistry<int>(Instance)|];
                c.Register(target, 1);
                var d = [|new FinalizationRegistry<T>(_ => { })|];
                d.Register(target, default);
                var e = [|new FinalizationRegistry<int>(_ => { })|];
                e.CleanupFailed += (_, _) => { };
                e.Register(target, 1);
            }

            void Instance(int id) { }
        }
        """);

    /// <summary>One by one and at once the fields come in the order of their registries.</summary>
    [Fact]
    public Task FixOfNeighbours() => Verify<WREF401_UnkeptRegistry, WREF401_PromoteRegistry>.Fix(
        """
        class C
        {
            void M(object target)
            {
                [|new FinalizationRegistry<int>(_ => { })|].Register(target, 1);
                var local = [|new FinalizationRegistry<int>(_ => { })|]; // locally
                local.Register(target, 1);
                local.Register(this, 2);
            }

            void N(object target) => [|new FinalizationRegistry<int>(_ => { })|].Register(target, 1);
        }
        """,
        """
        class C
        {
            private static readonly FinalizationRegistry<int> s_registry = new FinalizationRegistry<int>(_ => { });
            private static readonly FinalizationRegistry<int> s_local = new FinalizationRegistry<int>(_ => { }); // locally
            private static readonly FinalizationRegistry<int> s_registry2 = new FinalizationRegistry<int>(_ => { });

            void M(object target)
            {
                s_registry.Register(target, 1);
                s_local.Register(target, 1);
                s_local.Register(this, 2);
            }

            void N(object target) => s_registry2.Register(target, 1);
        }
        """);

    [Fact]
    public Task FixKeepsTheSpellingAndTheLayout() => Verify<WREF401_UnkeptRegistry, WREF401_PromoteRegistry>.Fix(
        """
        class C
        {
            private static readonly int s_first = 1;

            void M(object target)
            {
                if (target != null)
                {
                    var registry = [|new FinalizationRegistry<IntPtr>(handle =>
                    {
                        // close it
                        Console.WriteLine(handle);
                    })|]; // handles
                    registry.Register(target, IntPtr.Zero);
                }
            }
        }
        """,
        """
        class C
        {
            private static readonly int s_first = 1;
            private static readonly FinalizationRegistry<IntPtr> s_registry = new FinalizationRegistry<IntPtr>(handle =>
            {
                // close it
                Console.WriteLine(handle);
            }); // handles

            void M(object target)
            {
                if (target != null)
                {
                    s_registry.Register(target, IntPtr.Zero);
                }
            }
        }
        """);

    [Fact]
    public Task NoFixForWhatAnAccessorIsGiven() => Verify<WREF401_UnkeptRegistry, WREF401_PromoteRegistry>.NoFix("""
        class C
        {
            object P { set { var r = [|new FinalizationRegistry<int>(_ => Console.WriteLine(value))|]; r.Register(this, 1); } }
            object this[int i] { get { var r = [|new FinalizationRegistry<int>(_ => Console.WriteLine(i))|]; r.Register(this, 1); return null; } }
            async Task M(object target) => [|new FinalizationRegistry<int>(await Callback())|].Register(target, 1);
            static Task<Action<int>> Callback() => null;
        }
        """);
}
