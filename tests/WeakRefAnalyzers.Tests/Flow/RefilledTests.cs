namespace WeakRefAnalyzers.Tests;

/// <summary>A reference that is made anew where it was found dead; the old target may die all the same before the next read.</summary>
public class RefilledTests
{
    [Theory]
    [InlineData(
        "static T M(T m) { if (s_w == null || s_w.Target == null) s_w = new WeakReference(m); return "
            + "{|WREF103:s_w.Target|} as T; }")]
    [InlineData("T M() { if (s_w == null || s_w.Target == null) s_w = new WeakReference(new T()); return {|WREF103:s_w.Target|} as T; }")]
    [InlineData("T M() { if (w == null || w.Target == null) { w = new WeakReference(new T()); } return (T){|WREF103:w.Target|}; }")]
    [InlineData("T M() { if (w == null || !w.IsAlive) { w = new WeakReference(new T()); } return (T){|WREF102:w.Target|}; }")]
    [InlineData("T M() { if (w.Target == null) w.Target = new T(); return (T){|WREF103:w.Target|}; }")]
    [InlineData("T M() { if (!w.IsAlive) w.Target = new T(); return (T){|WREF102:w.Target|}; }")]
    [InlineData("T M() { if (!g.TryGetTarget(out _)) g.SetTarget(new T()); {|WREF102:g.TryGetTarget(out var t)|}; return t; }")]
    [InlineData("T M() { if (w?.Target == null) w = new WeakReference(new T()); return (T){|WREF103:w.Target|}; }")]
    [InlineData("T M() { if (w?.IsAlive != true) w = new WeakReference(new T()); return (T){|WREF102:w.Target|}; }")]
    [InlineData("void M() { if (w == null || w.Target == null) w = new WeakReference(new T()); ((T){|WREF103:w.Target|}).Go(); }")]
    [InlineData("void M() { if (!w.IsAlive) w = new WeakReference(new T()); ((T){|WREF102:w.Target|}).Go(); }")]
    [InlineData(
        "T M() { if (w == null || w.Target == null) { var n = new T(); w = new WeakReference(n); return n; } return "
            + "(T){|WREF103:w.Target|}; }")]
    [InlineData("static T M() { if (s_w?.Target is null) { s_w = new WeakReference(new T()); } return {|WREF103:s_w.Target|} as T; }")]
    [InlineData(
        "T M() { lock (this) { if (w == null || w.Target == null) w = new WeakReference(new T()); return "
            + "(T){|WREF103:w.Target|}; } }")]
    [InlineData("T M() { if (r.Deref() == null) r = new WeakRef<T>(new T()); return {|WREF103:r.Deref()|}; }")]
    [InlineData("T P { get { if (w == null || w.Target == null) w = new WeakReference(new T()); return (T){|WREF103:w.Target|}; } }")]
    [InlineData(
        "T M() { if (g == null || !g.TryGetTarget(out _)) g = new WeakReference<T>(new T()); "
            + "{|WREF102:g.TryGetTarget(out var t)|}; return t; }")]
    public Task TheOtherBranchWasCheckedBefore(string member) => ReadingSource.Check(member);

    [Theory]
    [InlineData("T M() { var t = w?.Target as T; if (t == null) { t = new T(); w = new WeakReference(t); } return t; }")]
    [InlineData("T M() { if (w == null || w.Target == null) return null; return (T)w.Target; }")]
    [InlineData("T M() { if (w == null) w = new WeakReference(new T()); return (T)w.Target; }")]
    [InlineData("T M(T m) { w = new WeakReference(m); return (T)w.Target; }")]
    [InlineData("T M() { if (w.Target == null) throw new Exception(); w = other.w; return (T)w.Target; }")]
    [InlineData("T M() { if (w == null || w.Target == null) w = other.w; return (T)w.Target; }")]
    [InlineData("T M() { if (w == null || w.Target == null) w = new WeakReference(new T()); return w.Target as T ?? new T(); }")]
    [InlineData(
        "T M() { if (w == null || w.Target == null) w = new WeakReference(new T()); var t = (T)w.Target; if (t == null) "
            + "return M(); return t; }")]
    [InlineData("T M() { var strong = w?.Target as T; if (strong == null) { w = new WeakReference(strong = new T()); } return strong; }")]
    [InlineData("T M() { if (g == null || !g.TryGetTarget(out var t)) { t = new T(); g = new WeakReference<T>(t); } return t; }")]
    [InlineData("T M(bool b) { if (w == null || (b && w.Target == null)) w = new WeakReference(new T()); return (T)w.Target; }")]
    public Task KeptOrReadOnce(string member) => ReadingSource.Check(member);
}
