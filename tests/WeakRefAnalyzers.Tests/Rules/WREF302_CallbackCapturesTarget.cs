namespace WeakRefAnalyzers.Tests;

public class WREF302_CallbackCapturesTargetTests
{
    private const string Types = """

        class T { public readonly int Id = 1; public int Changing { get; set; } public void Go() { } }
        class Box { public object Value; public Box(object value) => Value = value; }
        """;

    [Fact]
    public Task OwnCapture() => Verify<WREF302_CallbackCapturesTarget>.Diagnostics("""
        class C
        {
            FinalizationRegistry<int> _registry;

            void Local(T t)
            {
                var registry = new FinalizationRegistry<int>([|_ => t.Go()|]);
                registry.Register(t, 1);
            }

            void AssignedLater(T t)
            {
                FinalizationRegistry<int> registry;
                registry = new([|_ => t.Go()|]);
                registry.Register(t, 1);
            }

            void Chained(T t) => new FinalizationRegistry<int>([|_ => t.Go()|]).Register(t, 1);

            void Field(T t)
            {
                _registry = new FinalizationRegistry<int>([|_ => t.Go()|]);
                _registry.Register(t, 1);
            }

            void MethodGroup(T t)
            {
                var registry = new FinalizationRegistry<T>([|t.Equals2|]);
                registry.Register(t, null);
            }

            void Alias(T t)
            {
                var same = t;
                var registry = new FinalizationRegistry<int>([|_ => same.Go()|]);
                registry.Register(t, 1);
            }

            void Boxed(T t)
            {
                var box = new Box(t);
                var registry = new FinalizationRegistry<int>([|_ => Console.WriteLine(box)|]);
                registry.Register(t, 1);
            }

            void LocalDelegate(T t)
            {
                Action use = () => t.Go();
                Action<int> cleanup = _ => use();
                var registry = new FinalizationRegistry<int>([|cleanup|]);
                registry.Register(t, 1);
            }

            void LocalFunction(T t)
            {
                void Cleanup(int id) => t.Go();
                var registry = new FinalizationRegistry<int>([|Cleanup|]);
                registry.Register(t, 1);
            }
        }

        static class Extensions { public static void Equals2(this T t, T other) { } }
        """ + Types);

    [Fact]
    public Task This() => Verify<WREF302_CallbackCapturesTarget>.Diagnostics("""
        class Lambda
        {
            readonly FinalizationRegistry<int> _registry;
            int _handle;

            public Lambda()
            {
                _registry = new FinalizationRegistry<int>([|_ => Console.WriteLine(_handle)|]);
                _registry.Register(this, 1);
            }
        }

        class Group
        {
            readonly FinalizationRegistry<int> _registry;

            public Group() => _registry = new FinalizationRegistry<int>([|Report|]);

            public void Watch() => _registry?.Register(this, 1);

            void Report(int handle) { }
        }

        partial class Parts
        {
            FinalizationRegistry<int> Registry { get; }

            public Parts() => Registry = new([|_ => Report()|]);
        }

        partial class Parts
        {
            public void Watch() => this.Registry.Register(this, 1);

            void Report() { }
        }

        class Lazily
        {
            FinalizationRegistry<int> _registry;

            void Watch()
            {
                _registry ??= new FinalizationRegistry<int>([|_ => Report()|]);
                _registry.Register(this, 1);
            }

            void Report() { }
        }
        """);

    [Fact]
    public Task SharedClosure() => Verify<WREF302_CallbackCapturesTarget>.Diagnostics("""
        class C
        {
            void ParameterAndLocal(T t)
            {
                int id = 1;
                Action use = () => t.Go();
                var registry = new FinalizationRegistry<int>([|_ => Console.WriteLine(id)|]);
                registry.Register(t, id);
                use();
            }

            void LocalFunctionCalledDirectly(T t)
            {
                int id = 1;
                void Use() => t.Go();
                Use();
                var registry = new FinalizationRegistry<int>([|_ => Console.WriteLine(id)|]);
                registry.Register(t, id);
            }

            void Linked(T t)
            {
                int outer = 1;
                Action use = () => t.Go();
                {
                    int id = 2;
                    var registry = new FinalizationRegistry<int>([|_ => Console.WriteLine(id)|]);
                    Action both = () => Console.WriteLine(id + outer);
                    registry.Register(t, id);
                }
            }
        }
        """ + Types);

    [Fact]
    public Task OneCall() => Verify<WREF302_CallbackCapturesTarget>.Diagnostics("""
        using WeakRefs.Annotations;

        class Cleaner
        {
            public static void Register([WeakTarget] object target, [CleanupCallback] Action cleanup) { }
            public Cleaner([WeakTarget] object target, [CleanupCallback] Action cleanup) { }
        }

        class C
        {
            void M(T t, int id)
            {
                Cleaner.Register(t, [|() => t.Go()|]);
                Cleaner.Register(t, [|t.Go|]);
                Cleaner.Register(this, [|Report|]);
                _ = new Cleaner(this, [|() => Report()|]);
            }

            void Right(T t)
            {
                var id = t.Id;
                Cleaner.Register(t, () => Console.WriteLine(id));
                Cleaner.Register(t, static () => Console.WriteLine("gone"));
                Cleaner.Register(t, Gone);
            }

            void Other(T t, T other) => Cleaner.Register(t, () => other.Go());

            void Report() { }

            static void Gone() { }
        }
        """ + Types);

    [Fact]
    public Task CallbacksThatDoNotReachTheirTargetsAreSilent() => Verify<WREF302_CallbackCapturesTarget>.Diagnostics("""
        class Cache
        {
            readonly Dictionary<string, WeakReference<T>> _entries = new();
            readonly FinalizationRegistry<string> _registry;

            public Cache() => _registry = new FinalizationRegistry<string>(key => _entries.Remove(key));

            public void Add(string key, T value)
            {
                _entries[key] = new WeakReference<T>(value);
                _registry.Register(value, key);
            }
        }

        class C
        {
            static readonly FinalizationRegistry<int> s_registry = new(static id => Console.WriteLine(id));

            C() => s_registry.Register(this, 1);

            void InnerBlock(T t)
            {
                Action use = () => t.Go();
                {
                    int id = 1;
                    var registry = new FinalizationRegistry<int>(_ => Console.WriteLine(id));
                    registry.Register(t, id);
                }
            }

            void Direct(T t)
            {
                int id = t.Id;
                void Use() => Console.WriteLine(t);
                var registry = new FinalizationRegistry<int>(static _ => Console.WriteLine("gone"));
                registry.Register(t, id);
            }

            void Weak(T t)
            {
                var weak = new WeakReference<T>(t);
                var registry = new FinalizationRegistry<int>(_ => Console.WriteLine(weak.TryGetTarget(out var dead)));
                registry.Register(t, 1);
            }

            void Cleared(T t)
            {
                var own = t;
                int id = 1;
                Action use = () => own.Go();
                var registry = new FinalizationRegistry<int>(_ => Console.WriteLine(id));
                registry.Register(own, id);
                use();
                own = null;
            }

            void OtherObject(T t, T other)
            {
                var registry = new FinalizationRegistry<int>(_ => other.Go());
                registry.Register(t, 1);
            }

            void OtherRegistry(T t, FinalizationRegistry<int> given)
            {
                var registry = new FinalizationRegistry<int>(_ => t.Go());
                given.Register(t, 1);
            }

            void EachIteration(List<T> all)
            {
                foreach (var t in all)
                {
                    int id = t.Id;
                    Action use = () => t.Go();
                    var registry = new FinalizationRegistry<int>(_ => Console.WriteLine(id));
                    registry.Register(t, id);
                }
            }

            void NameOnly(T t)
            {
                var registry = new FinalizationRegistry<int>(_ => Console.WriteLine(nameof(t)));
                registry.Register(t, 1);
            }
        }

        class Constructor
        {
            public Constructor(T t)
            {
                int id = 1;
                Action use = () => t.Go();
                var registry = new FinalizationRegistry<int>(_ => Console.WriteLine(id));
                registry.Register(t, id);
            }
        }

        class OwnerOfOthers
        {
            readonly FinalizationRegistry<int> _registry;
            int _dead;

            public OwnerOfOthers() => _registry = new FinalizationRegistry<int>(_ => _dead++);

            public void Watch(OwnerOfOthers other) => other._registry.Register(this, 1);
        }
        """ + Types);

    [Fact]
    public Task OwnedField() => Verify<WREF302_CallbackCapturesTarget>.Diagnostics("""
        class C
        {
            readonly T _owned = new();
            T _current = new();
            T _kept = new();
            FinalizationRegistry<int> _first, _second, _third;

            void M()
            {
                _first = new FinalizationRegistry<int>([|_ => Report()|]);
                _first.Register(_owned, 1);
                _second = new FinalizationRegistry<int>(_ => Report());
                _second.Register(_current, 1);
                _third = new FinalizationRegistry<int>([|_ => Report()|]);
                _third.Register(_kept, 1);
            }

            void Next() => _current = new();
            void Report() { }
        }
        """ + Types);

    [Fact]
    public Task ConfiguredRegistryInOldCode() => Verify<WREF302_CallbackCapturesTarget>.Diagnostics(
        """
        using System;

        namespace N
        {
            public class Cleaner<T>
            {
                public Cleaner(Action<T> cleanup) { }
                public void Register(object target, T held) { }
            }

            class C
            {
                readonly Cleaner<int> _cleaner;

                public C()
                {
                    _cleaner = new Cleaner<int>([|delegate { Report(); }|]);
                    _cleaner.Register(this, 1);
                }

                void Report() { }
            }
        }
        """,
        new Options
        {
            NetFramework = true,
            Language = LanguageVersion.CSharp7_3,
            EditorConfig = "weakref_analyzers.registry_types = N.Cleaner"
        });

    [Fact]
    public Task MessageCaptureAndRegistration() => Verify<WREF302_CallbackCapturesTarget>.Diagnostics(
        """
        class C
        {
            void Own(T order)
            {
                var registry = new FinalizationRegistry<int>({|#0:_ => {|#1:order|}.Go()|});
                {|#2:registry.Register(order, 1)|};
            }

            void Shared(T order)
            {
                int id = 1;
                Action use = () => {|#4:order|}.Go();
                var registry = new FinalizationRegistry<int>({|#3:_ => Console.WriteLine(id)|});
                {|#5:registry.Register(order, 1)|};
            }
        }
        """ + Types,
        Verify<WREF302_CallbackCapturesTarget>
            .Diagnostic()
            .WithLocation(0)
            .WithLocation(1)
            .WithLocation(2)
            .WithArguments("order", "captures its own target 'order'"),
        Verify<WREF302_CallbackCapturesTarget>
            .Diagnostic()
            .WithLocation(3)
            .WithLocation(4)
            .WithLocation(5)
            .WithArguments("order", "shares its closure with the use of 'order' and so keeps its target alive"));

    [Fact]
    public Task BrokenCode() => Verify<WREF302_CallbackCapturesTarget>.Diagnostics(
        """
        class C
        {
            void M(T t)
            {
                var a = new FinalizationRegistry<int>(_ => missing.Go());
                a.Register(t, 1);
                var b = new FinalizationRegistry<int>();
                b.Register(t, );
                var c = new FinalizationRegistry<int>(_ => t.);
                c.Register(t, 1);
                var d = new Missing<int>(_ => t.Go());
                d.Register(t, 1);
            }
        """ + Types,
        new Options { CompilerErrors = true });

    [Fact]
    public Task FixMovesTheState() => Verify<WREF302_CallbackCapturesTarget, WREF302_StaticCallback>.Fix(
        """
        class C
        {
            void OfTheTarget(T t)
            {
                var registry = new FinalizationRegistry<int>([|_ => Console.WriteLine(t.Id)|]);
                registry.Register(t, 0);
                GC.KeepAlive(registry);
            }

            void Local(T t)
            {
                int id = 1;
                Action use = () => t.Go();
                var registry = new FinalizationRegistry<int>([|_ => Console.WriteLine(id)|]);
                registry.Register(t, id);
                GC.KeepAlive(registry);
                use();
            }
        }
        """ + Types,
        """
        class C
        {
            void OfTheTarget(T t)
            {
                var registry = new FinalizationRegistry<int>(static id => Console.WriteLine(id));
                registry.Register(t, t.Id);
                GC.KeepAlive(registry);
            }

            void Local(T t)
            {
                int id = 1;
                Action use = () => t.Go();
                var registry = new FinalizationRegistry<int>(static id => Console.WriteLine(id));
                registry.Register(t, id);
                GC.KeepAlive(registry);
                use();
            }
        }
        """ + Types);

    [Fact]
    public Task FixMovesAFieldOfThis() => Verify<WREF302_CallbackCapturesTarget, WREF302_StaticCallback>.Fix(
        """
        class C
        {
            readonly IntPtr _handle = 7;
            readonly FinalizationRegistry<IntPtr> _registry;

            public C()
            {
                _registry = new([|(_) => { Print(_handle); Console.WriteLine(_handle); }|]);
                _registry.Register(this, default);
            }

            static void Print(IntPtr handle) { }
        }
        """,
        """
        class C
        {
            readonly IntPtr _handle = 7;
            readonly FinalizationRegistry<IntPtr> _registry;

            public C()
            {
                _registry = new(static (handle) => { Print(handle); Console.WriteLine(handle); });
                _registry.Register(this, _handle);
            }

            static void Print(IntPtr handle) { }
        }
        """);

    [Fact]
    public Task FixKeepsTrivia() => Verify<WREF302_CallbackCapturesTarget, WREF302_StaticCallback>.Fix(
        """
        class C
        {
            void M(T t)
            {
                // the registry
                var registry = new FinalizationRegistry<int>(
                    /* ignored */ [|_ /* held */ => // says so
                        Console.WriteLine(/* id */ t.Id /* of t */)|]); // end
                registry.Register(t, /* none */ 0 /* yet */);
                GC.KeepAlive(registry);
            }
        }
        """ + Types,
        """
        class C
        {
            void M(T t)
            {
                // the registry
                var registry = new FinalizationRegistry<int>(
                    /* ignored */ static id /* held */ => // says so
                        Console.WriteLine(/* id */ id /* of t */)); // end
                registry.Register(t, /* none */ t.Id /* yet */);
                GC.KeepAlive(registry);
            }
        }
        """ + Types);

    [Fact]
    public Task FixWithoutStaticLambdas() => Verify<WREF302_CallbackCapturesTarget, WREF302_StaticCallback>.Fix(
        """
        using System;
        using WeakRefs;

        class T { public readonly int Id = 1; }

        class C
        {
            void M(T t)
            {
                var id = t.Id;
                Action use = () => Console.WriteLine(t);
                var registry = new FinalizationRegistry<int>([|_ => Console.WriteLine(id)|]);
                registry.Register(t, 0);
                GC.KeepAlive(registry);
            }
        }
        """,
        """
        using System;
        using WeakRefs;

        class T { public readonly int Id = 1; }

        class C
        {
            void M(T t)
            {
                var id = t.Id;
                Action use = () => Console.WriteLine(t);
                var registry = new FinalizationRegistry<int>(idHeld => Console.WriteLine(idHeld));
                registry.Register(t, id);
                GC.KeepAlive(registry);
            }
        }
        """,
        new Options { NetFramework = true, Language = LanguageVersion.CSharp7_3 });

    [Fact]
    public Task NoFixWhereMoreThanOneValueIsUsed() => Verify<WREF302_CallbackCapturesTarget, WREF302_StaticCallback>.NoFix("""
        class C
        {
            int _count;
            readonly int _id;

            void CallsTheTarget(T t) => new FinalizationRegistry<int>([|_ => t.Go()|]).Register(t, 0);

            void UsesTheHeldValue(T t) => new FinalizationRegistry<int>([|held => Console.WriteLine(held + t.Id)|]).Register(t, 0);

            void Changes(T t) => new FinalizationRegistry<int>([|_ => Console.WriteLine(t.Changing)|]).Register(t, 0);

            void HoldsSomethingAlready(T t, int other) => new FinalizationRegistry<int>([|_ => Console.WriteLine(t.Id)|]).Register(t, other);

            void OtherType(T t) => new FinalizationRegistry<string>([|_ => Console.WriteLine(t.Id)|]).Register(t, "");

            void Writes() => new FinalizationRegistry<int>([|_ => _count++|]).Register(this, 0);

            void TwoValues(T t) => new FinalizationRegistry<int>([|_ => Console.WriteLine(t.Id + _id)|]).Register(t, 0);

            void Twice(T t)
            {
                var registry = new FinalizationRegistry<int>([|_ => Console.WriteLine(t.Id)|]);
                registry.Register(t, 0);
                registry.Register(new T(), 0);
            }

            void Group(T t)
            {
                void Cleanup(int id) => t.Go();
                new FinalizationRegistry<int>([|Cleanup|]).Register(t, 0);
            }
        }
        """ + Types);
}
