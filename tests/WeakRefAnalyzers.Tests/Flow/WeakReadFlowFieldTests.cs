namespace WeakRefAnalyzers.Tests;

/// <summary>
/// The weak-read state machine on the shapes that libraries and applications give it; what is marked is a defect, the rest is sound.
/// </summary>
public class WeakReadFlowFieldTests
{
    private const string Fields = """
        class C
        {
            WeakReference w; WeakReference<T> g; WeakRef<T> r; C other; static WeakReference s; T keep; object gate = new object();
            List<WeakReference> list; List<WeakReference<T>> gl; WeakReference[] arr; Dictionary<string, WeakReference> map; Dictionary<string, WeakReference<T>> gmap;
            static void Use(object o) { o.ToString(); }

        """;

    private const string Target = """

        }

        enum K { A, B, C }

        class T
        {
            public int X; public K Kind; public T Next; public string Name; public bool Ready; public List<T> Items;
            public void Go() { }
            public Task RunAsync() => null;
            public bool TryGet(out T t) { t = this; return true; }
            public event EventHandler E;
            public int this[int i] => i;
        }
        """;

    private static readonly Options Broken = new() { CompilerErrors = true };

    private static Task Members(string members, Options? options = null)
        => Verify<WeakReadFlowTests.ReadingRules>.Diagnostics(Fields + members + Target, options ?? Options.Default);

    private static Task Source(string source, Options? options = null)
        => Verify<WeakReadFlowTests.ReadingRules>.Diagnostics(source, options ?? Options.Default);

    [Theory]
    [InlineData("void M() { var t = (T)w.Target; if (string.IsNullOrEmpty(t?.Name)) return; t.Go(); }")]
    [InlineData("void M() { var t = (T)w.Target; if (t?.Ready ?? false) t.Go(); }")]
    [InlineData("void M() { var t = (T)w.Target; if (!(t?.Ready ?? false)) return; t.Go(); }")]
    [InlineData("void M() { var t = (T)w.Target; if (t?.Ready == true && t.X > 0) t.Go(); }")]
    [InlineData("void M() { var t = (T)w.Target; if (t?.Ready != true) return; t.Go(); }")]
    [InlineData("void M() { var t = (T)w.Target; if (t?.Items.Any() == true) t.Go(); }")]
    [InlineData("void M() { var t = (T)w.Target; if (t?.TryGet(out var x) == true) { t.Go(); x.Go(); } }")]
    [InlineData("void M() { var t = (T)w.Target; switch (t?.Kind) { case K.A: t.Go(); break; case K.B: t.Go(); break; default: break; } }")]
    [InlineData("void M() { var t = (T)w.Target; if (t?.Kind is K.A or K.B) t.Go(); }")]
    [InlineData("void M() { var t = (T)w.Target; if ((t?.X ?? 0) != 0) t.Go(); }")]
    [InlineData("void M() { var t = (T)w.Target; if ((t?.X ?? 0) > 0) t.Go(); }")]
    [InlineData("void M() { var t = (T)w.Target; if ((t?.X ?? -1) >= 0) t.Go(); }")]
    [InlineData("void M() { var t = (T)w.Target; if (0 < (t?.X ?? 0)) t.Go(); }")]
    [InlineData("void M() { var t = (T)w.Target; if ((t?.X ?? 0) == 0) return; t.Go(); }")]
    [InlineData("void M() { var t = (T)w.Target; if (t is null || t.Next == null) return; t.Go(); }")]
    [InlineData("static bool Ok(T t) => t != null && t.Ready; void M() { var t = (T)w.Target; if (Ok(t)) t.Go(); }")]
    [InlineData(
        "static bool Ok(T t) { if (t == null) return false; return t.Ready; } void M() { var t = (T)w.Target; if (!Ok(t)) "
            + "return; t.Go(); }")]
    [InlineData("static bool Bad(T t) => t == null || !t.Ready; void M() { var t = (T)w.Target; if (Bad(t)) return; t.Go(); }")]
    [InlineData(
        "static bool Bad(T t) { if (t != null && t.Ready) { return false; } return true; } void M() { var t = (T)w.Target; if "
            + "(Bad(t)) return; t.Go(); }")]
    [InlineData("static void Check(T t) { if (t == null) throw new Exception(); } void M() { var t = (T)w.Target; Check(t); t.Go(); }")]
    [InlineData("static T Must(T t) => t ?? throw new Exception(); void M() { Must((T)w.Target).Go(); }")]
    [InlineData("void M() { var t = (T)w.Target; if (t?.Next is T n) t.Go(); }")]
    [InlineData("void M() { var t = (T)w.Target; if (t?.Next is { Ready: true }) t.Go(); }")]
    [InlineData("void M() { var t = (T)w.Target; if (t?.Next is not { } n) return; t.Go(); }")]
    [InlineData("void M() { var t = (T)w.Target; var count = t?.Items?.Count ?? 0; if (count > 0) t.Go(); }")]
    [InlineData("void M() { var t = (T)w.Target; for (var i = 0; i < (t?.Items.Count ?? 0); i++) t.Items[i].Go(); }")]
    [InlineData("void M() { var t = (T)w.Target; var ready = t?.Ready ?? false; if (ready) t.Go(); }")]
    [InlineData("void M() { var t = (T)w.Target; var ready = t?.Ready; if (ready == true) t.Go(); }")]
    [InlineData("void M() { var t = (T)w.Target; var ready = t?.Ready; if (ready.HasValue && ready.Value) t.Go(); }")]
    [InlineData("void M() { var t = (T)w.Target; if ((t?.Ready).GetValueOrDefault()) t.Go(); }")]
    [InlineData("void M() { var t = (T)w.Target; if (t?.Name?.Length > 0) t.Go(); }")]
    [InlineData("void M() { var t = (T)w.Target; if (t?.Name != \"a\") return; t.Go(); }")]
    [InlineData("void M() { var t = (T)w.Target; if (t?.Name.Equals(\"a\") ?? false) t.Go(); }")]
    [InlineData("void M() { var t = (T)w.Target; if (t?.GetType() == typeof(T)) t.Go(); }")]
    [InlineData("void M() { var t = (T)w.Target; if (t?.X is > 3) t.Go(); }")]
    [InlineData("void M() { var t = (T)w.Target; var n = t == null ? -1 : t.X; if (n != -1) t.Go(); }")]
    [InlineData("void M() { var t = (T)w.Target; var n = 0; if (t != null) n = t.X; if (n > 0) t.Go(); }")]
    [InlineData("void M() { var t = (T)w.Target; string e = null; if (t == null) e = \"dead\"; if (e != null) return; t.Go(); }")]
    [InlineData("int M() { var t = (T)w.Target; return (t?.Kind) switch { K.A => t.X, K.B => t.X + 1, _ => 0 }; }")]
    [InlineData("void M() { var t = (T)w.Target; var kind = t?.Kind ?? K.C; switch (kind) { case K.A: t.Go(); break; case K.C: break; } }")]
    [InlineData("void M() { var t = (T)w.Target; if (\"a\" == t?.Name) t.Go(); }")]
    [InlineData("void M() { var t = (T)w.Target; if (t?.Name is \"a\" or \"b\") t.Go(); }")]
    [InlineData("void M() { var t = (T)w.Target; if (t?.Name is { Length: > 0 }) t.Go(); }")]
    [InlineData("void M() { var t = (T)w.Target; if (!(t?.X > 3)) return; t.Go(); }")]
    [InlineData("void M() { var t = (T)w.Target; var ok = t?.Next != null; if (!ok) return; t.Go(); }")]
    [InlineData("void M() { var t = (T)w.Target; if (string.Equals(t?.Name, \"a\")) t.Go(); }")]
    [InlineData("void M() { var t = (T)w.Target; if (t?.Name?.StartsWith(\"a\") == true || t?.Name == \"b\") t.Go(); }")]
    [InlineData("void M() { var t = (T)w.Target; var n = t?.Next; if (n?.Next == null) return; t.Go(); n.Go(); }")]
    [InlineData("void M() { var t = (T)w.Target; if (t?.Next is T { Next: { } m }) { t.Go(); m.Go(); } }")]
    [InlineData("void M() { var t = (T)w.Target; T n; if ((n = t?.Next) == null) return; t.Go(); }")]
    [InlineData("void M() { var t = (T)w.Target; if (t?.Items is not { Count: > 0 } items) return; t.Go(); }")]
    [InlineData("void M() { var t = (T)w.Target; if (t?.Next == null) {|WREF101:t.Go()|}; }")]
    [InlineData("void M() { var t = (T)w.Target; if (t?.X != 3) {|WREF101:t.Go()|}; }")]
    [InlineData("void M() { var t = (T)w.Target; if (!(t?.Ready ?? true)) return; {|WREF101:t.Go()|}; }")]
    [InlineData("void M() { var t = (T)w.Target; if (t?.Ready ?? true) {|WREF101:t.Go()|}; }")]
    [InlineData("void M() { var t = (T)w.Target; if ((t?.X ?? 0) == 0) {|WREF101:t.Go()|}; }")]
    [InlineData("void M() { var t = (T)w.Target; if ((t?.X ?? 1) > 0) {|WREF101:t.Go()|}; }")]
    [InlineData("void M() { var t = (T)w.Target; if (string.IsNullOrEmpty(t?.Name)) {|WREF101:t.Go()|}; }")]
    [InlineData("static bool Ok(T t) => t == null || t.Ready; void M() { var t = (T)w.Target; if (Ok(t)) {|WREF101:t.Go()|}; }")]
    [InlineData("static bool Ok(T t) => t != null && t.Ready; void M() { var t = (T)w.Target; if (!Ok(t)) {|WREF101:t.Go()|}; }")]
    [InlineData("void M() { var t = (T)w.Target; var n = t?.X ?? 0; {|WREF101:t.Go()|}; }")]
    [InlineData("void M() { var t = (T)w.Target; switch (t?.Kind) { case K.A: return; default: {|WREF101:t.Go()|}; break; } }")]
    [InlineData("void M() { var t = (T)w.Target; if (t?.Name != \"a\") {|WREF101:t.Go()|}; }")]
    [InlineData("void M() { var t = (T)w.Target; t?.Go(); {|WREF101:t.Go()|}; }")]
    public Task AMemberBehindTheQuestionMark(string members) => Members(members);

    [Theory]
    [InlineData("void M() { var t = (T)w.Target; bool has() => t != null; if (has()) t.Go(); }")]
    [InlineData("void M() { var t = (T)w.Target; Func<bool> has = () => t != null; if (has()) t.Go(); }")]
    [InlineData("void M() { var t = (T)w.Target; void check() { if (t == null) throw new Exception(); } check(); t.Go(); }")]
    [InlineData("void M() { var t = (T)w.Target; void ensure() { t = new T(); } ensure(); t.Go(); }")]
    [InlineData("void M() { var t = (T)w.Target; void log() => Console.WriteLine(t); log(); {|WREF101:t.Go()|}; }")]
    [InlineData("void M() { var t = (T)w.Target; {|WREF101:t.Go()|}; bool has() => t != null; if (has()) t.Go(); }")]
    [InlineData("void M() { var t = (T)w.Target; Action a = () => t.Go(); if (t != null) a(); }")]
    [InlineData("void M() { var t = (T)w.Target; Action a = null; a = () => t.Go(); if (t == null) return; a(); }")]
    [InlineData("event Action E; void M() { var t = (T)w.Target; E += () => t.Go(); if (t == null) return; E(); }")]
    [InlineData("void M() { var t = (T)w.Target; var task = new Task(() => t.Go()); if (t != null) task.Start(); }")]
    [InlineData("void M() { var ok = g.TryGetTarget(out var t); Action a = () => t.Go(); if (ok) a(); }")]
    [InlineData("void M() { var t = (T)w.Target; Action a = () => {|WREF101:t.Go()|}; a(); }")]
    [InlineData("void M() { var t = (T)w.Target; list.ForEach(x => {|WREF101:t.Go()|}); if (t != null) t.Go(); }")]
    [InlineData("void M() { Action a = () => { var t = (T)w.Target; {|WREF101:t.Go()|}; }; a(); }")]
    public Task FunctionsOfTheBody(string members) => Members(members);

    [Theory]
    [InlineData("void M() { {|WREF101:((w.Target as T)?.Next).Go()|}; }")]
    [InlineData("void M() { var n = (w.Target as T)?.Next; {|WREF101:n.Go()|}; }")]
    [InlineData("void M() { var t = w.Target as T; var n = t?.Next; {|WREF101:n.Go()|}; }")]
    [InlineData("void M() { var t = w.Target as T; var n = t?.Next?.Next; {|WREF101:n.Go()|}; }")]
    [InlineData("void M() { var t = w.Target as T; var n = t != null ? t.Next : null; {|WREF101:n.Go()|}; }")]
    [InlineData("async Task M() { var t = w.Target as T; {|WREF101:await t?.RunAsync()|}; }")]
    [InlineData("void M() { foreach (var i in {|WREF101:(w.Target as T)?.Items|}) Console.WriteLine(i); }")]
    [InlineData("void M() { lock ({|WREF101:(w.Target as T)?.Next|}) { } }")]
    [InlineData("void M() { if (w.IsAlive) { var n = (w.Target as T)?.Next; Use(n); } }")]
    [InlineData("void M() { var n = (w.Target as T)?.Next; Use(n); n?.Go(); }")]
    [InlineData("void M() { var n = (w.Target as T)?.Next; if (n != null) n.Go(); }")]
    [InlineData("void M() { var n = (w.Target as T)?.Next ?? new T(); n.Go(); }")]
    [InlineData("void M() { var t = w.Target as T; var n = t?.Next; if (t == null) return; n.Go(); }")]
    [InlineData("WeakReference Get() => w; void M() { var t = Get().Target as T; var n = t?.Next; if (t == null) return; n.Go(); }")]
    [InlineData("void M() { if (!w.IsAlive) return; var n = (w.Target as T)?.Next; n?.Go(); }")]
    [InlineData("void M() { var t = w.Target as T; if (t == null) return; var n = t?.Next; n.Go(); }")]
    [InlineData("void M() { var n = (w.Target as T)?.Next; n = new T(); n.Go(); }")]
    [InlineData("void M() { var t = w.Target as T; if (t == null) return; t?.Go(); t.Go(); }")]
    [InlineData("void M() { var t = w.Target as T; if (t == null) return; if (t == null || t.Ready) Use(1); t.Go(); }")]
    [InlineData("void M() { T t; while ((t = w.Target as T) != null) { t?.Go(); t.Go(); } }")]
    [InlineData("void M(T other) { var n = other?.Next; n.Go(); }")]
    [InlineData("bool M() { var ready = (w.Target as T)?.Ready; return ready.GetValueOrDefault(); }")]
    [InlineData("T Next => (w.Target as T)?.Next; void M() { Next.Go(); }")]
    public Task WhatADeadTargetMakesNull(string members) => Members(members);

    [Theory]
    [InlineData(
        "IEnumerable<T> All() { foreach (var r in list) yield return (T)r.Target; } void M() { All().GetEnumerator(); foreach "
            + "(var t in All()) Use(t); }")]
    [InlineData("IEnumerable<T> All { get { yield return (T)w.Target; } } void M() { All.ToString(); }")]
    public Task AnIteratorDoesNotReturnWhatItYields(string members) => Members(members);

    [Theory]
    [InlineData(
        "class E { public WeakReference R; } E[] all; void M(T t) { var e = new E { R = new WeakReference(t) }; if "
            + "(all[0].R.Target != null) ((T){|WREF103:all[0].R.Target|}).Go(); all[0] = e; }")]
    [InlineData("class E { public WeakReference R; } void M(T t) { var e = new E { R = new WeakReference(t) }; ((T)e.R.Target).Go(); }")]
    public Task AReferenceOfAnotherObject(string members) => Members(members);

    [Theory]
    [InlineData("bool HasTarget => w.Target != null; void M() { if (!HasTarget) return; ((T){|WREF102:w.Target|}).Go(); }")]
    [InlineData("bool IsDead => !w.IsAlive; void M() { if (IsDead) return; ((T){|WREF102:w.Target|}).Go(); }")]
    [InlineData("bool IsDead { get { return w == null || !w.IsAlive; } } void M() { if (!IsDead) ((T){|WREF102:w.Target|}).Go(); }")]
    [InlineData(
        "bool HasTarget { get { if (w == null) return false; return w.IsAlive; } } void M() { if (HasTarget) "
            + "((T){|WREF102:w.Target|}).Go(); }")]
    [InlineData(
        "bool HasTarget { get { if (w == null) { return false; } if (!w.IsAlive) { return false; } return true; } } void M() { "
            + "if (HasTarget) ((T){|WREF102:w.Target|}).Go(); }")]
    [InlineData("bool HasTarget => w != null && w.Target != null; void M() { if (HasTarget) ((T){|WREF102:w.Target|}).Go(); }")]
    [InlineData("bool HasTarget() { var t = w.Target; return t != null; } void M() { if (HasTarget()) ((T){|WREF102:w.Target|}).Go(); }")]
    [InlineData("bool IsAlive => w?.IsAlive ?? false; T Target => w.Target as T; void M() { if (IsAlive) {|WREF102:Target|}.Go(); }")]
    [InlineData("bool IsAlive => w.IsAlive; T Target => w.Target as T; void M(C c) { if (c.IsAlive) {|WREF102:c.Target|}.Go(); }")]
    [InlineData(
        "bool IsAlive => w.IsAlive; T Target => w.Target as T; void M(C c) { if (!c.IsAlive) return; var t = c.Target; if (t != "
            + "null) t.Go(); }")]
    [InlineData("bool IsAlive => w.IsAlive; T Target => w.Target as T; void M(C a, C b) { if (a.IsAlive) b.Target?.Go(); }")]
    [InlineData("bool IsDead => !w.IsAlive; void M() { if (IsDead) list.Remove(w); }")]
    [InlineData("bool IsDead() => w.Target == null; bool N(C c) => c.IsDead() || ((T){|WREF102:c.w.Target|}).Ready;")]
    public Task GuardsInBoolMembers(string members) => Members(members);

    [Theory]
    [InlineData("bool Try(out T t) { t = w.Target as T; return t != null; } void M() { Try(out var t); {|WREF104:t.Go()|}; }")]
    [InlineData("bool Try(out T t) { t = w.Target as T; return t != null; } void M() { if (Try(out var t)) t.Go(); }")]
    [InlineData(
        "bool Try(out T t) { t = null; if (w == null) return false; t = w.Target as T; return t != null; } void M() { if "
            + "(!Try(out var t)) Console.WriteLine(); {|WREF104:t.Go()|}; }")]
    [InlineData(
        "bool Try(out T t) { if (g.TryGetTarget(out t)) return true; gl.Remove(g); return false; } void M() { Try(out var t); "
            + "{|WREF104:t.Go()|}; }")]
    [InlineData(
        "bool Try(out T t) { if (g.TryGetTarget(out t)) { return true; } else { t = null; return false; } } void M() { if "
            + "(Try(out var t)) t.Go(); else Console.WriteLine(); }")]
    [InlineData(
        "bool Try(string k, out T t) { t = null; return gmap.TryGetValue(k, out var x) && x.TryGetTarget(out t); } void M() { "
            + "Try(\"a\", out var t); {|WREF104:t.Go()|}; }")]
    [InlineData(
        "bool Try(string k, out T t) { t = null; if (gmap.TryGetValue(k, out var x) && x.TryGetTarget(out t)) return true; "
            + "gmap.Remove(k); return false; } void M() { T t; if (Try(\"a\", out t)) t.Go(); }")]
    [InlineData(
        "bool Try(out T t) { t = w.Target as T; return t != null; } bool Again(out T t) => Try(out t); void M() { Again(out var "
            + "t); {|WREF104:t.Go()|}; }")]
    [InlineData("bool Try(out T t) { if (!g.TryGetTarget(out t)) { t = new T(); } return true; } void M() { Try(out var t); t.Go(); }")]
    [InlineData(
        "bool Try(out T t) { if (!g.TryGetTarget(out t)) { t = new T(); return false; } return true; } void M() { Try(out var "
            + "t); t.Go(); }")]
    [InlineData(
        "T Get(string k) => gmap.TryGetValue(k, out var x) && x.TryGetTarget(out var t) ? t : null; void M() { "
            + "{|WREF101:Get(\"a\").Go()|}; }")]
    [InlineData(
        "T Get(string k) { if (gmap.TryGetValue(k, out var x)) { if (x.TryGetTarget(out var t)) return t; gmap.Remove(k); } "
            + "return null; } void M() { {|WREF101:Get(\"a\").Go()|}; }")]
    [InlineData(
        "T Get(string k) { T t; if (gmap.TryGetValue(k, out var x) && x.TryGetTarget(out t)) return t; t = new T(); gmap[k] = "
            + "new WeakReference<T>(t); return t; } void M() { Get(\"a\").Go(); }")]
    [InlineData(
        "T Get(string k) { if (map.TryGetValue(k, out var x)) { var t = x.Target as T; if (t != null) return t; } return null; "
            + "} void M() { var t = Get(\"a\"); if (t == null) return; t.Go(); }")]
    [InlineData(
        "static T Get(WeakReference x) => (T)x.Target; void M(WeakReference a, WeakReference b) { if (Get(a) != null) "
            + "{|WREF101:Get(b).Go()|}; }")]
    [InlineData("static T Get(WeakReference x) => (T)x.Target; void M(WeakReference a) { if (Get(a) != null) {|WREF103:Get(a)|}.Go(); }")]
    [InlineData("T Get(string k) => (T)map[k].Target; void M() { if (Get(\"a\") != null) {|WREF101:Get(\"b\").Go()|}; }")]
    [InlineData("T Get(string k) => (T)map[k].Target; void M() { if (Get(\"a\") != null) {|WREF103:Get(\"a\")|}.Go(); }")]
    [InlineData("T Get(string k) => (T)map[k].Target; void M(string k) { if (Get(k) == null) return; {|WREF103:Get(k)|}.Go(); }")]
    [InlineData("T this[string k] => (T)map[k].Target; void M() { {|WREF101:this[\"a\"].Go()|}; }")]
    [InlineData("T this[string k] => (T)map[k].Target; void M() { var t = this[\"a\"]; if (t != null) t.Go(); }")]
    public Task WrappersOfManyShapes(string members) => Members(members);

    [Theory]
    [InlineData(
        "static class E { public static T Get<T>(this WeakReference w) where T : class => w.Target as T; static int "
            + "M(WeakReference a) => {|WREF101:a.Get<string>().Length|}; }")]
    [InlineData(
        "static class E { public static T Get<T>(this WeakReference<T> w) where T : class { T t; return w.TryGetTarget(out t) ? "
            + "t : null; } static int M(WeakReference<string> a) => a.Get() == null ? 0 : {|WREF103:a.Get()|}.Length; }")]
    [InlineData(
        "static class E { public static T Get<T>(this WeakReference<T> w) where T : class { w.TryGetTarget(out var t); return "
            + "t; } static int M(WeakReference<string> a) => a.Get() is { } s ? s.Length : 0; }")]
    [InlineData(
        "static class E { public static T GetOrThrow<T>(this WeakReference<T> w) where T : class { if (w.TryGetTarget(out var "
            + "t)) return t; throw new Exception(); } static int M(WeakReference<string> a) => a.GetOrThrow().Length; }")]
    [InlineData(
        "class Box<T> where T : class { WeakReference w; public T Value => (T)w.Target; public bool Lives => w.IsAlive; } class "
            + "C { int M(Box<string> b) => {|WREF101:b.Value.Length|}; int N(Box<string> b) => b.Lives ? "
            + "{|WREF102:b.Value|}.Length : 0; int O(Box<string> b) => b.Value?.Length ?? 0; }")]
    [InlineData(
        "class B { protected WeakReference w; protected string P => w.Target as string; } class D : B { int M() => "
            + "{|WREF101:P.Length|}; int N() => P == null ? 0 : {|WREF103:P|}.Length; }")]
    [InlineData(
        "class D : B { D() : base(null) { } int M() => {|WREF101:P.Length|}; } class B { protected B(object o) { w = new "
            + "WeakReference(o); } WeakReference w; protected string P { get { return (string)this.w.Target; } } }")]
    [InlineData(
        "partial class D { int M() => {|WREF101:P.Length|}; } partial class D { WeakReference w; string P => w.Target as string; }")]
    [InlineData(
        "struct S { WeakReference w; public string P => w?.Target as string; public override string ToString() => "
            + "{|WREF101:P.ToString()|}; }")]
    [InlineData("record R(WeakReference W) { public string P => W.Target as string; public int N => {|WREF101:P.Length|}; }")]
    [InlineData(
        "class K : WeakReference { public K(object o) : base(o) { } public override string ToString() => "
            + "{|WREF101:Target.ToString()|}; public override int GetHashCode() => IsAlive ? {|WREF102:Target|}.GetHashCode() : "
            + "0; public override bool Equals(object o) => o is K k && k.Target == Target; }")]
    [InlineData(
        "class K<T> : WeakReference where T : class { public K(T o) : base(o) { } public new T Target => (T)base.Target; } "
            + "class C { string M(K<string> k) => {|WREF101:k.Target.Trim()|}; }")]
    [InlineData(
        "static class Current { static WeakReference s; public static string Value => s == null ? null : (string)s.Target; } "
            + "class C { int M() => {|WREF101:Current.Value.Length|}; int N() => Current.Value?.Length ?? 0; }")]
    public Task WrappersOfManyShapesInTypes(string source) => Source(source);

    [Theory]
    [InlineData("void M(bool b) { T t; if (b) t = (T)w.Target; else t = (T)s.Target; {|WREF101:t.Go()|}; }")]
    [InlineData("void M(bool b) { T t = b ? (T)w.Target : new T(); {|WREF101:t.Go()|}; }")]
    [InlineData("void M(bool b) { T t = b ? (T)w.Target : null; if (t == null) t = new T(); t.Go(); }")]
    [InlineData("void M(bool b) { var t = w.Target as T; if (t == null && b) return; {|WREF101:t.Go()|}; }")]
    [InlineData("void M(bool b) { var t = w.Target as T; if (t == null || b) return; t.Go(); }")]
    [InlineData("void M() { T t = null; foreach (var x in list) { t = x.Target as T; if (t != null) break; } {|WREF101:t.Go()|}; }")]
    [InlineData("void M() { T t = null; foreach (var x in gl) { if (x.TryGetTarget(out var u)) { t = u; break; } } t.Go(); }")]
    [InlineData("void M() { var o = w.Target; var t = o as T; if (o != null) t.Go(); }")]
    [InlineData("void M() { var o = w.Target; var t = o as T; if (t != null) ((T)o).Go(); }")]
    [InlineData("void M() { var o = w.Target; if (o == null) return; var t = o as T; t.Go(); }")]
    [InlineData("void M() { var o = w.Target; if (o is T) ((T)o).Go(); }")]
    [InlineData("void M() { var o = w.Target; var t = (T)o; if (o is null) throw new Exception(); t.Go(); }")]
    [InlineData("void M() { var t = (T)w.Target; var u = t; if (t == null) return; u.Go(); }")]
    [InlineData("void M() { var t = (T)w.Target; var u = t; t = new T(); if (u == null) return; u.Go(); t.Go(); }")]
    [InlineData("void M() { var t = (T)w.Target; var u = t; t = new T(); {|WREF101:u.Go()|}; }")]
    [InlineData("void M(bool b) { T t = null; if (b) t = w.Target as T; if (b && t != null) t.Go(); }")]
    public Task LocalsOnSeveralPaths(string members) => Members(members);

    [Theory]
    [InlineData(
        "void M() { for (int i = list.Count - 1; i >= 0; i--) { var t = list[i].Target as T; if (t == null) list.RemoveAt(i); "
            + "else t.Go(); } }")]
    [InlineData(
        "void M() { for (int i = list.Count - 1; i >= 0; i--) { if (!list[i].IsAlive) { list.RemoveAt(i); continue; } "
            + "((T){|WREF102:list[i].Target|}).Go(); } }")]
    [InlineData(
        "void M() { for (int i = 0; i < list.Count; i++) { if (!list[i].IsAlive) list.RemoveAt(i--); else "
            + "((T){|WREF102:list[i].Target|}).Go(); } }")]
    [InlineData(
        "void M() { var i = 0; while (i < list.Count) { var x = list[i]; if (x.IsAlive) { ((T){|WREF102:x.Target|}).Go(); i++; "
            + "} else list.RemoveAt(i); } }")]
    [InlineData("void M() { foreach (var x in list.ToArray()) { if (x.Target == null) continue; ((T){|WREF103:x.Target|}).Go(); } }")]
    [InlineData("void M() { foreach (var pair in map) { if (pair.Value.IsAlive) ((T){|WREF102:pair.Value.Target|}).Go(); } }")]
    [InlineData("void M() { foreach (var k in map.Keys.ToList()) { if (!map[k].IsAlive) map.Remove(k); } }")]
    [InlineData("void M() { foreach (var k in map.Keys) { if (map[k].IsAlive) ((T){|WREF102:map[k].Target|}).Go(); } }")]
    [InlineData(
        "void M() { for (int i = 0; i < arr.Length; i++) { var x = arr[i]; if (x == null || !x.IsAlive) continue; "
            + "((T){|WREF102:x.Target|}).Go(); } }")]
    [InlineData("void M() { for (int i = 0; i < arr.Length; i++) { if (arr[i].IsAlive) ((T)arr[i + 1].Target)?.Go(); } }")]
    [InlineData("void M() { T t; while ((t = w.Target as T) != null) { t.Go(); } }")]
    [InlineData("void M() { do { var t = w.Target as T; if (t == null) break; t.Go(); } while (true); }")]
    [InlineData(
        "void M() { T last = null; foreach (var x in gl) { if (!x.TryGetTarget(out var t)) continue; if (last != null) "
            + "last.Go(); last = t; } last?.Go(); }")]
    [InlineData("void M() { foreach (var x in gl) { if (x.TryGetTarget(out var t) && t.Ready) { t.Go(); return; } } }")]
    [InlineData(
        "void M() { List<T> live = null; foreach (var x in gl) { if (x.TryGetTarget(out var t)) (live = live ?? new "
            + "List<T>()).Add(t); } }")]
    public Task Loops(string members) => Members(members);

    [Theory]
    [InlineData("T M(string k) { if (map.TryGetValue(k, out var x) && x.IsAlive) return (T)x.Target; return null; }")]
    [InlineData(
        "T M(string k) { if (map.TryGetValue(k, out var x) && x.IsAlive) return (T){|WREF102:x.Target|}; var t = new T(); "
            + "map[k] = new WeakReference(t); return t; }")]
    [InlineData("T M(string k) { if (map.ContainsKey(k) && map[k].IsAlive) return (T){|WREF102:map[k].Target|}; return new T(); }")]
    [InlineData(
        "T M() { if (w != null && w.Target != null) return (T){|WREF103:w.Target|}; var t = new T(); w = new WeakReference(t); "
            + "return t; }")]
    [InlineData("T M() { T t; if (w != null && (t = (T)w.Target) != null) return t; t = new T(); w = new WeakReference(t); return t; }")]
    [InlineData(
        "T M() { var t = w?.Target as T; if (t == null) { lock (gate) { t = w?.Target as T; if (t == null) { t = new T(); w = "
            + "new WeakReference(t); } } } t.Go(); return t; }")]
    [InlineData("void M() { if (!g.TryGetTarget(out var x)) { x = new T(); g.SetTarget(x); } x.Go(); }")]
    [InlineData("void M() { T x; if (g == null || !g.TryGetTarget(out x)) g = new WeakReference<T>(x = new T()); x.Go(); }")]
    [InlineData("void M() { var x = (T)w.Target ?? (T)(w.Target = new T()); x.Go(); }")]
    [InlineData("void M() { T x = (T)w.Target; if (x == null) w.Target = x = new T(); x.Go(); }")]
    [InlineData(
        "T M() { if (w.Target == null) { lock (gate) { if (w.Target == null) w.Target = new T(); } } "
            + "return (T){|WREF103:w.Target|}; }")]
    [InlineData("T M() => (T)(w.Target ??= new T());")]
    [InlineData(
        "void M(string k) { if (!gmap.TryGetValue(k, out var x) || !x.TryGetTarget(out var t)) { t = new T(); gmap[k] = new "
            + "WeakReference<T>(t); } t.Go(); }")]
    [InlineData(
        "void M(string k) { T t = null; if (gmap.TryGetValue(k, out var x)) x.TryGetTarget(out t); if (t == null) t = new T(); t.Go(); }")]
    [InlineData("void M(string k) { T t = null; if (gmap.TryGetValue(k, out var x)) x.TryGetTarget(out t); {|WREF104:t.Go()|}; }")]
    [InlineData("T M(string k) { T t = null; if (gmap.TryGetValue(k, out var x) && !x.TryGetTarget(out t)) gmap.Remove(k); return t; }")]
    public Task Caches(string members) => Members(members);

    [Theory]
    [InlineData("void M() { T t = null; try { t = (T)w.Target; if (t == null) return; } catch (Exception) { return; } t.Go(); }")]
    [InlineData("void M() { T t = null; try { t = w.Target as T; } catch { } {|WREF101:t.Go()|}; }")]
    [InlineData("void M() { try { ((T)w.Target).Go(); } catch (NullReferenceException) { } }")]
    [InlineData("void M() { T t = null; try { t = w.Target as T; } finally { if (t != null) t.Go(); } }")]
    [InlineData("void M() { var t = w.Target as T; if (t == null) return; try { Use(t); } finally { t.Go(); } }")]
    [InlineData("void M() { try { Use(this); } finally { {|WREF101:((T)w.Target).Go()|}; } }")]
    [InlineData("void M() { lock (gate) { if (w.IsAlive) ((T){|WREF102:w.Target|}).Go(); } }")]
    [InlineData("void M() { var t = w.Target as T; if (t == null) return; lock (t) { t.Go(); } }")]
    [InlineData("async Task M() { var t = w.Target as T; if (t == null) return; await Task.Yield(); t.Go(); }")]
    [InlineData("async Task M() { if (w.Target != null) { await Task.Delay(1); ((T){|WREF103:w.Target|}).Go(); } }")]
    [InlineData("async Task M() { if (w.Target is T t) await t.RunAsync(); }")]
    [InlineData(
        "async Task M() { if (!g.TryGetTarget(out var t)) return; try { await t.RunAsync(); } catch (Exception) { t.Go(); } "
            + "finally { t.Go(); } }")]
    [InlineData("async Task M() { await {|WREF101:((T)w.Target).RunAsync()|}; }")]
    [InlineData("async Task<bool> M() => g.TryGetTarget(out var t) && await Task.FromResult(t.Ready);")]
    [InlineData("async Task M() { bool ok = g.TryGetTarget(out var t); await Task.Yield(); if (!ok) return; t.Go(); }")]
    public Task TryLockAwait(string members) => Members(members);

    [Theory]
    [InlineData("IEnumerable<T> M() { foreach (var x in gl) if (x.TryGetTarget(out var t)) yield return t; }")]
    [InlineData("IEnumerable<T> M() { foreach (var x in list) if (x.IsAlive) yield return (T){|WREF102:x.Target|}; }")]
    [InlineData(
        "IEnumerable<T> M() { foreach (var x in list) { var t = (T)x.Target; if (t == null) { yield break; } yield return t.Next; } }")]
    public Task Iterators(string members) => Members(members);

    [Theory]
    [InlineData("void M() { list.ForEach(x => {|WREF101:((T)x.Target).Go()|}); }")]
    [InlineData("void M() { list.ForEach(x => { if (x.IsAlive) ((T){|WREF102:x.Target|}).Go(); }); }")]
    [InlineData("void M() { list.RemoveAll(x => x.Target == null || ((T){|WREF103:x.Target|}).X == 0); }")]
    [InlineData("bool M() => list.Any(x => x.IsAlive && ((T){|WREF102:x.Target|}).Ready);")]
    [InlineData("object M(object o) => list.FirstOrDefault(x => x.Target == o);")]
    [InlineData("IEnumerable<T> M() => list.Where(x => x.IsAlive).Select(x => (T)x.Target).Where(t => t != null);")]
    [InlineData("void M() { list.Select(x => x.Target as T).Where(t => t != null).ToList().ForEach(t => t.Go()); }")]
    [InlineData("void M() { foreach (var t in list.Select(x => x.Target as T)) {|WREF101:t.Go()|}; }")]
    [InlineData("void M() { foreach (var t in list.Select(x => x.Target).OfType<T>()) t.Go(); }")]
    [InlineData("IEnumerable<T> M() => from x in list where x.IsAlive select (T){|WREF102:x.Target|};")]
    [InlineData("IEnumerable<int> M() => from x in list let t = x.Target as T where t != null select t.X;")]
    [InlineData("IEnumerable<int> M() => from x in list select {|WREF101:((T)x.Target).X|};")]
    [InlineData("IEnumerable<T> M() => list.Where(x => x.Target != null).Select(x => (T){|WREF103:x.Target|});")]
    [InlineData("IEnumerable<int> M() => list.Where(x => x.Target is T).Select(x => ((T){|WREF103:x.Target|}).X);")]
    [InlineData("IEnumerable<int> M() => gl.Select(x => x.TryGetTarget(out var t) ? t : null).Where(t => t != null).Select(t => t.X);")]
    [InlineData("IEnumerable<T> M() => gl.Select(x => { x.TryGetTarget(out var t); return t; }).Where(t => t != null);")]
    [InlineData("IEnumerable<int> M() => list.Select(x => x.Target as T).Where(t => t is { Ready: true }).Select(t => t.X);")]
    [InlineData("IEnumerable<int> M() => list.Select(x => x.Target as T).Where(t => t?.Ready == true).Select(t => t.X);")]
    [InlineData("IEnumerable<int> M() => list.Select(x => x.Target as T).Where(t => t != null).OrderBy(t => t.X).Select(t => t.X);")]
    [InlineData("IEnumerable<int> M() => list.Select(x => x.Target as T).Select(t => {|WREF101:t.X|});")]
    [InlineData("int M() => list.Select(x => x.Target as T).Where(t => t != null).First().X;")]
    [InlineData("int M() => list.Select(x => x.Target as T).Where(t => t != null).Sum(t => t.X);")]
    [InlineData("int M() => list.Count(x => x.IsAlive) + list.Count(x => x.Target != null);")]
    [InlineData("bool M(T o) => gl.Any(x => x.TryGetTarget(out var t) && ReferenceEquals(t, o));")]
    [InlineData("bool M(T o) => gl.Any(x => x.TryGetTarget(out var t) && t.Equals(o));")]
    [InlineData(
        "void M() { EventHandler h = null; h = (a, e) => { if (g.TryGetTarget(out var t)) t.Go(); else keep.E -= h; }; keep.E += h; }")]
    [InlineData("void M() { var weak = new WeakReference(this); keep.E += (a, e) => {|WREF101:((C)weak.Target).M()|}; }")]
    [InlineData(
        "void M() { var weak = new WeakReference<C>(this); keep.E += (a, e) => { weak.TryGetTarget(out var c); {|WREF104:c.M()|}; }; }")]
    [InlineData("void M() { var weak = new WeakReference<C>(this); keep.E += (a, e) => { if (weak.TryGetTarget(out var c)) c.M(); }; }")]
    [InlineData(
        "void M() { var weak = new WeakReference(this); keep.E += delegate { var c = weak.Target as C; if (c == null) return; c.M(); }; }")]
    [InlineData("void M() { var t = w.Target as T; if (t == null) return; list.ForEach(x => t.Go()); }")]
    [InlineData("void M() { void L() { if (w.Target is T t) t.Go(); } L(); }")]
    [InlineData("void M() { if (!g.TryGetTarget(out var t)) return; L(); void L() => t.Go(); }")]
    [InlineData("void M() { var t = w.Target as T; if (t == null) return; T L() => t; L().Go(); }")]
    public Task LambdasAndPipelines(string members) => Members(members);

    [Theory]
    [InlineData("void M() { again: var t = w.Target as T; if (t == null) { w.Target = new T(); goto again; } t.Go(); }")]
    [InlineData("void M() { if (!g.TryGetTarget(out var t)) goto end; t.Go(); end: ; }")]
    [InlineData("void M() { switch (w.Target) { case T t when t.Ready: t.Go(); break; case string x: x.Trim(); break; default: break; } }")]
    [InlineData("void M() { switch (w.IsAlive) { case true: ((T){|WREF102:w.Target|}).Go(); break; } }")]
    [InlineData("int M() => w.IsAlive switch { true => ((T){|WREF102:w.Target|}).X, false => 0 };")]
    [InlineData("void M() { switch (g.TryGetTarget(out var t)) { case true: t.Go(); break; case false: break; } }")]
    [InlineData("void M() { var t = w.Target as T; switch (t) { case null: return; } t.Go(); }")]
    [InlineData("int M() { var t = w.Target as T; return t switch { null => 0, _ => t.X }; }")]
    [InlineData("int M() { var t = w.Target as T; return t switch { { Ready: true } => t.X, _ => 0 }; }")]
    [InlineData("int M() { var t = w.Target as T; return t switch { { Ready: true } => 1, _ => {|WREF101:t.X|} }; }")]
    [InlineData(
        "int M() { var t = w.Target as T; switch (t) { case { Ready: true }: return t.X; case null: return 0; default: return t.X; } }")]
    [InlineData("int M(object o) => (w.Target, o) is (T t, not null) ? t.X : 0;")]
    [InlineData("int M(bool b) => (w.Target as T, b) switch { (null, _) => 0, (var t, _) => t.X };")]
    [InlineData("int M(bool b) => (w.Target as T, b) switch { (T t, true) => t.X, _ => 0 };")]
    [InlineData("void M() { if ((w.Target as T, s.Target as T) is ({ } a, { } b)) { a.Go(); b.Go(); } }")]
    [InlineData("void M(bool b) { var t = w.Target as T; if ((t, b) is (not null, true)) t.Go(); }")]
    [InlineData("int M(bool b) { var t = w.Target as T; return (t, b) switch { (not null, true) => t.X, _ => 0 }; }")]
    [InlineData("int M(bool b) { var t = w.Target as T; return (t, b) switch { (null, _) => 0, (_, true) => t.X, _ => t.X }; }")]
    [InlineData("int M(bool b) { var t = w.Target as T; return (t, b) switch { (_, true) => {|WREF101:t.X|}, _ => 0 }; }")]
    [InlineData("int M(bool b) => (w.IsAlive, b) switch { (true, true) => ((T){|WREF102:w.Target|}).X, _ => 0 };")]
    [InlineData("int M(bool b) => (g.TryGetTarget(out var t), b) switch { (true, _) => t.X, _ => 0 };")]
    public Task GotoAndSwitch(string members) => Members(members);

    [Theory]
    [InlineData("void M() { var t = w.Target as T; if (t is not null and { Ready: true }) t.Go(); }")]
    [InlineData("void M() { var t = w.Target as T; if (t is { Next: { } n }) { t.Go(); n.Go(); } }")]
    [InlineData("void M() { var t = w.Target as T; if (t is { Next.Ready: true }) t.Go(); }")]
    [InlineData("void M() { var t = w.Target as T; if (t is not { Ready: true }) return; t.Go(); }")]
    [InlineData("void M() { var t = w.Target as T; if (t is null or { Ready: false }) return; t.Go(); }")]
    [InlineData("void M() { if (w.Target is var o && o != null) o.ToString(); }")]
    [InlineData("void M() { if (w.Target is var o) {|WREF101:o.ToString()|}; }")]
    [InlineData("void M() { if (w.Target is int[] { Length: > 0 } a) a[0]++; }")]
    [InlineData("void M() { if (w.Target is object[] and [var first, ..] all) { first.ToString(); all.Clone(); } }")]
    [InlineData("void M() { var a = w.Target as int[]; if (a is [var x, ..]) a[0] = x; }")]
    [InlineData("void M() { var a = w.Target as int[]; if (a is not []) {|WREF101:a[0]|} = 1; }")]
    [InlineData("void M() { if (w is { IsAlive: true, Target: T t }) t.Go(); }")]
    [InlineData("void M() { if (w is { Target: not null }) ((T){|WREF103:w.Target|}).Go(); }")]
    [InlineData("void M() { if (w is { Target: T }) ((T){|WREF103:w.Target|}).Go(); }")]
    [InlineData("void M() { if (w is { Target: T { Ready: true } t }) t.Go(); }")]
    [InlineData("void M() { if (w is not { IsAlive: true }) return; ((T){|WREF102:w.Target|}).Go(); }")]
    [InlineData("void M() { if (w is not { Target: T t }) return; t.Go(); }")]
    [InlineData("void M() { if (this is { w.IsAlive: true }) ((T){|WREF102:w.Target|}).Go(); }")]
    [InlineData("void M() { if (w?.Target is not T t) return; t.Go(); }")]
    [InlineData("void M() { if (w.Target is T { Name: \"a\" } or T { Name: \"b\" }) Console.WriteLine(); }")]
    [InlineData("void M() { if (w.Target is not T t || !t.Ready) return; t.Go(); }")]
    [InlineData("void M() { if (w.Target is not (T or string)) return; {|WREF103:w.Target|}.ToString(); }")]
    [InlineData("void M() { if (w.Target is IComparable and IFormattable f) f.ToString(); }")]
    [InlineData("void M() { var t = w.Target as T; if (t is T) t.Go(); }")]
    [InlineData("void M() { var t = w.Target as T; if (t is { } && t.Ready) t.Go(); }")]
    [InlineData("void M() { var t = w.Target as T; if (!(t is { Ready: true } u)) return; t.Go(); u.Go(); }")]
    [InlineData("void M(object o) { if (o is WeakReference { IsAlive: true } x) ((T){|WREF102:x.Target|}).Go(); }")]
    [InlineData("void M(object o) { if (o is WeakReference { Target: T t }) t.Go(); }")]
    [InlineData("void M() { if (w.Target is (null or string)) return; {|WREF103:w.Target|}.ToString(); }")]
    public Task Patterns(string members) => Members(members);

    [Theory]
    [InlineData("void M() { var (t, ok) = (w.Target as T, true); if (t != null) t.Go(); }")]
    [InlineData("void M() { (T t, int n) = (null, 0); t = w.Target as T; {|WREF101:t.Go()|}; }")]
    [InlineData("void M() { (keep, var x) = (w.Target as T, 1); }")]
    [InlineData("void M() { T a, b; (a, b) = (w.Target as T, s.Target as T); if (a == null || b == null) return; a.Go(); b.Go(); }")]
    [InlineData("void M() { foreach (var (k, x) in map) { if (x.IsAlive) ((T){|WREF102:x.Target|}).Go(); } }")]
    [InlineData("void M() { foreach (var (k, x) in gmap) { if (!x.TryGetTarget(out var t)) continue; t.Go(); } }")]
    [InlineData("void M() { ref var x = ref arr[0]; if (x.IsAlive) ((T){|WREF102:x.Target|}).Go(); }")]
    [InlineData("void M() { ref T t = ref keep; t = w.Target as T; if (t != null) t.Go(); }")]
    [InlineData("(T, bool) M() => g.TryGetTarget(out var t) ? (t, true) : (null, false);")]
    public Task TuplesAndDeconstruction(string members) => Members(members);

    [Theory]
    [InlineData("int M() => (w.Target as T)?.X ?? 0;")]
    [InlineData("void M() { (w.Target as T)?.Next?.Go(); }")]
    [InlineData("void M() { ((w.Target as T) ?? keep).Go(); }")]
    [InlineData("void M() { {|WREF101:((w.Target as T) ?? (s.Target as T)).Go()|}; }")]
    [InlineData("void M() { {|WREF101:(w?.Target as T)!.Go()|}; }")]
    [InlineData("string M() => {|WREF101:w!.Target!.ToString()|};")]
    [InlineData("void M() { keep ??= w.Target as T; }")]
    [InlineData("string M() => (w.Target as T)?.Next.Name.Trim();")]
    [InlineData("bool M() => (w.Target as T)?.Items.Any(x => x.Ready) == true;")]
    [InlineData("bool M() => (bool)(w.Target ?? false);")]
    [InlineData("T M() => w.Target as T ?? throw new InvalidOperationException();")]
    [InlineData("void M() { var t = w.Target as T; (t ?? keep).Go(); }")]
    [InlineData("void M() { var t = w.Target as T; t = t ?? keep ?? new T(); t.Go(); }")]
    [InlineData("string M() => w.Target?.ToString() ?? \"dead\";")]
    [InlineData("void M() { w?.Target?.ToString(); other?.w?.Target?.ToString(); }")]
    [InlineData("void M() { w?{|WREF101:.Target.ToString()|}; }")]
    [InlineData("void M() { other?{|WREF101:.w.Target.ToString()|}; }")]
    [InlineData("bool M() => w?.Target != null && w.Target == this;")]
    public Task NullOperators(string members) => Members(members);

    [Theory]
    [InlineData("void M() { using (var d = w.Target as IDisposable) { } }")]
    [InlineData("string M() => $\"{w.Target} {w.Target,10:x}\";")]
    [InlineData("string M() => $\"{{|WREF101:((T)w.Target).Name|}}\";")]
    [InlineData("string M() => \"x\" + w.Target;")]
    [InlineData("object[] M() => new[] { w.Target };")]
    [InlineData("string M() => string.Format(\"{0} {1}\", 1, w.IsAlive ? w.Target : \"dead\");")]
    [InlineData("void M() { if (w.IsAlive) Console.WriteLine(\"{0} {1} {2} {3}\", 1, 2, 3, w.Target); }")]
    [InlineData("string M() => w.IsAlive ? string.Concat(\"a\", \"b\", \"c\", \"d\", w.Target) : \"\";")]
    [InlineData("string M() => w.IsAlive ? $\"alive {w.Target}\" : \"dead\";")]
    [InlineData("string M() => w.IsAlive ? \"alive \" + w.Target : \"dead\";")]
    [InlineData("string M() => w.IsAlive ? {|WREF102:w.Target|}.ToString() : \"dead\";")]
    public Task UsingStringsCollections(string members) => Members(members);

    [Theory]
    [InlineData("void M() { bool ok = w != null; ok &= w.IsAlive; if (ok) ((T){|WREF102:w.Target|}).Go(); }")]
    [InlineData("void M(bool b) { bool ok = b; ok &= g.TryGetTarget(out var t); if (ok) t.Go(); }")]
    [InlineData("void M(bool b) { var t = w.Target as T; bool bad = t == null; bad |= b; if (bad) return; t.Go(); }")]
    [InlineData("void M(bool b) { var t = w.Target as T; bool ok = b; ok |= t != null; if (ok) {|WREF101:t.Go()|}; }")]
    [InlineData("void M() { bool alive = w.IsAlive; if (!alive) return; ((T){|WREF102:w.Target|}).Go(); }")]
    [InlineData("void M() { var t = w.Target as T; var ok = t != null; if (!ok) return; t.Go(); }")]
    [InlineData("void M(bool b) { var t = w.Target as T; var ok = t != null && b; while (ok) { t.Go(); ok = false; } }")]
    [InlineData("void M() { T t; bool found = false; if (g.TryGetTarget(out t)) found = true; if (found) t.Go(); }")]
    [InlineData(
        "int M() { bool found; if (!g.TryGetTarget(out var t)) { found = false; } else { found = true; } return found ? t.X : 0; }")]
    [InlineData("void M() { bool dead = !g.TryGetTarget(out var t); if (dead) return; t.Go(); }")]
    [InlineData("void M(bool b) { if (g.TryGetTarget(out var t) & b) t.Go(); }")]
    [InlineData("void M(bool b) { if (!g.TryGetTarget(out var t) | b) return; t.Go(); }")]
    [InlineData("void M(bool b) { if (g.TryGetTarget(out var t) | b) {|WREF104:t.Go()|}; }")]
    [InlineData("void M(bool b) { if (g.TryGetTarget(out var t) ^ b) {|WREF104:t.Go()|}; }")]
    [InlineData("void M() { if (g.TryGetTarget(out var t) != false) t.Go(); }")]
    [InlineData("void M() { if (true == g.TryGetTarget(out var t)) t.Go(); }")]
    [InlineData("void M() { if (!(w.IsAlive && w.Target is T t)) return; t.Go(); }")]
    [InlineData("void M() { var state = g.TryGetTarget(out var t) ? 1 : 0; if (state == 1) t.Go(); }")]
    [InlineData("void M() { var n = w.Target is T ? 1 : 2; switch (n) { case 1: ((T){|WREF103:w.Target|}).Go(); break; } }")]
    public Task BoolArithmetic(string members) => Members(members);

    [Theory]
    [InlineData("static void Fail() => throw new Exception(); void M() { var t = w.Target as T; if (t == null) Fail(); t.Go(); }")]
    [InlineData(
        "static void Fail(string m) { Console.WriteLine(m); throw new Exception(m); } void M() { var t = w.Target as T; if (t "
            + "== null) { Fail(\"x\"); } t.Go(); }")]
    [InlineData("static Exception Gone() => new Exception(); void M() { var t = w.Target as T; if (t == null) throw Gone(); t.Go(); }")]
    [InlineData("void M() { var t = w.Target as T; if (t == null) Environment.FailFast(\"x\"); t.Go(); }")]
    [InlineData("void M() { var t = w.Target as T; System.Diagnostics.Contracts.Contract.Assume(t != null); t.Go(); }")]
    [InlineData("void M() { var t = w.Target as T; System.Diagnostics.Contracts.Contract.Requires(t != null); t.Go(); }")]
    [InlineData("void M() { var t = w.Target as T; System.Diagnostics.Trace.Assert(t is not null); t.Go(); }")]
    [InlineData("void M() { var t = w.Target as T; if (t == null) System.Diagnostics.Debug.Fail(\"x\"); t.Go(); }")]
    [InlineData("void M() { g.TryGetTarget(out var t); System.Diagnostics.Debug.Assert(t != null); t.Go(); }")]
    [InlineData("void M() { bool ok = g.TryGetTarget(out var t); System.Diagnostics.Debug.Assert(ok); t.Go(); }")]
    public Task HelpersAndAssertions(string members) => Members(members);

    [Theory]
    [InlineData("void M() { var t = w.Target as T; Assumes.NotNull(t); t.Go(); }")]
    [InlineData("void M() { var t = w.Target as T; Assumes.True(t != null); t.Go(); }")]
    [InlineData("void M() { var t = w.Target as T; Requires.NotNull(t, nameof(t)); t.Go(); }")]
    [InlineData("void M() { var t = w.Target as T; Guard.Against.Null(t, nameof(t)); t.Go(); }")]
    [InlineData("void M() { var t = w.Target as T; Verify.Operation(t != null, \"\"); t.Go(); }")]
    [InlineData("void M() { var t = w.Target as T; Assert.IsInstanceOfType(t, typeof(T)); t.Go(); }")]
    [InlineData("void M() { var t = w.Target as T; Assert.That(t, Is.Not.Null); t.Go(); }")]
    [InlineData("void M() { var t = w.Target as T; t.Should().NotBeNull(); t.Go(); }")]
    [InlineData("void M() { var t = w.Target as T; if (t == null) ThrowHelper.ThrowDead(); t.Go(); }")]
    [InlineData("void M() { var t = w.Target as T; if (t == null) Assert.Fail(); t.Go(); }")]
    [InlineData("void M() { Assert.IsTrue(w.IsAlive); ((T)w.Target).Go(); }")]
    [InlineData("void M() { var t = Assert.IsType<T>(w.Target); t.Go(); }")]
    [InlineData("void M() { g.TryGetTarget(out var t); Assert.IsNotNull(t); t.Go(); }")]
    [InlineData("void M() { Assert.IsTrue(g.TryGetTarget(out var t)); t.Go(); }")]
    [InlineData("void M() { Missing.Log(w.Target); var t = w.Target as T; Missing.Log(t); {|WREF101:t.Go()|}; }")]
    public Task HelpersAndAssertionsThatDoNotBind(string members) => Members(members, Broken);

    [Theory]
    [InlineData("public override string ToString() => {|WREF101:w.Target.ToString()|};")]
    [InlineData("public override int GetHashCode() => {|WREF101:w.Target.GetHashCode()|};")]
    [InlineData("public override bool Equals(object o) => {|WREF101:w.Target.Equals(o)|};")]
    [InlineData("public override bool Equals(object o) => w.IsAlive && {|WREF102:w.Target|}.Equals(o);")]
    [InlineData("public override bool Equals(object o) => o is C c && Equals(w.Target, c.w.Target);")]
    [InlineData("bool M(T t) => w.IsAlive && EqualityComparer<T>.Default.Equals((T)w.Target, t);")]
    [InlineData("bool M(object sender) => w.IsAlive && sender.Equals(w.Target);")]
    [InlineData("bool M(object sender) => w.IsAlive && w.Target != sender;")]
    [InlineData("bool M() => w.IsAlive && w.Target is T;")]
    [InlineData("void M() { var h = w.Target as EventHandler; h?.Invoke(this, EventArgs.Empty); }")]
    [InlineData("void M() { var h = w.Target as EventHandler; {|WREF101:h(this, EventArgs.Empty)|}; }")]
    [InlineData("void M() { if (w.IsAlive) ((EventHandler){|WREF102:w.Target|})(this, EventArgs.Empty); }")]
    [InlineData("void M(System.Reflection.MethodInfo m) { if (w.IsAlive) m.Invoke({|WREF102:w.Target|}, null); }")]
    [InlineData("void M(System.Reflection.MethodInfo m) { if (w.Target != null) m.Invoke({|WREF103:w.Target|}, null); }")]
    [InlineData("void M(System.Reflection.MethodInfo m) { var t = w.Target; if (t != null) m.Invoke(t, null); }")]
    [InlineData("void M(System.Reflection.MethodInfo m) { if (m.IsStatic || w.Target != null) m.Invoke(w.Target, null); }")]
    [InlineData("object Target => w.IsAlive ? w.Target : null;")]
    [InlineData("T Target => w.IsAlive ? (T)w.Target : default(T);")]
    [InlineData("T Target { get { if (w != null && w.IsAlive) { return (T)w.Target; } return default; } }")]
    [InlineData("object M() { if (w.IsAlive) { var t = w.Target; return t; } else { return null; } }")]
    [InlineData("bool M() { var t = w.Target; return t != null && t.GetType() == typeof(T); }")]
    [InlineData("Type M() => {|WREF101:w.Target.GetType()|};")]
    [InlineData("Type M() => w.Target?.GetType();")]
    [InlineData("void M(T t) { w = new WeakReference(t); ((T)w.Target).Go(); }")]
    [InlineData("void M() { var t = new T(); var x = new WeakReference(t); if (x.Target != null) ((T)x.Target).Go(); GC.KeepAlive(t); }")]
    [InlineData("void M() { w = new WeakReference(new T()); {|WREF101:((T)w.Target).Go()|}; }")]
    [InlineData("void M(System.Runtime.DependentHandle d) { {|WREF101:d.Target.ToString()|}; }")]
    [InlineData("void M(System.Runtime.DependentHandle d) { if (d.Target is { } t) t.ToString(); }")]
    [InlineData("void M(ConditionalWeakTable<T, T> c, T k) { if (c.TryGetValue(k, out var v)) v.Go(); }")]
    [InlineData("void M() { dynamic t = w.Target; {|WREF101:t.Go|}(); }")]
    [InlineData("void M() { dynamic t = w.Target; if (t != null) t.Go(); }")]
    [InlineData("void M() { dynamic t = w.Target; if (t == null) return; t.Go(); }")]
    [InlineData("unsafe void M() { var a = w.Target as int[]; if (a == null) return; fixed (int* p = a) { *p = a[0]; } }")]
    [InlineData("void M() { foreach (T t in ((List<T>)w.Target) ?? new List<T>()) t.Go(); }")]
    [InlineData("void M() { var t = w.Target as T; if (t == null) return; else t.Go(); t.Go(); }")]
    [InlineData("void M() { checked { var t = w.Target as T; if (null == t) { return; } { t.X++; } } }")]
    public Task MembersOverWeakReferences(string members) => Members(members);

    [Theory]
    [InlineData("void M() { var h = w.Target as Missing; if (h == null) return; h.Go(); }")]
    [InlineData("void M() { var h = w.Target as Missing; {|WREF101:h.Go()|}; }")]
    [InlineData("void M() { var h = w.Target as Missing; h?.Go(); }")]
    [InlineData("void M() { if (w.IsAlive && Missing.Ready) ((T){|WREF102:w.Target|}).Go(); }")]
    [InlineData("void M() { if (Missing.Ready && w.Target is T t) t.Go(); }")]
    [InlineData("void M() { if (!g.TryGetTarget(out var t) || Missing.Closed) return; t.Go(); }")]
    [InlineData("void M() { if (!(w.Target is Missing m)) return; m.Go(); }")]
    [InlineData("void M() { foreach (Missing m in list.Select(x => x.Target as Missing).Where(m => m != null)) m.Go(); }")]
    [InlineData("void M() { var t = w.Target as Missing; var ok = t != null && t.Ready; if (ok) t.Go(); }")]
    [InlineData("void M() { var t = (Missing)w.Target ?? new Missing(); t.Go(); }")]
    [InlineData("int M() => w.Target is Missing m ? m.X : 0;")]
    [InlineData("void M() { switch (w.Target) { case Missing m: m.Go(); break; } }")]
    [InlineData("bool M(Missing m) { var t = w.Target as T; return t != null && m.Do(t.Name); }")]
    [InlineData("void M() { if (!g.TryGetTarget(out T t) == Missing.Flag) return; }")]
    [InlineData("Missing Handler => w.Target as Missing; void M() { {|WREF101:Handler.Go()|}; }")]
    [InlineData("Missing Handler { get { return (Missing)w.Target; } } void M() { if (Handler != null) {|WREF103:Handler|}.Go(); }")]
    [InlineData("Missing Handler => w.Target as Missing; void M() { Handler?.Go(); var h = Handler; if (h == null) return; h.Go(); }")]
    [InlineData("void M(WeakReference<Missing> x) { Missing m; if (x.TryGetTarget(out m)) m.Go(); }")]
    [InlineData("void M(WeakReference<Missing> x) { Missing m; x.TryGetTarget(out m); {|WREF104:m.Go()|}; }")]
    [InlineData("void M() { var t = w.Target as Missing; if (t == null) throw new MissingException(\"x\"); t.Go(); }")]
    [InlineData("void M() { var t = w.Target as Missing; if (string.IsNullOrEmpty(t?.Name)) return; t.Go(); }")]
    [InlineData("void M() { var t = w.Target as Missing; if (t?.Count > 0) t.Go(); }")]
    [InlineData("void M() { var t = w.Target as Missing; if ((t?.Ready ?? false) && t.X > 0) t.Go(); }")]
    [InlineData("void M() { var t = w.Target as Missing; if (t != null) Missing.Run(() => t.Go()); }")]
    [InlineData("void M() { var t = w.Target as T; if (t != null) Missing.Run(() => t.Go()); }")]
    [InlineData("void M() { var t = w.Target as T; if (t == null) return; Missing.Run(async () => { await t.RunAsync(); }); }")]
    [InlineData("void M(bool b) { var t = w.Target as T; if (t != null && Missing.Ready && (b || t.Ready)) Use(this); }")]
    [InlineData("void M(bool b) { var t = w.Target as T; if (t == null || Missing.Ready || (b && t.Ready)) return; t.Go(); }")]
    [InlineData("void M(bool b) { if (g.TryGetTarget(out var t) && Missing.Ready && (b ? t.Ready : t.X > 0)) t.Go(); }")]
    [InlineData("bool M(bool b) { var t = w.Target as T; return t != null && Missing.Ready(t) && (b || t.Next?.Ready == true); }")]
    [InlineData("void M(bool b) { var t = w.Target as T; var ok = t != null && Missing.Ready; if (ok && (b || t.Ready)) t.Go(); }")]
    [InlineData("void M(bool b) { var t = w.Target as T; if (Missing.Ready && (b || {|WREF101:t.Ready|})) Use(this); }")]
    [InlineData("void M(Missing m) { m.Each(list, x => { var t = x.Target as T; if (t != null) t.Go(); }); }")]
    [InlineData("void M(Missing m) { m.Each(list, (WeakReference x) => {|WREF101:((T)x.Target).Go()|}); }")]
    [InlineData("void M(Missing m) { m.Post(() => { if (w.IsAlive) ((T){|WREF102:w.Target|}).Go(); }); }")]
    [InlineData("Missing M() { if (w.IsAlive) return (Missing){|WREF102:w.Target|}; return Missing.Create(); }")]
    [InlineData("void M(List<Missing> l) { foreach (var x in l) { if (x.Ref.IsAlive) x.Ref.Target.Go(); } }")]
    [InlineData("void M() { var t = w.Target as T; Missing.Do(t?.Name, t?.X ?? 0); if (t is null) return; t.Go(); }")]
    [InlineData("void M() { using (Missing.Lock()) { var t = w.Target as T; if (t == null) { return; } t.Go(); } }")]
    [InlineData(
        "class D : Missing<T> { WeakReference w; T Handler => w.Target as T; void M() { {|WREF101:Handler.Go()|}; base.M(); } } "
            + "void N() { }")]
    [InlineData("void M() { var t = w.Target as T; t.ThrowIfNull(); t.Go(); }")]
    [InlineData("void M() { var t = Guard.NotNull(w.Target as T); t.Go(); }")]
    [InlineData("void M() { var t = w.Target as T; if (t == null) { Missing.Log(\"gone\"); return; } t.Go(); }")]
    [InlineData("void M() { var t = w.Target as T; if (t == null) { throw Missing.Error(); } t.Go(); }")]
    [InlineData("void M() { var t = w.Target as T; if (!Missing.Check(t)) return; {|WREF101:t.Go()|}; }")]
    [InlineData("void M() { if (!(w.Target is T t) || Missing.Closed) return; t.Go(); }")]
    [InlineData("void M() { if (w.Target is T t && Missing.Open && t.Ready) t.Go(); }")]
    [InlineData("void M() { if (w.Target is T t && Missing.Open && (t.Ready || t.X > 0)) t.Go(); }")]
    [InlineData("int M() => Missing.Open ? (w.Target as T)?.X ?? 0 : {|WREF101:((T)w.Target).X|};")]
    [InlineData("void M() { Missing m = w.Target as Missing; while (m != null) { m.Go(); m = m.Parent; } }")]
    [InlineData("void M() { var m = (Missing)w.Target; if (m == null) m = new Missing(); m.Go(); }")]
    [InlineData("void M() { if (w.Target is Missing { Ready: true } m) m.Go(); }")]
    [InlineData("void M() { var m = w.Target as Missing; if (m is { Ready: true }) m.Go(); }")]
    [InlineData("int M() => (w.Target as Missing) switch { null => 0, var m => m.X };")]
    [InlineData("void M() { foreach (Missing m in gl.Select(x => x.TryGetTarget(out var t) ? t : null).Where(t => t != null)) m.Go(); }")]
    [InlineData("void M() { var m = w.Target as Missing; if (m == null || m.Ready == false && Missing.X) return; m.Go(); }")]
    [InlineData("void M(Missing<T> x) { if (x.TryGetTarget(out var t)) t.Go(); x.Target.Go(); }")]
    public Task HalfBuilt(string members) => Members(members, Broken);

    [Theory]
    [InlineData(
        "class T { public void Go() { } } class C { WeakReference w; void M() { {|WREF101:((T)w.Target).Go()|}; } } class C { "
            + "WeakReference w; void M() { {|WREF101:((T)w.Target).Go()|}; } }")]
    [InlineData(
        "class T { public void Go() { } } class C { WeakReference w; void M() { if (w.IsAlive) ((T){|WREF102:w.Target|}).Go(); "
            + "} } class C { WeakReference w; }")]
    [InlineData(
        "class T { public void Go() { } } class C { WeakReference w; void M() { if (w.Target != null) "
            + "((T){|WREF103:w.Target|}).Go(); } } class C { WeakReference w; }")]
    [InlineData(
        "class T { public void Go() { } } class C { WeakReference w; void M() { if (w != null && w.IsAlive) "
            + "((T){|WREF102:this.w.Target|}).Go(); } } class C { WeakReference w; }")]
    [InlineData(
        "class T { public void Go() { } } class C { WeakReference<T> g; void M() { g.TryGetTarget(out var t); "
            + "{|WREF104:t.Go()|}; } } class C { WeakReference<T> g; }")]
    [InlineData(
        "class T { public void Go() { } } class C { WeakReference<T> g; void M() { if (g.TryGetTarget(out var t)) t.Go(); } "
            + "void N() { T t; if (!g.TryGetTarget(out t)) return; t.Go(); } } class C { WeakReference<T> g; }")]
    [InlineData(
        "class T { public void Go() { } } class C { WeakReference<T> g; void M() { if (g != null && g.TryGetTarget(out var t) "
            + "&& t.Ready) t.Go(); } } class C { WeakReference<T> g; }")]
    [InlineData(
        "class T { public void Go() { } } class C { WeakReference w; T P { get { return w.Target as T; } } void M() { "
            + "{|WREF101:P.Go()|}; } void N() { P?.Go(); var p = P; if (p != null) p.Go(); } } class C { WeakReference w; T P { "
            + "get { return w.Target as T; } } }")]
    [InlineData(
        "class T { public void Go() { } } class C { WeakReference w; public T P { get { return w.Target as T; } } } class C { "
            + "WeakReference w; public T P { get { return w.Target as T; } } } class D { C c; void M() { if (c.P != null) "
            + "{|WREF103:c.P|}.Go(); } } class D { C c; }")]
    [InlineData("class C { WeakReference w; string w; void M() { w.Target.ToString(); } }")]
    [InlineData(
        "class C { WeakReference w; void M() { var t = w.Target as string; if (t == null) return; t.Trim(); if (w.Target is "
            + "string u) u.Trim(); var v = (w.Target as string)?.Length; } } class C { WeakReference w; }")]
    [InlineData("class C { WeakReference w; void M() { w.Target = this; w.Target?.ToString(); } } class C { WeakReference w; }")]
    [InlineData(
        "class Lazy { public string Target; } class C { Lazy w; void M() { if (w.Target != null) w.Target.Trim(); } } class C { Lazy w; }")]
    [InlineData(
        "class C { WeakReference w; object o; bool M() { return w.IsAlive && w.Target == o; } object N() { return w.IsAlive ? "
            + "w.Target : null; } } class C { WeakReference w; object o; }")]
    [InlineData(
        "using System.Reflection; class T { } class A { protected WeakReference Reference { get; set; } public object Target { "
            + "get { if (Reference == null) { return null; } return Reference.Target; } } } class A { protected WeakReference "
            + "Reference { get; set; } public object Target { get { if (Reference == null) return null; return "
            + "Reference.Target; } } } class M { struct P { public A Action; } void S(List<P> l, Type y) { foreach (var item in "
            + "l) { if (item.Action.Target != null && (y == null || {|WREF103:item.Action.Target|}.GetType() == y)) { } } } } "
            + "class M { struct P { public A Action; } }")]
    [InlineData(
        "class A { WeakReference w; public object Target { get { return w.Target; } } } class A { WeakReference w; public "
            + "object Target { get { return w.Target; } } } class M { void S(A a) { if (a.Target != null && "
            + "{|WREF103:a.Target|}.GetType() == null) { } } }")]
    [InlineData(
        "class A { WeakReference w; public object Target { get { return w.Target; } } } class M { struct P { public A Action; } "
            + "void S(P a) { if (a.Action.Target != null && {|WREF103:a.Action.Target|}.GetType() == null) { } } } class M { "
            + "struct P { public A Action; } }")]
    [InlineData(
        "class C { WeakReference w; void M(C a, C b) { if (a.w.Target != null) b.w.Target?.ToString(); if (a.w.IsAlive) "
            + "{|WREF101:b.w.Target.ToString()|}; } } class C { WeakReference w; }")]
    [InlineData(
        "class C { WeakReference w; void M(C a, C b) { if (a.w.IsAlive) {|WREF102:a.w.Target|}.ToString(); } } class C { "
            + "WeakReference w; }")]
    [InlineData(
        "class A { WeakReference w; public bool IsAlive { get { return w.IsAlive; } } public object Target { get { return "
            + "w.Target; } } } class M { struct P { public A Action; } void S(P a) { if (a.Action.IsAlive && a.Action.Target != "
            + "null && ({|WREF103:a.Action.Target|}.GetType() == null)) { } } } class M { struct P { public A Action; } }")]
    [InlineData(
        "class A { WeakReference w; public object Target { get { return w.Target; } } } class M { struct P { public A Action; } "
            + "void S(P a, Type y) { if (a.Action.Target != null && (y == null || {|WREF103:a.Action.Target|}.GetType() == y || "
            + "y.IsAssignableFrom(a.Action.Target.GetType()))) { } } } class M { struct P { public A Action; } }")]
    [InlineData(
        "class A { WeakReference w; public object Target { get { return w.Target; } } } class M { struct P { public A Action; "
            + "public object Token; } void S(P a, Type y) { if (a.Action.Target != null && (y == null || "
            + "{|WREF103:a.Action.Target|}.GetType() == y) && ((a.Token == null && y == null) || a.Token != null && "
            + "a.Token.Equals(y))) { } } } class M { struct P { public A Action; public object Token; } }")]
    [InlineData(
        "class A { WeakReference w; public object Target { get { return w.Target; } } } class M { struct P { public A Action; "
            + "public object Token; } void S(P a, Type y) { if (y != null && a.Action.Missing && a.Action.Target != null && (y "
            + "== null || {|WREF103:a.Action.Target|}.GetType() == y)) { } } } class M { struct P { public A Action; public "
            + "object Token; } }")]
    [InlineData(
        "class A { WeakReference w; public object Target { get { return w.Target; } } } class M { struct P { public A Action; "
            + "public object Token; } void S(List<P> l, Type y) { foreach (var a in l) { var e = a.Action as IDisposable; if (e "
            + "!= null && a.Action.Missing && a.Action.Target != null && (y == null || {|WREF103:a.Action.Target|}.GetType() == "
            + "y)) { e.Dispose(); } } } } class M { struct P { public A Action; public object Token; } }")]
    [InlineData(
        "class A { WeakReference w; public object Target { get { return w.Target; } } } class M { class P { public A Action; "
            + "public object Token; } void S(List<P> l, Type y) { var c = l.Take(l.Count()).ToList(); foreach (var a in c) { if "
            + "(a.Action.Target != null && (y == null || {|WREF103:a.Action.Target|}.GetType() == y)) { } } } } class M { class "
            + "P { public A Action; public object Token; } }")]
    [InlineData(
        "class A { WeakReference w; public object Target { get { return w.Target; } } } class M { class P { public A Action; } "
            + "void S(IEnumerable<P> p, Type y) { if (p != null) { var c = p.ToList(); foreach (var a in c) { if "
            + "(a.Action.Target != null && (y == null || {|WREF103:a.Action.Target|}.GetType() == y)) { } } } } } class M { "
            + "class P { public A Action; public object Token; } void S(IEnumerable<P> p, Type y) { } }")]
    public Task DeclaredTwice(string source) => Source(source, Broken);

    [Theory]
    [InlineData(
        "T Handler => w.Target as T; void M() { var h = Handler; if (h == null) return; h.E += (a, e) => { var h2 = Handler; if "
            + "(h2 != null) h2.Go(); }; }")]
    [InlineData("T Handler => w.Target as T; void M() { if (Handler is { } h) { h.Go(); h.Next.Go(); } }")]
    [InlineData("T Handler => w.Target as T; void M() { if (Handler is not { } h) return; h.Go(); }")]
    [InlineData(
        "T Handler { get => (T)w?.Target; set => w = new WeakReference(value); } void M() { Handler = new T(); "
            + "{|WREF101:Handler.Go()|}; }")]
    [InlineData("T Handler { get => (T)w?.Target; set => w = new WeakReference(value); } void M(T t) { Handler = t; t.Go(); }")]
    [InlineData(
        "T Handler { get => (T)w?.Target; set { w = value == null ? null : new WeakReference(value); } } C(T t) { Handler = t; "
            + "} bool N(T t) => Handler == t;")]
    [InlineData(
        "public T Parent { get { T t; return g != null && g.TryGetTarget(out t) ? t : null; } } T Root { get { var p = Parent; "
            + "while (p != null && p.Next != null) p = p.Next; return p; } }")]
    [InlineData(
        "public T Parent { get { T t; return g != null && g.TryGetTarget(out t) ? t : null; } } int Depth => Parent == null ? 0 "
            + ": {|WREF103:Parent|}.X + 1;")]
    [InlineData(
        "public T Parent { get { T t; return g != null && g.TryGetTarget(out t) ? t : null; } } int Depth => {|WREF101:Parent.X|} + 1;")]
    [InlineData("public T Parent => g is null ? null : g.TryGetTarget(out var t) ? t : default; void M() { {|WREF101:Parent.Go()|}; }")]
    [InlineData(
        "public T Parent { get { if (g == null) throw new InvalidOperationException(); if (!g.TryGetTarget(out var t)) throw "
            + "new ObjectDisposedException(\"x\"); return t; } } void M() { Parent.Go(); }")]
    [InlineData("public T Parent => keep != null ? keep : (T)w.Target; void M() { Parent.Go(); }")]
    [InlineData("public virtual T Parent => null; void M() { Parent.Go(); }")]
    [InlineData("public object Key => w.Target; void M() { var k = Key; if (k is null) { list.Remove(w); return; } Use(k); }")]
    [InlineData(
        "void Raise(object sender, EventArgs e) { foreach (var x in list.ToList()) { var h = x.Target as EventHandler; if (h != "
            + "null) h(sender, e); else list.Remove(x); } }")]
    [InlineData(
        "void Raise(object sender, EventArgs e) { foreach (var x in list.ToList()) { if (x.IsAlive) { var h = "
            + "(EventHandler){|WREF102:x.Target|}; h(sender, e); } else list.Remove(x); } }")]
    [InlineData(
        "void Raise(object sender, EventArgs e) { foreach (var x in list.ToList()) { if (!(x.Target is EventHandler h)) { "
            + "list.Remove(x); continue; } h.Invoke(sender, e); } }")]
    [InlineData(
        "bool Execute(System.Reflection.MethodInfo m) { var target = w.Target; if (target == null) return false; "
            + "m.Invoke(target, null); return true; }")]
    [InlineData("void Execute(Action<object> a) { if (a != null && w.IsAlive) a({|WREF102:w.Target|}); }")]
    [InlineData("void Execute(Action a) { if (a != null && w.IsAlive) a(); }")]
    [InlineData(
        "object CreateDelegate(System.Reflection.MethodInfo m) => w.IsAlive ? Delegate.CreateDelegate(typeof(Action), "
            + "{|WREF102:w.Target|}, m) : null;")]
    [InlineData(
        "int IndexOf(object o) { for (var i = 0; i < arr.Length; i++) { if (arr[i] != null && arr[i].Target == o) return i; } "
            + "return -1; }")]
    [InlineData(
        "int IndexOf(object o) { for (var i = 0; i < arr.Length; i++) { var t = arr[i]?.Target; if (t != null && t.Equals(o)) "
            + "return i; } return -1; }")]
    [InlineData(
        "int IndexOf(object o) { for (var i = 0; i < arr.Length; i++) { if (arr[i].Target != null && "
            + "{|WREF103:arr[i].Target|}.Equals(o)) return i; } return -1; }")]
    [InlineData("int IndexOf(object o) { return list.FindIndex(x => {|WREF101:x.Target.Equals(o)|}); }")]
    [InlineData("int IndexOf(object o) => list.FindIndex(x => ReferenceEquals(x.Target, o) || Equals(x.Target, o) || o.Equals(x.Target));")]
    [InlineData(
        "IEnumerator<T> GetEnumerator() { for (var i = 0; i < gl.Count; i++) { T t; if (gl[i].TryGetTarget(out t)) { yield "
            + "return t; } else { gl.RemoveAt(i--); } } }")]
    [InlineData("void CopyTo(T[] a) { var n = 0; foreach (var x in gl) { if (x.TryGetTarget(out var t)) { a[n++] = t; } } }")]
    [InlineData(
        "T[] ToArray() { var result = new List<T>(); foreach (var x in list) { var t = x.Target as T; if (t is not null) "
            + "result.Add(t); } return result.ToArray(); }")]
    [InlineData("List<T> Alive() => list.Select(x => x.Target).Where(x => x != null).Cast<T>().ToList();")]
    [InlineData("List<T> Alive() => list.Where(x => x.IsAlive).Select(x => (T){|WREF102:x.Target|}).ToList();")]
    [InlineData("void M() { list = list.Where(x => x.IsAlive).ToList(); foreach (var x in list) { var t = x.Target as T; t?.Go(); } }")]
    [InlineData("void M() { var dead = list.Where(x => !x.IsAlive).ToList(); foreach (var d in dead) list.Remove(d); }")]
    [InlineData("void M() { map.Where(p => !p.Value.IsAlive).Select(p => p.Key).ToList().ForEach(k => map.Remove(k)); }")]
    [InlineData("void M() { foreach (var p in map.Where(p => p.Value.IsAlive)) ((T){|WREF102:p.Value.Target|}).Go(); }")]
    [InlineData("IEnumerable<T> M() => map.Where(p => p.Value.IsAlive).Select(p => (T){|WREF102:p.Value.Target|});")]
    [InlineData("IEnumerable<T> M() => from p in map where p.Value.IsAlive select (T){|WREF102:p.Value.Target|};")]
    [InlineData("IEnumerable<T> M() => map.Values.Where(x => x.IsAlive).Select(x => x.Target as T).Where(t => t != null);")]
    [InlineData("void M(T o) { if ((w.Target as T)?.Name == o.Name) ((T){|WREF103:w.Target|}).Go(); }")]
    [InlineData("string DebuggerDisplay => w.Target == null ? \"dead\" : $\"alive: {w.Target}\";")]
    [InlineData("string DebuggerDisplay => w.Target == null ? \"dead\" : {|WREF103:w.Target|}.ToString();")]
    [InlineData("string DebuggerDisplay { get { var t = w.Target; return t == null ? \"dead\" : t.ToString(); } }")]
    [InlineData("public override int GetHashCode() { var t = w.Target; return t == null ? 0 : t.GetHashCode(); }")]
    [InlineData(
        "int hash; public override bool Equals(object o) { if (o is not C c || c.hash != hash) return false; var a = w.Target; "
            + "var b = c.w.Target; return a != null && b != null && a.Equals(b); }")]
    [InlineData(
        "public override bool Equals(object o) { var c = o as C; if (c == null) return false; var a = w.Target; var b = "
            + "c.w.Target; if (a == null && b == null) return true; if (a == null || b == null) return false; return a.Equals(b); }")]
    [InlineData(
        "public override bool Equals(object o) { var a = w.Target; var b = ((C)o).w.Target; return a == null ? b == null : "
            + "{|WREF101:b.ToString()|} != null && a.Equals(b); }")]
    [InlineData("void Dispose() { if (w != null && w.Target is IDisposable d) { d.Dispose(); } w = null; }")]
    [InlineData("void Dispose() { (w?.Target as IDisposable)?.Dispose(); }")]
    [InlineData("void Dispose() { if (w != null) {|WREF101:((IDisposable)w.Target).Dispose()|}; }")]
    [InlineData("void Dispose() { if (w?.Target != null) ((IDisposable){|WREF103:w.Target|}).Dispose(); }")]
    [InlineData("void M() { T t = null; lock (gate) { if (g != null) g.TryGetTarget(out t); } if (t != null) t.Go(); }")]
    [InlineData("void M() { T t; lock (gate) { if (!g.TryGetTarget(out t)) return; } t.Go(); }")]
    [InlineData(
        "async Task M() { T t; using (var x = new MemoryStream()) { if (!g.TryGetTarget(out t)) throw new Exception(); await "
            + "t.RunAsync(); } t.Go(); }")]
    [InlineData("async Task M() { while (g.TryGetTarget(out var t)) { t.Go(); t = null; await Task.Delay(1); } }")]
    [InlineData("async Task M() { for (;;) { if (!g.TryGetTarget(out var t)) break; t.Go(); await Task.Delay(1); } }")]
    [InlineData(
        "void M() { var timer = new Timer(o => { var me = (C)((WeakReference)o).Target; if (me == null) return; me.M(); }, new "
            + "WeakReference(this), 0, 1); }")]
    [InlineData("void M() { var timer = new Timer(o => {|WREF101:((C)((WeakReference)o).Target).M()|}, new WeakReference(this), 0, 1); }")]
    [InlineData("static void Cb(object o) { var x = (WeakReference<C>)o; if (x.TryGetTarget(out var c)) c.Inner(); } void Inner() { }")]
    [InlineData(
        "static void Cb(object o) { if (((WeakReference<C>)o).TryGetTarget(out C c) == false) { return; } c.Inner(); } void Inner() { }")]
    [InlineData(
        "static void Cb(object o) { var x = o as WeakReference; var c = x != null ? x.Target as C : null; if (c != null) "
            + "c.Inner(); } void Inner() { }")]
    [InlineData("static void Cb(object o) { var c = (o as WeakReference)?.Target as C; {|WREF101:c.Inner()|}; } void Inner() { }")]
    [InlineData("void M() { T t = null; var found = gl.Any(x => x.TryGetTarget(out t)); if (found) t.Go(); }")]
    [InlineData("void M() { T t = null; if (g?.TryGetTarget(out t) != true) return; t.Go(); }")]
    [InlineData("void M() { T t = default; var ok = g?.TryGetTarget(out t) ?? false; if (ok) t.Go(); }")]
    [InlineData(
        "void M() { if (g != null && g.TryGetTarget(out T t) && t is { Ready: true }) { t.Go(); } else if (keep is { } k) { k.Go(); } }")]
    [InlineData("void M() { if (!(g is { } x && x.TryGetTarget(out var t))) return; t.Go(); }")]
    [InlineData("bool M() => (g?.TryGetTarget(out var t)).GetValueOrDefault() && Environment.Is64BitProcess;")]
    [InlineData("void M(T o) { if (w.Target == o) ((T)w.Target).Go(); }")]
    [InlineData("void M(T o) { if (o != null && w.Target == o) o.Go(); }")]
    [InlineData("void M() { var t = w.Target as T; var n = t != null ? t.Name : null; if (string.IsNullOrEmpty(n)) return; t.Go(); }")]
    [InlineData("void M() { var t = w.Target as T; var (ok, n) = (t != null, 1); if (ok) t.Go(); }")]
    [InlineData("void M() { var t = w.Target as T; if (t == null) { Log(); return; } t.Go(); void Log() { } }")]
    [InlineData(
        "bool Find(Func<T, bool> f, out T t) { foreach (var x in gl) { if (x.TryGetTarget(out t) && f(t)) return true; } t = "
            + "null; return false; } void M() { if (Find(x => x.Ready, out var t)) t.Go(); }")]
    [InlineData("void M() { var t = (T)w.Target; try { t.Go(); } catch (NullReferenceException) { Use(this); } }")]
    [InlineData("void M() { var t = (w.Target as T) ?? keep; if (t == null) return; t.Go(); }")]
    [InlineData("void M() { T t; if (keep != null) t = keep; else if (!g.TryGetTarget(out t)) return; t.Go(); }")]
    [InlineData("T Strong() { return keep ?? (keep = (T)w.Target); } void M() { Strong().Go(); }")]
    [InlineData("void M() { keep = (T)w.Target; if (keep == null) return; keep.Go(); }")]
    [InlineData("void M() { if ((keep = w.Target as T) != null) keep.Go(); }")]
    [InlineData(
        "object this[int i] { get { return list[i].Target; } } int Count => list.Count; void M() { for (var i = 0; i < Count; "
            + "i++) { var t = this[i] as T; if (t != null) t.Go(); } }")]
    [InlineData(
        "public bool IsCollected => !g.TryGetTarget(out _); void M() { if (IsCollected) return; g.TryGetTarget(out var t); t?.Go(); }")]
    [InlineData("void M(bool force) { var t = force ? null : w.Target as T; if (t is null) { t = new T(); w.Target = t; } t.Go(); }")]
    [InlineData("void M() { Span<int> a = stackalloc int[1]; if (w.Target is T t) a[0] = t.X; }")]
    [InlineData("int M() => w.Target is T { X: var x } ? x : 0;")]
    [InlineData("int M() => w.Target is T { Next.X: > 0 and var x } ? x : 0;")]
    [InlineData("int M() => w.Target switch { T { Ready: true } t => t.X, T t => -t.X, null => 0, _ => 1 };")]
    [InlineData("int M() => (w.Target as T) switch { { X: 1 } a => a.X, { } b => b.X, _ => 0 };")]
    [InlineData("int M() { switch (w.Target as T) { case { Ready: true } t: return t.X; case { } t: return t.X; default: return 0; } }")]
    [InlineData("int M() { var t = w.Target as T; if (t is not { X: > 0, Next: not null }) return 0; return t.X + t.Next.X; }")]
    [InlineData("void M() { object o = w.Target; switch (o) { case null: return; } o.ToString(); }")]
    [InlineData("void M() { var o = w.Target; if (o is not string and not null) o.ToString(); }")]
    [InlineData("void M() { var o = w.Target; if (o is not string) {|WREF101:o.ToString()|}; }")]
    [InlineData("void M() { var o = w.Target; if (o is string or null) return; o.ToString(); }")]
    public Task LibrariesAndApplications(string members) => Members(members);

#if ROSLYN_LATEST
    [Theory]
    [InlineData("object[] M() => [w.Target, .. list];")]
    public Task UsingStringsCollectionsNewest(string members) => Members(members);

    [Theory]
    [InlineData("void M() { var h = new WeakGCHandle<T>(keep); if (h.TryGetTarget(out var t)) t.Go(); h.Dispose(); }")]
    [InlineData("void M(WeakGCHandle<T> h) { h.TryGetTarget(out var t); {|WREF104:t.Go()|}; }")]
    public Task MembersOverWeakReferencesNewest(string members) => Members(members);
#endif
}
