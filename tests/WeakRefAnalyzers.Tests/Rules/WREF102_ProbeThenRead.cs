namespace WeakRefAnalyzers.Tests;

public class WREF102_ProbeThenReadTests
{
    private const string Foo = """

        class Foo
        {
            public int X;
            public string Name = "";
            public bool Open;
            public void Close() { }
        }
        """;

    [Fact]
    public Task EveryUseAsIfAlive() => Verify<WREF102_ProbeThenRead>.Diagnostics("""
        class C
        {
            WeakReference _w;
            object _field;

            void Dereferenced() { if (_w.IsAlive) [|_w.Target|].ToString(); }
            void Passed() { if (_w.IsAlive) Use([|_w.Target|]); }
            void Stored() { if (_w.IsAlive) _field = [|_w.Target|]; }
            object Returned() { if (_w.IsAlive) return [|_w.Target|]; throw new Exception(); }
            void Local() { if (_w.IsAlive) { var foo = (Foo)[|_w.Target|]; foo.Close(); } }
            bool And() => _w.IsAlive && ((Foo)[|_w.Target|]).Open;
            bool Or() => !_w.IsAlive || ((Foo)[|_w.Target|]).Open;
            string Conditional() => _w.IsAlive ? ((Foo)[|_w.Target|]).Name : "";
            void EarlyExit() { if (!_w.IsAlive) return; [|_w.Target|].ToString(); }
            void EarlyThrow() { if (!_w.IsAlive) { throw new Exception(); } Use([|_w.Target|]); }
            void Flag() { bool alive = _w.IsAlive; if (alive) [|_w.Target|].ToString(); }
            void While() { while (_w.IsAlive) { ((Foo)[|_w.Target|]).Close(); } }
            void EqualsTrue() { if (_w.IsAlive == true) [|_w.Target|].ToString(); }
            void IsTrue() { if (_w.IsAlive is true) [|_w.Target|].ToString(); }
            void Property() { if (_w is { IsAlive: true }) [|_w.Target|].ToString(); }
            void Element(List<WeakReference> list) { for (var i = 0; i < list.Count; i++) if (list[i].IsAlive) [|list[i].Target|].ToString(); }
            void Loop(List<WeakReference> list) { foreach (var w in list) { if (!w.IsAlive) continue; [|w.Target|].ToString(); } }
            static void Use(object o) { o.ToString(); }
        }
        """ + Foo);

    [Fact]
    public Task EveryKindOfProbe() => Verify<WREF102_ProbeThenRead>.Diagnostics("""
        class C
        {
            WeakReference _weak;
            WeakReference<Foo> _generic;
            WeakRef<Foo> _ref;
            GCHandle _handle = GCHandle.Alloc(new object(), GCHandleType.Weak);

            bool IsAlive => _weak.IsAlive;
            object Target => _weak.Target;

            void Generic() { if (_generic.TryGetTarget(out _)) { [|_generic.TryGetTarget(out var foo)|]; foo.Close(); } }
            void Ref() { if (_ref.TryGetTarget(out _)) [|_ref.Deref()|].Close(); }
            void Handle() { if (_handle.IsAllocated) [|_handle.Target|].ToString(); }
            void Wrapper() { if (IsAlive) [|Target|].ToString(); }
            void Mixed() { if (IsAlive) [|_weak.Target|].ToString(); }
        }
        """ + Foo);

    [Fact]
    public Task Pipelines() => Verify<WREF102_ProbeThenRead>.Diagnostics("""
        class C
        {
            List<WeakReference> _list;

            IEnumerable<object> A() => _list.Where(w => w.IsAlive).Select(w => [|w.Target|]);
            void B() { foreach (var foo in _list.Where(w => w.IsAlive).Select(w => (Foo)[|w.Target|])) foo.Close(); }
            void D() { foreach (var w in _list.Where(w => w.IsAlive)) [|w.Target|].ToString(); }
            void E() { foreach (var foo in _list.Select(w => w.Target).Where(t => t != null)) foo.ToString(); }
            void F() { foreach (var foo in _list.Select(w => w.Target).OfType<Foo>()) foo.Close(); }
            int G() => _list.Where(w => w.IsAlive).Count();
            void H() { foreach (var w in _list.Where(w => w.IsAlive)) if (w.Target is Foo foo) foo.Close(); }
        }
        """ + Foo);

    [Fact]
    public Task NegativeUseAndOtherReferencesAreSilent() => Verify<WREF102_ProbeThenRead>.Diagnostics("""
        class C
        {
            WeakReference _w, _v;
            List<WeakReference> _list;

            void Prune() { _list.RemoveAll(w => !w.IsAlive); }
            bool Ask() => _w.IsAlive;
            void NoRead() { if (!_w.IsAlive) return; Console.WriteLine("alive"); }
            void StrongFirst() { var t = (Foo)_w.Target; if (_w.IsAlive) t.Close(); }
            void Checked() { if (_w.IsAlive) { var t = (Foo)_w.Target; if (t != null) t.Close(); } }
            void CheckedByPattern() { if (_w.IsAlive && _w.Target is Foo foo) foo.Close(); }
            void Question() { if (_w.IsAlive) (_w.Target as Foo)?.Close(); }
            void Dead() { if (!_w.IsAlive) { _w.Target = new Foo(); } }
            void Rebound() { if (_w.IsAlive) { _w = _v; Use(_w.Target); } }
            void Written() { if (_w.IsAlive) { _w.Target = null; Use(_w.Target); } }
            void OtherReference() { if (_w.IsAlive) Use(_v.Target); }
            void Compared(object other) { if (_w.IsAlive && ReferenceEquals(_w.Target, other)) Console.WriteLine(); }
            void Equal(object other) { if (_w.IsAlive && other.Equals(_w.Target)) Console.WriteLine(); }
            void Tolerant() { if (_w.IsAlive) Use(_w.Target); }
            object OrNull() { if (_w.IsAlive) return _w.Target; return null; }
            object OrDefault() => _w.IsAlive ? _w.Target : default;
            static void Use(object o) { if (o == null) return; o.ToString(); }
        }
        """ + Foo);

    [Fact]
    public Task OtherMembersOfThoseNamesAreSilent() => Verify<WREF102_ProbeThenRead>.Diagnostics("""
        class C
        {
            GCHandle _strong = GCHandle.Alloc(new object());

            void M(Thread thread, Func<int> function, Actor actor, IntPtr pointer)
            {
                if (thread.IsAlive) thread.Name.ToString();
                if (function != null) function.Target.ToString();
                if (actor.IsAlive) actor.Target.ToString();
                if (_strong.IsAllocated) _strong.Target.ToString();
                var handle = GCHandle.FromIntPtr(pointer);
                if (handle.IsAllocated) handle.Target.ToString();
            }
        }

        class Actor { public bool IsAlive; public object Target; }
        """);

    [Fact]
    public Task DeclaredNullableIsSilent() => Verify<WREF102_ProbeThenRead>.Diagnostics(
        """
        class C
        {
            WeakReference w = null!;

            object? Get() { if (w.IsAlive) return w.Target; throw new Exception(); }
            object Bad() { if (w.IsAlive) return [|w.Target|]!; throw new Exception(); }
        }
        """,
        new Options { Nullable = true });

    [Fact]
    public Task MessageAndCause() => Verify<WREF102_ProbeThenRead>.Diagnostics(
        """
        class C
        {
            void M(WeakReference cached)
            {
                if ({|#1:cached.IsAlive|})
                    Console.WriteLine({|#0:cached.Target|}.ToString());
            }
        }
        """,
        Verify<WREF102_ProbeThenRead>.Diagnostic().WithLocation(0).WithLocation(1).WithArguments("cached.Target", "cached.IsAlive"));

    [Fact]
    public Task BrokenCode() => Verify<WREF102_ProbeThenRead>.Diagnostics(
        """
        class C
        {
            void M(WeakReference w, Unknown u)
            {
                if (u.IsAlive) u.Target.ToString();
                if (w.IsAlive) { _ = [|w.Target|].Missing; }
                if (w.IsAlive
            }
        """,
        new Options { CompilerErrors = true });

    [Fact]
    public Task OldLanguageOnNetFramework() => Verify<WREF102_ProbeThenRead, WREF102_WREF103_ReadOnce>.Fix(
        """
        using System;
        using WeakRefs;

        class C
        {
            WeakReference _w;
            WeakRef<string> _r;

            void Branch() { if (_w.IsAlive) ((C)[|_w.Target|]).Exit(); }
            void NoCast() { if (_w.IsAlive) [|_w.Target|].ToString(); }
            void Ref() { if (_r.TryGetTarget(out _)) [|_r.Deref()|].Trim(); }

            void Exit()
            {
                if (!_w.IsAlive)
                    return;
                ((C)[|_w.Target|]).Branch();
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

            void Branch() { if (_w.Target is C target) target.Exit(); }
            void NoCast() { if (_w.Target is object target) target.ToString(); }
            void Ref() { if (_r.Deref() is string target) target.Trim(); }

            void Exit()
            {
                if (!(_w.Target is C target))
                    return;
                target.Branch();
            }
        }
        """,
        new Options { NetFramework = true, Language = LanguageVersion.CSharp7_3 });

    [Fact]
    public Task FixReadsIntoAPattern() => Verify<WREF102_ProbeThenRead, WREF102_WREF103_ReadOnce>.Fix(
        """
        class C
        {
            WeakReference _w;
            GCHandle _h = GCHandle.Alloc(new object(), GCHandleType.Weak);
            WeakReference<Foo> _g;
            bool IsLive => _w.IsAlive && Environment.TickCount > 0;

            void Branch() { if (_w.IsAlive) ((Foo)[|_w.Target|]).Close(); }
            void Further(bool b) { if (b && _w.IsAlive && ((Foo)[|_w.Target|]).Open) Console.WriteLine(); }
            bool Expression() => _w.IsAlive && ((Foo)[|_w.Target|]).Open;
            string Conditional() => _w.IsAlive ? ((Foo)[|_w.Target|]).Name : "";
            void Loop() { while (_w.IsAlive) { ((Foo)[|_w.Target|]).Close(); } }
            void Exit() { if (!_w.IsAlive) return; [|_w.Target|].ToString(); }
            void ExitOr() { if (!_w.IsAlive || !((Foo)[|_w.Target|]).Open) { return; } Console.WriteLine(); }
            void Handle() { if (_h.IsAllocated) [|_h.Target|].ToString(); }
            void Wrapper() { if (IsLive) [|_w.Target|].ToString(); }
            void Generic() { if (_g.TryGetTarget(out _)) { [|_g.TryGetTarget(out var foo)|]; foo.Close(); } }
        }
        """ + Foo,
        """
        class C
        {
            WeakReference _w;
            GCHandle _h = GCHandle.Alloc(new object(), GCHandleType.Weak);
            WeakReference<Foo> _g;
            bool IsLive => _w.IsAlive && Environment.TickCount > 0;

            void Branch() { if (_w.Target is Foo target) target.Close(); }
            void Further(bool b) { if (b && _w.Target is Foo target && target.Open) Console.WriteLine(); }
            bool Expression() => _w.Target is Foo target && target.Open;
            string Conditional() => _w.Target is Foo target ? target.Name : "";
            void Loop() { while (_w.Target is Foo target) { target.Close(); } }
            void Exit() { if (_w.Target is not { } target) return; target.ToString(); }
            void ExitOr() { if (_w.Target is not Foo target || !target.Open) { return; } Console.WriteLine(); }
            void Handle() { if (_h.IsAllocated && _h.Target is { } target) target.ToString(); }
            void Wrapper() { if (IsLive && _w.Target is { } target) target.ToString(); }
            void Generic() { if (_g.TryGetTarget(out var foo)) { foo.Close(); } }
        }
        """ + Foo);

    [Fact]
    public Task FixTakesTheLocalsPlaceAndKeepsTrivia() => Verify<WREF102_ProbeThenRead, WREF102_WREF103_ReadOnce>.Fix(
        """
        class C
        {
            WeakReference _w, _v;

            void M()
            {
                // still there?
                if (_w.IsAlive /* now */) // ask
                {
                    // the owner
                    Foo foo = (Foo)[|_w.Target|];

                    // close it
                    foo.Close(); // done
                }

                if (_v.IsAlive)
                {
                    var kept = (Foo)[|_v.Target|]; // with a comment
                    kept.Close();
                }
            }

            void Exit()
            {
                if (!_w.IsAlive)
                    return;

                var foo = (Foo)[|_w.Target|];
                foo.Close();
            }
        }
        """ + Foo,
        """
        class C
        {
            WeakReference _w, _v;

            void M()
            {
                // still there?
                if (_w.Target is Foo foo /* now */) // ask
                {
                    // the owner

                    // close it
                    foo.Close(); // done
                }

                if (_v.Target is Foo kept)
                {
                    // with a comment
                    kept.Close();
                }
            }

            void Exit()
            {
                if (_w.Target is not Foo foo)
                    return;

                foo.Close();
            }
        }
        """ + Foo);

    [Fact]
    public Task FixReordersAPipeline() => Verify<WREF102_ProbeThenRead, WREF102_WREF103_ReadOnce>.Fix(
        """
        class C
        {
            List<WeakReference> _list;

            void M()
            {
                foreach (var foo in _list
                    .Where(w => w.IsAlive) // alive
                    .Select(w => (Foo)[|w.Target|]))
                {
                    foo.Close();
                }
            }
        }
        """ + Foo,
        """
        class C
        {
            List<WeakReference> _list;

            void M()
            {
                foreach (var foo in _list
                    .Select(w => w.Target) // alive
                    .OfType<Foo>())
                {
                    foo.Close();
                }
            }
        }
        """ + Foo);

    [Fact]
    public Task FixAllGivesEveryTargetItsOwnName() => Verify<WREF102_ProbeThenRead, WREF102_WREF103_ReadOnce>.Fix(
        """
        class C
        {
            WeakReference _w, _v;

            void M()
            {
                if (_w.IsAlive) { ((Foo)[|_w.Target|]).Close(); ((Foo)_w.Target).X = 1; }
                if (_v.IsAlive) ((Foo)[|_v.Target|]).Close();
            }
        }
        """ + Foo,
        """
        class C
        {
            WeakReference _w, _v;

            void M()
            {
                if (_w.Target is Foo target) { target.Close(); target.X = 1; }
                if (_v.Target is Foo target2) target2.Close();
            }
        }
        """ + Foo);

    [Fact]
    public Task NestedFixAllTakesTwoRounds() => Verify<WREF102_ProbeThenRead, WREF102_WREF103_ReadOnce>.Fix(
        """
        class C
        {
            WeakReference _w, _v;

            void M()
            {
                if (_w.IsAlive)
                {
                    ((Foo)[|_w.Target|]).Close();
                    if (_v.IsAlive)
                        ((Foo)[|_v.Target|]).Close();
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
                if (_w.Target is Foo target)
                {
                    target.Close();
                    if (_v.Target is Foo target2)
                        target2.Close();
                }
            }
        }
        """ + Foo,
        new Options { FixAllIterations = 2 });

    [Fact]
    public Task NoFixWhereAPatternDoesNotReach() => Verify<WREF102_ProbeThenRead, WREF102_WREF103_ReadOnce>.NoFix("""
        class C
        {
            WeakReference _w, _v;

            void Flag() { var alive = _w.IsAlive; if (alive) [|_w.Target|].ToString(); }
            void Lambda() { if (_w.IsAlive) { Action a = () => [|_w.Target|].ToString(); a(); } }
            void Rebound() { if (_w.IsAlive) { Use([|_w.Target|]); _w = _v; } }
            void ElseLeaves() { if (_w.IsAlive) { Console.WriteLine(); } else { return; } Use([|_w.Target|]); }
            static void Use(object o) { o.ToString(); }

            void Conditional()
            {
                if (_w.IsAlive)
                {
        #if NEVER
                    Console.WriteLine();
        #endif
                    [|_w.Target|].ToString();
                }
            }
        }
        """);

    [Fact]
    public Task FixLeavesNoSecondVariable() => Verify<WREF102_ProbeThenRead, WREF102_WREF103_ReadOnce>.Fix(
        """
        class Image
        {
            public void Show() { }
        }

        class C
        {
            void Trailing(WeakReference w)
            {
                if (w.IsAlive)
                {
                    var image = (Image)[|w.Target|]; // of the page
                    image.Show();
                }
            }

            void NotFirst(WeakReference w)
            {
                if (w.IsAlive)
                {
                    Console.WriteLine();
                    var image = (Image)[|w.Target|];
                    image.Show();
                }
            }

            void NameTwice(WeakReference w, WeakReference v)
            {
                if (w.IsAlive)
                {
                    var image = (Image)[|w.Target|];
                    image.Show();
                }

                if (v == w)
                {
                    var image = new Image();
                    image.Show();
                }
            }
        }
        """,
        """
        class Image
        {
            public void Show() { }
        }

        class C
        {
            void Trailing(WeakReference w)
            {
                if (w.Target is Image image)
                {
                    // of the page
                    image.Show();
                }
            }

            void NotFirst(WeakReference w)
            {
                if (w.Target is Image image)
                {
                    Console.WriteLine();
                    image.Show();
                }
            }

            void NameTwice(WeakReference w, WeakReference v)
            {
                if (w.Target is Image target)
                {
                    target.Show();
                }

                if (v == w)
                {
                    var image = new Image();
                    image.Show();
                }
            }
        }
        """);
}
