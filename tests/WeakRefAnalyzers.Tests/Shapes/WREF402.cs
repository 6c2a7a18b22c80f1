namespace P402; using WeakRefs;
class T { static readonly FinalizationRegistry<int> R = new(static _ => { }); readonly object _tok = new();
 void A(object o) { R.Register(o, 1, new object()); } // flagged
 void B(object o) { R.Register(o, 1, (object)5); } // flagged
 void C(object o) { R.Register(o, 1, "tok"); } // flagged
 void S1(object o) { R.Register(o, 1, _tok); }
 void S2(object o) { R.Register(o, 1, o); }
 object S3(object o) { var t = new object(); R.Register(o, 1, t); return t; }
 void S4(object o) { R.Register(o, 1); }
 }
class Unregisters { enum Kind { One } readonly WeakRefs.FinalizationRegistry<int> _r = new(static _ => { }); readonly WeakRefs.FinalizationRegistry<int> _bare = new(static _ => { }); readonly object _token = new();
 void Add(object o) { _r.Register(o, 1, _token); _bare.Register(o, 1); }
 void A() { _r.Unregister(new object()); } // flagged
 void B(int id) { _r.Unregister(id); } // flagged
 void C(int id) { _r.Unregister($"key {id}"); } // flagged
 void D() { _r.Unregister(Kind.One); } // flagged
 void E() { _r.Unregister("key"); } // flagged
 void F(object o) { _bare.Unregister(o); } // flagged
 void S1() { _r.Unregister(_token); }
 void S2(object o) { _r.Unregister(o); }
 }
