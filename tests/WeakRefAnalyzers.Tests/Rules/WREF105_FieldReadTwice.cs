namespace WeakRefAnalyzers.Tests;

public class WREF105_FieldReadTwiceTests
{
    [Fact]
    public Task Message_and_causes() => Verify<WREF105_FieldReadTwice>.Diagnostics("""
        class C
        {
            private volatile WeakReference<object> _w;
            object Get() => {|#1:_w|} != null && {|#0:_w|}.TryGetTarget(out var t) ? t : null;
            void Reset() => {|#2:_w = null|};
        }
        """,
        Verify<WREF105_FieldReadTwice>.Diagnostic().WithLocation(0).WithLocation(1).WithLocation(2).WithMessage(
            "'_w' may be null here although it was tested, since 'Reset' can set it to null in between; copy the field to a "
                + "local, and test and use that"));

    [Theory]
    [InlineData("if (_w != null && [|_w|].IsAlive) Use(null);")]
    [InlineData("if (_w != null) Use([|_w|].Target);")]
    [InlineData("if (this._w is not null) { Use([|this._w|].Target); Use(_w.Target); }")]
    [InlineData("if (null == _w) return; Use([|_w|].Target);")]
    [InlineData("if (_w is null) { Use(null); return; } var t = [|_w|].Target;")]
    [InlineData("var t = _w == null ? null : [|_w|].Target;")]
    [InlineData("var dead = _w == null || ![|_w|].IsAlive;")]
    public Task Reports_a_test_and_a_second_read(string statement)
        => Verify<WREF105_FieldReadTwice>.Diagnostics(Reader(statement, "_w = null;"));

    [Theory]
    [InlineData("_w = o == null ? null : new WeakReference(o);")]
    [InlineData("_w = Make(o);")]
    [InlineData("Interlocked.Exchange(ref _w, null);")]
    public Task Reports_whatever_may_reset_it(string reset)
        => Verify<WREF105_FieldReadTwice>.Diagnostics(Reader("if (_w != null) Use([|_w|].Target);", reset));

    [Theory]
    [InlineData("var w = _w; if (w != null) Use(w.Target);")]
    [InlineData("Use(_w?.Target);")]
    [InlineData("if (_w == null) _w = new WeakReference(this); Use(_w.Target);")]
    [InlineData("Use(_w.Target);")]
    [InlineData("lock (this) { if (_w != null) Use(_w.Target); }")]
    [InlineData("if (_w != null) Use(null); Use(_w.Target);")]
    [InlineData("if (_w != null) Later(() => Use(_w.Target));")]
    [InlineData("if (_w is { } w) Use(w.Target);")]
    public Task Silent_for_one_read(string statement) => Verify<WREF105_FieldReadTwice>.Diagnostics(Reader(statement, "_w = null;"));

    [Theory]
    [InlineData("_w", "int _x;")]
    [InlineData("[|_w|]", "volatile int _x;")]
    [InlineData("[|_w|]", "void N() { lock (this) { } }")]
    [InlineData("[|_w|]", "async Task N() => await Task.Yield();")]
    [InlineData("[|_w|]", "void N() => Interlocked.Increment(ref _n); int _n;")]
    [InlineData("[|_w|]", "void N() => ThreadPool.QueueUserWorkItem(_ => Reset());")]
    [InlineData("[|_w|]", "~C() => Reset();")]
    public Task OnlyWhereSomethingSaysThatThereAreSeveralThreads(string read, string sign) =>
        Verify<WREF105_FieldReadTwice>.Diagnostics($$"""
        class C
        {
            WeakReference _w;
            object Get() => _w != null ? {{read}}.Target : null;
            void Reset() => _w = null;
            {{sign}}
        }
        """);

    [Fact]
    public Task Silent_where_nothing_takes_it_away() => Verify<WREF105_FieldReadTwice>.Diagnostics("""
        class C
        {
            private WeakReference _own, _replaced, _once;
            [ThreadStatic] private static WeakReference t_mine;
            private readonly WeakReference _fixed;
            public C() { _once = null; _fixed = null; }
            object Own()
            {
                if (_own != null && _own.Target is { } t) return t;
                _own = null;
                return null;
            }
            void Replace(object o) => _replaced = new WeakReference(o);
            object Replaced() => _replaced != null ? _replaced.Target : null;
            object Once() => _once != null ? _once.Target : null;
            object Fixed() => _fixed != null ? _fixed.Target : null;
            object Mine() => t_mine != null ? t_mine.Target : null;
            void Clear() => t_mine = null;
        }
        class Affine
        {
            private WeakReference _text;
            void VerifyAccess() { }
            object Text { get { VerifyAccess(); return _text != null ? _text.Target : null; } }
            void Change() => _text = null;
        }
        """);

    [Fact]
    public Task Knows_accessors_static_fields_and_parts() => Verify<WREF105_FieldReadTwice>.Diagnostics("""
        partial class C
        {
            private static volatile WeakReference<object> s_w;
            object Value
            {
                get => s_w != null && [|s_w|].TryGetTarget(out var t) ? t : null;
                set => s_w = value == null ? null : new WeakReference<object>(value);
            }
            private WeakReference _other;
            object Other() => _other != null ? [|_other|].Target : null;
        }
        partial class C
        {
            ~C() { _other = null; }
        }
        """);

    [Fact]
    public Task Knows_configured_types() => Verify<WREF105_FieldReadTwice>.Diagnostics("""
        class Weak { public object Target => null; }
        class C
        {
            private volatile Weak _w;
            object Get() => _w != null ? [|_w|].Target : null;
            void Reset() => _w = null;
        }
        """, new Options { EditorConfig = "weakref_analyzers.reference_types = Weak" });

    [Fact]
    public Task Old_and_broken_code() => Verify<WREF105_FieldReadTwice>.Diagnostics("""
        using System;
        class C
        {
            private volatile WeakReference _w;
            object Get() { if (_w != null && [|_w|].IsAlive) { return Missing(_w.); } return null }
            void Reset() { _w = null; }
        """, new Options { NetFramework = true, Language = LanguageVersion.CSharp7_3, CompilerErrors = true });

    [Fact]
    public Task Fix_copies_the_field_and_Trivia_stays() => Verify<WREF105_FieldReadTwice, WREF105_CopyField>.Fix("""
        class C
        {
            private volatile WeakReference<object> _w;

            object First()
            {
                // Still there?
                if (_w != null && [|_w|].TryGetTarget(out var t)) // yes
                {
                    return t;
                }

                return null;
            }

            object Second()
            {
                if (this._w == null)
                    return null;

                // Read it.
                [|this._w|].TryGetTarget(out var t);
                return t;
            }

            void Reset() => _w = null;
        }
        """, """
        class C
        {
            private volatile WeakReference<object> _w;

            object First()
            {
                // Still there?
                var w = _w;
                if (w != null && w.TryGetTarget(out var t)) // yes
                {
                    return t;
                }

                return null;
            }

            object Second()
            {
                var w = this._w;
                if (w == null)
                    return null;

                // Read it.
                w.TryGetTarget(out var t);
                return t;
            }

            void Reset() => _w = null;
        }
        """);

    [Fact]
    public Task No_fix_in_a_loop_or_where_the_method_stores() => Verify<WREF105_FieldReadTwice, WREF105_CopyField>.NoFix("""
        class C
        {
            private volatile WeakReference _w;
            object Cached(object o)
            {
                if (_w != null && [|_w|].Target is { } t)
                {
                    return t;
                }

                _w = new WeakReference(o);
                return o;
            }
            void Loop()
            {
                while (_w != null && [|_w|].IsAlive)
                {
                    Thread.Sleep(1);
                }
            }
            void Reset() => _w = null;
        }
        """);

    [Fact]
    public Task Fix_of_an_arrow_makes_a_block() => Verify<WREF105_FieldReadTwice, WREF105_CopyField>.Fix(
        """
        class C
        {
            private volatile WeakReference _reference;

            object Get() => _reference != null ? [|_reference|].Target : null; // or null

            object Target => _reference != null ? [|_reference|].Target : null;

            void Reset() => _reference = null;
        }
        """,
        """
        class C
        {
            private volatile WeakReference _reference;

            object Get()
            {
                var reference = _reference;
                return reference != null ? reference.Target : null;
            } // or null

            object Target
            {
                get
                {
                    var reference = _reference;
                    return reference != null ? reference.Target : null;
                }
            }

            void Reset() => _reference = null;
        }
        """);

    private static string Reader(string statement, string reset) => $$"""
        class C
        {
            private volatile WeakReference _w;
            void Read()
            {
                {{statement}}
            }
            void Reset(object o)
            {
                {{reset}}
            }
            static WeakReference Make(object o) => o == null ? null : new WeakReference(o);
            void Use(object o) { }
            void Later(Action action) { }
        }
        """;
}
