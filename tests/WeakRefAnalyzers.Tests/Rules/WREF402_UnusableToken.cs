namespace WeakRefAnalyzers.Tests;

public class WREF402_UnusableTokenTests
{
    [Fact]
    public Task EveryKindOfUnusableToken() => Verify<WREF402_UnusableToken>.Diagnostics("""
        class C
        {
            const string Name = "name";
            readonly FinalizationRegistry<int> _registry = new(_ => { });

            void M(object target, int id, Guid guid)
            {
                _registry.Register(target, 1, [|5|]);
                _registry.Register(target, 1, [|id|]);
                _registry.Register(target, 1, (object)[|guid|]);
                _registry.Register(target, 1, [|(id, guid)|]);
                _registry.Register(target, 1, [|"token"|]);
                _registry.Register(target, 1, [|Name|]);
                _registry.Register(target, 1, [|nameof(M)|]);
                _registry.Register(target, 1, [|new object()|]);
                _registry.Register(target, 1, [|new List<int>()|]);
                _registry.Register(target, 1, [|new[] { 1 }|]);
                _registry.Register(target, unregisterToken: [|new object()|], heldValue: 1);
            }
        }
        """);

    [Fact]
    public Task MessageAndTheLocalThatHoldsIt() => Verify<WREF402_UnusableToken>.Diagnostics(
        """
        class C
        {
            void M(FinalizationRegistry<int> registry, object target, int id)
            {
                var token = {|#1:new object()|};
                registry.Register(target, 1, {|#0:token|});
                registry.Register(target, 1, {|#2:id|});
            }
        }
        """,
        Verify<WREF402_UnusableToken>
            .Diagnostic()
            .WithLocation(0)
            .WithLocation(1)
            .WithArguments("'token'", "a new object that nobody keeps"),
        Verify<WREF402_UnusableToken>.Diagnostic().WithLocation(2).WithArguments("'id'", "boxed anew at each call"));

    [Fact]
    public Task TokensThatSomebodyKeeps() => Verify<WREF402_UnusableToken>.Diagnostics("""
        class C
        {
            static readonly object s_all = new();
            readonly FinalizationRegistry<int> _registry = new(_ => { });
            object _token;

            void M(object target, object token, string name)
            {
                _registry.Register(target, 1);
                _registry.Register(target, 1, target);
                _registry.Register(target, 1, this);
                _registry.Register(target, 1, token);
                _registry.Register(target, 1, name);
                _registry.Register(target, 1, s_all);
                _registry.Register(target, 1, _token = new object());
                _registry.Register(target, 1, Make());
                _registry.Register(target, 1, new Rooted());
            }

            object Returned(object target)
            {
                var token = new object();
                _registry.Register(target, 1, token);
                return token;
            }

            void Scoped(object target)
            {
                var token = new object();
                _registry.Register(target, 1, token);
                _registry.Unregister(token);
            }

            object Make() => _token = new object();
        }

        class Rooted
        {
            static Rooted s_last;

            public Rooted() => s_last = this;
        }
        """);

    [Fact]
    public Task AnnotatedWrappers() => Verify<WREF402_UnusableToken>.Diagnostics("""
        using WeakRefs.Annotations;

        class Cleaner
        {
            public void Watch([WeakTarget] object target, [HeldValue] object held, [UnregisterToken] object token) { }
        }

        class C
        {
            void M(Cleaner cleaner, object target) => cleaner.Watch(target, "", [|new object()|]);
        }
        """);

    [Fact]
    public Task BrokenCode() => Verify<WREF402_UnusableToken>.Diagnostics(
        """
        class C
        {
            void M(FinalizationRegistry<int> registry, object target)
            {
                registry.Register(target, 1, missing);
                registry.Register(target, 1, new Missing());
                registry.Register(target, 1, );
                registry.Register(target, 1, [|new object()|]
            }
        }
        """,
        new Options { CompilerErrors = true });

    [Fact]
    public Task OldLanguageOnNetFramework() => Verify<WREF402_UnusableToken, WREF402_DropToken>.Fix(
        """
        using WeakRefs;

        class C
        {
            void M(FinalizationRegistry<int> registry, object target)
            {
                registry.Register(target, 1, [|new object()|]);
            }
        }
        """,
        """
        using WeakRefs;

        class C
        {
            void M(FinalizationRegistry<int> registry, object target)
            {
                registry.Register(target, 1);
            }
        }
        """,
        new Options { NetFramework = true, Language = LanguageVersion.CSharp7_3 });

    [Fact]
    public Task FixOfSeveral() => Verify<WREF402_UnusableToken, WREF402_DropToken>.Fix(
        """
        class C
        {
            void M(FinalizationRegistry<int> registry, object target, int id)
            {
                registry.Register(target, 1, [|id|]);
                registry.Register(target, unregisterToken: [|"token"|], heldValue: 1);
            }

            void N(FinalizationRegistry<int> registry, object target)
            {
                var token = new object();
                registry.Register(target, 1, [|token|]);
            }
        }
        """,
        """
        class C
        {
            void M(FinalizationRegistry<int> registry, object target, int id)
            {
                registry.Register(target, 1);
                registry.Register(target, heldValue: 1);
            }

            void N(FinalizationRegistry<int> registry, object target)
            {
                registry.Register(target, 1);
            }
        }
        """);

    [Fact]
    public Task FixKeepsTrivia() => Verify<WREF402_UnusableToken, WREF402_DropToken>.Fix(
        """
        class C
        {
            void M(FinalizationRegistry<int> registry, object target)
            {
                // To revoke it.
                var token = new object();

                // The cache.
                registry.Register(target /* cached */, 1 /* id */, [|token|]); // weakly
            }
        }
        """,
        """
        class C
        {
            void M(FinalizationRegistry<int> registry, object target)
            {
                // To revoke it.
                var token = new object();

                // The cache.
                registry.Register(target /* cached */, 1 /* id */); // weakly
            }
        }
        """);

    [Fact]
    public Task NoFixWhereTheTokenDoesSomething() => Verify<WREF402_UnusableToken, WREF402_DropToken>.NoFix("""
        using WeakRefs.Annotations;

        class Cleaner
        {
            public void Watch([WeakTarget] object target, [HeldValue] object held, [UnregisterToken] object token) { }
        }

        class C
        {
            void M(FinalizationRegistry<int> registry, Cleaner cleaner, object target)
            {
                registry.Register(target, 1, [|Next()|]);
                cleaner.Watch(target, "", [|new object()|]);
            }

            int Next() => 1;
        }
        """);

    [Fact]
    public Task FixKeepsTheRegistrationThatIsUnregistered() => Verify<WREF402_UnusableToken, WREF402_DropToken>.Fix(
        """
        class Order
        {
            public int Id;
        }

        class C
        {
            static readonly FinalizationRegistry<string> s_registry = new(static _ => { });

            void M(Order order)
            {
                // The order.
                s_registry.Register(order, "order", [|order.Id|]); // watched
                if (order.Id > 1)
                {
                    Console.WriteLine(s_registry.Unregister(order.Id)); // revoked
                }
            }
        }
        """,
        """
        class Order
        {
            public int Id;
        }

        class C
        {
            static readonly FinalizationRegistry<string> s_registry = new(static _ => { });

            void M(Order order)
            {
                // The order.
                var registration = s_registry.Register(order, "order"); // watched
                if (order.Id > 1)
                {
                    Console.WriteLine(registration.Unregister()); // revoked
                }
            }
        }
        """);

    [Fact]
    public Task NoFixWhereTheTokenIsAskedForElsewhere() => Verify<WREF402_UnusableToken, WREF402_DropToken>.NoFix("""
        class Order
        {
            public int Id;
        }

        class Elsewhere
        {
            readonly FinalizationRegistry<string> _registry = new(static _ => { });

            void Add(Order order) => _registry.Register(order, "order", [|order.Id|]);

            void AddInABlock(Order order)
            {
                _registry.Register(order, "order", [|order.Id|]);
            }

            void Remove(Order order) => _registry.Unregister(order.Id);
        }

        class Several
        {
            readonly FinalizationRegistry<string> _registry = new(static _ => { });

            void Add(Order order, Order other)
            {
                _registry.Register(order, "order", [|order.Id|]);
                _registry.Register(other, "other", [|order.Id|]);
                _registry.Unregister(order.Id);
            }
        }
        """);
}
