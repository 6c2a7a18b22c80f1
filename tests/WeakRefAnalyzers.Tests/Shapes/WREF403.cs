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
class Blind { static readonly Dictionary<string, WeakReference> s = new(); readonly string _k; Blind(string k) { _k = k; s[k] = new(this); }
 ~Blind() { if (s.TryGetValue(_k, out var w)) { var own = w.Target == null || w.Target == this; Console.WriteLine(own);
 s.Remove(_k); } } } // flagged
class Asked { static readonly Dictionary<string, WeakReference> s = new(); readonly string _k; Asked(string k) { _k = k; s[k] = new(this); }
 ~Asked() { if (s.TryGetValue(_k, out var w)) { var own = w.Target == null || w.Target == this; if (own) s.Remove(_k); } } }
class AskedEarly { static readonly Dictionary<string, WeakReference> s = new(); readonly string _k; AskedEarly(string k) { _k = k; s[k] = new(this); }
 ~AskedEarly() { if (!s.TryGetValue(_k, out var w) || w.IsAlive) return; s.Remove(_k); } }
class AskedElsewhere { static readonly Dictionary<string, WeakReference> s = new(); readonly string _k; AskedElsewhere(string k) { _k = k; s[k] = new(this); }
 ~AskedElsewhere() { if (IsDead(_k)) s.Remove(_k); } static bool IsDead(string k) => s.TryGetValue(k, out var w) && !w.IsAlive; }
class AskedAbove { static readonly Dictionary<string, WeakReference> s = new(); readonly string _k; AskedAbove(string k) { _k = k; s[k] = new(this); }
 ~AskedAbove() { if (s.TryGetValue(_k, out var w) && w.Target is null) Drop(_k); } static void Drop(string k) { s.Remove(k); } }
class Swept { static readonly Dictionary<string, WeakReference> s = new(); readonly string _k; Swept(string k) { _k = k; s[k] = new(this); }
 ~Swept() { foreach (var dead in s.Where(e => !e.Value.IsAlive).Select(e => e.Key).ToList()) s.Remove(dead); } }
class SweptByList { static readonly Dictionary<string, WeakReference> s = new(); readonly string _k; SweptByList(string k) { _k = k; s[k] = new(this); }
 ~SweptByList() { var dead = s.Where(e => !e.Value.IsAlive).Select(e => e.Key).ToArray(); foreach (var k in dead) s.Remove(k); } }
class Native { [DllImport("x")] static extern void release(IntPtr p); static readonly Dictionary<IntPtr, WeakReference> s = new(); readonly IntPtr _h; Native(IntPtr h) { _h = h; s[h] = new(this); }
 ~Native() { s.Remove(_h); release(_h); } }
class Borrowed { static readonly Dictionary<IntPtr, WeakReference> s = new(); readonly IntPtr _h; Borrowed(IntPtr h) { _h = h; s[h] = new(this); }
 ~Borrowed() { 
 s.Remove(_h); } } // flagged
class Marked { public bool Valid = true; public WeakReference W; static readonly Dictionary<string, Marked> s = new(); readonly string _k; Marked(string k) { _k = k; s[k] = this; }
 ~Marked() { if (s.TryGetValue(_k, out var m) && m.Valid) s.Remove(_k); } }
readonly struct Window { readonly IntPtr _value; public Window(IntPtr value) => _value = value; }
class Windows { static readonly Dictionary<Window, WeakReference> s = new(); readonly Window _h; Windows(Window h) { _h = h; s[h] = new(this); } ~Windows() { s.Remove(_h); Poster.Close(this); } }
static class Poster { [DllImport("x")] static extern void post(IntPtr p); public static void Close(object o) => post(default); }
