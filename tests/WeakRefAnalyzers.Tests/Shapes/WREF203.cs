namespace P203;
class C { public int X; } class Rooted { static readonly List<object> s = new(); public Rooted() { s.Add(this); } }
class T { WeakReference<C> _w; WeakReference _o; readonly List<WeakReference<C>> _l = new(); readonly ConditionalWeakTable<C, string> _t = new(); C _keep; event Action E;
 void A() { _w = new WeakReference<C>(new C()); } // flagged
 void B() { var c = new C { X = 1 }; 
 _w = new WeakReference<C>(c); } // flagged
 void D() { _l.Add(new WeakReference<C>(new C())); } // flagged
 void F() { _w.SetTarget(new C()); } // flagged
 void G() { _t.Add(new C(), "x"); } // flagged
 void H() { _o = new WeakReference(new byte[100]); } // flagged
 void J() { _o.Target = new List<int>(); } // flagged
 C S1() { var c = new C(); _w = new WeakReference<C>(c); return c; }
 void S2() { var c = new C(); _w = new WeakReference<C>(c); _keep = c; }
 void S3() { _o = new WeakReference(new object()); }
 void S4() { _w = new WeakReference<C>(Make()); } C Make() => new C();
 void S5() { _o = new WeakReference(new Rooted()); }
 void S6() { var c = new C(); _w = new WeakReference<C>(c); Use(c); } void Use(C c) { }
 void S7() { var c = new C(); _w = new WeakReference<C>(c); E += () => Use(c); }
 void S8() { _w = new WeakReference<C>(_keep = new C()); }
 C S9() => (_w = new WeakReference<C>(new C())).TryGetTarget(out var t) ? t : null; // flagged
 void S10() { var c = new C(); Use(c); _w = new WeakReference<C>(c); }
 C S11() { C c; if (_w == null || !_w.TryGetTarget(out c)) { c = new C(); _w = new WeakReference<C>(c); } return c; }
 void S12(out C c) { c = new C(); _w = new WeakReference<C>(c); }
 [MethodImpl(MethodImplOptions.NoInlining)] static WeakReference S13() => new WeakReference(new C());

 void S15() { using var m = new MemoryStream(); _o = new WeakReference(m); }
 void S16() { var thread = new Thread(() => { }); thread.Start(); _o = new WeakReference(thread); }
 } 
class Chain { static readonly List<Chain> s_all = new(); public int X; public Chain() { } public Chain(int x) : this() => X = x; public Chain(string s) => s_all.Add(this); public Chain(bool b) : this("") { } }
class ChainBase { static readonly List<object> s_all = new(); public ChainBase(int i) { } public ChainBase() => s_all.Add(this); } class FromQuiet : ChainBase { public FromQuiet() : base(1) { } } class FromLoud : ChainBase { public FromLoud(int i) { } }
record Rec(int X);
class Chains { readonly ConditionalWeakTable<string, object> _t = new(); WeakReference _w;
 void A() { _w = new WeakReference(new Chain(1)); } // flagged
 void B() { _w = new WeakReference(new FromQuiet()); } // flagged
 void D(Rec r) { _w = new WeakReference(r with { X = 1 }); } // flagged
 void E(string s) { _w = new WeakReference(s + "x"); } // flagged
 void F(int i) { _t.Add($"key {i}", new object()); } // flagged
 void G(string s) { _w = new WeakReference(s.ToUpper()); } // flagged
 void H(string s) { _w = new WeakReference(string.Format("{0}", s)); } // flagged
 void S1() { _w = new WeakReference(new Chain("")); }
 void S2() { _w = new WeakReference(new Chain(true)); }
 void S3() { _w = new WeakReference(new FromLoud(1)); }
 void S4(string s) { _w = new WeakReference(s); }
 void S5(string s) { var key = s + "x"; _t.Add(key, new object()); Console.WriteLine(key); }
 }
class Cached { readonly WeakRefs.WeakCache<string, Chain> _none = new(), _ten = new(strongCapacity: 10); readonly WeakRefs.WeakCache<string, Chain> _given; public Cached(WeakRefs.WeakCache<string, Chain> given) => _given = given;
 void A() { _none.Set("a", new Chain(1)); } // flagged
 void S1() { _ten.Set("a", new Chain(1)); }
 void S2() { _given.Set("a", new Chain(1)); }
 Chain S3() => _none.GetOrAdd("a", _ => new Chain(1));
 void S4(Chain c) { _none.Set("a", c); }
 }
