namespace P304;
static class Reg { public static readonly List<object> All = new(); public static readonly HashSet<object> Entered = new(); public static object Current; }
class T { WeakReference _w; WeakReference<T> _g; readonly object _strong; WeakReference _both;
 public T(object o) { _strong = o; _both = new WeakReference(o); } // flagged
 void A() { var t = _w.Target; if (t != null) Reg.All.Add(t); } // flagged
 void B() { if (_g.TryGetTarget(out var t)) Reg.Current = t; } // flagged
 void C() { Reg.All.Add(_w.Target); } // flagged
 void S1() { var t = _w.Target; if (t == null) return; Reg.Entered.Add(t); }
 void S2() { var t = _w.Target; if (t == null) return; Reg.Entered.Remove(t); }
 void S3() { var t = _w.Target; var l = new List<object>(); l.Add(t); } }
