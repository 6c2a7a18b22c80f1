namespace P403; using WeakRefs;
class Cache { readonly ConcurrentDictionary<string, WeakReference<object>> _d = new(); readonly FinalizationRegistry<string> _r; readonly object _g = new(); readonly Dictionary<string, WeakReference<object>> _p = new();
 public Cache() { 
 _r = new FinalizationRegistry<string>(k => _d.TryRemove(k, out _)); } // flagged
 public object Get(string k) { if (_d.TryGetValue(k, out var w) && w.TryGetTarget(out var t)) return t; t = new object(); _d[k] = new(t); _r.Register(t, k); return t; } }
class CacheOk { readonly ConcurrentDictionary<string, WeakReference<object>> _d = new(); readonly FinalizationRegistry<string> _r;
 public CacheOk() { _r = new FinalizationRegistry<string>(k => { if (_d.TryGetValue(k, out var w) && !w.TryGetTarget(out _)) _d.TryRemove(new KeyValuePair<string, WeakReference<object>>(k, w)); }); }
 public object Get(string k) { if (_d.TryGetValue(k, out var w) && w.TryGetTarget(out var t)) return t; t = new object(); _d[k] = new(t); _r.Register(t, k); return t; } }
class Unique { static long s_id; readonly ConcurrentDictionary<long, WeakReference<object>> _d = new(); readonly FinalizationRegistry<long> _r;
 public Unique() { _r = new FinalizationRegistry<long>(k => _d.TryRemove(k, out _)); }
 public void Add(object o) { var id = Interlocked.Increment(ref s_id); _d[id] = new(o); _r.Register(o, id); } }
class Item { static readonly Dictionary<string, WeakReference<Item>> s = new(); readonly string _k; Item(string k) { _k = k; } public static Item Get(string k) { lock (s) { if (s.TryGetValue(k, out var w) && w.TryGetTarget(out var i)) return i; i = new Item(k); s[k] = new(i); return i; } }
 ~Item() { lock (s) 
 s.Remove(_k); } } // flagged
class ItemOk { static readonly Dictionary<string, WeakReference<ItemOk>> s = new(); readonly string _k; ItemOk(string k) { _k = k; } public static ItemOk Get(string k) { lock (s) { if (s.TryGetValue(k, out var w) && w.TryGetTarget(out var i)) return i; i = new ItemOk(k); s[k] = new(i); return i; } }
 ~ItemOk() { lock (s) { if (s.TryGetValue(_k, out var w) && !w.TryGetTarget(out _)) s.Remove(_k); } } }
