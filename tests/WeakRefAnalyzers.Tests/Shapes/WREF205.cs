namespace P205;
class T { void A(object o) { var w = new WeakReference(o, true); } // flagged
 void B(object o) { var w = new WeakReference<object>(o, trackResurrection: true); } // flagged
 void C(object o) { var h = GCHandle.Alloc(o, GCHandleType.WeakTrackResurrection); h.Free(); } // flagged
 void S1(object o) { var w = new WeakReference(o, false); }
 void S2(object o, bool b) { var w = new WeakReference(o, b); } }
class Derived : WeakReference { public Derived(object o) : base(o, true) { } }
