namespace P302; using WeakRefs;
class C { IntPtr _h; public int Id; readonly FinalizationRegistry<int> _r; static readonly FinalizationRegistry<IntPtr> s = new(static h => Free(h)); static void Free(IntPtr h) { }
 public C() { 
 _r = new FinalizationRegistry<int>(_ => Console.WriteLine(_h)); _r.Register(this, 1); } // flagged
 static void A(object o) { 
 var r = new FinalizationRegistry<int>(_ => Console.WriteLine(o)); r.Register(o, 1); GC.KeepAlive(r); } // flagged
 void S1() { s.Register(this, _h); }
 static void S2(object o, int id) { var r = new FinalizationRegistry<int>(_ => Console.WriteLine(id)); r.Register(o, 1); GC.KeepAlive(r); }
 }
class Own { readonly ConcurrentDictionary<int, object> _d = new(); readonly FinalizationRegistry<int> _r; public Own() { _r = new(k => _d.TryRemove(k, out _)); } public void Add(object o, int k) => _r.Register(o, k); }
