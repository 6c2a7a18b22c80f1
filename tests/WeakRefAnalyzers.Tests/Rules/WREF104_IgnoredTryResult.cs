namespace WeakRefAnalyzers.Tests;

public class WREF104_IgnoredTryResultTests
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
    public Task DereferencedWhereTheCallMayHaveReturnedFalse() => Verify<WREF104_IgnoredTryResult>.Diagnostics("""
        class C
        {
            WeakReference<Foo> _w;
            WeakRef<Foo> _r;

            void Ignored() { _w.TryGetTarget(out var foo); [|foo.Close()|]; foo.Close(); }
            void Discarded() { _ = _r.TryGetTarget(out var foo); [|foo.X|] = 1; }
            string Returned() { _w.TryGetTarget(out Foo foo); return [|foo.Name|]; }
            void Declared() { Foo foo; _w.TryGetTarget(out foo); [|foo.Close()|]; }
            void Flag() { bool ok = _w.TryGetTarget(out var foo); [|foo.Close()|]; if (ok) foo.Close(); }
            void WrongBranch() { if (!_w.TryGetTarget(out var foo)) [|foo.Close()|]; }
            void EqualsFalse() { if (_w.TryGetTarget(out var foo) == false) [|foo.Close()|]; }
            void Or(bool force) { if (_w.TryGetTarget(out var foo) || force) [|foo.Close()|]; }
            void After() { if (_w.TryGetTarget(out var foo)) { Console.WriteLine("alive"); } [|foo.Close()|]; }
            void Loop() { foreach (var w in new[] { _w }) { w.TryGetTarget(out var foo); [|foo.Close()|]; } }
            Action Captured() { _w.TryGetTarget(out var foo); return () => [|foo.Close()|]; }
        }
        """ + Foo);

    [Fact]
    public Task ResultUnderstood() => Verify<WREF104_IgnoredTryResult>.Diagnostics("""
        class C
        {
            WeakReference<Foo> _w, _v;

            void If() { if (_w.TryGetTarget(out var foo)) foo.Close(); }
            void Exit() { if (!_w.TryGetTarget(out var foo)) return; foo.Close(); }
            void Throw() { if (!_w.TryGetTarget(out var foo)) throw new Exception(); foo.Close(); }
            void Flag() { bool ok = _w.TryGetTarget(out var foo); if (ok) foo.Close(); }
            void NotFlag() { var ok = _w.TryGetTarget(out var foo); if (!ok) return; foo.Close(); }
            void Assigned() { bool ok; ok = _w.TryGetTarget(out var foo); if (ok && foo.Open) foo.Close(); }
            void EqualsFalse() { if (_w.TryGetTarget(out var foo) == false) return; foo.Close(); }
            void IsTrue() { if (_w.TryGetTarget(out var foo) is true) foo.Close(); }
            void And() { if (_w.TryGetTarget(out var a) && _v.TryGetTarget(out var b) && a.Open) { a.Close(); b.Close(); } }
            void Or() { if (!_w.TryGetTarget(out var a) || !_v.TryGetTarget(out var b)) return; a.Close(); b.Close(); }
            bool Escape() => !_w.TryGetTarget(out var foo) || foo.Open;
            string Conditional() => _w.TryGetTarget(out var foo) ? foo.Name : "";
            void While() { while (_w.TryGetTarget(out var foo)) foo.Close(); }
            void Refilled() { if (!_w.TryGetTarget(out var foo)) { foo = new Foo(); } foo.Close(); }
            void Null() { _w.TryGetTarget(out var foo); if (foo != null) foo.Close(); }
            void Pattern() { _w.TryGetTarget(out var foo); if (foo is { Open: true }) foo.Close(); }
        }
        """ + Foo);

    [Fact]
    public Task IgnoringTheResultIsFineWhereNullIs() => Verify<WREF104_IgnoredTryResult>.Diagnostics("""
        class C
        {
            WeakReference<Foo> _w;
            Foo _foo;

            Foo Returned() { _w.TryGetTarget(out var foo); return foo; }
            void Question() { _w.TryGetTarget(out var foo); foo?.Close(); }
            bool Compared(Foo other) { _w.TryGetTarget(out var foo); return foo == other; }
            bool Same(Foo other) { _w.TryGetTarget(out var foo); return ReferenceEquals(foo, other) || Equals(foo, other); }
            void Passed() { _w.TryGetTarget(out var foo); Use(foo); }
            void Stored() { _w.TryGetTarget(out _foo); }
            Foo Coalesced() { _w.TryGetTarget(out var foo); return foo ?? new Foo(); }
            bool Asked() => _w.TryGetTarget(out _);
            static void Use(Foo foo) { }
        }

        class Cache
        {
            public bool TryGetTarget(out Foo foo) { foo = new Foo(); return true; }
            void M() { TryGetTarget(out var foo); foo.Close(); }
        }
        """ + Foo);

    [Fact]
    public Task TheMethodStillHoldsTheTarget() => Verify<WREF104_IgnoredTryResult>.Diagnostics("""
        class C
        {
            void M(Foo foo)
            {
                var w = new WeakReference<Foo>(foo);
                w.TryGetTarget(out var same);
                same.Close();
                GC.KeepAlive(foo);
            }
        }
        """ + Foo);

    /// <summary>What the factory has made is kept in a variable of the method until its weak reference has been read.</summary>
    [Fact]
    public Task ALambdaKeepsWhatItMade() => Verify<WREF104_IgnoredTryResult>.Diagnostics("""
        class C
        {
            void Kept(bool any)
            {
                object keep = null;
                Func<WeakReference<Foo>> make = () => { var made = new Foo(); keep = made; return new WeakReference<Foo>(made); };
                make().TryGetTarget(out var foo);
                GC.KeepAlive(keep);
                foo.Close();
            }

            void Other(bool any, object other)
            {
                Func<WeakReference<Foo>> make = () => { var made = new Foo(); return new WeakReference<Foo>(made); };
                make().TryGetTarget(out var foo);
                GC.KeepAlive(other);
                [|foo.Close()|];
            }
        }
        """ + Foo);

    [Fact]
    public Task Wrappers() => Verify<WREF104_IgnoredTryResult>.Diagnostics("""
        class C
        {
            WeakReference<Foo> _w;

            bool TryGet(out Foo foo) => _w.TryGetTarget(out foo);

            void Bad() { TryGet(out var foo); [|foo.Close()|]; }
            void Good() { if (TryGet(out var foo)) foo.Close(); }
        }
        """ + Foo);

    [Fact]
    public Task MessageAndCause() => Verify<WREF104_IgnoredTryResult>.Diagnostics(
        """
        class C
        {
            int M(WeakReference<string> cached)
            {
                {|#1:cached.TryGetTarget(out var text)|};
                return {|#0:text.Length|};
            }
        }
        """,
        Verify<WREF104_IgnoredTryResult>
            .Diagnostic()
            .WithLocation(0)
            .WithLocation(1)
            .WithArguments("text", "cached.TryGetTarget(out var text)"));

    [Fact]
    public Task NullableContext() => Verify<WREF104_IgnoredTryResult>.Diagnostics(
        """
        class C
        {
            WeakReference<string> w = null!;

            int A() { w.TryGetTarget(out var text); return [|text!.Length|]; }
            int B() => w.TryGetTarget(out var text) ? text.Length : 0;
        }
        """,
        new Options { Nullable = true });

    [Fact]
    public Task OldLanguageOnNetFramework() => Verify<WREF104_IgnoredTryResult, WREF104_TestResult>.Fix(
        """
        using System;

        class C
        {
            WeakReference<string> _w;

            void M()
            {
                string text;
                _w.TryGetTarget(out text);
                Console.WriteLine([|text.Length|]);
            }
        }
        """,
        """
        using System;

        class C
        {
            WeakReference<string> _w;

            void M()
            {
                string text;
                if (_w.TryGetTarget(out text))
                {
                    Console.WriteLine(text.Length);
                }
            }
        }
        """,
        new Options { NetFramework = true, Language = LanguageVersion.CSharp7_3 });

    [Fact]
    public Task BrokenCode() => Verify<WREF104_IgnoredTryResult>.Diagnostics(
        """
        class C
        {
            void M(WeakReference<string> w, Unknown u)
            {
                u.TryGetTarget(out var a); a.ToString();
                w.TryGetTarget(out var b); _ = [|b.Missing|];
                w.TryGetTarget(out var ); 
                w.TryGetTarget(
            }
        """,
        new Options { CompilerErrors = true });

    [Fact]
    public Task FixPutsTheUsesUnderTheCall() => Verify<WREF104_IgnoredTryResult, WREF104_TestResult>.Fix(
        """
        class C
        {
            WeakReference<Foo> _w;

            void M()
            {
                _w.TryGetTarget(out var foo);
                [|foo.Close()|];
                Console.WriteLine(foo.Name);
                Console.WriteLine("always");
            }

            void Declaration()
            {
                _ = _w.TryGetTarget(out var foo);
                var name = [|foo.Name|];
                Console.WriteLine(name);
            }

            void Flag()
            {
                bool ok = _w.TryGetTarget(out var foo);
                [|foo.Close()|];
                Console.WriteLine(ok);
            }
        }
        """ + Foo,
        """
        class C
        {
            WeakReference<Foo> _w;

            void M()
            {
                if (_w.TryGetTarget(out var foo))
                {
                    foo.Close();
                    Console.WriteLine(foo.Name);
                }
                Console.WriteLine("always");
            }

            void Declaration()
            {
                if (_w.TryGetTarget(out var foo))
                {
                    var name = foo.Name;
                    Console.WriteLine(name);
                }
            }

            void Flag()
            {
                bool ok = _w.TryGetTarget(out var foo);
                if (ok)
                {
                    foo.Close();
                }
                Console.WriteLine(ok);
            }
        }
        """ + Foo);

    [Fact]
    public Task FixAsksTheVariableWhereTheCallStandsElsewhere() => Verify<WREF104_IgnoredTryResult, WREF104_TestResult>.Fix(
        """
        class C
        {
            WeakReference<Foo> _w;

            void Apart()
            {
                _w.TryGetTarget(out var foo);
                Console.WriteLine("always");
                [|foo.X|] = 1;
            }

            void Nested(bool b)
            {
                _w.TryGetTarget(out var foo);
                if (b) { [|foo.Close()|]; } else { Console.WriteLine(); }
            }

            void Or(bool force)
            {
                if (_w.TryGetTarget(out var foo) || force)
                    [|foo.Close()|];
            }
        }
        """ + Foo,
        """
        class C
        {
            WeakReference<Foo> _w;

            void Apart()
            {
                _w.TryGetTarget(out var foo);
                Console.WriteLine("always");
                if (foo != null)
                {
                    foo.X = 1;
                }
            }

            void Nested(bool b)
            {
                _w.TryGetTarget(out var foo);
                if (b) { foo?.Close(); } else { Console.WriteLine(); }
            }

            void Or(bool force)
            {
                if (_w.TryGetTarget(out var foo) || force)
                    foo?.Close();
            }
        }
        """ + Foo);

    [Fact]
    public Task FixKeepsTrivia() => Verify<WREF104_IgnoredTryResult, WREF104_TestResult>.Fix(
        """
        class C
        {
            WeakReference<Foo> _w;

            void M()
            {
                // ask
                _w.TryGetTarget(out Foo foo /* the owner */); // may be gone

                // use
                [|foo.Close()|]; // done

                // after
                Console.WriteLine();
            }
        }
        """ + Foo,
        """
        class C
        {
            WeakReference<Foo> _w;

            void M()
            {
                // ask
                if (_w.TryGetTarget(out Foo foo /* the owner */)) // may be gone
                {

                    // use
                    foo.Close();
                } // done

                // after
                Console.WriteLine();
            }
        }
        """ + Foo);

    [Fact]
    public Task FixAll() => Verify<WREF104_IgnoredTryResult, WREF104_TestResult>.Fix(
        """
        class C
        {
            WeakReference<Foo> _w, _v;

            void M()
            {
                _w.TryGetTarget(out var a);
                [|a.Close()|];
                _v.TryGetTarget(out var b);
                [|b.Close()|];
            }
        }
        """ + Foo,
        """
        class C
        {
            WeakReference<Foo> _w, _v;

            void M()
            {
                if (_w.TryGetTarget(out var a))
                {
                    a.Close();
                }
                if (_v.TryGetTarget(out var b))
                {
                    b.Close();
                }
            }
        }
        """ + Foo);

    [Fact]
    public Task NoFix() => Verify<WREF104_IgnoredTryResult, WREF104_TestResult>.NoFix("""
        class C
        {
            WeakReference<Foo> _w;

            string Later() { _w.TryGetTarget(out var foo); var name = [|foo.Name|]; return name; }
            void Out(out int n) { _w.TryGetTarget(out var foo); n = [|foo.X|]; }
            void Throw() { _w.TryGetTarget(out var foo); throw new Exception([|foo.Name|] + "!"); }
            Func<int> Lambda() { _w.TryGetTarget(out var foo); return () => [|foo.X|]; }

            void Conditional()
            {
                _w.TryGetTarget(out var foo);
        #if NEVER
                Console.WriteLine();
        #endif
                [|foo.X|] = 1;
            }
        }
        """ + Foo);

    [Fact]
    public Task FixLeavesNoSuppressionUnderTheTest() => Verify<WREF104_IgnoredTryResult, WREF104_TestResult>.Fix(
        """
        class C
        {
            void Call(WeakReference<string> w)
            {
                w.TryGetTarget(out var s);
                Console.WriteLine([|s!.Length|]);
                Console.WriteLine(s!.Trim());
            }
        }
        """,
        """
        class C
        {
            void Call(WeakReference<string> w)
            {
                if (w.TryGetTarget(out var s))
                {
                    Console.WriteLine(s.Length);
                    Console.WriteLine(s.Trim());
                }
            }
        }
        """,
        new Options { Nullable = true });

    [Fact]
    public Task FixOfAMethodWithoutAResult() => Verify<WREF104_IgnoredTryResult, WREF104_TestResult>.Fix(
        """
        using WeakRefs.Annotations;

        class C
        {
            WeakReference w;

            void Get([WeakRead] out object o) { o = w.Target; }

            void M()
            {
                Get(out var o);
                lock ([|o|]) { Console.WriteLine(); }
            }
        }
        """,
        """
        using WeakRefs.Annotations;

        class C
        {
            WeakReference w;

            void Get([WeakRead] out object o) { o = w.Target; }

            void M()
            {
                Get(out var o);
                if (o != null)
                {
                    lock (o) { Console.WriteLine(); }
                }
            }
        }
        """);

    [Fact]
    public Task FixOfWhatIsReturnedThrows() => Verify<WREF104_IgnoredTryResult, WREF104_TestResult>.Fix(
        """
        class C
        {
            WeakReference<string> _w;

            int Returned() { _w.TryGetTarget(out var text); return [|text.Length|]; }
        }
        """,
        """
        class C
        {
            WeakReference<string> _w;

            int Returned() { _w.TryGetTarget(out var text); return (text ?? throw new ObjectDisposedException(nameof(text))).Length; }
        }
        """);
}
