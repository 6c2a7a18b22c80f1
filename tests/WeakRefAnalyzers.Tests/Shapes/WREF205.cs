namespace P205;
class T { void A(object o) { var w = new WeakReference(o, true); } // flagged
 void B(object o) { var w = new WeakReference<object>(o, trackResurrection: true); } // flagged
 void C(object o) { var h = GCHandle.Alloc(o, GCHandleType.WeakTrackResurrection); h.Free(); } // flagged
 void S1(object o) { var w = new WeakReference(o, false); }
 void S2(object o, bool b) { var w = new WeakReference(o, b); } }
class Derived : WeakReference { public Derived(object o) : base(o, true) { } }
class Again { public static WeakReference Make(Again a) => new(a, true); ~Again() { if (Environment.TickCount > 0) GC.ReRegisterForFinalize(this); } }
class Pooled { static readonly Stack<Pooled> s_pool = new(); public static WeakReference Make(Pooled p) => new(p, true); ~Pooled() => s_pool.Push(this); }
class Quiet { public static WeakReference Make(Quiet q) => new(q, true); ~Quiet() => Console.WriteLine(this.GetHashCode()); } // flagged
