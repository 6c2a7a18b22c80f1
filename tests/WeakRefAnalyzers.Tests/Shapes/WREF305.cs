namespace P305;
class V { public object O; public V(object o) { O = o; } }
class T { readonly ConditionalWeakTable<object, V> _t = new(); readonly ConditionalWeakTable<object, Action> _a = new(); static readonly ConditionalWeakTable<object, V> s = new(); string _n;
 void A(object k) { _t.Add(k, new V(this)); } // flagged
 void B(object k) { _t.Add(k, new V(_t)); } // flagged
 void C(object k) { _a.Add(k, () => Console.WriteLine(_n)); } // flagged
 void D(object k) { _t.GetValue(k, x => new V(this)); } // flagged
 void S1(object k) { _t.Add(k, new V(k)); }
 void S2(object k) { s.Add(k, new V(this)); }
 void S3(object k) { _t.Add(k, new V(new WeakReference(this))); }
 void S4(object k) { _t.Add(k, new V(_n)); }
 void S5(object k) { _t.GetValue(k, x => new V(_n)); }
 void S6() { _t.Add(this, new V(this)); }
 }
class Made { readonly ConditionalWeakTable<object, V> _t = new(); V Make() => new V(this); V Bare(object k) => new V(k); V _kept; public V Kept() => _kept;
 void A(object k) { _t.Add(k, Make()); } // flagged
 void B(object k) { if (_t.TryGetValue(k, out var v)) return; v = this.Make(); _t.AddOrUpdate(k, v); } // flagged
 void S1(object k) { _t.Add(k, Bare(k)); }
 void S2(object k) { _t.Add(k, Kept()); }
 }
