namespace WeakRefAnalyzers.Tests;

public class WREF103_CheckedOtherReadTests
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
    public Task EveryKindOfCheck() => Verify<WREF103_CheckedOtherRead>.Diagnostics("""
        class C
        {
            WeakReference _w;
            WeakRef<Foo> _r;
            GCHandle _h = GCHandle.Alloc(new object(), GCHandleType.Weak);
            Foo Owner => (Foo)_w.Target;

            void NotEqual() { if (_w.Target != null) ((Foo)[|_w.Target|]).Close(); }
            void Reversed() { if (null != _w.Target) [|_w.Target|].ToString(); }
            void EarlyExit() { if (_w.Target == null) return; [|_w.Target|].ToString(); }
            void IsNull() { if (_w.Target is null) return; [|_w.Target|].ToString(); }
            void IsNotNull() { if (_w.Target is not null) Use([|_w.Target|]); }
            void Type() { if (_w.Target is Foo) ((Foo)[|_w.Target|]).Close(); }
            void As() { if ((_w.Target as Foo) != null) ((Foo)[|_w.Target|]).Close(); }
            void Question() { if (_w?.Target != null) [|_w.Target|].ToString(); }
            bool And() => _r.Deref() != null && [|_r.Deref()|].Open;
            string Conditional() => _r.Deref() == null ? "" : [|_r.Deref()|].Name;
            object Returned() { if (_w.Target != null) return [|_w.Target|]; throw new Exception(); }
            void Handle() { if (_h.Target != null) [|_h.Target|].ToString(); }
            void Wrapper() { if (Owner != null) [|Owner|].Close(); }
            void Throw() { if (_w.Target == null) throw new Exception(); Use([|_w.Target|]); }
            static void Use(object o) { o.ToString(); }
        }
        """ + Foo);

    [Fact]
    public Task SilentWhereNothingIsReliedOn() => Verify<WREF103_CheckedOtherRead>.Diagnostics("""
        class C
        {
            WeakReference _w, _v;
            object _cached;

            void OneRead() { var t = (Foo)_w.Target; if (t != null) t.Close(); }
            void Exclusive(bool b) { if (b) (_w.Target as Foo)?.Close(); else (_w.Target as Foo)?.Close(); }
            void OtherPath() { if (_w.Target != null) Use(_v.Target); }
            void OtherObject(C other) { if (_w.Target != null) Use(other._w.Target); }
            void ReadThenWrite() { if (_w.Target == null) { _w.Target = new Foo(); } }
            void Written() { if (_w.Target != null) { _w.Target = _cached; Use(_w.Target); } }
            void Iterations(List<WeakReference> list) { foreach (var w in list) { if (w.Target == null) continue; } }
            void Checked() { if (_w.Target != null) { var t = _w.Target; if (t != null) t.ToString(); } }
            void Pattern() { if (_w.Target != null && _w.Target is Foo foo) foo.Close(); }
            void StillHeld() { if (_w.Target is Foo foo) { _w.Target.ToString(); foo.Close(); } }
            object OrNull() { if (_w.Target != null) return _w.Target; return null; }
            object Getter => _w.Target == null ? null : _w.Target;
            bool Same(object other) => _w.Target != null && ReferenceEquals(_w.Target, other);
            void Tolerant() { if (_w.Target != null) Use(_w.Target); }
            void Two() { (_w.Target as Foo)?.Close(); (_w.Target as Foo)?.Close(); }
            static void Use(object o) { o?.ToString(); }
        }
        """ + Foo);

    [Fact]
    public Task MessageAndCause() => Verify<WREF103_CheckedOtherRead>.Diagnostics(
        """
        class C
        {
            string M(WeakReference cached) => {|#1:cached.Target|} != null ? {|#0:cached.Target|}.ToString() : "";
        }
        """,
        Verify<WREF103_CheckedOtherRead>.Diagnostic().WithLocation(0).WithLocation(1).WithArguments("cached.Target", "cached.Target"));

    [Fact]
    public Task NullableContext() => Verify<WREF103_CheckedOtherRead, WREF102_WREF103_ReadOnce>.Fix(
        """
        class C
        {
            WeakReference w = null!;
            WeakRef<string> r;

            int A() => w.Target != null ? [|w.Target|].GetHashCode() : 0;
            int B() => r.Deref() != null ? [|r.Deref()|]!.Length : 0;
            object? D() { if (w.Target != null) return w.Target; throw new Exception(); }
        }
        """,
        """
        class C
        {
            WeakReference w = null!;
            WeakRef<string> r;

            int A() => w.Target is { } target ? target.GetHashCode() : 0;
            int B() => r.Deref() is { } target ? target.Length : 0;
            object? D() { if (w.Target != null) return w.Target; throw new Exception(); }
        }
        """,
        new Options { Nullable = true });

    [Fact]
    public Task OldLanguageOnNetFramework() => Verify<WREF103_CheckedOtherRead, WREF102_WREF103_ReadOnce>.Fix(
        """
        using System;

        class C
        {
            WeakReference _w;

            void Branch() { if (_w.Target != null) ((C)[|_w.Target|]).Exit(); }
            void Not() { if (!(_w.Target is C)) return; ((C)[|_w.Target|]).Exit(); }

            void Exit()
            {
                if (_w.Target == null)
                    return;
                [|_w.Target|].ToString();
            }
        }
        """,
        """
        using System;

        class C
        {
            WeakReference _w;

            void Branch() { if (_w.Target is C target) target.Exit(); }
            void Not() { if (!(_w.Target is C target)) return; target.Exit(); }

            void Exit()
            {
                if (!(_w.Target is object target))
                    return;
                target.ToString();
            }
        }
        """,
        new Options { NetFramework = true, Language = LanguageVersion.CSharp7_3 });

    [Fact]
    public Task BrokenCode() => Verify<WREF103_CheckedOtherRead>.Diagnostics(
        """
        class C
        {
            void M(WeakReference w, WeakReference v, Unknown u)
            {
                if (u.Target != null) u.Target.ToString();
                if (w.Target != null) _ = [|w.Target|].Missing;
                if (v.Target != null && ) { }
                if (v.Target !=
            }
        """,
        new Options { CompilerErrors = true });

    [Fact]
    public Task FixReadsIntoAPattern() => Verify<WREF103_CheckedOtherRead, WREF102_WREF103_ReadOnce>.Fix(
        """
        class C
        {
            WeakReference _w;
            WeakRef<Foo> _r;
            Foo Owner => (Foo)_w.Target;

            void Branch() { if (_w.Target != null) ((Foo)[|_w.Target|]).Close(); }
            void Reversed() { if (null != _w.Target) [|_w.Target|].ToString(); }
            void Type() { if (_w.Target is Foo) ((Foo)[|_w.Target|]).Close(); }
            void NotType() { if (!(_w.Target is Foo)) return; ((Foo)[|_w.Target|]).Close(); }
            void As() { if ((_w.Target as Foo) != null) ([|_w.Target|] as Foo).Close(); }
            void OtherType() { if (_w.Target is Foo) ((IDisposable)[|_w.Target|]).Dispose(); }
            void Question() { if (_w?.Target != null) [|_w.Target|].ToString(); }
            bool And() => _r.Deref() != null && [|_r.Deref()|].Open;
            string Conditional() => _r.Deref() == null ? "" : [|_r.Deref()|].Name;
            void Wrapper() { if (Owner != null) { [|Owner|].Close(); } }
        }
        """ + Foo,
        """
        class C
        {
            WeakReference _w;
            WeakRef<Foo> _r;
            Foo Owner => (Foo)_w.Target;

            void Branch() { if (_w.Target is Foo target) target.Close(); }
            void Reversed() { if (_w.Target is { } target) target.ToString(); }
            void Type() { if (_w.Target is Foo target) target.Close(); }
            void NotType() { if (_w.Target is not Foo target) return; target.Close(); }
            void As() { if (_w.Target is Foo target) target.Close(); }
            void OtherType() { if (_w.Target is Foo && _w.Target is IDisposable target) target.Dispose(); }
            void Question() { if (_w?.Target is { } target) target.ToString(); }
            bool And() => _r.Deref() is { } target && target.Open;
            string Conditional() => _r.Deref() is not { } target ? "" : target.Name;
            void Wrapper() { if (Owner is { } owner) { owner.Close(); } }
        }
        """ + Foo);

    [Fact]
    public Task FixOfAConditionalCallNamesTheTarget() => Verify<WREF103_CheckedOtherRead, WREF102_WREF103_ReadOnce>.Fix(
        """
        class View
        {
            public View Inner;
            public void Click(View sender, int x) { }
        }

        class C
        {
            readonly WeakReference<View> _view = new(null);
            View Handler => _view.TryGetTarget(out var view) ? view : null;

            void Plain(int x)
            {
                // The view may be gone.
                Handler?.Click([|Handler|], x); // then nothing is told
            }

            void Deeper(int x) => Run(() =>
            {
                Handler?.Inner?.Click([|Handler|].Inner, x);
            });

            static void Run(Action action) => action();
        }
        """,
        """
        class View
        {
            public View Inner;
            public void Click(View sender, int x) { }
        }

        class C
        {
            readonly WeakReference<View> _view = new(null);
            View Handler => _view.TryGetTarget(out var view) ? view : null;

            void Plain(int x)
            {
                // The view may be gone.
                if (Handler is { } handler)
                {
                    handler.Click(handler, x);
                } // then nothing is told
            }

            void Deeper(int x) => Run(() =>
            {
                if (Handler is { } handler)
                {
                    handler.Inner?.Click(handler.Inner, x);
                }
            });

            static void Run(Action action) => action();
        }
        """);

    [Fact]
    public Task FixLeavesACastThatTheCheckDoesNotAskFor() => Verify<WREF103_CheckedOtherRead, WREF102_WREF103_ReadOnce>.Fix(
        """
        class Box { public string Text; }
        class TextBox : Box { public char Mark; }
        class MaskedBox : Box { public char Mark; }

        class C
        {
            readonly WeakReference<Box> _box = new(null);
            Box Owner => _box.TryGetTarget(out var box) ? box : null;

            string Password => Owner is not null
                ? new string([|Owner|] is TextBox box ? box.Mark : ((MaskedBox)[|Owner|]).Mark, [|Owner|].Text.Length)
                : "";
        }
        """.Replace("[|Owner|] is", "Owner is"),
        """
        class Box { public string Text; }
        class TextBox : Box { public char Mark; }
        class MaskedBox : Box { public char Mark; }

        class C
        {
            readonly WeakReference<Box> _box = new(null);
            Box Owner => _box.TryGetTarget(out var box) ? box : null;

            string Password => Owner is { } owner
                ? new string(owner is TextBox box ? box.Mark : ((MaskedBox)owner).Mark, owner.Text.Length)
                : "";
        }
        """);

    [Fact]
    public Task FixIndentsAsTheFileDoes() => Verify<WREF103_CheckedOtherRead, WREF102_WREF103_ReadOnce>.Fix(
        "class C\n{\n\tWeakReference _w;\n\tstring T => (string)_w.Target;\n\tvoid "
            + "M()\n\t{\n\t\tT?.CompareTo([|T|]);\n\t\tConsole.WriteLine();\n\t}\n}\n",
        "class C\n{\n\tWeakReference _w;\n\tstring T => (string)_w.Target;\n\tvoid M()\n\t{\n\t\tif (T is { } "
            + "t)\n\t\t{\n\t\t\tt.CompareTo(t);\n\t\t}\n\t\tConsole.WriteLine();\n\t}\n}\n");

    [Fact]
    public Task FixIndentsByTwo() => Verify<WREF103_CheckedOtherRead, WREF102_WREF103_ReadOnce>.Fix(
        "class C\n{\n  WeakReference _w;\n  string T => (string)_w.Target;\n  void M()\n  {\n    T?.CompareTo([|T|]);\n    "
            + "Console.WriteLine();\n  }\n}\n",
        "class C\n{\n  WeakReference _w;\n  string T => (string)_w.Target;\n  void M()\n  {\n    if (T is { } t)\n    {\n      "
            + "t.CompareTo(t);\n    }\n    Console.WriteLine();\n  }\n}\n");

    [Fact]
    public Task FixKeepsTrivia() => Verify<WREF103_CheckedOtherRead, WREF102_WREF103_ReadOnce>.Fix(
        """
        class C
        {
            WeakReference _w;

            void M()
            {
                // alive?
                if (_w.Target == null /* gone */) // ask
                    return; // nothing to do

                // close it
                ((Foo)/* cast */[|_w.Target|]).Close(); // done
                Console.WriteLine(/* a */ _w.Target /* b */);
            }
        }
        """ + Foo,
        """
        class C
        {
            WeakReference _w;

            void M()
            {
                // alive?
                if (_w.Target is not Foo target /* gone */) // ask
                    return; // nothing to do

                // close it
                target.Close(); // done
                Console.WriteLine(/* a */ target /* b */);
            }
        }
        """ + Foo);

    [Fact]
    public Task FixAll() => Verify<WREF103_CheckedOtherRead, WREF102_WREF103_ReadOnce>.Fix(
        """
        class C
        {
            WeakReference _w, _v;

            void M()
            {
                if (_w.Target != null) { ((Foo)[|_w.Target|]).Close(); ((Foo)_w.Target).X = 1; }
                if (_v.Target != null) ((Foo)[|_v.Target|]).Close();
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
    public Task NoFix() => Verify<WREF103_CheckedOtherRead, WREF102_WREF103_ReadOnce>.NoFix("""
        class C
        {
            WeakReference _w, _v;

            void Unboxed() { if (_w.Target != null) { var n = (int)[|_w.Target|]; Console.WriteLine(n); } }
            void Local() { var t = _w.Target; if (t != null) [|_w.Target|].ToString(); }
            void Lambda() { if (_w.Target != null) { Action a = () => [|_w.Target|].ToString(); a(); } }
            void Rebound() { if (_w.Target != null) { Use([|_w.Target|]); _w = _v; } }
            static void Use(object o) { o.ToString(); }
        }
        """);
}
