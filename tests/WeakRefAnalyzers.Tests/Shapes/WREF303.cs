namespace P303;
class Src { public event EventHandler Ev; public event Action<int> N; public void Sub(Action a) { _l.Add(a); } readonly List<Action> _l = new(); }
class H { public void On(int i) { } public int X;
 static void A(Src s, H h) { var w = new WeakReference<H>(h); 
 s.N += i => { if (w.TryGetTarget(out _)) h.On(i); }; } // flagged
 void B(Src s) { var w = new WeakReference<H>(this); 
 s.N += i => { if (w.TryGetTarget(out var t)) On(i); }; } // flagged
 void S1(Src s) { var w = new WeakReference<H>(this); s.N += i => { if (w.TryGetTarget(out var t)) t.On(i); }; }
 void S2(Src s) { var w = new WeakReference<H>(this); Action<int> h = null; h = i => { if (w.TryGetTarget(out var t)) t.On(i); else s.N -= h; }; s.N += h; }
 void S3(Src s, H other) { var w = new WeakReference<H>(this); s.N += i => { if (w.TryGetTarget(out var t)) t.On(other.X); }; }
 static void S4(List<H> l, H h) { var w = new WeakReference<H>(h); l.ForEach(x => Console.WriteLine(x == h)); Console.WriteLine(w); }
 void S5(Src s) { var w = new WeakReference(this); void On(int i) { if (w.Target is H t) t.On(i); else s.N -= On; } s_undo = () => s.N -= On; s.N += On; }
 static Action s_undo;
 }
