namespace P201;
struct Tok { } enum Col { A } record struct Rs(int I); class C { }
class T { int? _n; ConditionalWeakTable<object, string> _t = new();
 void A() { var w = new WeakReference(42); } // flagged
 void B(Tok t) { var w = new WeakReference(t); } // flagged
 void C(Col c) { var w = new WeakReference((object)c); } // flagged
 void D() { var w = new WeakReference<object>((1, 2)); } // flagged
 void E() { _t.Add(5, "x"); } // flagged
 void F() { var h = GCHandle.Alloc(DateTime.Now, GCHandleType.Weak); h.Free(); } // flagged
 void G(Guid g) { var w = new WeakReference(null); w.Target = g; } // flagged
 void H() { _t.GetValue(Col.A, _ => ""); } // flagged
 void I() { var d = new System.Runtime.DependentHandle(_n, new object()); d.Dispose(); } // flagged
 void S1<X>(X x) { var w = new WeakReference(x); }
 void S2(object o) { var w = new WeakReference(o); }
 void S3(dynamic d) { var w = new WeakReference(d); }
 void S4(IComparable c) { var w = new WeakReference(c); }
 void S5() { object boxed = 5; var w = new WeakReference(boxed); Keep(boxed); }
 void S6() { var h = GCHandle.Alloc(5); h.Free(); }
 void S7() { var h = GCHandle.Alloc(5, GCHandleType.Pinned); h.Free(); }
 void S8(C c) { var w = new WeakReference(c); }
 void Keep(object o) { } }
