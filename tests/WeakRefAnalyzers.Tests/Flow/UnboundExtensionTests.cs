namespace WeakRefAnalyzers.Tests;

/// <summary>
/// A call on an object whose type is missing may be one of an extension of source, which is handed the null.
/// </summary>
public class UnboundExtensionTests
{
    private const string Extensions = """

        static class Extensions
        {
            public static bool IsUp(this IGoneView v) => v != null && v.Handle != IntPtr.Zero;
            public static bool IsLost(this IGoneView v) { if (v == null) return true; return v.Handle == IntPtr.Zero; }
            public static void Log(this object o) { }
            public static void NeedView(this GoneView v) { if (v == null) throw new ArgumentNullException(nameof(v)); }
            public static bool IsMixed(this GoneView v) => v != null && v.Ready;
            public static bool IsMixed(this GoneButton b) => b == null || b.Ready;
        }
        """;

    private static readonly Options Broken = new() { CompilerErrors = true };

    [Theory]
    [InlineData("void M() { var v = View; if (v.IsUp()) v.Close(); }")]
    [InlineData("void M() { var v = View; if (!v.IsUp() || v.Busy) return; v.Close(); }")]
    [InlineData("void M() { var v = View; if (v.IsLost()) return; v.Close(); }")]
    [InlineData("void M() { View.Log(); }")]
    [InlineData("void M() { var v = View; v.NeedView(); v.Close(); }")]
    [InlineData("void M() { var v = View; if (v.IsMixed()) v.Close(); }")]
    [InlineData("object M() { var v = View; if (!v.IsUp()) { v = Find(); } return v; } GoneView Find() => null;")]
    [InlineData("void M() { var v = View; if (v.IsUp()) return; {|WREF101:v.Close()|}; }")]
    [InlineData("void M() { var v = View; v.Log(); {|WREF101:v.Close()|}; }")]
    [InlineData("void M() { var v = View; if ({|WREF101:v.IsNone()|}) v.Close(); }")]
    public Task OfSource(string members) => Verify<WeakReadFlowTests.ReadingRules>.Diagnostics(
        "class C { WeakReference _w; GoneView View => (GoneView)_w.Target; " + members + " }" + Extensions, Broken);
}
