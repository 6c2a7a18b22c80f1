using System.Collections.Immutable;
using System.Runtime;
using WeakRefs;

namespace Modern
{
public class Doc { public string Title = ""; public Doc? Parent; public void Save() { } public int Len => 3; public IEnumerable<Doc> Kids => []; public Task FlushAsync() => Task.CompletedTask; public event Action? Changed; public void Raise() => Changed?.Invoke(); }
static class Nat { [DllImport("n")] public static extern nint open(); [DllImport("n")] public static extern void close(nint h); [DllImport("n")] public static extern int size(nint h); }

// 1xx
record View1(WeakReference<Doc> D) { public string Title => D.TryGetTarget(out var d) ? d.Title : ""; public int Len { get { D.TryGetTarget(out var d); return d!.Len; } } } // !WREF104
sealed class View2(Doc d) { readonly WeakReference _w = new(d); public void Save() => (_w.Target as Doc)!.Save(); } // !WREF101
sealed class View3(Doc d) { readonly WeakReference _w = new(d); public void Save() { if (_w is { IsAlive: true }) ((Doc)_w.Target!).Save(); } } // !WREF102
class View4 { WeakReference<Doc>? _w; public async Task Run() { if (_w is null || !_w.TryGetTarget(out var d)) return; await Task.Yield(); d.Save(); } }
class View5 { WeakReference<Doc>? _w; public async Task Run() { Doc? d = null; _w?.TryGetTarget(out d); await Task.Yield(); d!.Save(); } } // !WREF104
class View6 { readonly List<WeakReference<Doc>> _all = []; public string Titles { get { _all.RemoveAll(w => !w.TryGetTarget(out _)); return string.Join(",", _all.Select(w => { w.TryGetTarget(out var d); return d!.Title; })); } } } // !WREF104
class View7 { readonly WeakReference _w = new(null); public string Kind() => _w.Target switch { Doc { Title: var t } => t, null => "gone", var o => o.ToString()! }; }
class View8 { readonly WeakReference _w = new(null); public string Kind() => _w.Target switch { Doc d => d.Title, var o => o!.ToString()! }; } // !WREF101
class View9 { readonly WeakReference<Doc> _w; public View9(Doc d) => _w = new(d); Doc Target => _w.TryGetTarget(out var d) ? d : throw new ObjectDisposedException(nameof(Doc)); public void Save() => Target.Save(); }
class View10 { readonly WeakReference<Doc> _w; public View10(Doc d) => _w = new(d); Doc? Target => _w.TryGetTarget(out var d) ? d : null; public void Save() { if (Target != null) Target.Save(); } } // !WREF103
class View11 { readonly WeakReference<Doc> _w; public View11(Doc d) => _w = new(d); Doc? Target => _w.TryGetTarget(out var d) ? d : null; public void Save() { if (Target is { } d) d.Save(); Target?.Save(); } }
class View12 { readonly WeakRef<Doc> _w; public View12(Doc d) => _w = new(d); public async IAsyncEnumerable<string> Titles() { foreach (var k in _w.Deref()!.Kids) { await Task.Yield(); yield return k.Title; } } } // !WREF101
static class Ext13 { extension(WeakReference<Doc> w) { public Doc? Live => w.TryGetTarget(out var d) ? d : null; } public static void Use(WeakReference<Doc> w) => w.Live!.Save(); } // !WREF101
class View14 { readonly WeakReference<Doc> _w = new(null!); public int Sum() { var (ok, d) = (_w.TryGetTarget(out var t), t); return ok ? d!.Len : 0; } }
class View15 { readonly WeakReference<Doc> _w = new(null!); public bool Same(Doc x) { _w.TryGetTarget(out var d); return d == x; } }
class View16 { readonly WeakReference _w = new(null); public void Each() { while (_w.IsAlive) { var d = (Doc)_w.Target!; d.Save(); Thread.Sleep(1); } } } // !WREF102
class View17 { readonly Func<Doc?> _get; public View17(Doc d) { var w = new WeakReference<Doc>(d); _get = () => w.TryGetTarget(out var t) ? t : null; } public void Save() => _get()?.Save(); }
class View18 { readonly WeakReference<Doc> _w = new(null!); public void Log() { lock (_w) { if (_w.TryGetTarget(out var d) is false) return; d.Save(); } } }
class View19 { readonly WeakReference<Doc> _w = new(null!); public void Log(bool b) { if (_w.TryGetTarget(out var d) | b) d!.Save(); } } // !WREF104
ref struct View20 { readonly WeakReference<Doc> _w; public View20(WeakReference<Doc> w) => _w = w; public readonly void Go() { _w.TryGetTarget(out Doc? d); d!.Save(); } } // !WREF104

// 2xx
class T1 { readonly WeakReference _w = new(new DateTime(2020, 1, 1)); } // !WREF201
class T2 { readonly WeakReference<object> _w = new((1, 2)); } // !WREF201
class T3 { readonly WeakReference<string> _w = new("constant"); } // !WREF202
class T4 { readonly WeakReference<Type> _w = new(typeof(Doc)); } // !WREF202
class T5 { readonly WeakReference<List<int>> _w = new([1, 2, 3]); } // !WREF203
class T6(Doc d) { readonly WeakReference<Doc> _w = new(d); }
class T7 { readonly WeakReference<View1> _w; public T7(View1 v) => _w = new(v with { D = null! }); } // !WREF203
class T8 { WeakReference<Action>? _w; int _n; public void Sub() => _w = new(() => _n++); } // !WREF204
class T9 { readonly WeakReference _w; public T9(Doc d) => _w = new(d, trackResurrection: true); } // !WREF205
class T10 { readonly WeakReference<string> _w; public T10(int n) => _w = new($"item {n}"); } // !WREF203
class T11 { public static WeakReference<Doc> Make(out Doc strong) { strong = new Doc(); return new(strong); } }

// 3xx
class H1 { readonly FinalizationRegistry<Doc> _r = new(d => Console.WriteLine(d.Title)); public void Add(Doc d) => _r.Register(d, d.Parent is { } p ? d : d); } // !WREF301
class H2 { readonly FinalizationRegistry<(string, Doc)> _r = new(t => Console.WriteLine(t.Item1)); public void Add(Doc d) => _r.Register(d, (d.Title, d)); } // !WREF301
class H3 { readonly FinalizationRegistry<string> _r = new(Console.WriteLine); public void Add(Doc d) => _r.Register(d, d.Title); }
class H4 { public void Hook(Doc d, Doc source) { var w = new WeakReference<Doc>(d); source.Changed += () => { if (w.TryGetTarget(out var t)) t.Save(); Console.WriteLine(d.Title); }; } } // !WREF303
class H5 { public void Hook(Doc d, Doc source) { var w = new WeakReference<Doc>(d); source.Changed += () => { if (w.TryGetTarget(out var t)) t.Save(); }; } }
class H6 { static Doc? s_last; readonly WeakReference<Doc> _w = new(null!); public void Touch() { if (_w.TryGetTarget(out var d)) s_last = d; } } // !WREF304
class H7 { readonly ConditionalWeakTable<Doc, List<object>> _t = []; public void Add(Doc d) => _t.Add(d, [_t]); } // !WREF305
class H8 { readonly ConditionalWeakTable<Doc, Doc> _t = []; public void Add(Doc d) => _t.Add(d, d); }

// 4xx
class R1 { public void Watch(Doc d) { var r = new FinalizationRegistry<string>(Console.WriteLine); r.Register(d, d.Title); } } // !WREF401
class R2 { readonly FinalizationRegistry<int> _r = new(i => { }); public void Add(Doc d) => _r.Register(d, 1, $"{d.Title}"); } // !WREF402
class R3 { readonly ConcurrentDictionary<string, WeakReference<Doc>> _m = new(); readonly FinalizationRegistry<string> _r; public R3() => _r = new(k => _m.TryRemove(k, out _)); public void Add(string k, Doc d) { _m[k] = new(d); _r.Register(d, k); } } // !WREF403
class R4 { readonly FinalizationRegistry<Stream> _r = new(static s => s.Dispose()); public void Add(Doc d, Stream s) => _r.Register(d, s); } // !WREF404
class R5 { readonly FinalizationRegistry<string> _r = new(static p => File.Delete(p)); public void Add(Doc d, string p) => _r.Register(d, p); } // !WREF404

// 5xx
class F1 { readonly nint _h = Nat.open(); ~F1() => Nat.close(_h); } // !WREF501
class F2 : IDisposable { readonly nint _h = Nat.open(); public int Size => Nat.size(_h); public void Dispose() { Nat.close(_h); GC.SuppressFinalize(this); } ~F2() => Nat.close(_h); } // !WREF507 !WREF502
class F3(F1 other) : IDisposable { readonly FileStream _s = File.OpenRead("a"); public void Dispose() { _s.Dispose(); GC.SuppressFinalize(this); } ~F3() { _s.Dispose(); Console.WriteLine(other); } } // !WREF503
class F4 { static readonly object s_gate = new(); public static void Slow() { lock (s_gate) File.ReadAllText("a"); } ~F4() { lock (s_gate) { } } } // !WREF504
class F5 { readonly string _name; ~F5() { if (_name is null) throw new InvalidOperationException(); } } // !WREF505
class F6 { static readonly Stack<F6> s_pool = new(); ~F6() => s_pool.Push(this); } // !WREF506
class F7 { static readonly HashSet<F7> s_all = []; public F7() { lock (s_all) s_all.Add(this); } ~F7() { lock (s_all) s_all.Remove(this); } } // !WREF508
sealed class F8 : SafeHandle { public F8() : base(0, true) { } public override bool IsInvalid => handle == 0; protected override bool ReleaseHandle() { [DllImport("n")] static extern void done(F8 h); done(this); return true; } } // !WREF509
class F9 { static readonly Dictionary<int, string> s_log = []; static int s_n; public static string? Get(int i) => s_log.GetValueOrDefault(i); ~F9() => s_log[s_n++] = "gone"; } // !WREF510

// 6xx
class C1 { readonly Dictionary<WeakReference<Doc>, int> _d = []; public void Add(Doc d) { _d[new(d)] = 1; } public bool Has(Doc d) => _d.ContainsKey(new(d)); } // !WREF601
class C2 { readonly List<WeakReference<Doc>> _l = []; public void Add(Doc d) => _l.Add(new(d)); } // !WREF602
class C3 { readonly Dictionary<string, WeakReference<Doc>> _d = []; void Drop(string k) => _d.Remove(k); public Doc? Get(string k) { if (_d.TryGetValue(k, out var w)) return w.TryGetTarget(out var d) ? d : null; var n = new Doc(); _d[k] = new(n); return n; } } // !WREF603
readonly record struct C4(WeakReference<Doc> W) { public override int GetHashCode() => W.TryGetTarget(out var d) ? d.GetHashCode() : 0; public bool Equals(C4 o) => ReferenceEquals(o.W, W); } // !WREF604
class C5 { ImmutableDictionary<string, WeakReference<Doc>> _d = ImmutableDictionary<string, WeakReference<Doc>>.Empty; public void Add(Doc d) => ImmutableInterlocked.Update(ref _d, m => m.SetItem(d.Title, new(d))); }
// 7xx
class W1 { readonly WeakGCHandle<Doc> _h; public W1(Doc d) => _h = new(d); public Doc? D => _h.TryGetTarget(out var d) ? d : null; } // !WREF701
class W2 : IDisposable { DependentHandle _h; public W2(Doc d) => _h = new(d, "x"); public void Dispose() => _h.Dispose(); }
class W3 { public bool Alive(Doc d) { using WeakGCHandle<Doc> h = new(d); return h.TryGetTarget(out _); } }
}

namespace ModernAsserts
{
class TestAttribute : Attribute { }
static class Assert { public static void That(bool b) { } public static void False(bool b) { } public static void IsNull(object? o) { } }
class Thing { public static int Died; ~Thing() => Died++; }
class Tests {
  [Test] public void A() { var t = new Thing(); WeakReference w = new(t); t = null; GC.Collect(); GC.WaitForPendingFinalizers(); Assert.False(w.IsAlive); } // !WREF801
  [Test] public void B() { List<WeakReference> ws = [.. Enumerable.Range(0, 3).Select(_ => new WeakReference(new Thing()))]; GC.Collect(); Assert.That(ws.TrueForAll(w => !w.IsAlive)); }
  [Test] public void C() { Make(); GC.Collect(); Assert.That(Thing.Died > 0); static void Make() => new Thing(); } // !WREF802
  [Test] public async Task D() { var t = new Thing(); WeakReference w = new(t); t = null; await Task.Delay(1); GC.Collect(); Assert.False(w.IsAlive); }
}
}
