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
