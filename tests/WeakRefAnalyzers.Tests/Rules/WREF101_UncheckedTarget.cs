namespace WeakRefAnalyzers.Tests;

public class WREF101_UncheckedTargetTests
{
    private const string Foo = """

        class Foo
        {
            public int X;
            public string Name = "";
            public bool Open;
            public int Count => 1;
            public event Action Closed { add { } remove { } }
            public void Close() { }
            public Foo Self() => this;
            public Task RunAsync() => Task.CompletedTask;
            public int this[int i] { get => i; set { } }
            public void Deconstruct(out int a, out int b) { a = X; b = X; }
        }
        """;

    [Fact]
    public Task EveryKindOfDereference() => Verify<WREF101_UncheckedTarget>.Diagnostics("""
        class C
        {
            WeakReference _w = new WeakReference(null);

            void Call() => [|_w.Target.ToString()|];
            int Member() => [|((Foo)_w.Target).X|];
            void Write() { [|((Foo)_w.Target).X|] = 1; }
            int Element() => [|((Foo)_w.Target)[0]|];
            int ArrayElement() => [|((int[])_w.Target)[0]|];
            int Unboxing() => [|(int)_w.Target|];
            void Loop() { foreach (var item in [|(List<int>)_w.Target|]) { } }
            void Lock() { lock ([|_w.Target|]) { } }
            async Task Await() { [|await (Task)_w.Target|]; }
            void Invoke() { [|((Action)_w.Target)()|]; }
            void Throw() { throw [|(Exception)_w.Target|]; }
            void Deconstruct() { var (a, b) = [|(Foo)_w.Target|]; }
            void Subscribe() { [|((Foo)_w.Target).Closed|] += () => { }; }
            Func<string> Bind() => [|_w.Target.ToString|];
            Action Later() => () => [|_w.Target.ToString()|];
        }
        """ + Foo);

    [Fact]
    public Task WhatAMemberGivesIsAnInfo() => Verify<WREF101_UncheckedTarget>.Diagnostics("""
        class C
        {
            WeakReference _w = new WeakReference(null);
            Foo Owner => (Foo)_w.Target;

            void Member() => {|#0:{|#2:Owner|}.Close()|};
            void Reference() => {|#1:((Foo){|#3:_w.Target|}).Close()|};
        }
        """ + Foo,
        new Options { OwnSeverities = true },
        Verify<WREF101_UncheckedTarget>.Diagnostic().WithLocation(0).WithLocation(2).WithSeverity(DiagnosticSeverity.Info)
            .WithArguments("Owner", "once its target has been collected", "read it into a variable and check that first"),
        Verify<WREF101_UncheckedTarget>.Diagnostic().WithLocation(1).WithLocation(3).WithSeverity(DiagnosticSeverity.Warning)
            .WithArguments("_w.Target", "once its target has been collected", "read it into a variable and check that first"));

    [Fact]
    public Task EveryKindOfReference() => Verify<WREF101_UncheckedTarget>.Diagnostics("""
        class C
        {
            WeakReference _weak;
            WeakRef<Foo> _ref;
            GCHandle _handle = GCHandle.Alloc(new object(), GCHandleType.Weak);
            GCHandle _long = GCHandle.Alloc(new object(), GCHandleType.WeakTrackResurrection);

            void M()
            {
                [|_weak.Target.ToString()|];
                [|_ref.Deref().Close()|];
                [|_handle.Target.ToString()|];
                [|_long.Target.ToString()|];
            }
        }
        """ + Foo);

    [Fact]
    public Task CastsAndLocalsAreTransparent() => Verify<WREF101_UncheckedTarget>.Diagnostics("""
        class C
        {
            WeakReference _w;

            void As() { var foo = _w.Target as Foo; [|foo.Close()|]; }
            void Local() { object o = (_w.Target); var foo = (Foo)o; [|foo.Close()|]; foo.Close(); }
            void Late() { Foo foo; foo = (Foo)_w.Target; Console.WriteLine(); [|foo.X|]++; }
            void OneBranch(bool b) { var foo = (Foo)_w.Target; if (b && foo == null) return; [|foo.Close()|]; }
            void DeadBranch() { var foo = (Foo)_w.Target; if (foo == null) Console.WriteLine("dead"); [|foo.Close()|]; }
            void Conditional(bool b, Foo other) { var foo = b ? (Foo)_w.Target : other; [|foo.Close()|]; }
        }
        """ + Foo);

    [Fact]
    public Task ChecksAreUnderstood() => Verify<WREF101_UncheckedTarget>.Diagnostics("""
        using System.Diagnostics;
        using System.Diagnostics.CodeAnalysis;

        class C
        {
            WeakReference _w;
            WeakRef<Foo> _r;

            void Equal() { var t = _w.Target; if (t == null) return; t.ToString(); }
            void NotEqual() { var t = _w.Target; if (null != t) t.ToString(); }
            void IsNull() { var t = _w.Target; if (t is null) throw new Exception(); t.ToString(); }
            void IsNotNull() { var t = _w.Target; if (t is not null) t.ToString(); }
            void Type() { if (_w.Target is Foo foo) foo.Close(); }
            void NotType() { if (_w.Target is not Foo foo) return; foo.Close(); }
            void Braces() { if (_r.Deref() is { } foo) foo.Close(); }
            void Property() { if (_r.Deref() is { Open: true } foo) foo.Close(); }
            void Switch() { switch (_w.Target) { case Foo foo: foo.Close(); break; } }
            int SwitchExpression() => _w.Target switch { Foo foo => foo.X, null => 0, var other => other.GetHashCode() };
            void Question() { _r.Deref()?.Close(); }
            void Coalesce(Foo other) { (_r.Deref() ?? other).Close(); }
            void CoalesceAssign() { var t = _r.Deref(); t ??= new Foo(); t.Close(); }
            void Reference() { var t = _w.Target; if (!ReferenceEquals(t, null)) t.ToString(); }
            void StringCheck() { var s = (string)_w.Target; if (!string.IsNullOrEmpty(s)) s.ToString(); }
            void Asserted() { var t = _w.Target; Debug.Assert(t != null); t.ToString(); }
            void Guarded() { var t = _w.Target; ArgumentNullException.ThrowIfNull(t); t.ToString(); }
            void When() { var t = _r.Deref(); if (Has(t)) t.Close(); }
            void Stop() { var t = _r.Deref(); if (t == null) Fail(); t.Close(); }
            void StopIf() { var t = _r.Deref(); StopWhen(t == null); t.Close(); }
            void Break() { while (true) { var t = _r.Deref(); if (t == null) break; t.Close(); } }
            void Both(WeakRef<Foo> other) { var a = _r.Deref(); var b = other.Deref(); if (a != null && b != null) { a.Close(); b.Close(); } }
            bool InCondition() { var t = _r.Deref(); return t != null && t.Open; }
            bool Escape() { var t = _r.Deref(); return t == null || t.Open; }
            void Flag() { var t = _r.Deref(); var alive = t != null; if (alive) t.Close(); }
            void Captured() { var t = _r.Deref(); if (t == null) return; Task.Run(() => t.Close()); }
            void Try() { if (_r.TryGetTarget(out var t)) t.Close(); }

            static bool Has([NotNullWhen(true)] Foo foo) => foo != null;
            [DoesNotReturn] static void Fail() => throw new Exception();
            static void StopWhen([DoesNotReturnIf(true)] bool stop) { if (stop) throw new Exception(); }
        }
        """ + Foo);

    [Fact]
    public Task PassingTheValueOnIsNoDereference() => Verify<WREF101_UncheckedTarget>.Diagnostics("""
        class C
        {
            WeakReference _w;
            object _last;
            event EventHandler Raised;

            object Get() => _w.Target;
            void Pass() { Use(_w.Target); Raised(_w.Target, EventArgs.Empty); }
            void Delegate(Action<object> action) { action(_w.Target); action.Invoke(_w.Target); }
            void Store() { _last = _w.Target; }
            void Array() { var all = new[] { _w.Target }; all[0]?.ToString(); }
            bool Compare(object other) => _w.Target == other || other.Equals(_w.Target) || Equals(_w.Target, other);
            string Print() => $"{_w.Target}" + _w.Target;
            string Name() => nameof(_w.Target.ToString);
            void SetOnly() { _w.Target = null; }
            static void Use(object o) { }
        }
        """);

    [Fact]
    public Task TheMethodStillHoldsTheTarget() => Verify<WREF101_UncheckedTarget>.Diagnostics("""
        class C
        {
            void UsedLater(Foo foo)
            {
                var w = new WeakReference(foo);
                w.Target.ToString();
                foo.Close();
            }

            void KeptAlive()
            {
                var foo = new Foo();
                var w = new WeakReference(foo);
                w.Target.ToString();
                GC.KeepAlive(foo);
            }

            void SetFromParameter(WeakReference w, Foo foo)
            {
                w.Target = foo;
                w.Target.ToString();
                foo.Close();
            }

            void HeldByTheCaller(Foo foo)
            {
                var w = new WeakReference(foo);
                w.Target.ToString();
            }

            void NotAnyMore()
            {
                var foo = new Foo();
                var w = new WeakReference(foo);
                foo.Close();
                [|w.Target.ToString()|];
            }
        }

        class Owner
        {
            readonly Foo _foo = new Foo();
            WeakReference _w, _self;

            Owner()
            {
                _w = new WeakReference(_foo);
                _self = new WeakReference(this);
            }

            void M()
            {
                _w.Target.ToString();
                _self.Target.ToString();
            }
        }
        """ + Foo);

    [Fact]
    public Task HandlesThatAreNotKnownToBeWeak() => Verify<WREF101_UncheckedTarget>.Diagnostics("""
        class C
        {
            GCHandle _strong = GCHandle.Alloc(new object());
            GCHandle _pinned = GCHandle.Alloc(new object(), GCHandleType.Pinned);

            void M(IntPtr pointer, GCHandle parameter, Func<int> function)
            {
                _strong.Target.ToString();
                _pinned.Target.ToString();
                GCHandle.FromIntPtr(pointer).Target.ToString();
                var handle = (GCHandle)pointer;
                handle.Target.ToString();
                parameter.Target.ToString();
                function.Target.ToString();
                new Thread(() => { }).Name.ToString();
            }
        }
        """);

    [Fact]
    public Task WrappersAreWeakReads() => Verify<WREF101_UncheckedTarget>.Diagnostics("""
        class C
        {
            WeakReference _w;
            WeakReference<Foo> _g;

            Foo Arrow => (Foo)_w.Target;
            Foo Body { get { return _w.Target as Foo; } }
            Foo Method() => Arrow;
            Foo Third() => Method();
            Foo FromTry() { _g.TryGetTarget(out var foo); return foo; }
            Foo OrNull() { return _g.TryGetTarget(out var foo) ? foo : null; }
            Foo Checked => (Foo)_w.Target ?? new Foo();
            Foo Thrown => (Foo)_w.Target ?? throw new Exception();
            Foo Other { get; set; }

            void A() { [|Arrow.Close()|]; }
            void B() { [|this.Body.Close()|]; }
            void D() { [|Method().Close()|]; }
            void E() { [|FromTry().Close()|]; }
            void F() { [|OrNull().Close()|]; }

            void Silent()
            {
                Checked.Close();
                Thrown.Close();
                Other.Close();
                Arrow?.Close();
                if (Body is { } body) body.Close();
            }

            static void Elsewhere(C c) => [|c.Arrow.Close()|];
            static void AfterTwoHops(C c) => [|c.Third().Close()|];
        }
        """ + Foo);

    [Fact]
    public Task AnnotatedAndConfiguredTypes() => Verify<WREF101_UncheckedTarget>.Diagnostics(
        """
        using WeakRefs.Annotations;

        class Handle
        {
            [WeakRead] public extern object Current { get; }
            [WeakRead] public extern object Read();
        }

        class Own { public object Target => null; public object Other => null; }

        class C
        {
            void M(Handle h, Handle other, Own own)
            {
                [|h.Current.ToString()|];
                [|other.Read().ToString()|];
                [|own.Target.ToString()|];
                own.Other.ToString();
            }
        }
        """,
        new Options { EditorConfig = "weakref_analyzers.reference_types = Own", CompilerErrors = true });

    [Fact]
    public Task OneReportForOneReadAndForOneReference() => Verify<WREF101_UncheckedTarget>.Diagnostics("""
        class C
        {
            WeakReference _w, _v;

            void M()
            {
                var foo = (Foo)_w.Target;
                [|foo.Close()|];
                foo.Close();
                foo.Self().Close();
            }

            void N()
            {
                [|_w.Target.ToString()|];
                _w.Target.GetHashCode();
                [|_v.Target.ToString()|];
            }
        }
        """ + Foo);

    [Fact]
    public Task MessageAndCause() => Verify<WREF101_UncheckedTarget>.Diagnostics(
        """
        class C
        {
            void M(WeakReference cached)
            {
                var target = {|#1:cached.Target|};
                Console.WriteLine({|#0:target.ToString()|});
            }

            int Direct(WeakReference cached) => {|#2:((string){|#3:cached.Target|}).Length|};
        }
        """,
        Verify<WREF101_UncheckedTarget>
            .Diagnostic()
            .WithLocation(0)
            .WithLocation(1)
            .WithArguments("target", "when 'cached.Target' found its target collected", "check it first"),
        Verify<WREF101_UncheckedTarget>.Diagnostic().WithLocation(2).WithLocation(3).WithArguments(
            "cached.Target", "once its target has been collected", "read it into a variable and check that first"));

    [Fact]
    public Task NullableContext() => Verify<WREF101_UncheckedTarget>.Diagnostics(
        """
        class C
        {
            WeakReference w = null!;
            WeakRef<string> r;

            int A() => [|w.Target!.ToString()|]!.Length;
            int B() => [|r.Deref()!.Length|];
            int? D() => r.Deref()?.Length;
            int E() => r.Deref() is { Length: var length } ? length : 0;
        }
        """,
        new Options { Nullable = true });

    [Fact]
    public Task OldLanguageOnNetFramework() => Verify<WREF101_UncheckedTarget, WREF101_GuardTarget>.Fix(
        """
        using System;
        using WeakRefs;

        class C
        {
            WeakReference _w;
            WeakRef<string> _r;

            void M()
            {
                [|_w.Target.ToString()|];
                if (_w.Target is string s) s.ToString();
            }

            void N()
            {
                Console.WriteLine([|_r.Deref().Length|]);
            }

            void O()
            {
                if (![|((string)_w.Target).StartsWith("a")|])
                    return;
                Console.WriteLine();
            }
        }
        """,
        """
        using System;
        using WeakRefs;

        class C
        {
            WeakReference _w;
            WeakRef<string> _r;

            void M()
            {
                _w.Target?.ToString();
                if (_w.Target is string s) s.ToString();
            }

            void N()
            {
                if (_r.Deref() is string target)
                {
                    Console.WriteLine(target.Length);
                }
            }

            void O()
            {
                if (!(_w.Target is string target) || !target.StartsWith("a"))
                    return;
                Console.WriteLine();
            }
        }
        """,
        new Options { NetFramework = true, Language = LanguageVersion.CSharp7_3 });

    [Fact]
    public Task BrokenCode() => Verify<WREF101_UncheckedTarget>.Diagnostics(
        """
        class C
        {
            void M(WeakReference w, WeakReference v, WeakReference x, Unknown u)
            {
                _ = [|w.Target.Missing|];
                u.Target.ToString();
                if (v.Target != null && ) { }
                [|x.Target.ToString()|]
            }
        """,
        new Options { CompilerErrors = true });

    [Fact]
    public Task FixUsesConditionalAccessWhereTheValueIsNotNeeded() => Verify<WREF101_UncheckedTarget, WREF101_GuardTarget>.Fix(
        """
        class C
        {
            WeakReference _w;
            WeakRef<Foo> _r;
            Foo Owner => (Foo)_w.Target;

            void Cast() { [|((Foo)_w.Target).Close()|]; }
            void Generic() => [|_r.Deref().Close()|];
            void Wrapper() { [|Owner.Self()|].Close(); }
            void Local() { var foo = (Foo)_w.Target; [|foo.Close()|]; }
            void Delegate() { [|((Action)_w.Target)()|]; }
            Action Lambda() => () => [|_r.Deref().Close()|];
            void Inner(WeakReference w) { w?[|.Target.ToString()|]; }
        }
        """ + Foo,
        """
        class C
        {
            WeakReference _w;
            WeakRef<Foo> _r;
            Foo Owner => (Foo)_w.Target;

            void Cast() { ((Foo)_w.Target)?.Close(); }
            void Generic() => _r.Deref()?.Close();
            void Wrapper() { Owner?.Self().Close(); }
            void Local() { var foo = (Foo)_w.Target; foo?.Close(); }
            void Delegate() { ((Action)_w.Target)?.Invoke(); }
            Action Lambda() => () => _r.Deref()?.Close();
            void Inner(WeakReference w) { w?.Target?.ToString(); }
        }
        """ + Foo);

    [Fact]
    public Task FixUsesConditionalAccessWhereNullIsAllowed() => Verify<WREF101_UncheckedTarget, WREF101_GuardTarget>.Fix(
        """
        class C
        {
            WeakRef<Item> r;

            string? Reference() => [|r.Deref()!.Name|];
            int? Value() { return [|r.Deref()!.Count|]; }
            string? Property => [|r.Deref()!.Name|];
            string Fallback() => [|r.Deref()!.Name|] ?? "none";
            void Local() { int? count = [|r.Deref()!.Count|]; Console.WriteLine(count); }
            void Argument() { Console.WriteLine([|r.Deref()!.Name|]); }
        }

        class Item { public string Name = ""; public int Count; }
        """,
        """
        class C
        {
            WeakRef<Item> r;

            string? Reference() => r.Deref()?.Name;
            int? Value() { return r.Deref()?.Count; }
            string? Property => r.Deref()?.Name;
            string Fallback() => r.Deref()?.Name ?? "none";
            void Local() { int? count = r.Deref()?.Count; Console.WriteLine(count); }
            void Argument() { Console.WriteLine(r.Deref()?.Name); }
        }

        class Item { public string Name = ""; public int Count; }
        """,
        new Options { Nullable = true });

    [Fact]
    public Task FixPutsStatementsUnderAPattern() => Verify<WREF101_UncheckedTarget, WREF101_GuardTarget>.Fix(
        """
        class C
        {
            WeakReference _w;
            Foo Owner => (Foo)_w.Target;

            void Assignment()
            {
                [|((Foo)_w.Target).X|] = 1;
            }

            void Loop()
            {
                foreach (var item in [|(List<int>)_w.Target|])
                    Console.WriteLine(item);
            }

            void Lock()
            {
                lock ([|_w.Target|])
                {
                    Console.WriteLine();
                }
            }

            async Task Await()
            {
                await [|((Foo)_w.Target).RunAsync()|];
            }

            void Twice()
            {
                [|((Foo)_w.Target).Close()|];
                Console.WriteLine();
                ((Foo)_w.Target).Close();
                Console.WriteLine("always");
            }

            void Declaration()
            {
                var count = [|Owner.Count|];
                Console.WriteLine(count);
                Console.WriteLine("always");
            }

            void Local()
            {
                var foo = (Foo)_w.Target;
                [|foo.X|] = 1;
                foo.Close();
                Console.WriteLine(foo);
            }
        }
        """ + Foo,
        """
        class C
        {
            WeakReference _w;
            Foo Owner => (Foo)_w.Target;

            void Assignment()
            {
                if (_w.Target is Foo target)
                {
                    target.X = 1;
                }
            }

            void Loop()
            {
                if (_w.Target is List<int> target)
                {
                    foreach (var item in target)
                        Console.WriteLine(item);
                }
            }

            void Lock()
            {
                if (_w.Target is { } target)
                {
                    lock (target)
                    {
                        Console.WriteLine();
                    }
                }
            }

            async Task Await()
            {
                if (_w.Target is Foo target)
                {
                    await target.RunAsync();
                }
            }

            void Twice()
            {
                if (_w.Target is Foo target)
                {
                    target.Close();
                    Console.WriteLine();
                    target.Close();
                }
                Console.WriteLine("always");
            }

            void Declaration()
            {
                if (Owner is { } owner)
                {
                    var count = owner.Count;
                    Console.WriteLine(count);
                }
                Console.WriteLine("always");
            }

            void Local()
            {
                var foo = (Foo)_w.Target;
                if (foo != null)
                {
                    foo.X = 1;
                    foo.Close();
                }
                Console.WriteLine(foo);
            }
        }
        """ + Foo);

    [Fact]
    public Task FixJoinsTheConditionOfAnIf() => Verify<WREF101_UncheckedTarget, WREF101_GuardTarget>.Fix(
        """
        class C
        {
            WeakReference _w;

            void Branch(bool b)
            {
                if (b || [|((Foo)_w.Target).Open|])
                {
                    Console.WriteLine("open");
                }
            }

            void Exit()
            {
                if (![|((Foo)_w.Target).Open|])
                    return;
                Console.WriteLine("open");
            }

            void Local()
            {
                var foo = (Foo)_w.Target;
                if ([|foo.Open|]) { foo.Close(); }
            }
        }
        """ + Foo,
        """
        class C
        {
            WeakReference _w;

            void Branch(bool b)
            {
                if (_w.Target is Foo target && (b || target.Open))
                {
                    Console.WriteLine("open");
                }
            }

            void Exit()
            {
                if (_w.Target is not Foo target || !target.Open)
                    return;
                Console.WriteLine("open");
            }

            void Local()
            {
                var foo = (Foo)_w.Target;
                if (foo != null && foo.Open) { foo.Close(); }
            }
        }
        """ + Foo);

    [Fact]
    public Task FixKeepsTrivia() => Verify<WREF101_UncheckedTarget, WREF101_GuardTarget>.Fix(
        """
        class C
        {
            WeakReference _w, _v;

            void M()
            {
                // the owner, if any
                [|((Foo)_w.Target) /* cast */
                    .Self(/* none */)|]
                    .Close(); // done

                // its count
                [|((Foo)_v.Target).X|] = /* one */ 1; // set
            }
        }
        """ + Foo,
        """
        class C
        {
            WeakReference _w, _v;

            void M()
            {
                // the owner, if any
                ((Foo)_w.Target) /* cast */
                    ?.Self(/* none */)
                    .Close(); // done

                // its count
                if (_v.Target is Foo target)
                {
                    target.X = /* one */ 1;
                } // set
            }
        }
        """ + Foo);

    [Fact]
    public Task FixAllGivesEveryTargetItsOwnName() => Verify<WREF101_UncheckedTarget, WREF101_GuardTarget>.Fix(
        """
        class C
        {
            WeakReference _w, _v;

            void M()
            {
                [|((Foo)_w.Target).X|] = 1;
                [|((Foo)_v.Target).X|] = 2;
            }

            void N()
            {
                [|((Foo)_v.Target).X|] = 3;
            }
        }
        """ + Foo,
        """
        class C
        {
            WeakReference _w, _v;

            void M()
            {
                if (_w.Target is Foo target)
                {
                    target.X = 1;
                }
                if (_v.Target is Foo target2)
                {
                    target2.X = 2;
                }
            }

            void N()
            {
                if (_v.Target is Foo target)
                {
                    target.X = 3;
                }
            }
        }
        """ + Foo);

    [Fact]
    public Task NestedFixAllTakesTwoRounds() => Verify<WREF101_UncheckedTarget, WREF101_GuardTarget>.Fix(
        """
        class C
        {
            WeakReference _w, _v;

            void M()
            {
                foreach (var item in [|(List<int>)_w.Target|])
                {
                    [|((Foo)_v.Target).X|] = item;
                }
            }
        }
        """ + Foo,
        """
        class C
        {
            WeakReference _w, _v;

            void M()
            {
                if (_w.Target is List<int> target)
                {
                    foreach (var item in target)
                    {
                        if (_v.Target is Foo target2)
                        {
                            target2.X = item;
                        }
                    }
                }
            }
        }
        """ + Foo,
        new Options { FixAllIterations = 2 });

#if ROSLYN_LATEST
    [Fact]
    public Task FixOfWhatIsReturnedReturnsNullWithANullableType()
        => Verify<WREF101_UncheckedTarget, WREF101_GuardTarget>.Fix(
            Returned("string", "[|_config.Deref()!.Name|]", "[|found.Name|]"),
            Returned("string?", "_config.Deref()?.Name", "found?.Name"),
            new Options { Nullable = true });
#endif

#if ROSLYN_LATEST
    [Fact]
    public Task OtherFixOfWhatIsReturnedThrows() => Verify<WREF101_UncheckedTarget, WREF101_GuardTarget>.Fix(
        Returned("string", "[|_config.Deref()!.Name|]", "[|found.Name|]"),
        Returned(
            "string",
            "(_config.Deref() ?? throw new ObjectDisposedException(nameof(Config))).Name",
            "(found ?? throw new ObjectDisposedException(nameof(Config))).Name"),
        new Options { Nullable = true, Offer = 1 });
#endif

    private static string Returned(string type, string arrow, string variable) => $$"""
        class Config
        {
            public string Name = "";
        }

        class C(Config config)
        {
            private readonly WeakRef<Config> _config = new(config);

            {{type}} Name => {{arrow}}; // of the property

            {{type}} Accessor { get => {{arrow}}; }

            {{type}} Method()
            {
                return {{arrow}}; // of the method
            }

            {{type}} Found()
            {
                var found = _config.Deref();
                return {{variable}};
            }
        }
        """;

    [Fact]
    public Task FixThrowsWhereTheTypeHasNoNull() => Verify<WREF101_UncheckedTarget, WREF101_GuardTarget>.Fix(
        """
        abstract class Base
        {
            public abstract string Name { get; }
            public abstract Foo Whole();
        }

        class C : Base, IComparable
        {
            WeakReference _w;
            WeakReference<Foo> _typed;

            int Count() => [|((Foo)_w.Target).Count|];
            string Oblivious() { return [|((Foo)_w.Target).Name|]; }
            public override string Name => [|((Foo)_w.Target).Name|];
            public override Foo Whole() => null;
            int Sum() => [|((Foo)_w.Target).Count|] + 1;
            async Task<string> Later() { await Task.Yield(); return [|((Foo)_w.Target).Name|]; }
            string Text() { return [|_w.Target.ToString()|]; }
            int IComparable.CompareTo(object other) => [|((Foo)_w.Target).Count|];
        }
        """ + Foo,
        """
        abstract class Base
        {
            public abstract string Name { get; }
            public abstract Foo Whole();
        }

        class C : Base, IComparable
        {
            WeakReference _w;
            WeakReference<Foo> _typed;

            int Count() => ((Foo)_w.Target ?? throw new ObjectDisposedException(nameof(Foo))).Count;
            string Oblivious() { return ((Foo)_w.Target ?? throw new ObjectDisposedException(nameof(Foo))).Name; }
            public override string Name => ((Foo)_w.Target ?? throw new ObjectDisposedException(nameof(Foo))).Name;
            public override Foo Whole() => null;
            int Sum() => ((Foo)_w.Target ?? throw new ObjectDisposedException(nameof(Foo))).Count + 1;
            async Task<string> Later() { await Task.Yield(); return ((Foo)_w.Target ?? throw new ObjectDisposedException(nameof(Foo))).Name; }
            string Text() { return (_w.Target ?? throw new ObjectDisposedException(nameof(_w))).ToString(); }
            int IComparable.CompareTo(object other) => ((Foo)_w.Target ?? throw new ObjectDisposedException(nameof(Foo))).Count;
        }
        """ + Foo);

    [Fact]
    public Task FixOfAnArrowWithoutValueIsABlock() => Verify<WREF101_UncheckedTarget, WREF101_GuardTarget>.Fix(
        """
        class C
        {
            WeakReference _w;

            void M() => Take([|((Foo)_w.Target).Count|]); // counts

            int P
            {
                set => Take([|((Foo)_w.Target).Count|]);
            }

            static void Take(int n) { }
        }
        """ + Foo,
        """
        class C
        {
            WeakReference _w;

            void M()
            {
                if (_w.Target is Foo target)
                {
                    Take(target.Count);
                }
            } // counts

            int P
            {
                set
                {
                    if (_w.Target is Foo target)
                    {
                        Take(target.Count);
                    }
                }
            }

            static void Take(int n) { }
        }
        """ + Foo);

    [Fact]
    public Task NoFixWhereAnotherReadInTheStatementIsTested() => Verify<WREF101_UncheckedTarget, WREF101_GuardTarget>.NoFix("""
        class C
        {
            WeakReference _w;

            void Either(WeakReference old)
            {
                if (old.Target == null && [|((Foo)old.Target).Open|]) { Console.WriteLine(); }
            }

            void Argument(WeakReference old) => Use(old.Target is null, [|((Foo)old.Target).Count|]);

            void Inside(WeakReference old)
            {
                if ([|((Foo)old.Target).Open|])
                {
                    if (old.Target is Foo) { Console.WriteLine(); }
                }
            }

            static void Use(bool gone, int n) { }
        }
        """ + Foo);

    [Fact]
    public Task NoFixWhereADeadTargetLeavesNoAnswer() => Verify<WREF101_UncheckedTarget, WREF101_GuardTarget>.NoFix("""
        class C
        {
            WeakReference _w;

            int Declared() { var n = [|((Foo)_w.Target).Count|]; return n; }
            int Unboxed() => [|(int)_w.Target|];
            void Thrown() { throw [|(Exception)_w.Target|]; }
            void Out(out int n) { n = [|((Foo)_w.Target).Count|]; }
            int Assigned() { int n; n = [|((Foo)_w.Target).Count|]; return n; }
            int Locked() { lock ([|_w.Target|]) { return 1; } }
            void Strict() { if (![|((Foo)_w.Target).Open|]) throw new Exception(); }
            void Using() { using var stream = [|((FileInfo)_w.Target).OpenRead()|]; stream.ReadByte(); }
            Func<int> Lambda() => () => [|((Foo)_w.Target).Count|];
            void LambdaInside(List<int> list) { list.ForEach(x => Console.WriteLine([|((Foo)_w.Target).Count|])); }
            int Constructor = [|((Foo)s_w.Target).Count|];
            static WeakReference s_w;
        }
        """ + Foo);

    [Fact]
    public Task NoFixThatTakesARangeVariableOutOfItsQuery() => Verify<WREF101_UncheckedTarget, WREF101_GuardTarget>.NoFix("""
        class C
        {
            IEnumerable<int> M(List<WeakReference> list)
            {
                var lengths = from reference in list
                              select {|WREF101:((string)reference.Target).Length|};
                return lengths;
            }
        }
        """);

    [Fact]
    public Task NoFixAcrossConditionalCompilation() => Verify<WREF101_UncheckedTarget, WREF101_GuardTarget>.NoFix("""
        class C
        {
            WeakReference _w;

            void M()
            {
                foreach (var item in [|(List<int>)_w.Target|])
                {
        #if NEVER
                    Console.WriteLine(item);
        #endif
                }
            }
        }
        """);

    [Fact]
    public Task AssertionsOfOnesOwn() => Verify<WREF101_UncheckedTarget>.Diagnostics("""
        class T
        {
            void Verify(bool holds, string text) { if (!holds) { Console.WriteLine(text); throw new Exception(text); } }
            void Refute(bool holds) { if (holds) throw new Exception(); }
            void Tell(bool holds) { if (!holds) Console.WriteLine(); }
            void Alive(WeakReference w) { Verify(w.IsAlive, "died"); var s = w.Target as string; Console.WriteLine(s.Length); }
            void Dead(WeakReference w) { Refute(!w.IsAlive); var s = w.Target as string; Console.WriteLine(s.Length); }
            void Told(WeakReference w) { Tell(w.Target != null); var s = w.Target as string; Console.WriteLine([|s.Length|]); }
        }
        """);
}
