namespace WeakRefAnalyzers.Tests;

/// <summary>Code that the target itself runs.</summary>
public class OwnHandlerTests
{
    private const string View = """

        class View
        {
            public string Text;
            public event EventHandler Changed, Closed;
            public void Raise() { Changed(this, null); Closed(this, null); }
            public void Update(Action change) => change();
            public void Move() { }
            public IDisposable WeakSubscribe(string name, EventHandler handler) => null;
        }
        class Bus { public static event EventHandler All; public event EventHandler Any; public void Raise() { All(this, null); Any(this, null); } }
        """;

    [Theory]
    [InlineData(
        "void Hook() { var v = View; if (v != null) v.Changed += OnChanged; } void OnChanged(object s, EventArgs e) { "
            + "Use(View.Text); }")]
    [InlineData("void Hook() { if (View is { } v) v.Changed += OnChanged; } void OnChanged(object s, EventArgs e) => Use(View.Text);")]
    [InlineData(
        "void Hook() { var v = View as View; if (v != null) v.Changed += new EventHandler(this.OnChanged); } void "
            + "OnChanged(object s, EventArgs e) => Use(View.Text);")]
    [InlineData(
        "void Set(View v) { _w = new WeakReference(v); v.Changed += OnChanged; } void OnChanged(object s, EventArgs e) "
            + "=> Use(((View)_w.Target).Text);")]
    [InlineData(
        "void Hook() { var v = View; v?.WeakSubscribe(\"Changed\", null); if (v != null) v.WeakSubscribe(\"Changed\", "
            + "OnChanged); } void OnChanged(object s, EventArgs e) => Use(View.Text);")]
    [InlineData(
        "void Hook() { var v = View; if (v != null) { v.Changed += OnChanged; v.Closed += OnChanged; } } void Off() { "
            + "var v = View; if (v != null) v.Changed -= OnChanged; } void OnChanged(object s, EventArgs e) => "
            + "Use(View.Text);")]
    [InlineData("void Hook() { var v = View; if (v != null) v.Changed += (s, e) => Use(View.Text); }")]
    [InlineData(
        "void Hook() { var v = View; if (v != null) v.Changed += OnChanged; Bus.All += OnChanged; } void "
            + "OnChanged(object s, EventArgs e) => Use({|WREF101:View.Text|});")]
    [InlineData(
        "void Hook() { var v = View; if (v != null) v.Changed += OnChanged; } void Now() => OnChanged(null, null); "
            + "void OnChanged(object s, EventArgs e) => Use({|WREF101:View.Text|});")]
    [InlineData("void Hook(Bus b) { b.Any += OnChanged; } void OnChanged(object s, EventArgs e) => Use({|WREF101:View.Text|});")]
    [InlineData("void Hook(View v) { v.Changed += OnChanged; } void OnChanged(object s, EventArgs e) => Use({|WREF101:View.Text|});")]
    [InlineData(
        "void Off() { var v = View; if (v != null) v.Changed -= OnChanged; } void OnChanged(object s, EventArgs e) => "
            + "Use({|WREF101:View.Text|});")]
    [InlineData("void M() { {|WREF101:View.Update(() => View.Move())|}; }")]
    [InlineData(
        "void M(bool b) { if (b) {|WREF101:View.Move()|}; else View.Update(() => { View.Move(); View.Update(() => "
            + "View.Move()); }); }")]
    [InlineData("void M(Bus b) { {|WREF101:View.Update(() => b.Raise())|}; } Action N() => () => {|WREF101:View.Move()|};")]
    public Task RunByTheTarget(string members) => Verify<WeakReadFlowTests.ReadingRules>.Diagnostics(
        "class C { WeakReference _w; View View => (View)_w.Target; void Use(string s) { } " + members + " }" + View);

    [Theory]
    [InlineData("void M() { try { View.Move(); } catch (Exception e) { Use(e.Message); } }")]
    [InlineData("string M() { try { return View.Text; } catch { return null; } }")]
    [InlineData("void M() { try { {|WREF101:View.Move()|}; } catch (Exception) { throw; } }")]
    [InlineData("void M() { try { {|WREF101:View.Move()|}; } catch (InvalidOperationException) { } }")]
    [InlineData("void M() { try { {|WREF101:View.Move()|}; } catch (Exception e) when (e.Message == null) { } }")]
    [InlineData("void M() { try { Use(null); {|WREF101:View.Move()|}; } catch (Exception) { } }")]
    [InlineData("void M() { try { Use(null); } finally { } {|WREF101:View.Move()|}; }")]
    public Task TheAuthorReckonsWithIt(string members) => RunByTheTarget(members);
}
