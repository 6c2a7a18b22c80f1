namespace P202;
class C { public static readonly C I = new(); public static C Cur = new(); static readonly object s_key = new();
 readonly ConditionalWeakTable<object, string> _t = new(); readonly ConditionalWeakTable<Type, string> _ty = new(); readonly ConditionalWeakTable<string, object> _st = new();
 void A() { var w = new WeakReference("literal"); } // flagged
 void B() { var w = new WeakReference<Type>(typeof(C)); } // flagged
 void D() { var w = new WeakReference(string.Empty); } // flagged
 void E() { var w = new WeakReference(Array.Empty<int>()); } // flagged
 void F() { var w = new WeakReference(Task.CompletedTask); } // flagged
 void G() { _st.Add(nameof(C), new object()); } // flagged
 void H() { var w = new WeakReference<Action>(static () => { }); } // flagged
 void J() { var w = new WeakReference(string.Intern(ToString())); } // flagged
 void S1(Type t) { var w = new WeakReference(t); }
 void S2() { var w = new WeakReference(GetType()); }
 void S3() { var w = new WeakReference(Cur); }
 void S4(string s) { var w = new WeakReference(s + "x"); }
 void S5(string s) { var w = new WeakReference(string.Format("{0}", s)); }
 void S6() { _ty.GetValue(GetType(), t => t.Name); }
 void S7() { var w = new WeakReference(typeof(C).Assembly); }
 void S8() { var w = new WeakReference(I); } // flagged
 void S9() { _t.Add(s_key, "x"); }
 }
 class Placeholders { static readonly object s_nobody = new();
 static WeakReference s_data = new WeakReference(s_nobody); static void Set(object o) => s_data = new WeakReference(o);
 static readonly WeakReference<object> None = new(s_nobody); WeakReference<object> _c; void Own(object o) => _c = o is string ? new(o) : None; WeakReference<object> Get() => _c ?? None;
 WeakReference _w = new(s_nobody); void Put(object o) => _w.Target = o;
 WeakReference<object> _s = new(s_nobody); void Take(object o) => _s.SetTarget(o);
 void Choose(object o) => _w = o == null ? new WeakReference(s_nobody) : new WeakReference(o);
 static readonly WeakReference Only = new(s_nobody); bool Is() => Only.IsAlive; // flagged
 WeakReference _cleared = new(s_nobody); void Drop() => _cleared = null; // flagged
 }
