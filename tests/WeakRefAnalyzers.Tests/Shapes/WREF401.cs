namespace P401; using WeakRefs;
class T { FinalizationRegistry<int> _r;
 void A(object o) { new FinalizationRegistry<int>(static i => { }).Register(o, 1); } // flagged
 void B(object o) { 
 var r = new FinalizationRegistry<int>(static i => { }); r.Register(o, 1); } // flagged
 void S1(object o) { _r = new FinalizationRegistry<int>(static i => { }); _r.Register(o, 1); }
 void S2(object o) { _r ??= new(static i => { }); _r.Register(o, 1); }
 FinalizationRegistry<int> S3(object o) { var r = new FinalizationRegistry<int>(static i => { }); r.Register(o, 1); return r; }
 void S4(object o) { var r = new FinalizationRegistry<int>(static i => { }); r.Register(o, 1); _r = r; }
 }
