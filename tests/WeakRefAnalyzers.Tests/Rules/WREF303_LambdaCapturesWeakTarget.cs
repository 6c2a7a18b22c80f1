namespace WeakRefAnalyzers.Tests;

public class WREF303_LambdaCapturesWeakTargetTests
{
    private const string Types = """

        class T { public int Id; public Action Callback; public event EventHandler Own; public void Go() { } public void Raise() => Own(this, null); }
        class Source
        {
            static event EventHandler s_all;
            readonly List<Action> _actions = new();
            public event EventHandler Changed;
            public EventHandler Handler { get; set; }
            public void Raise() => Changed(this, null);
            public void Remember(Action action) => _actions.Add(action);
            public void Once(Action action) => action();
            public static void All(EventHandler handler) => s_all += handler;
        }
        """;

    private const string Listener = """

        class Element { public event EventHandler Click; public void Press() => Click(this, null); }
        class Listener<T> where T : class
        {
            private readonly WeakReference<T> _owner;
            public Action<T> OnEvent { get; set; }
            public event Action Detached;
            public Listener(T owner) => _owner = new WeakReference<T>(owner ?? throw new ArgumentNullException(nameof(owner)));
            public Listener(T owner, Action<T> action) : this(owner) => OnEvent = action;
            public Listener(T owner, Element element, Action<T> action) : this(owner, action) => element.Click += Handle;
            public void Handle(object sender, EventArgs e)
            {
                if (_owner.TryGetTarget(out var owner)) OnEvent(owner); else Detached();
            }
        }
        class Apart
        {
            private readonly WeakReference _owner, _target;
            private readonly System.Reflection.MethodInfo _method;
            private readonly Action _static;
            public Apart(object owner, Action action)
            {
                _owner = new WeakReference(owner);
                if (action.Method.IsStatic) { _static = action; return; }
                _method = action.Method;
                _target = new WeakReference(action.Target);
            }
            public void Handle(object sender, EventArgs e) => _static?.Invoke();
        }
        class Strong<T>
        {
            private readonly WeakReference _weak;
            private readonly T _owner;
            public Action<T> OnEvent { get; set; }
            public Strong(T owner) { _owner = owner; _weak = new WeakReference(owner); }
            public void Handle(object sender, EventArgs e) => OnEvent(_weak.Target is T ? _owner : default);
        }
        """;

    /// <summary>An editor has to show it too, where the delegate stands.</summary>
    [Fact]
    public Task ListenersThatAreGivenTheirOwnerLater() => Verify<WREF303_LambdaCapturesWeakTarget>.Diagnostics("""
        class Source { public event EventHandler Click; }
        class Later<T> where T : class
        {
            private readonly WeakReference<T> _owner;
            public Later(T owner) => _owner = new WeakReference<T>(owner);
            public Action<T> OnEvent { get; set; }
            public event Action Detached;
            public void Handle(object sender, EventArgs e)
            {
                if (_owner.TryGetTarget(out var owner)) OnEvent?.Invoke(owner);
                else Detached?.Invoke();
            }
        }

        class C
        {
            private int _count;
            void Assigned(Source e)
            {
                var later = new Later<C>(this);
                later.OnEvent = [|c => _count++|];
                e.Click += later.Handle;
            }
            void Added(Source e)
            {
                var later = new Later<C>(this);
                later.Detached += [|() => _count++|];
                e.Click += later.Handle;
            }
            void Right(Source e)
            {
                var later = new Later<C>(this);
                later.OnEvent = c => c._count++;
                e.Click += later.Handle;
            }
        }
        """);

    [Theory]
    [InlineData("var l = new Listener<C>(this) { OnEvent = [|c => Go()|] }; e.Click += l.Handle;")]
    [InlineData("var l = new Listener<C>(this); l.OnEvent = [|c => _count++|]; e.Click += l.Handle;")]
    [InlineData("var l = new Listener<C>(this, [|c => Go()|]); e.Click += new EventHandler(l.Handle);")]
    [InlineData("e.Click += new Listener<C>(this, [|c => Go()|]).Handle;")]
    [InlineData("new Listener<C>(this, e, [|c => Go()|]);")]
    [InlineData("new Listener<C>(this, e, [|Call|]);")]
    [InlineData("Listener<C> l; l = new(this, c => c.Go()); l.Detached += [|Go|]; e.Click += l.Handle;")]
    [InlineData("var other = new C(); new Listener<C>(other, e, [|c => other.Go()|]);")]
    public Task ListenersThatAreGivenTheirOwner(string body) => Verify<WREF303_LambdaCapturesWeakTarget>.Diagnostics($$"""
        class C
        {
            int _count;
            void M(Element e) { {{body}} }
            void Go() => _count++;
            void Call(C c) => c.Go();
        }
        """ + Listener);

    [Theory]
    [InlineData("var l = new Listener<C>(this) { OnEvent = c => c.Go() }; e.Click += l.Handle;")]
    [InlineData("var l = new Listener<C>(this, static c => c.Go()); l.Detached += () => e.Click -= l.Handle; e.Click += l.Handle;")]
    [InlineData("new Listener<C>(this, e, Static);")]
    [InlineData("_mine = new Listener<C>(this, c => Go());")]
    [InlineData("var l = new Listener<C>(this, c => Go()); l.Handle(this, null);")]
    [InlineData("var l = new Strong<C>(this) { OnEvent = c => Go() }; e.Click += l.Handle;")]
    [InlineData("var other = new C(); new Listener<C>(other, e, c => Go());")]
    [InlineData("var l = new Apart(this, Go); e.Click += l.Handle;")]
    public Task ListenersThatAreNot(string body) => Verify<WREF303_LambdaCapturesWeakTarget>.Diagnostics($$"""
        class C
        {
            int _count;
            Listener<C> _mine;
            void M(Element e) { {{body}} }
            void Go() => _count++;
            static void Static(C c) => c.Go();
        }
        """ + Listener);

    [Fact]
    public Task WhereTheDelegateGoes() => Verify<WREF303_LambdaCapturesWeakTarget>.Diagnostics("""
        class C
        {
            static readonly List<Action> s_all = new();
            Timer _timer;
            Action _stored;

            void Subscribed(Source source, T t)
            {
                var weak = new WeakReference<T>(t);
                source.Changed += [|(s, e) => { if (weak.TryGetTarget(out var alive)) t.Go(); }|];
            }

            void ThroughALocal(Source source, T t)
            {
                var weak = new WeakReference(t);
                EventHandler handler = null;
                handler = [|delegate { if (weak.Target is T alive) t.Go(); else source.Changed -= handler; }|];
                source.Changed += handler;
            }

            void LocalFunction(Source source, T t)
            {
                var weak = new WeakReference<T>(t);
                source.Changed += Handle;

                [|void Handle(object sender, EventArgs e)
                {
                    if (weak.TryGetTarget(out var alive))
                        t.Go();
                }|]
            }

            void Stored(T t)
            {
                var weak = new WeakRef<T>(t);
                _stored = [|() => { if (weak.TryGetTarget(out _)) t.Go(); }|];
                s_all.Add([|() => { if (weak.TryGetTarget(out _)) t.Go(); }|]);
            }

            void StoredInAProperty(Source source, T t)
            {
                var weak = new WeakReference<T>(t);
                source.Handler = [|(s, e) => { if (weak.TryGetTarget(out var alive)) t.Go(); }|];
            }

            Action Returned(T t)
            {
                var weak = new WeakReference<T>(t);
                return [|() => { if (weak.TryGetTarget(out var alive)) t.Go(); }|];
            }

            void Passed(Source source, T t)
            {
                var weak = new WeakReference<T>(t);
                source.Remember([|() => { if (weak.TryGetTarget(out var alive)) t.Go(); }|]);
                Source.All([|(s, e) => { if (weak.TryGetTarget(out var alive)) t.Go(); }|]);
                _timer = new Timer([|_ => { if (weak.TryGetTarget(out var alive)) t.Go(); }|]);
                var token = default(CancellationToken).Register([|() => { if (weak.TryGetTarget(out var alive)) t.Go(); }|]);
            }
        }
        """ + Types);

    [Fact]
    public Task This() => Verify<WREF303_LambdaCapturesWeakTarget>.Diagnostics("""
        class C
        {
            readonly Source _source;
            readonly WeakReference<C> _weak;
            int _count;

            public C(Source source)
            {
                _source = source;
                var weak = new WeakReference<C>(this);
                source.Changed += [|(s, e) => { if (weak.TryGetTarget(out var self)) Handle(); }|];
                _source.Changed += [|(s, e) => { if (weak.TryGetTarget(out var self)) _count++; }|];
            }

            void FieldOfThis(Source source)
            {
                var self = this;
                var weak = new WeakReference<C>(self);
                source.Changed += [|(s, e) => { if (weak.TryGetTarget(out var alive)) self.Handle(); }|];
            }

            void Handle() { }
        }
        """ + Types);

    [Fact]
    public Task SharedClosure() => Verify<WREF303_LambdaCapturesWeakTarget>.Diagnostics("""
        class C
        {
            void M(Source source, T t)
            {
                var weak = new WeakReference<T>(t);
                source.Changed += [|(s, e) => { if (weak.TryGetTarget(out var alive)) alive.Go(); }|];
                source.Once(() => t.Go());
            }
        }
        """ + Types);

    [Fact]
    public Task WhatKeepsNothingIsSilent() => Verify<WREF303_LambdaCapturesWeakTarget>.Diagnostics("""
        class C
        {
            event EventHandler Mine;
            Action _own;
            readonly List<Action> _list = new();

            void OnlyTheReference(Source source, T t, int n)
            {
                var weak = new WeakReference<T>(t);
                source.Changed += (s, e) => { if (weak.TryGetTarget(out var alive)) alive.Go(); };
                source.Remember(() => Console.WriteLine(weak.TryGetTarget(out var alive) ? alive.Id + n : 0));
            }

            void InnerBlock(Source source, T t)
            {
                source.Once(() => t.Go());
                {
                    var weak = new WeakReference<T>(t);
                    source.Changed += (s, e) => { if (weak.TryGetTarget(out var alive)) alive.Go(); };
                }
            }

            void RunsAtOnce(Source source, T t, int[] numbers)
            {
                var weak = new WeakReference<T>(t);
                source.Once(() => { if (weak.TryGetTarget(out var alive)) t.Go(); });
                var some = numbers.Where(n => weak.TryGetTarget(out var alive) && t.Id == n).ToList();
                Action action = () => { if (weak.TryGetTarget(out var alive)) t.Go(); };
                action();
                Task.Run(() => { if (weak.TryGetTarget(out var alive)) t.Go(); });
            }

            void TheTargetsOwn(T t)
            {
                var weak = new WeakReference<T>(t);
                t.Own += (s, e) => { if (weak.TryGetTarget(out var alive)) t.Go(); };
                t.Callback = () => { if (weak.TryGetTarget(out var alive)) t.Go(); };
            }

            void OwnOfThis()
            {
                var weak = new WeakReference<C>(this);
                Mine += (s, e) => { if (weak.TryGetTarget(out var self)) Handle(); };
                _own = () => { if (weak.TryGetTarget(out var self)) Handle(); };
                _list.Add(() => { if (weak.TryGetTarget(out var self)) Handle(); });
            }

            void OtherObject(Source source, T t, T other)
            {
                var weak = new WeakReference<T>(t);
                source.Changed += (s, e) => { if (weak.TryGetTarget(out var alive)) other.Go(); };
            }

            void NotTheWeakOne(Source source, T t)
            {
                var weak = new WeakReference<T>(t);
                Console.WriteLine(weak);
                source.Changed += (s, e) => t.Go();
            }

            void Cleared(Source source, T t)
            {
                var own = t;
                var weak = new WeakReference<T>(own);
                source.Once(() => own.Go());
                source.Changed += (s, e) => { if (weak.TryGetTarget(out var alive)) alive.Go(); };
                own = null;
            }

            void Copied(Source source, T t)
            {
                var weak = new WeakReference<T>(t);
                var id = t.Id;
                source.Changed += (s, e) => { if (weak.TryGetTarget(out var alive)) Console.WriteLine(id + nameof(t)); };
                source.Changed -= (s, e) => { if (weak.TryGetTarget(out var alive)) Console.WriteLine(id); };
            }

            void Handle() => Mine(this, null);
        }
        """ + Types);

    [Fact]
    public Task OldCode() => Verify<WREF303_LambdaCapturesWeakTarget>.Diagnostics(
        """
        using System;

        class Source { public event EventHandler Changed; }

        class C
        {
            public C(Source source)
            {
                WeakReference weak = new WeakReference(this);
                source.Changed += [|delegate { C self = weak.Target as C; if (self != null) Handle(); }|];
            }

            public C(Source source, int n)
            {
                WeakReference weak = new WeakReference(this);
                source.Changed += delegate { C self = weak.Target as C; if (self != null) self.Handle(); };
            }

            void Handle() { }
        }
        """,
        new Options { NetFramework = true, Language = LanguageVersion.CSharp7_3 });

    [Fact]
    public Task MessageCaptureAndReference() => Verify<WREF303_LambdaCapturesWeakTarget>.Diagnostics(
        """
        class C
        {
            void M(Source source, T view)
            {
                var weak = {|#2:new WeakReference<T>(view)|};
                source.Changed += {|#0:(s, e) => { if (weak.TryGetTarget(out var alive)) {|#1:view|}.Go(); }|};
            }
        }
        """ + Types,
        Verify<WREF303_LambdaCapturesWeakTarget>
            .Diagnostic()
            .WithLocation(0)
            .WithLocation(1)
            .WithLocation(2)
            .WithArguments("view", "weak", "through", "view"));

    [Fact]
    public Task BrokenCode() => Verify<WREF303_LambdaCapturesWeakTarget>.Diagnostics(
        """
        class C
        {
            void M(Source source, T t)
            {
                var weak = new WeakReference<T>(t);
                source.Missing += (s, e) => { if (weak.TryGetTarget(out var alive)) t.Go(); };
                source.Changed += [|(s, e) => { if (weak.TryGetTarget(out var alive)) t }|];
                source.Changed += (s, e) => weak.;
                var = new WeakReference<T>(t);
            }
        """ + Types,
        new Options { CompilerErrors = true });

    [Fact]
    public Task FixUsesTheVariable() => Verify<WREF303_LambdaCapturesWeakTarget, WREF303_UseTheWeakRead>.Fix(
        """
        class C
        {
            int _count;

            public C(Source source)
            {
                var weak = new WeakReference<C>(this);
                source.Changed += [|(s, e) => { if (weak.TryGetTarget(out var self)) Handle<int>(this, _count++); }|];
            }

            void Guard(Source source, T t)
            {
                var weak = new WeakReference(t);
                source.Changed += [|delegate
                {
                    if (!(weak.Target is T alive))
                        return;
                    t.Go();
                    Console.WriteLine(t.Id);
                }|];
                source.Changed += [|(s, e) => Console.WriteLine(weak.Target is T { } alive && t.Id == 1 ? t.Id : 0)|];
            }

            void Handle<N>(C c, N n) { }
        }
        """ + Types,
        """
        class C
        {
            int _count;

            public C(Source source)
            {
                var weak = new WeakReference<C>(this);
                source.Changed += (s, e) => { if (weak.TryGetTarget(out var self)) self.Handle<int>(self, self._count++); };
            }

            void Guard(Source source, T t)
            {
                var weak = new WeakReference(t);
                source.Changed += delegate
                {
                    if (!(weak.Target is T alive))
                        return;
                    alive.Go();
                    Console.WriteLine(alive.Id);
                };
                source.Changed += (s, e) => Console.WriteLine(weak.Target is T { } alive && alive.Id == 1 ? alive.Id : 0);
            }

            void Handle<N>(C c, N n) { }
        }
        """ + Types);

    [Fact]
    public Task FixKeepsTrivia() => Verify<WREF303_LambdaCapturesWeakTarget, WREF303_UseTheWeakRead>.Fix(
        """
        class C
        {
            void M(Source source, T t)
            {
                var weak = new WeakReference<T>(t);
                source.Changed += [|(s, e) => // handler
                {
                    if (weak.TryGetTarget(out var alive))
                        /* the object */ t /* itself */ .Go(); // now
                }|];
            }
        }
        """ + Types,
        """
        class C
        {
            void M(Source source, T t)
            {
                var weak = new WeakReference<T>(t);
                source.Changed += (s, e) => // handler
                {
                    if (weak.TryGetTarget(out var alive))
                        /* the object */ alive /* itself */ .Go(); // now
                };
            }
        }
        """ + Types);

    [Fact]
    public Task NoFixWhereTheObjectIsNotAtHand() => Verify<WREF303_LambdaCapturesWeakTarget, WREF303_UseTheWeakRead>.NoFix("""
        class C
        {
            void NoVariable(Source source, T t)
            {
                var weak = new WeakReference<T>(t);
                source.Changed += [|(s, e) => { if (weak.TryGetTarget(out _)) t.Go(); }|];
            }

            void OutsideTheTest(Source source, T t)
            {
                var weak = new WeakReference<T>(t);
                source.Changed += [|(s, e) => { t.Go(); if (weak.TryGetTarget(out var alive)) alive.Go(); }|];
            }

            void Else(Source source, T t)
            {
                var weak = new WeakReference<T>(t);
                source.Changed += [|(s, e) => { if (weak.TryGetTarget(out var alive)) alive.Go(); else t.Go(); }|];
            }

            void Shared(Source source, T t)
            {
                var weak = new WeakReference<T>(t);
                source.Changed += [|(s, e) => { if (weak.TryGetTarget(out var alive)) alive.Go(); }|];
                source.Once(() => t.Go());
            }

            void OtherType(Source source, T t)
            {
                var weak = new WeakReference<object>(t);
                source.Changed += [|(s, e) => { if (weak.TryGetTarget(out var alive)) t.Go(); }|];
            }
        }
        """ + Types);

    [Fact]
    public Task FixUsesALocalThatIsTestedForNull() => Verify<WREF303_LambdaCapturesWeakTarget, WREF303_UseTheWeakRead>.Fix(
        """
        class C
        {
            void As(Source source, T t)
            {
                var weak = new WeakReference(t);
                source.Changed += [|(s, e) =>
                {
                    var alive = weak.Target as T;
                    if (alive != null)
                    {
                        t.Go();
                    }
                }|];
            }

            void Exit(Source source, T t)
            {
                var weak = new WeakReference(t);
                source.Changed += [|(s, e) =>
                {
                    var alive = (T)weak.Target;
                    if (alive is null)
                    {
                        return;
                    }

                    t.Go();
                }|];
            }

            void Both(Source source, T t)
            {
                var weak = new WeakReference(t);
                source.Changed += [|(s, e) =>
                {
                    var alive = weak.Target as T;
                    if (s != null && alive is not null && t.ToString() == "")
                    {
                        t.Go();
                    }
                }|];
            }
        }
        """ + Types,
        """
        class C
        {
            void As(Source source, T t)
            {
                var weak = new WeakReference(t);
                source.Changed += (s, e) =>
                {
                    var alive = weak.Target as T;
                    if (alive != null)
                    {
                        alive.Go();
                    }
                };
            }

            void Exit(Source source, T t)
            {
                var weak = new WeakReference(t);
                source.Changed += (s, e) =>
                {
                    var alive = (T)weak.Target;
                    if (alive is null)
                    {
                        return;
                    }

                    alive.Go();
                };
            }

            void Both(Source source, T t)
            {
                var weak = new WeakReference(t);
                source.Changed += (s, e) =>
                {
                    var alive = weak.Target as T;
                    if (s != null && alive is not null && alive.ToString() == "")
                    {
                        alive.Go();
                    }
                };
            }
        }
        """ + Types);

    [Fact]
    public Task TheNeighbourMayHoldNull() => Verify<WREF303_LambdaCapturesWeakTarget>.Diagnostics("""
        class U : T { public void Up() { } }
        class C
        {
            void Cast(object o, Source source)
            {
                var u = o as U;
                if (u != null) { source.Remember(() => u.Up()); }
                else { var weak = new WeakReference(o); source.Remember(() => { if (weak.Target is T t) t.Go(); }); }
            }

            void Same(T t, Source source)
            {
                var weak = new WeakReference(t);
                source.Once(() => t.Go());
                source.Remember([|() => { if (weak.Target is T alive) alive.Go(); }|]);
            }

            void Direct(object o, Source source)
            {
                var u = o as U;
                var weak = new WeakReference(o);
                source.Remember([|() => { if (weak.Target is T) u.Up(); }|]);
            }
        }
        """ + Types);

    [Fact]
    public Task NoFixWhereTheLocalIsNotTested() => Verify<WREF303_LambdaCapturesWeakTarget, WREF303_UseTheWeakRead>.NoFix("""
        class C
        {
            void Untested(Source source, T t)
            {
                var weak = new WeakReference(t);
                source.Changed += [|(s, e) => { var alive = weak.Target as T; alive?.Go(); t.Go(); }|];
            }

            void Reassigned(Source source, T t)
            {
                var weak = new WeakReference(t);
                source.Changed += [|(s, e) => { var alive = weak.Target as T; if (alive != null) { alive = null; t.Go(); } }|];
            }
        }
        """ + Types);
}
