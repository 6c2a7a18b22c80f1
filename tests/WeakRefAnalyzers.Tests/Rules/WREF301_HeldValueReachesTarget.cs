namespace WeakRefAnalyzers.Tests;

public class WREF301_HeldValueReachesTargetTests
{
    private const string Types = """

        class T { public int Id { get; } = 1; public string Name = "n"; public void Go() { } public IntPtr Handle => default; }
        class Box { public object Value; public Box(object value) => Value = value; }
        class Weak { readonly WeakReference<T> _value; public Weak(T value) => _value = new(value); }
        class Ignores { public readonly int Id; public Ignores(T value) => Id = value.Id; }
        record Entry(T Value, int N);
        """;

    [Fact]
    public Task TheTargetItself() => Verify<WREF301_HeldValueReachesTarget>.Diagnostics("""
        class C
        {
            static readonly FinalizationRegistry<object> s_registry = new(static held => { });
            T _field;

            void M(T t, object o)
            {
                s_registry.Register(t, [|t|]);
                s_registry.Register(t, [|(object)t|]);
                s_registry.Register(t, [|t|], t);
                s_registry.Register(heldValue: [|o|], target: o);
                s_registry.Register(this, [|this|]);
                s_registry.Register(_field, [|this._field|]);
                var alias = t;
                s_registry.Register(alias, [|t|]);
                s_registry.Register(t, [|alias|]);
                if (o is T typed)
                    s_registry.Register(o, [|typed|]);
            }
        }
        """ + Types);

    [Fact]
    public Task FieldsThatAreSetAtBirth() => Verify<WREF301_HeldValueReachesTarget>.Diagnostics("""
        class C
        {
            static readonly FinalizationRegistry<object> s_registry = new(static held => { });
            T _initialized = new();
            T _constructed;
            T _replaced = new();
            T _lent = new();

            C(T t) { _constructed = t; }

            void M()
            {
                s_registry.Register(_initialized, [|this|]);
                s_registry.Register(_constructed, [|this|]);
                s_registry.Register(_replaced, this);
                s_registry.Register(_lent, this);
            }

            void Replace() { _replaced = null; Clear(ref _lent); }
            static void Clear(ref T t) => t = null;
        }
        """ + Types);

    [Fact]
    public Task ContainersOfTheTarget() => Verify<WREF301_HeldValueReachesTarget>.Diagnostics("""
        class C
        {
            static readonly FinalizationRegistry<object> s_registry = new(static held => { });

            void M(T t, bool condition)
            {
                s_registry.Register(t, [|(t, 1)|]);
                s_registry.Register(t, [|new object[] { 1, t }|]);
                s_registry.Register(t, [|new List<T> { t }|]);
                s_registry.Register(t, [|new { t, N = 1 }|]);
                s_registry.Register(t, [|new Box(t)|]);
                s_registry.Register(t, [|new Box(null) { Value = t }|]);
                s_registry.Register(t, [|new Entry(t, 1)|]);
                s_registry.Register(t, [|condition ? t : null|]);
                s_registry.Register(t, [|Tuple.Create(t, 1)|]);
                s_registry.Register(t, [|GCHandle.Alloc(t)|]);
                s_registry.Register(t, [|GCHandle.ToIntPtr(GCHandle.Alloc(t))|]);
                var list = new List<object>();
                list.Add(t);
                s_registry.Register(t, [|list|]);
            }
        }
        """ + Types);

    [Fact]
    public Task DelegatesOfTheTarget() => Verify<WREF301_HeldValueReachesTarget>.Diagnostics("""
        class C
        {
            static readonly FinalizationRegistry<Action> s_registry = new(static held => held());

            void M(T t)
            {
                s_registry.Register(t, [|t.Go|]);
                s_registry.Register(t, [|() => t.Go()|]);
                s_registry.Register(this, [|Close|]);
                s_registry.Register(this, [|() => Close()|]);
            }

            void Neighbour(T t, int id)
            {
                Action use = () => t.Go();
                use();
                s_registry.Register(t, [|() => Console.WriteLine(id)|]);
            }

            void Close() { }
        }
        """ + Types);

    [Fact]
    public Task AFieldThatPointsBack() => Verify<WREF301_HeldValueReachesTarget>.Diagnostics("""
        class C
        {
            static readonly FinalizationRegistry<object> s_registry = new(static held => { });
            readonly Box _box;
            readonly string _text = "";
            readonly Box _other = new(1);

            C()
            {
                _box = new Box(this);
                s_registry.Register(this, [|_box|]);
                s_registry.Register(this, _text);
                s_registry.Register(this, _other);
            }
        }
        """ + Types);

    [Fact]
    public Task WhatDoesNotReachTheTargetIsSilent() => Verify<WREF301_HeldValueReachesTarget>.Diagnostics("""
        class C
        {
            static readonly FinalizationRegistry<object> s_registry = new(static held => { });
            static readonly FinalizationRegistry<int> s_ids = new(static held => { });
            readonly Dictionary<object, object> _byIdentity = new();
            readonly ConditionalWeakTable<object, object> _table = new();

            void M(T t, T other, object key)
            {
                s_registry.Register(t, key);
                s_registry.Register(t, other);
                s_registry.Register(t, t.Id);
                s_ids.Register(t, t.Id);
                s_registry.Register(t, t.Name);
                s_registry.Register(t, t.Handle);
                s_registry.Register(t, t.ToString());
                s_registry.Register(t, (t.Id, t.Name));
                s_registry.Register(t, new WeakReference(t));
                s_registry.Register(t, new WeakRef<T>(t));
                s_registry.Register(t, new Weak(t));
                s_registry.Register(t, new Ignores(t));
                s_registry.Register(t, GCHandle.Alloc(t, GCHandleType.Weak));
                s_registry.Register(t, t == other);
                s_registry.Register(t, typeof(T));
                s_registry.Register(new T(), new T());
                s_registry.Register(t, key, t);
                s_registry.Register(t, (Action)(static () => Console.WriteLine("gone")));
                _table.Add(t, (t, 1));
                _byIdentity[t] = t;
                var weak = new WeakReference<T>(t);
                s_registry.Register(t, (Action)(() => weak.TryGetTarget(out _)));
            }

            void Reassigned(T t)
            {
                var held = t;
                held = new T();
                s_registry.Register(t, held);
            }
        }
        """ + Types);

    [Fact]
    public Task AnnotatedWrapper() => Verify<WREF301_HeldValueReachesTarget>.Diagnostics("""
        using WeakRefs.Annotations;

        class Watcher
        {
            public void Watch([WeakTarget] object target, [HeldValue] object held) { }
            public void Other(object target, object held) { }
        }

        class C
        {
            void M(Watcher watcher, T t)
            {
                watcher.Watch(t, [|t|]);
                watcher.Watch(t, t.Id);
                watcher.Other(t, t);
            }
        }
        """ + Types);

    [Fact]
    public Task ConfiguredRegistry() => Verify<WREF301_HeldValueReachesTarget>.Diagnostics(
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
                readonly Cleaner<object> _cleaner = new Cleaner<object>(_ => { });
                int _id;

                void M()
                {
                    _cleaner.Register(this, [|Tuple.Create(this, 1)|]);
                    _cleaner.Register(this, [|(Action)Close|]);
                    _cleaner.Register(this, _id);
                }

                void Close() { }
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
    public Task MessageAndCause() => Verify<WREF301_HeldValueReachesTarget>.Diagnostics(
        """
        class C
        {
            static readonly FinalizationRegistry<object> s_registry = new(static held => { });

            void M(T order)
            {
                s_registry.Register(order, {|#0:(1, {|#1:order|})|});
                s_registry.Register({|#3:order|}, {|#2:order|});
            }
        }
        """ + Types,
        Verify<WREF301_HeldValueReachesTarget>.Diagnostic().WithLocation(0).WithLocation(1).WithMessage(
            "The registry holds this value until 'order' dies, and the value keeps 'order' alive through 'order', so 'order' "
                + "never dies and the cleanup never runs; hold a key or a handle instead"),
        Verify<WREF301_HeldValueReachesTarget>.Diagnostic().WithLocation(2).WithLocation(3).WithMessage(
            "'Register' throws an ArgumentException here, because the held value is the target 'order' itself; hold a key or a "
                + "handle instead"));

    [Fact]
    public Task BrokenCode() => Verify<WREF301_HeldValueReachesTarget>.Diagnostics(
        """
        class C
        {
            static readonly FinalizationRegistry<object> s_registry = new(static held => { });

            void M(object t)
            {
                s_registry.Register(t, );
                s_registry.Register(t, new Missing(t));
                s_registry.Register(t, [|(t, missing)|]);
                s_registry.Register(missing, missing);
                s_registry.Register(t, [|() => { t. }|]);
            }
        """,
        new Options { CompilerErrors = true });

    [Fact]
    public Task FixHoldsTheId() => Verify<WREF301_HeldValueReachesTarget, WREF301_HoldKey>.Fix(
        """
        class C
        {
            static readonly FinalizationRegistry<object> s_registry = new(static held => Console.WriteLine(held));

            void M(T t)
            {
                s_registry.Register(t, [|t|]);
                s_registry.Register(t, [|(object)t|]);
                s_registry.Register(t, [|(t, 1)|]);
                s_registry.Register(t, [|new { t }|]);
            }
        }
        """ + Types,
        """
        class C
        {
            static readonly FinalizationRegistry<object> s_registry = new(static held => Console.WriteLine(held));

            void M(T t)
            {
                s_registry.Register(t, t.Id);
                s_registry.Register(t, t.Id);
                s_registry.Register(t, (t.Id, 1));
                s_registry.Register(t, new { t.Id });
            }
        }
        """ + Types);

    [Fact]
    public Task FixUsesAPrivateHandleOrAKeyAtHand() => Verify<WREF301_HeldValueReachesTarget, WREF301_HoldKey>.Fix(
        """
        class C
        {
            static readonly FinalizationRegistry<object> s_registry = new(static held => Console.WriteLine(held));
            readonly IntPtr _handle;

            C() => s_registry.Register(this, [|this|]);

            static void M(string key, object value) => s_registry.Register(value, [|value|]);
        }
        """,
        """
        class C
        {
            static readonly FinalizationRegistry<object> s_registry = new(static held => Console.WriteLine(held));
            readonly IntPtr _handle;

            C() => s_registry.Register(this, this._handle);

            static void M(string key, object value) => s_registry.Register(value, key);
        }
        """);

    [Fact]
    public Task FixKeepsTrivia() => Verify<WREF301_HeldValueReachesTarget, WREF301_HoldKey>.Fix(
        """
        class C
        {
            void M(T t)
            {
                var registry = new FinalizationRegistry<object>(held => Console.WriteLine(held));
                registry.Register( // watch
                    t,
                    /* held */ [|t|] /* for now */); // end
                GC.KeepAlive(registry);
            }
        }
        """ + Types,
        """
        class C
        {
            void M(T t)
            {
                var registry = new FinalizationRegistry<object>(held => Console.WriteLine(held));
                registry.Register( // watch
                    t,
                    /* held */ t.Id /* for now */); // end
                GC.KeepAlive(registry);
            }
        }
        """ + Types);

    [Fact]
    public Task NoFixWhereTheCallbackWantsTheTarget() => Verify<WREF301_HeldValueReachesTarget, WREF301_HoldKey>.NoFix("""
        class C
        {
            static readonly FinalizationRegistry<object> s_casts = new(static held => ((T)held).Go());
            static readonly FinalizationRegistry<object> s_tests = new(static held => { if (held is T t) t.Go(); });
            static readonly FinalizationRegistry<object> s_unseen = new(Callback);
            static readonly FinalizationRegistry<T> s_typed = new(static held => held.Go());

            static void Callback(object held) { }

            void M(T t, FinalizationRegistry<object> parameter)
            {
                s_casts.Register(t, [|t|]);
                s_tests.Register(t, [|t|]);
                s_unseen.Register(t, [|t|]);
                s_typed.Register(t, [|t|]);
                parameter.Register(t, [|t|]);
            }
        }
        """ + Types);

    [Fact]
    public Task NoFixWithoutAKey() => Verify<WREF301_HeldValueReachesTarget, WREF301_HoldKey>.NoFix("""
        class C
        {
            static readonly FinalizationRegistry<object> s_registry = new(static held => Console.WriteLine(held));
            public List<int> Key = new();

            void M(C c, T t)
            {
                s_registry.Register(c, [|c|]);
                s_registry.Register(t, [|new Box(t)|]);
                s_registry.Register(t, [|(Action)t.Go|]);
            }
        }
        """ + Types);
}
