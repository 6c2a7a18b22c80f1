namespace P601;
class D1 { 
 readonly Dictionary<WeakReference, int> _d = new(); public void Add(object o, int i) { _d[new WeakReference(o)] = i; } public int Get(object o) => _d[new WeakReference(o)]; } // flagged
class D2 { 
 readonly HashSet<WeakReference<object>> _s = new(); public bool Has(object o) => _s.Contains(new WeakReference<object>(o)); } // flagged
class D3 { 
 readonly ConcurrentDictionary<WeakReference, string> _d = new(); public void Add(object o) => _d.TryAdd(new WeakReference(o), ""); public bool Has(object o) => _d.TryGetValue(new WeakReference(o), out _); } // flagged
class D4 { 
 static readonly Dictionary<WeakReference<object>, int> s = new Dictionary<WeakReference<object>, int>(); public void M(object o) { var w = new WeakReference<object>(o); s.Remove(w); } } // flagged
class OnlyAdd { readonly HashSet<WeakReference> _s = new(); public void Add(object o) => _s.Add(new WeakReference(o)); public IEnumerable<object> All() { foreach (var w in _s) yield return w.Target; } } // flagged
class S1 { readonly Dictionary<WeakReference, int> _d = new(new Cmp()); public int Get(object o) => _d[new WeakReference(o)]; class Cmp : IEqualityComparer<WeakReference> { public bool Equals(WeakReference a, WeakReference b) => ReferenceEquals(a.Target, b.Target); public int GetHashCode(WeakReference w) => 0; } }
class WKey : WeakReference { readonly int _h; public WKey(object o) : base(o) { _h = RuntimeHelpers.GetHashCode(o); } public override int GetHashCode() => _h; public override bool Equals(object o) => o is WKey k && k.Target == Target; }
class S2 { readonly Dictionary<WKey, int> _d = new(); public int Get(object o) => _d[new WKey(o)]; }
class S3 { readonly Dictionary<string, WeakReference> _d = new(); public void Add(string s, object o) => _d[s] = new WeakReference(o); }
class S4 { readonly List<WeakReference> _l = new(); public void Add(object o) => _l.Add(new WeakReference(o)); public void R() => _l.RemoveAll(w => !w.IsAlive); }
class S5 { readonly HashSet<WeakReference> _s = new(); WeakReference _own; public void Add(object o) { _own = new WeakReference(o); _s.Add(_own); } public void Remove() => _s.Remove(_own); }
class Bag { readonly HashSet<WeakReference> _s = new(); public void Add(object o) { _s.Add(new WeakReference(o)); } public void Sweep() { foreach (var w in _s.ToList()) if (!w.IsAlive) _s.Remove(w); } }
class BagOnce { readonly HashSet<WeakReference> _s = new(); public void Add(object o) => _s.Add(new WeakReference(o)); public void Sweep() => _s.RemoveWhere(w => !w.IsAlive); }
class AskedBag { 
 readonly HashSet<WeakReference> _s = new(); public bool Add(object o) => _s.Add(new WeakReference(o)); public void Sweep() => _s.RemoveWhere(w => !w.IsAlive); } // flagged
class SoughtBag { 
 readonly HashSet<WeakReference> _s = new(); public void Add(object o) { _s.Add(new WeakReference(o)); } public void Drop(object o) => _s.Remove(new WeakReference(o)); public void Sweep() => _s.RemoveWhere(w => !w.IsAlive); } // flagged
