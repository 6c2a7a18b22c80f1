namespace P204;
class T { readonly List<WeakReference<Action>> _h = new(); WeakReference _w; Action _keep; int _x; event Action E; readonly ConditionalWeakTable<object, Delegate> _t = new();
 void M() { } static void Sm() { }
 void A() { _h.Add(new WeakReference<Action>(M)); } // flagged
 void B() { _h.Add(new WeakReference<Action>(() => _x++)); } // flagged
 void C(int i) { _w = new WeakReference(new Action(() => Console.WriteLine(i))); } // flagged
 void D() { Action a = M; 
 _w = new WeakReference(a); } // flagged
 void F() { _w = new WeakReference((EventHandler)OnE); } void OnE(object s, EventArgs e) { } // flagged
 void S1(Action a) { _h.Add(new WeakReference<Action>(a)); }
 void S2() { _keep = M; _h.Add(new WeakReference<Action>(_keep)); }
 void S3() { Action a = M; E += a; _w = new WeakReference(a); }
 Action S4() { Action a = () => _x++; _w = new WeakReference(a); return a; }
 void S5(object k) { Action a = M; _t.Add(k, a); _w = new WeakReference(a); }
 void S6() { _w = new WeakReference(this); }
 void S7() { _w = new WeakReference(E); }
 void S8() { Action a = M; Register(a); _w = new WeakReference(a); } void Register(Action a) { }
 }
