namespace WeakRefAnalyzers.Tests;

/// <summary>The weak-read state machine, all four rules of the pass at once.</summary>
public class WeakReadFlowTests
{
    private const string Target = """

        class T { public int X; public T Next; public string Name; public bool Ready; public void Go() { } public event EventHandler E; public int this[int i] => i; }
        """;

    private static Task Check(string members, Options? options = null) => Verify<ReadingRules>.Diagnostics(
        "class C { WeakReference w; WeakReference<T> g; WeakRef<T> r; C other; static WeakReference s; List<WeakReference> list;\n"
            + members
            + "\n}\n"
            + Target,
        options ?? Options.Default);

    [Theory]
    [InlineData("void M() { {|WREF101:((T)w.Target).Go()|}; }")]
    [InlineData("void M() { {|WREF101:(w.Target as T).Go()|}; }")]
    [InlineData("void M() { {|WREF101:((T)w.Target).X|} = 1; }")]
    [InlineData("int M() => {|WREF101:((T)w.Target).X|};")]
    [InlineData("int M() => {|WREF101:(int)w.Target|};")]
    [InlineData("int M() => {|WREF101:((T)w.Target)[0]|};")]
    [InlineData("int M() => {|WREF101:((int[])w.Target)[0]|};")]
    [InlineData("void M() { foreach (var x in {|WREF101:(List<int>)w.Target|}) { } }")]
    [InlineData("void M() { lock ({|WREF101:w.Target|}) { } }")]
    [InlineData("async Task M() { {|WREF101:await (Task)w.Target|}; }")]
    [InlineData("void M() { {|WREF101:((Action)w.Target)()|}; }")]
    [InlineData("void M() { throw {|WREF101:(Exception)w.Target|}; }")]
    [InlineData("void M() { {|WREF101:((T)w.Target).E|} += null; }")]
    [InlineData("void M() { {|WREF101:((dynamic)w.Target).Go|}(); }")]
    [InlineData("void M() { {|WREF101:r.Deref().Go()|}; }")]
    [InlineData("void M() { var t = (T)w.Target; {|WREF101:t.Go()|}; t.Go(); }")]
    [InlineData("void M() { var t = w.Target as T; var u = t; {|WREF101:u.Go()|}; }")]
    [InlineData("void M() { T t; t = (T)w.Target; {|WREF101:t.Go()|}; }")]
    [InlineData("void M(bool b) { T t = null; if (b) { t = (T)w.Target; } {|WREF101:t.Go()|}; }")]
    [InlineData("void M() { {|WREF101:(w?.Target as T).Go()|}; }")]
    [InlineData("void M() { {|WREF101:((T)other.other.w.Target).Go()|}; }")]
    [InlineData("void M() { {|WREF101:((T)s.Target).Go()|}; }")]
    [InlineData("void M() { foreach (var x in list) { {|WREF101:((T)x.Target).Go()|}; } }")]
    [InlineData("void M() { {|WREF101:((T)list[0].Target).Go()|}; }")]
    [InlineData("Action M() => () => {|WREF101:((T)w.Target).Go()|};")]
    [InlineData("void M() { void L() => {|WREF101:((T)w.Target).Go()|}; L(); }")]
    [InlineData("IEnumerable<int> M() { yield return {|WREF101:((T)w.Target).X|}; }")]
    [InlineData("void M() { try { {|WREF101:((T)w.Target).Go()|}; } catch (InvalidOperationException) { } finally { } }")]
    [InlineData("void M() { var (a, b) = (w.Target as T, 1); {|WREF101:a.Go()|}; }")]
    [InlineData("int M(bool b) => b ? 0 : {|WREF101:((T)w.Target).X|};")]
    [InlineData("void M() { var t = w.Target as T; if (t == null) { Console.WriteLine(); } {|WREF101:t.Go()|}; }")]
    [InlineData(
        "void M() { var h = GCHandle.Alloc(this, GCHandleType.Weak); }  GCHandle h; void I(object o) { h = GCHandle.Alloc(o, "
            + "GCHandleType.Weak); } void N() { {|WREF101:((T)h.Target).Go()|}; h.Free(); }")]
    [InlineData("void M() { var t = w.Target as T; if (t?.Ready == false) return; {|WREF101:t.Go()|}; }")]
    [InlineData("void M() { var t = w.Target as T; if (t?.Ready is false) return; {|WREF101:t.Go()|}; }")]
    [InlineData("void M() { var t = w.Target as T; if (t?.Ready != false) {|WREF101:t.Go()|}; }")]
    [InlineData("void M() { var t = w.Target as T; if (t?.Ready is not true) {|WREF101:t.Go()|}; }")]
    [InlineData("void M() { var t = w.Target as T; if (!(t?.Ready is false)) {|WREF101:t.Go()|}; }")]
    [InlineData("void M() { var t = w.Target as T; bool? stale = t?.Ready; if (stale != false) {|WREF101:t.Go()|}; }")]
    public Task DereferencedWithoutACheck(string member) => Check(member);

    [Theory]
    [InlineData("void M() { ((T)w.Target)?.Go(); }")]
    [InlineData("void M() { if (w.Target is T t) t.Go(); }")]
    [InlineData("void M() { if (w.Target is not T t) return; t.Go(); }")]
    [InlineData("void M() { if (!(w.Target is T t)) return; t.Go(); }")]
    [InlineData("void M() { if (r.Deref() is { } t) t.Go(); }")]
    [InlineData("void M() { if (r.Deref() is { Ready: true } t) t.Go(); }")]
    [InlineData("void M() { var t = (T)w.Target; if (t != null) t.Go(); }")]
    [InlineData("void M() { var t = (T)w.Target; if (null != t) t.Go(); }")]
    [InlineData("void M() { var t = (T)w.Target; if (t == null) return; t.Go(); }")]
    [InlineData("void M() { var t = (T)w.Target; if (t is null) throw new Exception(); t.Go(); }")]
    [InlineData("void M() { var t = (T)w.Target; if (t is object) t.Go(); }")]
    [InlineData("void M() { var t = (T)w.Target; if (t?.Next != null) t.Go(); }")]
    [InlineData("void M() { var t = (T)w.Target; if (t?.Next == null) return; t.Go(); }")]
    [InlineData("void M() { var t = (T)w.Target; var n = t?.Next; if (n is null) return; t.Go(); }")]
    [InlineData("void M() { var t = (T)w.Target; if (t?.Next?.Next is { } n) t.Go(); }")]
    [InlineData("void M() { var t = (T)w.Target; if (t?.Name is string s && s != null) t.Go(); }")]
    [InlineData("void M() { var t = (T)w.Target; if (t?.X > 3) t.Go(); }")]
    [InlineData("void M() { var t = (T)w.Target; if ((t?.X).HasValue) t.Go(); }")]
    [InlineData("void M() { var t = (T)w.Target; if (t?.Ready == false) t.Go(); }")]
    [InlineData("void M() { var t = (T)w.Target; if (t?.Ready is false) t.Go(); }")]
    [InlineData("void M() { var t = (T)w.Target; if (t?.Ready != true) return; t.Go(); }")]
    [InlineData("void M() { var t = (T)w.Target; if (t?.Ready is not true) return; t.Go(); }")]
    [InlineData("void M() { var t = (T)w.Target; if (!(t?.Ready == false)) return; t.Go(); }")]
    [InlineData("void M() { var t = (T)w.Target; if (false == t?.Ready) t.Go(); }")]
    [InlineData("void M() { var t = (T)w.Target; bool? ready = t?.Ready; if (ready == false) t.Go(); }")]
    [InlineData("void M() { if (w.IsAlive) { var t = w.Target as T; if (t?.Ready == false) t.Go(); } }")]
    [InlineData("static bool Is(ReadOnlySpan<byte> s) => s.Length == 0; bool M() => Is(w.Target as byte[]);")]
    [InlineData("static bool Is(Span<byte> s) => s.Length == 0; bool M() => Is((byte[])w.Target);")]
    [InlineData("static bool Is(ReadOnlySpan<char> s) => s.Length == 0; bool M() => Is(w.Target as string);")]
    [InlineData("static bool Is(Memory<byte> s) => s.Length == 0; bool M() => Is(w.Target as byte[]);")]
    [InlineData("void M() { var t = (T)w.Target; if (t?.Name == \"a\") t.Go(); }")]
    [InlineData("void M() { var t = (T)w.Target; if (!string.IsNullOrEmpty(t?.Name)) t.Go(); }")]
    [InlineData("void M() { var t = (T)w.Target; switch (t?.X) { case 1: t.Go(); break; } }")]
    [InlineData("void M() { var t = (T)w.Target; var n = t == null ? null : t.Next; if (n != null) t.Go(); }")]
    [InlineData("int M() { var t = (T)w.Target; return (t?.Next ?? throw new Exception()).X + t.X; }")]
    [InlineData("void M() { var t = (T)w.Target; if (!(t is null)) t.Go(); }")]
    [InlineData("void M() { T t; if ((t = (T)w.Target) != null) t.Go(); }")]
    [InlineData("void M() { var t = (T)w.Target ?? new T(); t.Go(); }")]
    [InlineData("void M() { var t = (T)w.Target; t ??= new T(); t.Go(); }")]
    [InlineData("void M() { var t = (T)w.Target ?? throw new Exception(); t.Go(); }")]
    [InlineData("void M() { var t = (T)w.Target; if (t == null) t = new T(); t.Go(); }")]
    [InlineData("void M() { var t = (T)w.Target; if (t == null || t.X == 0) return; t.Go(); }")]
    [InlineData("void M() { var t = (T)w.Target; if (t != null && t.X == 0) t.Go(); }")]
    [InlineData("int M() { var t = (T)w.Target; return t != null ? t.X : 0; }")]
    [InlineData("int M() { var t = (T)w.Target; return t == null ? 0 : t.X; }")]
    [InlineData("void M() { switch (w.Target) { case T t: t.Go(); break; case null: break; } }")]
    [InlineData("int M() => w.Target switch { T t => t.X, _ => 0 };")]
    [InlineData("void M() { var t = (T)w.Target; while (t != null) { t.Go(); t = t.Next; } }")]
    [InlineData("void M() { var t = (T)w.Target; System.Diagnostics.Debug.Assert(t != null); t.Go(); }")]
    [InlineData("void M() { var t = (T)w.Target; ArgumentNullException.ThrowIfNull(t); t.Go(); }")]
    [InlineData("void M() { var t = (string)w.Target; if (!string.IsNullOrEmpty(t)) t.Trim(); }")]
    [InlineData("void M() { var t = (T)w.Target; if (ReferenceEquals(t, null)) return; t.Go(); }")]
    [InlineData("void M() { var t = (T)w.Target; if (object.Equals(t, null)) return; t.Go(); }")]
    [InlineData(
        "static bool Ok([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] object o) => o != null; void M() { var t = "
            + "(T)w.Target; if (Ok(t)) t.Go(); }")]
    [InlineData(
        "[System.Diagnostics.CodeAnalysis.DoesNotReturn] static void Fail() => throw new Exception(); void M() { var t = "
            + "(T)w.Target; if (t == null) Fail(); t.Go(); }")]
    [InlineData("void M() { foreach (var x in list) { var t = (T)x.Target; if (t == null) continue; t.Go(); } }")]
    [InlineData(
        "void M() { for (var i = list.Count - 1; i >= 0; i--) { var t = (T)list[i].Target; if (t == null) { list.RemoveAt(i); "
            + "continue; } t.Go(); } }")]
    [InlineData("object M() => w.Target;")]
    [InlineData("void M() { Use(w.Target); } static void Use(object o) { }")]
    [InlineData("void M(Action<object> a) { a(w.Target); }")]
    [InlineData("bool M(object o) => w.Target == o && Equals(w.Target, o) && ReferenceEquals(w.Target, o);")]
    [InlineData("string M() => nameof(w.Target.ToString);")]
    [InlineData("int? M() => (int?)w.Target;")]
    [InlineData("void M() { var t = (T)w.Target; if (t != null) { Action a = () => t.Go(); a(); } }")]
    [InlineData("void M() { var t = new T(); var x = new WeakReference(t); ((T)x.Target).Go(); GC.KeepAlive(t); }")]
    [InlineData("void M(T t) { w = new WeakReference(t); ((T)w.Target).Go(); t.Go(); }")]
    [InlineData("T strong; WeakReference own; void I() { own = new WeakReference(strong); } void M() { ((T)own.Target).Go(); }")]
    [InlineData("WeakReference me; void I() { me = new WeakReference(this); } void M() { ((C)me.Target).I(); }")]
    [InlineData("void M(IntPtr p) { var h = GCHandle.FromIntPtr(p); ((T)h.Target).Go(); }")]
    [InlineData("void M(object o) { var h = GCHandle.Alloc(o); ((T)h.Target).Go(); h.Free(); }")]
    [InlineData("void M(Delegate d) { d.Target.ToString(); }")]
    [InlineData("void M(Thread t) { if (t.IsAlive) t.Join(); }")]
    [InlineData("void M() { var t = w.Target as T; if (w.IsAlive) { t.Go(); } }")]
    public Task CheckedInOneOfManyWays(string member) => Check(member);

    [Theory]
    [InlineData("void M() { if (w.IsAlive) ((T){|WREF102:w.Target|}).Go(); }")]
    [InlineData("void M() { if (!w.IsAlive) return; ((T){|WREF102:w.Target|}).Go(); }")]
    [InlineData("int M() => w.IsAlive ? ((T){|WREF102:w.Target|}).X : 0;")]
    [InlineData("bool M() => w.IsAlive && ((T){|WREF102:w.Target|}).Ready;")]
    [InlineData("bool M() => !w.IsAlive || ((T){|WREF102:w.Target|}).Ready;")]
    [InlineData("void M() { while (w.IsAlive) ((T){|WREF102:w.Target|}).Go(); }")]
    [InlineData("void M() { var alive = w.IsAlive; if (alive) ((T){|WREF102:w.Target|}).Go(); }")]
    [InlineData("void M() { var alive = w != null && w.IsAlive; if (alive) ((T){|WREF102:w.Target|}).Go(); }")]
    [InlineData("void M() { if (w?.IsAlive == true) ((T){|WREF102:w.Target|}).Go(); }")]
    [InlineData("void M() { if (w?.IsAlive ?? false) ((T){|WREF102:w.Target|}).Go(); }")]
    [InlineData("void M() { if (w is { IsAlive: true }) ((T){|WREF102:w.Target|}).Go(); }")]
    [InlineData("void M() { if (w.IsAlive == false) return; ((T){|WREF102:w.Target|}).Go(); }")]
    [InlineData("void M() { if (w.IsAlive) Use({|WREF102:w.Target|}); } static void Use(object o) { o.ToString(); }")]
    [InlineData("object keep; void M() { if (w.IsAlive) keep = {|WREF102:w.Target|}; }")]
    [InlineData("object M() { if (w.IsAlive) return {|WREF102:w.Target|}; throw new Exception(); }")]
    [InlineData("void M() { if (g.TryGetTarget(out _)) { {|WREF102:g.TryGetTarget(out var t)|}; t.Go(); } }")]
    [InlineData("IEnumerable<object> M() => list.Where(x => x.IsAlive).Select(x => {|WREF102:x.Target|});")]
    [InlineData("void M() { foreach (var x in list.Where(y => y.IsAlive)) ((T){|WREF102:x.Target|}).Go(); }")]
    [InlineData("void M() { foreach (var x in list.Where(y => y.IsAlive).ToList()) ((T){|WREF102:x.Target|}).Go(); }")]
    [InlineData("bool HasTarget => w.IsAlive; void M() { if (!HasTarget) return; ((T){|WREF102:w.Target|}).Go(); }")]
    [InlineData("bool HasTarget() => w != null && w.IsAlive; void M() { if (HasTarget()) ((T){|WREF102:w.Target|}).Go(); }")]
    [InlineData("void M() { if (other.w.IsAlive) ((T){|WREF102:other.w.Target|}).Go(); }")]
    [InlineData("void M() { if (list[0].IsAlive) ((T){|WREF102:list[0].Target|}).Go(); }")]
    [InlineData("async Task M() { if (w.IsAlive) { await Task.Yield(); ((T){|WREF102:w.Target|}).Go(); } }")]
    [InlineData(
        "GCHandle h; void I(object o) { h = GCHandle.Alloc(o, GCHandleType.Weak); } void M() { if (h.IsAllocated) "
            + "((T){|WREF102:h.Target|}).Go(); h.Free(); }")]
    public Task ProbedThenRead(string member) => Check(member);

    [Theory]
    [InlineData("void M() { list.RemoveAll(x => !x.IsAlive); }")]
    [InlineData("bool M() => w.IsAlive;")]
    [InlineData("void M() { if (!w.IsAlive) list.Remove(w); }")]
    [InlineData("void M() { if (w.IsAlive) { var t = w.Target as T; if (t != null) t.Go(); } }")]
    [InlineData("void M() { if (w.IsAlive && w.Target is T t) t.Go(); }")]
    [InlineData("object M() => w.IsAlive ? w.Target : null;")]
    [InlineData("object M() { if (!w.IsAlive) return null; return w.Target; }")]
    [InlineData("bool M(object o) => w.IsAlive && w.Target == o;")]
    [InlineData("bool M(object o) => w.IsAlive && ReferenceEquals(w.Target, o);")]
    [InlineData("void M() { if (w.IsAlive) Use(w.Target); } static void Use(object o) { if (o == null) return; o.ToString(); }")]
    [InlineData("void M() { if (w.IsAlive) ((T)other.w.Target)?.Go(); }")]
    [InlineData("IEnumerable<T> M() => list.Where(x => x.IsAlive).Select(x => x.Target).OfType<T>();")]
    public Task ProbesThatDoNoHarm(string member) => Check(member);

    [Theory]
    [InlineData("void M() { if (w.Target != null) ((T){|WREF103:w.Target|}).Go(); }")]
    [InlineData("int M() => w.Target == null ? 0 : ((T){|WREF103:w.Target|}).X;")]
    [InlineData("void M() { if (w.Target is T) ((T){|WREF103:w.Target|}).Go(); }")]
    [InlineData("void M() { if (w.Target is null) return; ((T){|WREF103:w.Target|}).Go(); }")]
    [InlineData("void M() { if (r.Deref() != null) {|WREF103:r.Deref()|}.Go(); }")]
    [InlineData("void M() { if (g.TryGetTarget(out var t)) { } if (t != null) { {|WREF103:g.TryGetTarget(out var u)|}; u.Go(); } }")]
    [InlineData("T P => w.Target as T; void M() { if (P != null) {|WREF103:P|}.Go(); }")]
    [InlineData("T P => w.Target as T; void M() { if (w.Target != null) {|WREF103:P|}.Go(); }")]
    [InlineData("void M() { if (w.Target != null) Use({|WREF103:w.Target|}); } static void Use(object o) { o.ToString(); }")]
    [InlineData("void M() { r.Deref()?.Next.ToString().Insert({|WREF103:r.Deref()|}.X, \"\"); }")]
    public Task CheckedOneReadUsedAnother(string member) => Check(member);

    [Theory]
    [InlineData("void M() { if (w.Target == null) { w = new WeakReference(new T()); } }")]
    [InlineData("void M(bool b) { if (b) { var t = w.Target as T; t?.Go(); } else { var t = w.Target as T; t?.Go(); } }")]
    [InlineData("void M() { foreach (var x in list) { var t = x.Target as T; if (t != null) t.Go(); } }")]
    [InlineData("void M() { var t = w.Target as T; if (t != null) { ((T)w.Target).Go(); GC.KeepAlive(t); } }")]
    public Task ReadAgainWithoutHarm(string member) => Check(member);

    [Theory]
    [InlineData("void M() { g.TryGetTarget(out var t); {|WREF104:t.Go()|}; }")]
    [InlineData("void M() { T t; g.TryGetTarget(out t); {|WREF104:t.Go()|}; }")]
    [InlineData("void M() { if (!g.TryGetTarget(out var t)) {|WREF104:t.Go()|}; }")]
    [InlineData("void M() { var ok = g.TryGetTarget(out var t); if (!ok) Console.WriteLine(); {|WREF104:t.Go()|}; }")]
    [InlineData("void M(bool b) { if (g.TryGetTarget(out var t) || b) {|WREF104:t.Go()|}; }")]
    [InlineData("void M() { g?.TryGetTarget(out var t); }")]
    [InlineData("bool Try(out T t) => g.TryGetTarget(out t); void M() { Try(out var t); {|WREF104:t.Go()|}; }")]
    public Task ResultIgnored(string member) => Check(member);

    [Theory]
    [InlineData("void M() { if (g.TryGetTarget(out var t)) t.Go(); }")]
    [InlineData("void M() { if (!g.TryGetTarget(out var t)) return; t.Go(); }")]
    [InlineData("void M() { bool ok = g.TryGetTarget(out var t); if (ok) t.Go(); }")]
    [InlineData("void M() { bool ok = g.TryGetTarget(out var t) && t.Ready; if (ok) t.Go(); }")]
    [InlineData("void M() { if (g.TryGetTarget(out var t) == false) return; t.Go(); }")]
    [InlineData("void M() { if (g.TryGetTarget(out var t) is true) t.Go(); }")]
    [InlineData("void M() { if (g.TryGetTarget(out var t) is false) return; t.Go(); }")]
    [InlineData("bool M() => g.TryGetTarget(out var t) && t.Ready;")]
    [InlineData("bool M() => !g.TryGetTarget(out var t) || t.Ready;")]
    [InlineData("int M() => g.TryGetTarget(out var t) ? t.X : 0;")]
    [InlineData("T M() { g.TryGetTarget(out var t); return t; }")]
    [InlineData("void M() { g.TryGetTarget(out var t); t?.Go(); }")]
    [InlineData("void M() { g.TryGetTarget(out var t); if (t != null) t.Go(); }")]
    [InlineData("bool M(T o) { g.TryGetTarget(out var t); return t == o; }")]
    [InlineData("int M() => g?.TryGetTarget(out var t) == true ? t.X : 0;")]
    [InlineData("T M() => (g?.TryGetTarget(out var t) ?? false) ? t : null;")]
    [InlineData("void M() { if (g == null || !g.TryGetTarget(out var t)) { t = new T(); } t.Go(); }")]
    [InlineData("void M() { foreach (var x in new List<WeakReference<T>>()) { if (!x.TryGetTarget(out var t)) continue; t.Go(); } }")]
    [InlineData("bool Try(out T t) => g.TryGetTarget(out t); void M() { if (Try(out var t)) t.Go(); }")]
    [InlineData("void M() { while (g.TryGetTarget(out var t)) { t.Go(); break; } }")]
    [InlineData("void M() { T t; try { if (!g.TryGetTarget(out t)) return; } finally { } t.Go(); }")]
    [InlineData("void M() { if (g.TryGetTarget(out var t)) goto use; return; use: t.Go(); }")]
    [InlineData("async Task M() { if (!g.TryGetTarget(out var t)) return; await Task.Yield(); t.Go(); }")]
    [InlineData("void M() { if (g.TryGetTarget(out var t)) { Task.Run(() => t.Go()); } }")]
    [InlineData(
        "void M() { using var s = new MemoryStream(); if (g.TryGetTarget(out var t) && t is { Ready: true, Name: var n } && n "
            + "!= null) t.Go(); }")]
    public Task ResultRespected(string member) => Check(member);

    [Theory]
    [InlineData("T P => w.Target as T; void M() { {|WREF101:P.Go()|}; }")]
    [InlineData("T P { get { return (T)w.Target; } } void M() { {|WREF101:this.P.Go()|}; }")]
    [InlineData("T P { get { if (w == null) return null; return (T)w.Target; } } void M() { {|WREF101:P.Go()|}; }")]
    [InlineData("T P => g.TryGetTarget(out var t) ? t : null; void M() { {|WREF101:P.Go()|}; }")]
    [InlineData("T P { get { T t; g.TryGetTarget(out t); return t; } } void M() { {|WREF101:P.Go()|}; }")]
    [InlineData("T P => w?.Target as T; T Q => P; T R() => Q; void M() { {|WREF101:R().Go()|}; }")]
    [InlineData("static T Get(WeakReference x) => (T)x.Target; void M() { {|WREF101:Get(w).Go()|}; }")]
    public Task WrappersAreReads(string member) => Check(member);

    [Theory]
    [InlineData("T P => (w.Target as T) ?? new T(); void M() { P.Go(); }")]
    [InlineData(
        "T P { get { var t = w.Target as T; if (t == null) { t = new T(); w = new WeakReference(t); } return t; } } void M() { P.Go(); }")]
    [InlineData("T P => g.TryGetTarget(out var t) ? t : throw new Exception(); void M() { P.Go(); }")]
    [InlineData("T strong; T P => strong ?? (w.Target as T); void M() { if (P is { } t) t.Go(); }")]
    [InlineData("T P => w.Target as T; void M() { P?.Go(); var t = P; if (t != null) t.Go(); }")]
    [InlineData("T P { get; set; } T Q() => P; void M() { Q().Go(); }")]
    [InlineData("T P => Q; T Q => P; void M() { P.Go(); }")]
    public Task MembersThatAreNoUncheckedReads(string member) => Check(member);

    [Fact]
    public Task OneDefectOneDiagnostic() => Check("""
        T P => w.Target as T;
        void M(bool b)
        {
            {|WREF101:P.Go()|};
            P.Go();
            if (b) P.Go();
        }
        void N() { {|WREF101:P.Go()|}; }
        void O() { if (w.IsAlive) { ((T){|WREF102:w.Target|}).Go(); ((T)w.Target).Go(); } if (w.IsAlive) ((T){|WREF102:w.Target|}).Go(); }
        """);

    [Fact]
    public Task AssertedTargetsAreTrusted() => Check("""
        void M() { System.Diagnostics.Debug.Assert(w.IsAlive); ((T)w.Target).Go(); }
        void N() { System.Diagnostics.Debug.Assert(w.Target != null); ((T)w.Target).Go(); }
        """);

    [Fact]
    public Task MissingTypesLeaveWhatIsCertain() => Check(
        """
        void M() { {|WREF101:((Missing)w.Target).Go()|}; }
        void N() { if (w.IsAlive) ((Missing){|WREF102:w.Target|}).Go(); }
        void O(WeakReference<Missing> m) { if (m.TryGetTarget(out var t) && t.Ready && !t.Done) t.Go(); }
        void P() { var t = w.Target as Missing; if (t != null) t.Go(); Assert.NotNull(w.Target); }
        void R() { w.Target.Should().Be(1); }
        void S() { var t = w.Target as T; if (t?.Lacking != null) t.Go(); }
        void U() { var t = w.Target as T; if (t?.Lacking == null) return; t.Go(); }
        void V() { var t = w.Target as Missing; if (t?.Ready == null) return; t.Go(); }
        void W() { var t = w.Target as Missing; if (t?.Ready is { } r && r.Now) t.Go(); }
        void X() { var t = w.Target as T; if (t?.Lacking == true) t.Go(); }
        void Y() { var t = w.Target as T; if (t?.Lacking() > 0) t.Go(); }
        void Q() { Assert.That(w.IsAlive); ((Missing)w.Target).Go(); }
        """,
        new Options { CompilerErrors = true });

    [Fact]
    public Task NamedAndAnnotatedTypes() => Verify<ReadingRules>.Diagnostics(
        """
        namespace Lib
        {
            class Handle<T> where T : class { public T Target => null; public bool IsAlive => false; }
            class Box
            {
                [WeakRefs.Annotations.WeakRead] public string Get() => null;
                [WeakRefs.Annotations.LivenessProbe] public bool Lives => false;
            }
        }

        class C
        {
            int M(Lib.Handle<string> h) => {|WREF101:h.Target.Length|};
            int N(Lib.Handle<string> h) => h.IsAlive ? {|WREF102:h.Target|}.Length : 0;
            int O(Lib.Box b) => {|WREF101:b.Get().Length|};
            int P(Lib.Box b) => b.Lives ? {|WREF102:b.Get()|}.Length : 0;
            int Q(Other o) => o.Target.Length;
        }

        class Other { public string Target => null; }
        """,
        new Options { EditorConfig = "weakref_analyzers.reference_types = Nobody.Knows, Lib.Handle" });

    [Fact]
    public Task OldLanguageOnNetFramework() => Verify<ReadingRules>.Diagnostics(
        """
        using System;

        class C
        {
            WeakReference w;
            WeakReference<string> g;

            int M()
            {
                if (w.IsAlive) { return ((string){|WREF102:w.Target|}).Length; }
                if (w.Target != null) { return ((string){|WREF103:w.Target|}).Length; }
                string s;
                g.TryGetTarget(out s);
                return {|WREF104:s.Length|};
            }

            int N() { return {|WREF101:((string)w.Target).Length|}; }

            int O() { System.Diagnostics.Debug.Assert(w != null); var s = w.Target as string; return s == null ? 0 : s.Length; }
        }
        """,
        new Options { NetFramework = true, Language = LanguageVersion.CSharp7_3 });

#if ROSLYN_LATEST
    [Theory]
    [InlineData("static class E { extension(WeakReference w) { public string Text => w.Target as string; } }")]
    [InlineData(
        "class P(WeakReference w) { int M() => {|WREF101:((string)w.Target).Length|}; string[] All => [w.Target as string, .. "
            + "new string[0]]; }")]
    [InlineData("record struct R(WeakReference W) { public int N => {|WREF101:((string)W.Target).Length|}; }")]
    [InlineData("class F { WeakReference w; string Text { get => field ??= w.Target as string; set; } }")]
    public Task NewestSyntax(string source) => Verify<ReadingRules>.Diagnostics(source);
#endif

    internal sealed class ReadingRules : Rule
    {
        private static readonly Rule[] All =
            [new WREF101_UncheckedTarget(), new WREF102_ProbeThenRead(), new WREF103_CheckedOtherRead(), new WREF104_IgnoredTryResult()];

        public ReadingRules()
            : base(All.SelectMany(static rule => rule.Descriptors).ToArray())
        {
        }

        public override void Start(Subscriptions on)
        {
            foreach (var rule in All)
            {
                rule.Start(on);
            }
        }
    }
}
