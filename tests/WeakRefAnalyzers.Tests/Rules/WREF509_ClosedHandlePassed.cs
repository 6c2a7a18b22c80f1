namespace WeakRefAnalyzers.Tests;

public class WREF509_ClosedHandlePassedTests
{
    private const string Native = """

        static partial class Native
        {
            [DllImport("n")] public static extern int session_end(Session session);
            [DllImport("n")] public static extern int any_end(SafeHandle any, int flags);
            [DllImport("n")] public static extern void raw_free(IntPtr session);
            [DllImport("n")] public static extern void critical_free(CriticalHandle session);
            public static int End(SafeHandle session) => any_end(session, 0);
            public static void Log(SafeHandle session) => Console.WriteLine(session.IsInvalid);
        }

        abstract class Session : SafeHandle
        {
            protected Session() : base(IntPtr.Zero, true) { }
            public override bool IsInvalid => handle == IntPtr.Zero;
            public int Pending => Native.any_end(this, 1);
            protected int Helper() => Native.session_end(this);
        }
        """;

    [Fact]
    public Task EveryWayToPassIt() => Verify<WREF509_ClosedHandlePassed>.Diagnostics("""
        class Direct : Session { protected override bool ReleaseHandle() { [|Native.session_end(this)|]; Native.raw_free(handle); return true; } }
        class Arrow : Session { protected override bool ReleaseHandle() => [|Native.session_end(this)|] == 0; }
        class AsBase : Session { protected override bool ReleaseHandle() => [|Native.any_end((SafeHandle)this, 0)|] == 0; }
        class Local : Session { protected override bool ReleaseHandle() { var self = this; [|Native.session_end(self)|]; return true; } }
        class Named : Session { protected override bool ReleaseHandle() => [|Native.any_end(flags: 1, any: this)|] == 0; }
        class Own : Session { protected override bool ReleaseHandle() { End(); return true; } void End() { [|Native.session_end(this)|]; } }
        class Inherited : Session { protected override bool ReleaseHandle() => [|Helper()|] == 0; }
        class OwnProperty : Session { protected override bool ReleaseHandle() => [|Pending|] == 0; }
        class Forwarded : Session { protected override bool ReleaseHandle() => [|Native.End(this)|] == 0; }
        class Handed : Session { protected override bool ReleaseHandle() => End(this) == 0; static int End(Session session) => [|Native.session_end(session)|]; }
        class Counted : Session { protected override bool ReleaseHandle() { var added = false; [|DangerousAddRef(ref added)|]; Native.raw_free(handle); return true; } }
        class Tried : Session { protected override bool ReleaseHandle() { try { return [|Native.session_end(this)|] == 0; } catch { return false; } } }
        class Function : Session { [UnmanagedFunctionPointer(CallingConvention.Cdecl)] delegate int End(Session session); static End s_end; protected override bool ReleaseHandle() => [|s_end(this)|] == 0; }
        class Outer { class Nested : Session { protected override bool ReleaseHandle() => [|Native.session_end(this)|] == 0; } }
        class Generic<T> : Session { protected override bool ReleaseHandle() => [|Native.session_end(this)|] == 0; }
        """ + Native);

    [Fact]
    public Task TemplateMethods() => Verify<WREF509_ClosedHandlePassed>.Diagnostics("""
        abstract class Standalone : Session { protected override bool ReleaseHandle() { Unbind(); return true; } protected abstract void Unbind(); }
        class Passes : Standalone { protected override void Unbind() => [|Native.session_end(this)|]; }
        class Frees : Standalone { protected override void Unbind() => Native.raw_free(handle); }
        class Once : Session { protected override bool ReleaseHandle() => [|Native.session_end(this)|] == 0; }
        class ToldByTheBase : Once { protected override bool ReleaseHandle() => base.ReleaseHandle(); }
        """ + Native);

    [Fact]
    public Task SilentWhereItIsNotCounted() => Verify<WREF509_ClosedHandlePassed>.Diagnostics("""
        class Raw : Session { protected override bool ReleaseHandle() { Native.raw_free(handle); return true; } }
        class Dangerous : Session { protected override bool ReleaseHandle() { Native.raw_free(DangerousGetHandle()); return true; } }
        class Managed : Session { protected override bool ReleaseHandle() { Native.Log(this); Console.WriteLine(this); return true; } }
        class Later : Session { static readonly List<Session> s_list = new(); protected override bool ReleaseHandle() { s_list.Remove(this); return true; } }
        class OtherHandle : Session { Session _other; protected override bool ReleaseHandle() => Native.session_end(_other) == 0; }
        class Beside : Session { public void End() => Native.session_end(this); protected override void Dispose(bool disposing) { Native.session_end(this); base.Dispose(disposing); } protected override bool ReleaseHandle() => true; }
        class Asks : Session { protected override bool ReleaseHandle() { End(); return true; } void End() { if (!IsClosed) Native.session_end(this); } }
        class Critical : CriticalHandle { Critical() : base(IntPtr.Zero) { } public override bool IsInvalid => false; protected override bool ReleaseHandle() { Native.critical_free(this); return true; } }
        class NoSafeHandle { protected virtual bool ReleaseHandle() => true; }
        class AlsoNone : NoSafeHandle { protected override bool ReleaseHandle() { M(this); return true; } [DllImport("n")] static extern void M([MarshalAs(UnmanagedType.AsAny)] object o); }
        class Delayed : Session { Action _later; protected override bool ReleaseHandle() { _later = () => Native.session_end(this); return true; } }
        class Owner { readonly Session _session; public void ReleaseHandle() => Native.session_end(_session); }
        """ + Native);

    [Fact]
    public Task MessageNamesTypeAndFunction() => Verify<WREF509_ClosedHandlePassed>.Diagnostics(
        """
        class Socket : Session
        {
            protected override bool ReleaseHandle() => {|#0:Helper()|} == 0 | Native.session_end(this) == 0;
        }

        class Named : Session
        {
            protected override bool ReleaseHandle() => {|#1:Native.session_end(this)|} == 0;
        }

        static class Native
        {
            [DllImport("n")] public static extern int session_end(Session session);
        }

        abstract class Session : SafeHandle
        {
            protected Session() : base(IntPtr.Zero, true) { }
            public override bool IsInvalid => handle == IntPtr.Zero;
            protected int Helper() => {|#2:Native.session_end(this)|};
        }
        """,
        Verify<WREF509_ClosedHandlePassed>.Diagnostic().WithLocation(0).WithLocation(2).WithArguments("Socket", "session_end"),
        Verify<WREF509_ClosedHandlePassed>.Diagnostic().WithLocation(1).WithArguments("Named", "session_end"));

    [Fact]
    public Task OldLanguageOnNetFramework() => Verify<WREF509_ClosedHandlePassed>.Diagnostics(
        """
        using System;
        using System.Runtime.InteropServices;
        using Microsoft.Win32.SafeHandles;

        sealed class Session : SafeHandleZeroOrMinusOneIsInvalid
        {
            private Session() : base(true) { }

            protected override bool ReleaseHandle() { return [|session_end(this)|] == 0; }

            [DllImport("n")] private static extern int session_end(Session session);
        }
        """,
        new Options { NetFramework = true, Language = LanguageVersion.CSharp7_3 });

    [Fact]
    public Task BrokenCode() => Verify<WREF509_ClosedHandlePassed>.Diagnostics(
        """
        class Unknown : Missing { protected override bool ReleaseHandle() { Native.session_end(this); return true; } }
        class Half : Session { protected override bool ReleaseHandle() { Native.session_end( } }
        class Twice : Session { protected override bool ReleaseHandle() { Native.session_end(this, ); } }
        class None : Session { protected override bool ReleaseHandle() }
        """ + Native,
        new Options { CompilerErrors = true });

    [Fact]
    public Task FixPassesTheRawHandleToTheOverload() => Verify<WREF509_ClosedHandlePassed, WREF509_PassHandle>.Fix(
        """
        static class Api
        {
            [DllImport("n")] public static extern int end(SafeHandle session, int flags);
            [DllImport("n")] public static extern int end(IntPtr session, int flags);
        }

        class One : Session { protected override bool ReleaseHandle() => [|Api.end(this, 0)|] == 0; }
        class Two : Session { protected override bool ReleaseHandle() { [|Api.end(this, 1)|]; return true; } }
        """ + Native,
        """
        static class Api
        {
            [DllImport("n")] public static extern int end(SafeHandle session, int flags);
            [DllImport("n")] public static extern int end(IntPtr session, int flags);
        }

        class One : Session { protected override bool ReleaseHandle() => Api.end(handle, 0) == 0; }
        class Two : Session { protected override bool ReleaseHandle() { Api.end(handle, 1); return true; } }
        """ + Native);

    [Fact]
    public Task FixDeclaresTheOverloadAndKeepsTrivia() => Verify<WREF509_ClosedHandlePassed, WREF509_PassHandle>.Fix(
        """
        using System;
        using System.Runtime.InteropServices;
        using Microsoft.Win32.SafeHandles;

        sealed class Session : SafeHandleZeroOrMinusOneIsInvalid
        {
            private Session() : base(true) { }

            /// <summary>Ends the session.</summary>
            [DllImport("n")] private static extern int session_end(Session session /* open */); // the end

            protected override bool ReleaseHandle()
            {
                // ends it
                return [|session_end(/* me */ this)|] == 0; // once
            }
        }
        """,
        """
        using System;
        using System.Runtime.InteropServices;
        using Microsoft.Win32.SafeHandles;

        sealed class Session : SafeHandleZeroOrMinusOneIsInvalid
        {
            private Session() : base(true) { }

            /// <summary>Ends the session.</summary>
            [DllImport("n")] private static extern int session_end(Session session /* open */); // the end

            [DllImport("n")] private static extern int session_end(IntPtr session /* open */);

            protected override bool ReleaseHandle()
            {
                // ends it
                return session_end(/* me */ handle) == 0; // once
            }
        }
        """,
        new Options { NetFramework = true, Language = LanguageVersion.CSharp7_3 });

    [Fact]
    public Task NoFixWithoutADeclarationToCopy() => Verify<WREF509_ClosedHandlePassed, WREF509_PassHandle>.NoFix("""
        class Counted : Session { protected override bool ReleaseHandle() { var added = false; [|DangerousAddRef(ref added)|]; return true; } }
        class OwnProperty : Session { protected override bool ReleaseHandle() => [|Pending|] == 0; }
        class Named : Session { protected override bool ReleaseHandle() => [|Native.any_end(flags: 1, any: this)|] == 0; }
        class Hidden : Session { protected override bool ReleaseHandle() { var handle = 0; return [|Native.session_end(this)|] == handle; } }
        """ + Native);
}
