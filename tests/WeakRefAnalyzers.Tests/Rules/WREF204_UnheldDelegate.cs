namespace WeakRefAnalyzers.Tests;

public class WREF204_UnheldDelegateTests
{
    [Fact]
    public Task HandlersOfWeakEvents() => Verify<WREF204_UnheldDelegate>.Diagnostics("""
        class Source
        {
            readonly List<WeakReference<Action>> _weak = new();
            readonly List<Action> _strong = new();

            public event Action Weakly { add { _weak.Add(new WeakReference<Action>(value)); } remove { } }
            public event Action Strongly { add { _strong.Add(value); } remove { } }
            public event Action Both { add { _strong.Add(value); _weak.Add(new WeakReference<Action>(value)); } remove { } }
            public void Add(Delegate handler) => _weak.Add(new WeakReference<Action>((Action)handler));
        }

        class C
        {
            int _count;
            Action _kept;

            void M(Source source)
            {
                source.Weakly += [|() => _count++|];
                source.Weakly += [|Handle|];
                source.Add([|(Action)(() => _count++)|]);
                _kept = Handle;
                source.Weakly += _kept;
                source.Weakly -= Handle;
                source.Strongly += () => _count++;
                source.Both += () => _count++;
            }

            void Handle() { }
        }
        """);

    [Fact]
    public Task EveryKindOfFreshDelegate() => Verify<WREF204_UnheldDelegate>.Diagnostics("""
        class C
        {
            int _count;

            void Handle() { }

            static void HandleStatic() { }

            void M(int captured, C other)
            {
                _ = new WeakReference<Action>([|Handle|]);
                _ = new WeakReference<Action>([|this.Handle|]);
                _ = new WeakReference<Action>([|other.Handle|]);
                _ = new WeakReference([|(Action)Handle|]);
                _ = new WeakReference([|new Action(Handle)|]);
                _ = new WeakReference<Action>([|() => Console.WriteLine(captured)|]);
                _ = new WeakReference<Action>([|() => _count++|]);
                _ = new WeakReference<Action>([|delegate { Handle(); }|]);
                _ = new WeakReference<Action>([|new Action(HandleStatic)|]);
                _ = new WeakReference<Action>([|"text".Extension|]);
            }
        }

        static class Extensions
        {
            static readonly WeakReference<Action> s_first = new([|Method|]);

            static void Method() { }

            public static void Extension(this string text) { }
        }
        """);

    [Fact]
    public Task DelegatesThatAreMadeOfOthersAndLocalFunctions() => Verify<WREF204_UnheldDelegate>.Diagnostics("""
        class C
        {
            int _count;
            Action _kept;
            void Handle() { }
            static void Other() { }
            void A(int n) { void Local() => Console.WriteLine(n); _ = new WeakReference<Action>([|Local|]); }
            void B() { void Local() { } _ = new WeakReference<Action>([|Local|]); }
            void D() { Action a = Handle, b = Other; _ = new WeakReference<Action>([|a + b|]); }
            void E() { _ = new WeakReference<Action>([|_kept + Handle|]); }
            void F() { Action a = Handle; a += Other; _ = new WeakReference<Action>([|a|]); }
            void G() { Action a = null; a += Handle; _ = new WeakReference<Action>([|a|]); }
            void H() { static void Local() { } _ = new WeakReference<Action>(Local); }
            void I() { Action a = Handle; a += Other; _ = new WeakReference<Action>(a); _kept = a; }
            void J() { Action a = _kept; a += Other; _ = new WeakReference<Action>(a); a(); }
            void K(Action a, Action b) { _ = new WeakReference<Action>(a + b); }
            void L() { Action a = Handle; _ = new WeakReference<Action>(a); a += Other; a(); }
        }
        """);

    [Fact]
    public Task ParametersThatAreHeldWeakly() => Verify<WREF204_UnheldDelegate>.Diagnostics("""
        class Bus
        {
            readonly List<WeakReference<Action>> _handlers = new();
            readonly List<Action> _strong = new();
            WeakReference _one;
            public void Weakly(Action a) { ArgumentNullException.ThrowIfNull(a); _handlers.Add(new WeakReference<Action>(a)); }
            public void AndCalls(Action a) { _one = new WeakReference(a ?? throw new ArgumentNullException()); a(); }
            public void Via(Action a) => Weakly(a);
            public void Set(Action a) => _one.Target = a;
            public void Both(Action a) { _strong.Add(a); _handlers.Add(new WeakReference<Action>(a)); }
            public void Unused(Action a) { }
            public virtual void Virtual(Action a) => _one = new WeakReference(a);
            public void Apart(Action a) { _one = new WeakReference(a.Target); }
            public Action Returned(Action a) { _one = new WeakReference(a); return a; }
        }
        class Weak { readonly WeakRef<Action> _w; public Weak(Action a) => _w = new(a); }
        class Listener
        {
            readonly Bus _bus = new();
            Action _kept;
            void Handle() { }
            static void Static() { }
            void A() => _bus.Weakly([|Handle|]);
            void B(int n) => _bus.Weakly([|() => Console.WriteLine(n)|]);
            void D() => _bus.AndCalls([|Handle|]);
            void E() => _bus.Via([|Handle|]);
            void F() => _bus.Set([|Handle|]);
            Weak G() => new Weak([|Handle|]);
            void H() { Action a = Handle; _bus.Weakly([|a|]); }
            void I() { _kept = Handle; _bus.Weakly(_kept); _bus.Weakly(_kept ??= Handle); }
            void J() { Action a = Handle; _bus.Weakly(a); _kept = a; }
            void K(Action a) => _bus.Weakly(a);
            void L() { _bus.Both(Handle); _bus.Unused(Handle); _bus.Virtual(Handle); _bus.Apart(Handle); _kept = _bus.Returned(Handle); }
            void M() => _bus.Weakly(Static);
            void N() => _bus.Weakly(() => { });
        }
        """, new Options { Language = LanguageVersion.Latest });

    [Fact]
    public Task FixOfAnArgumentAndNoneOfASum() => Verify<WREF204_UnheldDelegate, WREF204_KeepDelegate>.Fix("""
        class Bus
        {
            private WeakReference<Action> _one;
            public void Subscribe(Action a) => _one = new WeakReference<Action>(a);
        }

        class Listener
        {
            private void Handle() { }

            public void Start(Bus bus)
            {
                bus.Subscribe([|Handle|]);
            }
        }
        """, """
        class Bus
        {
            private WeakReference<Action> _one;
            public void Subscribe(Action a) => _one = new WeakReference<Action>(a);
        }

        class Listener
        {
            private Action _handle;

            private void Handle() { }

            public void Start(Bus bus)
            {
                bus.Subscribe(_handle ??= Handle);
            }
        }
        """);

    [Fact]
    public Task EveryRoleOfTarget() => Verify<WREF204_UnheldDelegate>.Diagnostics("""
        class C
        {
            void Handle() { }

            void M(WeakReference<Action> reference, WeakReference old, FinalizationRegistry<int> registry, ConditionalWeakTable<Action, object> table)
            {
                reference.SetTarget([|Handle|]);
                old.Target = [|(Action)Handle|];
                registry.Register([|(Action)Handle|], 1);
                table.Add([|Handle|], "");
                _ = WeakRef.Create<Action>([|Handle|]);
                _ = new WeakRef<Action>([|Handle|]);
                _ = GCHandle.Alloc([|(Action)Handle|], GCHandleType.Weak);
            }
        }
        """);

    [Fact]
    public Task MessageOfAMethodGroup() => Verify<WREF204_UnheldDelegate>.Diagnostics(
        """
        class C
        {
            void Handle() { }

            object M()
            {
                Action handler = {|#1:Handle|};
                return new WeakReference<Action>({|#0:handler|});
            }
        }
        """,
        Verify<WREF204_UnheldDelegate>.Diagnostic().WithLocation(0).WithLocation(1).WithArguments("'Handle'"));

    [Fact]
    public Task MessageOfALambda() => Verify<WREF204_UnheldDelegate>.Diagnostics(
        """
        class C
        {
            object M(int x) => new WeakReference<Func<int>>({|#0:() => x|});
        }
        """,
        Verify<WREF204_UnheldDelegate>.Diagnostic().WithLocation(0).WithArguments("this lambda"));

    [Fact]
    public Task WhatSomebodyKeeps() => Verify<WREF204_UnheldDelegate>.Diagnostics("""
        class C
        {
            event Action Happened;
            Action _kept;
            WeakReference<Action> _weak;

            C() => _kept = Handle;

            void Handle() { }

            void Parameter(Action handler) => _weak = new WeakReference<Action>(handler);

            void Field() => _weak = new WeakReference<Action>(_kept);

            void Assigned() => _weak = new WeakReference<Action>(_kept = Handle);

            Action Returned()
            {
                Action handler = Handle;
                _weak = new WeakReference<Action>(handler);
                return handler;
            }

            void Stored()
            {
                Action handler = () => Handle();
                _weak = new WeakReference<Action>(handler);
                _kept = handler;
            }

            void Subscribed()
            {
                Action handler = Handle;
                Happened += handler;
                _weak = new WeakReference<Action>(handler);
            }

            void Given(object target, Delegate handler)
            {
                _ = new KeyValuePair<WeakReference, WeakReference>(new WeakReference(target), new WeakReference(handler));
                _ = new WeakReference(handler.Target);
            }
        }
        """);

    [Fact]
    public Task DelegatesTheCompilerCachesAndUnknownOnes() => Verify<WREF204_UnheldDelegate>.Diagnostics("""
        class C
        {
            static void Handle() { }

            static Action Make() => Handle;

            void M(int captured)
            {
                _ = new WeakReference<Action>(() => { });
                _ = new WeakReference<Action>(Handle);
                _ = new WeakReference<Action>(Make());
                _ = new WeakReference<Action>(() => Local());

                void Local() => Console.WriteLine(captured);
            }
        }
        """);

    [Fact]
    public Task TestsWatchTheirHandlerDie() => Verify<WREF204_UnheldDelegate>.Diagnostics("""
        class TestFixtureAttribute : Attribute { }

        [TestFixture]
        class Tests
        {
            void Handle() { }

            void M() => Check(new WeakReference<Action>(Handle));

            void Check(WeakReference<Action> weak) { }
        }
        """);

    [Fact]
    public Task BrokenCode() => Verify<WREF204_UnheldDelegate>.Diagnostics(
        """
        class C
        {
            void Handle(int number) { }

            void M(int captured)
            {
                _ = new WeakReference<Action>(Handle);
                _ = new WeakReference<Action>(Missing);
                _ = new WeakReference<Action>(() => missing);
                _ = new WeakReference<Action>([|() => Console.WriteLine(captured)|]);
                missing(
            }
        }
        """,
        new Options { CompilerErrors = true });

    [Fact]
    public Task OldLanguageOnNetFramework() => Verify<WREF204_UnheldDelegate>.Diagnostics(
        """
        using System;

        class C
        {
            void Handle() { }

            static void HandleStatic() { }

            void M()
            {
                var a = new WeakReference<Action>([|Handle|]);
                var b = new WeakReference<Action>([|HandleStatic|]);
                var c = new WeakReference<Action>(() => { });
            }
        }
        """,
        new Options { NetFramework = true, Language = LanguageVersion.CSharp7_3 });

    [Fact]
    public Task FixAddsAField() => Verify<WREF204_UnheldDelegate, WREF204_KeepDelegate>.Fix(
        """
        class C
        {
            private readonly List<WeakReference<Action>> _handlers;
            private WeakReference<Action<int>> _last;

            public C(List<WeakReference<Action>> handlers)
            {
                _handlers = handlers;
                _handlers.Add(new WeakReference<Action>([|OnChanged|]));
            }

            void Watch(int factor)
            {
                _last = new WeakReference<Action<int>>([|x => Console.WriteLine(x * factor)|]);
            }

            void OnChanged() { }
        }
        """,
        """
        class C
        {
            private readonly List<WeakReference<Action>> _handlers;
            private WeakReference<Action<int>> _last;
            private readonly Action _onChanged;
            private Action<int> _handler;

            public C(List<WeakReference<Action>> handlers)
            {
                _handlers = handlers;
                _onChanged = OnChanged;
                _handlers.Add(new WeakReference<Action>(_onChanged));
            }

            void Watch(int factor)
            {
                _handler = x => Console.WriteLine(x * factor);
                _last = new WeakReference<Action<int>>(_handler);
            }

            void OnChanged() { }
        }
        """);

    [Fact]
    public Task FixMakesTheSameDelegateOnce() => Verify<WREF204_UnheldDelegate, WREF204_KeepDelegate>.Fix(
        """
        class C
        {
            public void Attach(List<WeakReference<Action>> handlers)
            {
                handlers.Add(new WeakReference<Action>([|OnChanged|]));
            }

            void OnChanged() { }
        }
        """,
        """
        class C
        {
            private Action? _onChanged;

            public void Attach(List<WeakReference<Action>> handlers)
            {
                handlers.Add(new WeakReference<Action>(_onChanged ??= OnChanged));
            }

            void OnChanged() { }
        }
        """,
        new Options { Nullable = true });

    [Fact]
    public Task FixOfExpressionBodies() => Verify<WREF204_UnheldDelegate, WREF204_KeepDelegate>.Fix(
        """
        class C
        {
            public C(List<WeakReference<Action>> handlers) => handlers.Add(new WeakReference<Action>([|OnChanged|])); // at once

            public void Attach(List<WeakReference<Action>> handlers) => handlers.Add(new WeakReference<Action>(/* ours */ [|OnChanged|]));

            WeakReference<Action> Changed => new([|this.OnChanged|]);

            void OnChanged() { }
        }

        class S
        {
            static readonly WeakReference<Action> s_weak = new([|OnChanged|]);
            static void OnChanged() { }
        }
        """,
        """
        class C
        {
            private readonly Action _onChanged;
            private Action _onChanged2;
            private Action _onChanged3;

            public C(List<WeakReference<Action>> handlers)
            {
                _onChanged = OnChanged;
                handlers.Add(new WeakReference<Action>(_onChanged));
            } // at once

            public void Attach(List<WeakReference<Action>> handlers) => handlers.Add(new WeakReference<Action>(/* ours */ _onChanged2 ??= OnChanged));

            WeakReference<Action> Changed => new(_onChanged3 ??= this.OnChanged);

            void OnChanged() { }
        }

        class S
        {
            private static Action s_onChanged = OnChanged;
            static readonly WeakReference<Action> s_weak = new(s_onChanged);
            static void OnChanged() { }
        }
        """);

    [Fact]
    public Task FixKeepsTrivia() => Verify<WREF204_UnheldDelegate, WREF204_KeepDelegate>.Fix(
        """
        class C
        {
            WeakReference<Action> _weak;

            C()
            {
                Action handler = OnChanged; // bound

                // Weakly, so that the source does not keep this.
                _weak = new WeakReference<Action>(/* the handler */ [|handler|]); // weak
            }

            void OnChanged() { }
        }
        """,
        """
        class C
        {
            WeakReference<Action> _weak;
            private Action _handler;

            C()
            {
                _handler = OnChanged; // bound

                // Weakly, so that the source does not keep this.
                _weak = new WeakReference<Action>(/* the handler */ _handler); // weak
            }

            void OnChanged() { }
        }
        """);

    [Fact]
    public Task NoFixWhereOneFieldWouldNotDo() => Verify<WREF204_UnheldDelegate, WREF204_KeepDelegate>.NoFix("""
        class C
        {
            readonly List<WeakReference<Action>> _handlers = new();

            void Add(int number)
            {
                _handlers.Add(new WeakReference<Action>([|() => Console.WriteLine(number)|]));
            }

            void AddOther(C other)
            {
                _handlers.Add(new WeakReference<Action>([|other.OnChanged|]));
            }

            Func<WeakReference<Action>> Later() => () => new([|OnChanged|]);

            void OnChanged() { }
        }
        """);
}
