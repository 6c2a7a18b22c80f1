namespace WeakRefAnalyzers.Tests;

public class WREF505_ThrowingFinalizerTests
{
    [Fact]
    public Task WhatThrowsByIntent() => Verify<WREF505_ThrowingFinalizer>.Diagnostics("""
        class Always { ~Always() { [|throw new InvalidOperationException("Dispose me.");|] } }
        class Expression { ~Expression() => [|throw new NotSupportedException()|]; }
        class Failure { IntPtr _handle; ~Failure() { if (!Close(_handle)) [|throw new System.ComponentModel.Win32Exception();|] } [DllImport("n")] static extern bool Close(IntPtr h); }
        class Helper { ~Helper() { [|Marshal.ThrowExceptionForHR(1)|]; } }
        class Never { ~Never() { [|Fail()|]; } [System.Diagnostics.CodeAnalysis.DoesNotReturn] static void Fail() => [|throw new Exception()|]; }
        class Coalesce { string _name; ~Coalesce() { _ = _name ?? [|throw new InvalidOperationException()|]; } }
        class OtherCatch { ~OtherCatch() { try { [|throw new InvalidOperationException();|] } catch (IOException) { } } }
        class Through { ~Through() => End(false); void End(bool all) { Release(); } void Release() { if (!Native()) [|throw new IOException();|] } [DllImport("n")] static extern bool Native(); }
        """);

    [Fact]
    public Task CaughtGuardedOrPruned() => Verify<WREF505_ThrowingFinalizer>.Diagnostics("""
        class Caught { ~Caught() { try { throw new Exception(); } catch { } } }
        class CaughtType { ~CaughtType() { try { throw new FileNotFoundException(); } catch (IOException) { } } }
        class CaughtOutside { ~CaughtOutside() { try { M(); } catch (Exception) { } } void M() { throw new IOException(); } }
        class Pruned { ~Pruned() { M(false); } void M(bool disposing) { if (disposing) throw new IOException(); } }
        class Guard { IntPtr _handle; bool _disposed; IntPtr Handle { get { if (_disposed) throw new ObjectDisposedException("x"); return _handle; } } ~Guard() { Console.WriteLine(Handle); } }
        class Argument { ~Argument() { M("x"); } static void M(string s) { if (s == null) throw new ArgumentNullException(nameof(s)); ArgumentNullException.ThrowIfNull(s); } }
        class Cases { int _kind; ~Cases() { switch (_kind) { case 1: break; default: throw new InvalidOperationException(); } _ = _kind switch { 1 => 2, _ => throw new Exception() }; } }
        class Later { ~Later() { Action later = () => throw new Exception(); } }
        class Rethrows { ~Rethrows() { try { Console.WriteLine(); } catch { throw; } } }
        class Disposed { bool _disposed; ~Disposed() { ObjectDisposedException.ThrowIf(_disposed, this); } }
        """);

    [Fact]
    public Task FieldsOfAHalfMadeObject() => Verify<WREF505_ThrowingFinalizer>.Diagnostics("""
        class AfterThrow
        {
            readonly List<int> _list;
            bool _disposed;

            AfterThrow(string name)
            {
                if (name == null) throw new ArgumentNullException(nameof(name));
                _list = new List<int>();
            }

            ~AfterThrow() { if (!_disposed) [|_list.Clear()|]; }
        }

        class Loop
        {
            readonly List<IDisposable> _list;
            Loop(string name) { ArgumentNullException.ThrowIfNull(name); this._list = new(); }
            ~Loop() { [|foreach (var one in _list) { Console.WriteLine(one); }|] }
        }

        class Coalesced
        {
            readonly IDisposable _file;
            Coalesced(IDisposable file) { _file = file ?? throw new ArgumentNullException(nameof(file)); }
            ~Coalesced() => End();
            void End() => [|_file.Dispose()|];
        }

        class Opens
        {
            readonly StreamReader _reader;
            Opens(string path) { _reader = new StreamReader(path); }
            ~Opens() { Console.WriteLine([|_reader.BaseStream|]); }
        }
        """);

    [Fact]
    public Task FieldsThatAreTestedOrCannotBeNull() => Verify<WREF505_ThrowingFinalizer>.Diagnostics("""
        class Tested { List<int> _a; List<int> _b; IntPtr _h; bool _made;
            Tested(string s) { if (s == null) throw new Exception(); _a = new(); _b = new(); _made = true; }
            ~Tested() { _a?.Clear(); if (_b != null) _b.Clear(); } }
        class ByHandle { List<int> _a; IntPtr _h;
            ByHandle(string s) { if (s == null) throw new Exception(); _a = new(); _h = (IntPtr)1; }
            ~ByHandle() { if (_h == IntPtr.Zero) return; _a.Clear(); } }
        class ByFlag { List<int> _a; bool _made;
            ByFlag(string s) { if (s == null) throw new Exception(); _a = new(); _made = true; }
            ~ByFlag() { if (_made) _a.Clear(); } }
        class Initialized { readonly List<int> _a = new(); Initialized(string s) { if (s == null) throw new Exception(); } ~Initialized() { _a.Clear(); } }
        class First { readonly List<int> _a; First(string s) { _a = new(); if (s == null) throw new Exception(); } ~First() { _a.Clear(); } }
        class NoThrow { readonly List<int> _a; NoThrow() { _a = new(); } ~NoThrow() { _a.Clear(); } }
        class Caught { readonly List<int> _a; Caught(string s) { if (s == null) throw new Exception(); _a = new(); } ~Caught() { try { _a.Clear(); } catch (Exception) { } } }
        class Lambda { readonly List<int> _a; Action _f; Lambda() { _f = () => throw new Exception(); _a = new(); } ~Lambda() { _a.Clear(); } }
        class Structs { DateTime _a; Structs(string s) { if (s == null) throw new Exception(); _a = DateTime.Now; } ~Structs() { Console.WriteLine(_a.Year); } }
        class Finalizable_ { readonly FileStream _a; Finalizable_(string s) { _a = new FileStream(s, FileMode.Open); } ~Finalizable_() { _a.Close(); } }
        """);

    [Fact]
    public Task MessageSaysWhatIsThrown() => Verify<WREF505_ThrowingFinalizer>.Diagnostics(
        """
        class C
        {
            List<int> _list;

            C(string name)
            {
                if (name == null)
                    {|#3:throw new ArgumentNullException(nameof(name));|}
                _list = new List<int>();
            }

            ~{|#1:C|}()
            {
                {|#2:_list.Clear()|};
                {|#0:throw new InvalidOperationException();|}
            }
        }
        """,
        Verify<WREF505_ThrowingFinalizer>
            .Diagnostic()
            .WithLocation(2)
            .WithLocation(3)
            .WithArguments("'_list' is null here if the constructor threw before it was set", "test it for null"),
        Verify<WREF505_ThrowingFinalizer>
            .Diagnostic()
            .WithLocation(0)
            .WithLocation(1)
            .WithArguments("InvalidOperationException is thrown here", "catch it here or leave it out"));

    [Fact]
    public Task BrokenCode() => Verify<WREF505_ThrowingFinalizer>.Diagnostics(
        """
        class C { List<int> _list; C() { throw; _list = ; } ~C() { throw new Missing(; _list.; _missing.Clear(); throw } }
        """,
        new Options { CompilerErrors = true });

    [Fact]
    public Task FixTestsForNull() => Verify<WREF505_ThrowingFinalizer, WREF505_TestForNull>.Fix(
        """
        class C
        {
            private readonly List<int> _list;
            private readonly IDisposable _file;

            public C(IDisposable file)
            {
                _file = file ?? throw new ArgumentNullException(nameof(file));
                _list = new List<int>();
            }

            ~C()
            {
                [|_list.Clear()|];
                [|this._file.Dispose()|];
            }
        }
        """,
        """
        class C
        {
            private readonly List<int> _list;
            private readonly IDisposable _file;

            public C(IDisposable file)
            {
                _file = file ?? throw new ArgumentNullException(nameof(file));
                _list = new List<int>();
            }

            ~C()
            {
                _list?.Clear();
                this._file?.Dispose();
            }
        }
        """);

    [Fact]
    public Task FixKeepsTriviaOnNetFramework() => Verify<WREF505_ThrowingFinalizer, WREF505_TestForNull>.Fix(
        """
        using System;
        using System.Collections.Generic;

        class C
        {
            private readonly List<int> _list;

            public C(string name)
            {
                if (name == null) throw new ArgumentNullException("name");
                _list = new List<int>();
            }

            ~C()
            {
                // all of them
                [|_list /* here */
                    .RemoveRange(0, /* count */ 1)|]; // gone
            }
        }
        """,
        """
        using System;
        using System.Collections.Generic;

        class C
        {
            private readonly List<int> _list;

            public C(string name)
            {
                if (name == null) throw new ArgumentNullException("name");
                _list = new List<int>();
            }

            ~C()
            {
                // all of them
                _list /* here */
                    ?.RemoveRange(0, /* count */ 1); // gone
            }
        }
        """,
        new Options { NetFramework = true, Language = LanguageVersion.CSharp7_3 });

    [Fact]
    public Task NoFixForAThrowOrAValue() => Verify<WREF505_ThrowingFinalizer, WREF505_TestForNull>.NoFix("""
        class C
        {
            readonly List<int> _list;
            C(string name) { if (name == null) throw new Exception(); _list = new(); }
            ~C() { var count = [|_list.Count|]; [|throw new Exception();|] }
        }
        """);
}
