namespace P602;
class D1 { 
 private readonly List<WeakReference> _l = new(); public void Add(object o) => _l.Add(new WeakReference(o)); public void Each() { foreach (var w in _l) { var t = w.Target; if (t != null) Console.WriteLine(t); } } } // flagged
static class D2 { 
 static readonly ConcurrentBag<WeakReference<object>> s = new(); public static void Track(object o) => s.Add(new(o)); public static int Live() => s.Count(w => w.TryGetTarget(out _)); } // flagged
class D3 { 
 readonly Dictionary<string, WeakReference<object>> _c = new(); public object Get(string k, Func<object> f) { if (_c.TryGetValue(k, out var w) && w.TryGetTarget(out var t)) return t; t = f(); _c[k] = new(t); return t; } } // flagged
class S1 { private readonly List<WeakReference> _l = new(); public void Add(object o) { _l.RemoveAll(w => !w.IsAlive); _l.Add(new WeakReference(o)); } }
class S2 { private List<WeakReference> _l = new(); public void Add(object o) { _l.Add(new WeakReference(o)); } void Prune() => _l = _l.Where(w => w.IsAlive).ToList(); }
class S3 { private readonly List<WeakReference> _l = new(); public void Add(object o) => _l.Add(new WeakReference(o)); public void Each() { for (int i = _l.Count - 1; i >= 0; i--) { if (!_l[i].IsAlive) _l.RemoveAt(i); } } }
class S4 { private readonly List<WeakReference> _l = new(); public void Add(object o) => _l.Add(new WeakReference(o)); public void Clean() => Pruner.Prune(_l); static class Pruner { public static void Prune(List<WeakReference> l) => l.RemoveAll(w => !w.IsAlive); } }
class S5 { private readonly Dictionary<int, WeakReference> _d = new(); public void Add(int i, object o) => _d[i] = new WeakReference(o); public void Gone(int i) => _d.Remove(i); }
class S6 { private readonly WeakReference[] _a = new WeakReference[10]; public void Set(int i, object o) => _a[i] = new WeakReference(o); }
class S7 { private readonly List<WeakReference<Action>> _h = new(); public event Action E { add { _h.Add(new WeakReference<Action>(value)); } remove { _h.RemoveAll(w => !w.TryGetTarget(out var t) || t == value); } } }
class S8 { static readonly List<WeakReference> s = new() { new WeakReference(null), new WeakReference(null) }; }
class PerObject { 
 static readonly Dictionary<int, WeakReference<PerObject>> s_all = new(); readonly int _id; public PerObject(int id) { _id = id; s_all.Add(_id, new WeakReference<PerObject>(this)); } public static PerObject Find(int id) => s_all.TryGetValue(id, out var w) && w.TryGetTarget(out var o) ? o : null; } // flagged
class Once { static readonly List<WeakReference> s_all = new(); static Once() { s_all.Add(new WeakReference(new object())); } public static int Count => s_all.Count; }
class Slots { static readonly ConcurrentDictionary<int, WeakReference<object>> s_all = new(); public static object Get(int i) { var w = s_all.GetOrAdd(i, _ => new WeakReference<object>(null)); if (!w.TryGetTarget(out var o)) { o = new object(); w.SetTarget(o); } return o; } }
