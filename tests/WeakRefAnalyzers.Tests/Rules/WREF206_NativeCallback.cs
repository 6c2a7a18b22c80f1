using Microsoft.CodeAnalysis.CSharp;

namespace WeakRefAnalyzers.Tests;

public class WREF206_NativeCallbackTests
{
    private const string Native = """

        delegate void Log(IntPtr text);
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)] delegate void log_set_handler(Log handler, IntPtr data);
        [StructLayout(LayoutKind.Sequential)] class Operations { public Log Log; }
        struct Table { public Log Log; public int Size; public IntPtr Pointer; }
        static class N
        {
            [DllImport("n")] public static extern void SetLogCallback(Log callback);
            [DllImport("n")] public static extern void set_logger(Log log, IntPtr data);
            [DllImport("n")] public static extern IntPtr SetWindowsHookEx(int hook, Log proc, IntPtr module, int thread);
            [DllImport("n")] public static extern int add_listener(IntPtr it, Log log);
            [DllImport("n")] public static extern void RegisterLog(Log log);
            [DllImport("n")] public static extern void OnLog(Log log);
            [DllImport("n", EntryPoint = "n_install_log")] public static extern void Start(Log log);
            [DllImport("n")] public static extern void set_callback(IntPtr callback);
            [DllImport("n")] public static extern void set_callbacks(ref Table table);
            [DllImport("n")] public static extern void register_table(Table table);
            [DllImport("n")] public static extern void set_callbacks(Operations operations, string name);
            [DllImport("n")] public static extern IntPtr SetWindowLongPtr(IntPtr window, int index, IntPtr value);
            [DllImport("n")] public static extern void EnumWindows(Log each, IntPtr data);
            [DllImport("n")] public static extern void qsort(IntPtr all, Log compare);
            [DllImport("n")] public static extern void for_each_set_callback(Log each);
            [DllImport("n")] public static extern void remove_listener(Log log);
            [DllImport("n")] public static extern void work(Log log);
        }
        """;

    private static string In(string members) =>
        "class C { int _count; " + members + " void M(IntPtr text) => _count++; static void S(IntPtr text) { } }" + Native;

    [Theory]
    [InlineData("void A() => N.SetLogCallback([|M|]);")]
    [InlineData("void A() => N.SetLogCallback([|text => _count++|]);")]
    [InlineData("void A() { N.set_logger([|new Log(M)|], IntPtr.Zero); }")]
    [InlineData("void A() { N.set_logger([|new Log(S)|], IntPtr.Zero); }")]
    [InlineData("void A() { Log log = M; N.set_logger([|log|], IntPtr.Zero); }")]
    [InlineData("void A() { var log = new Log(M); N.SetLogCallback([|log|]); }")]
    [InlineData("void A(Action a) { N.RegisterLog([|text => a()|]); }")]
    [InlineData("void A() { var i = 0; N.OnLog([|L|]); void L(IntPtr text) => i++; }")]
    [InlineData("void A() => N.Start([|M|]);")]
    [InlineData("IntPtr A() => N.SetWindowsHookEx(13, [|M|], IntPtr.Zero, 0);")]
    [InlineData("C() { N.add_listener(IntPtr.Zero, log: [|M|]); }")]
    [InlineData("readonly int _id; C() => _id = N.add_listener(IntPtr.Zero, [|M|]);")]
    [InlineData("static log_set_handler s_set; void A() => s_set([|M|], IntPtr.Zero);")]
    [InlineData("void A() { N.set_callback(Marshal.GetFunctionPointerForDelegate<Log>([|M|])); }")]
    [InlineData("void A() { N.set_callback(Marshal.GetFunctionPointerForDelegate([|new Log(M)|])); }")]
    [InlineData("void A() { var log = new Log(M); var p = Marshal.GetFunctionPointerForDelegate([|log|]); N.set_callback(p); }")]
    [InlineData("IntPtr _p; C() { _p = Marshal.GetFunctionPointerForDelegate([|new Log(M)|]); }")]
    [InlineData("static readonly IntPtr s_p = Marshal.GetFunctionPointerForDelegate([|new Log(S)|]);")]
    [InlineData("IntPtr P => Marshal.GetFunctionPointerForDelegate([|new Log(M)|]);")]
    [InlineData("void A(IntPtr slot) => Marshal.WriteIntPtr(slot, Marshal.GetFunctionPointerForDelegate([|new Log(M)|]));")]
    [InlineData("unsafe void A(IntPtr* slot) { *slot = Marshal.GetFunctionPointerForDelegate([|new Log(M)|]); }")]
    [InlineData(
        "static unsafe delegate* unmanaged<IntPtr, void> set_callback; unsafe void A() { "
        + "set_callback(Marshal.GetFunctionPointerForDelegate([|new Log(M)|])); }")]
    [InlineData(
        "void A() { var table = new Table { Pointer = Marshal.GetFunctionPointerForDelegate([|new Log(M)|]) "
        + "}; N.set_callbacks(ref table); }")]
    [InlineData("void A() { var table = new Table { Log = M, Size = 1 }; N.set_callbacks(ref [|table|]); }")]
    [InlineData("void A() { Table table = default; table.Log = M; N.set_callbacks(ref [|table|]); }")]
    [InlineData("void A() { N.register_table([|new Table { Log = M }|]); }")]
    [InlineData("void A() { var all = new Operations { Log = M }; N.set_callbacks([|all|], null); }")]
    [InlineData("void A(IntPtr w) => N.SetWindowLongPtr(w, -4, Marshal.GetFunctionPointerForDelegate([|new Log(M)|]));")]
    [InlineData("static void Set(Log log) => N.SetLogCallback(log); void A() => Set([|M|]);")]
    [InlineData(
        "static void Set(Log log) { if (log == null) throw new ArgumentNullException(nameof(log)); var p = "
        + "Marshal.GetFunctionPointerForDelegate(log); N.set_callback(p); } void A() => Set([|M|]);")]
    public Task NobodyKeepsIt(string members) => Verify<WREF206_NativeCallback>.Diagnostics(In(members));

    [Theory]
    [InlineData("Log _log; void A() { _log = M; N.SetLogCallback(_log); }")]
    [InlineData("Log _log; void A() { N.SetLogCallback(_log = M); }")]
    [InlineData("Log _log; void A() { Log log = M; _log = log; N.SetLogCallback(log); }")]
    [InlineData("static readonly Log s_log = S; void A() => N.SetLogCallback(s_log);")]
    [InlineData("static readonly Log s_log = text => { }; static readonly IntPtr s_p = Marshal.GetFunctionPointerForDelegate(s_log);")]
    [InlineData("void A() => N.SetLogCallback(S);")]
    [InlineData("void A() => N.SetLogCallback(static text => { });")]
    [InlineData("void A() => N.SetLogCallback(text => Console.WriteLine(text));")]
    [InlineData("void A() { Log log = M; GCHandle.Alloc(log); N.SetLogCallback(log); }")]
    [InlineData("void A() { Log log = M; N.SetLogCallback(log); Console.ReadLine(); GC.KeepAlive(log); }")]
    [InlineData("void A() { Log log = M; N.RegisterLog(log); N.work(null); N.remove_listener(log); }")]
    [InlineData("void A(Log log) => N.SetLogCallback(log);")]
    [InlineData("void A() => N.EnumWindows(M, IntPtr.Zero);")]
    [InlineData("void A() { N.qsort(IntPtr.Zero, M); N.for_each_set_callback(M); N.remove_listener(M); N.work(M); }")]
    [InlineData("void A() { Log log = M; var p = Marshal.GetFunctionPointerForDelegate(log); N.qsort(p, null); GC.KeepAlive(log); }")]
    [InlineData("void A() { var p = Marshal.GetFunctionPointerForDelegate(new Log(M)); Console.WriteLine(p); }")]
    [InlineData("List<Log> _all = new(); void A() { Log log = M; _all.Add(log); N.SetLogCallback(log); }")]
    [InlineData("Log A() { Log log = M; N.SetLogCallback(log); return log; }")]
    [InlineData("static Log s_log; static void Set(Log log) { s_log = log; N.SetLogCallback(log); } void A() => Set(M);")]
    [InlineData("static void Set(Log log) => N.EnumWindows(log, IntPtr.Zero); void A() => Set(M);")]
    [InlineData("Table _table; void A() { _table = new Table { Log = M }; N.set_callbacks(ref _table); }")]
    [InlineData("Operations _all; void A() { var all = new Operations { Log = M }; _all = all; N.set_callbacks(all, null); }")]
    [InlineData("void A() { var table = new Table { Size = 1 }; N.set_callbacks(ref table); }")]
    [InlineData("static void SetHandler(Log log) { } void A() => SetHandler(M);")]
    [InlineData(
        "static unsafe delegate* unmanaged<IntPtr, void> set_callback; [UnmanagedCallersOnly] static void "
        + "U(IntPtr text) { } unsafe void A() { N.set_callback((IntPtr)(delegate* unmanaged<IntPtr, void>)&U); }")]
    public Task SomebodyDoes(string members) => Verify<WREF206_NativeCallback>.Diagnostics(In(members));

    [Fact]
    public Task TheRuntimeIsHandedTheDelegate() => Verify<WREF206_NativeCallback>.Diagnostics("""
        static class Menu
        {
            [MethodImpl(MethodImplOptions.InternalCall)] public static extern void AddItem(string name, Action execute);
            [DllImport("n")] public static extern void AddNativeItem(string name, Action execute);
        }
        class C
        {
            void M() { Menu.AddItem("a", () => Console.WriteLine(this)); Menu.AddNativeItem("b", [|() => Console.WriteLine(this)|]); }
        }
        """);

    [Fact]
    public Task StaticGroupsBeforeTheyWereKept() => Verify<WREF206_NativeCallback>.Diagnostics(
        """
        using System;
        using System.Runtime.InteropServices;
        delegate void Log(IntPtr text);
        class C
        {
            [DllImport("n")] static extern void SetLogCallback(Log callback);
            static void S(IntPtr text) { }
            static void A() { SetLogCallback([|S|]); }
            static void B() { SetLogCallback(text => { }); }
        }
        """,
        new Options { NetFramework = true, Language = LanguageVersion.CSharp7_3 });

    [Fact]
    public Task LibraryImports() => Verify<WREF206_NativeCallback>.Diagnostics(
        """
        delegate void Log(IntPtr text);
        partial class C
        {
            [LibraryImport("n")] private static partial void set_log_callback(Log callback);
            private static partial void set_log_callback(Log callback) { }
            void M(IntPtr text) => Console.WriteLine(this);
            void A() => set_log_callback([|M|]);
        }
        """);

    [Fact]
    public Task MessageNamesTheMethod() => Verify<WREF206_NativeCallback>.Diagnostics(
        """
        class C
        {
            void M(IntPtr text) => Console.WriteLine(this);
            void A() { Log log = {|#1:M|}; N.SetLogCallback({|#0:log|}); }
            void B() => N.SetLogCallback({|#2:text => M(text)|});
        }
        """ + Native,
        Verify<WREF206_NativeCallback>.Diagnostic().WithLocation(0).WithLocation(1).WithArguments("'M'"),
        Verify<WREF206_NativeCallback>.Diagnostic().WithLocation(2).WithArguments("this lambda"));

    [Fact]
    public Task BrokenCode() => Verify<WREF206_NativeCallback>.Diagnostics(
        """
        class C
        {
            void A() { N.SetLogCallback(Missing); N.set_logger(); N.Missing(A); N.SetLogCallback(; }
            IntPtr _p = Marshal.GetFunctionPointerForDelegate();
        }
        """ + Native,
        new Options { CompilerErrors = true });

    [Fact]
    public Task FixKeepsItAndTrivia() => Verify<WREF206_NativeCallback, WREF206_KeepDelegate>.Fix(
        """
        class Logger
        {
            private int _count;

            public Logger()
            {
                // from now on
                N.SetLogCallback([|OnLog|]); // ours
            }

            public void Hook(IntPtr data)
            {
                N.set_logger(/* this */ [|new Log(OnLog)|], data);
                Log log = OnLog;
                N.RegisterLog([|log|]);
            }

            public static void HookStatic()
            {
                N.SetLogCallback([|new Log(OnStatic)|]); // for good
                var log = new Log(OnStatic);
                N.set_callback(Marshal.GetFunctionPointerForDelegate([|log|]));
            }

            private void OnLog(IntPtr text) => _count++;

            private static void OnStatic(IntPtr text) { }
        }

        """ + Native,
        """
        class Logger
        {
            private int _count;
            private readonly Log _onLog;
            private Log _onLog2;
            private Log _onLog3;
            private static readonly Log s_onStatic = new Log(OnStatic);
            private static readonly Log s_onStatic2 = new Log(OnStatic);

            public Logger()
            {
                // from now on
                _onLog = OnLog;
                N.SetLogCallback(_onLog); // ours
            }

            public void Hook(IntPtr data)
            {
                N.set_logger(/* this */ _onLog2 ??= new Log(OnLog), data);
                Log log = _onLog3 ??= OnLog;
                N.RegisterLog(log);
            }

            public static void HookStatic()
            {
                N.SetLogCallback(s_onStatic); // for good
                var log = s_onStatic2;
                N.set_callback(Marshal.GetFunctionPointerForDelegate(log));
            }

            private void OnLog(IntPtr text) => _count++;

            private static void OnStatic(IntPtr text) { }
        }

        """ + Native);

    [Fact]
    public Task NoFixWhereItIsAnotherEachTime() => Verify<WREF206_NativeCallback, WREF206_KeepDelegate>.NoFix(
        """
        class C
        {
            void A(Action a) => N.RegisterLog([|text => a()|]);
            void B() { var i = 0; N.OnLog([|L|]); void L(IntPtr text) => i++; }
            void D(C other) => N.SetLogCallback([|other.M|]);
            void E() { var table = new Table { Log = M }; N.set_callbacks(ref [|table|]); }
            void M(IntPtr text) => Console.WriteLine(this);
        }
        """ + Native);
}
