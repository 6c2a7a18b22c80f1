namespace P507;
static class N { [DllImport("n")] public static extern IntPtr thing_new(); [DllImport("n")] public static extern void thing_free(IntPtr h); [DllImport("n")] public static extern int thing_get(IntPtr h); [DllImport("n")] public static extern int thing_two(IntPtr a, IntPtr b); [DllImport("n")] public static extern void thing_cb(IntPtr h, Cb cb, IntPtr user); [DllImport("n")] public static extern int thing_ref(HandleRef h); public delegate void Cb(IntPtr user); }
class A : IDisposable { IntPtr _h = N.thing_new();
 public int Get() => N.thing_get(_h); // flagged
 public int Prop { get { return N.thing_get(_h); } } // flagged
 public int Local() { var h = _h; return N.thing_get(h); } // flagged
 public void Loop() { for (int i = 0; i < 3; i++) N.thing_get(_h); } // flagged
 public int Kept() { var r = N.thing_get(_h); GC.KeepAlive(this); return r; }
 public int KeptFinally() { try { return N.thing_get(_h); } finally { GC.KeepAlive(this); } }
 public int FieldAfter() { var r = N.thing_get(_h); Check(); return r; }
 void Check() { if (_h == IntPtr.Zero) throw new ObjectDisposedException("A"); }
 public static int Two(A a, A b) { return N.thing_two(a._h, b._h); }
 public int TwoOther(A b) { return N.thing_two(_h, b._h); } // flagged
 public void Callback() { var gch = GCHandle.Alloc(this); try { N.thing_cb(_h, Tramp, GCHandle.ToIntPtr(gch)); } finally { gch.Free(); } }
 public int Ref() => N.thing_ref(new HandleRef(this, _h));
 public int Locked() { lock (this) { return N.thing_get(_h); } }
 public int Guarded() { using (Enter()) { return N.thing_get(_h); } } // flagged
 IDisposable Enter() => null;
 static void Tramp(IntPtr u) { }
 public override string ToString() => N.thing_get(_h).ToString(); // flagged
 public void Dispose() { N.thing_free(_h); _h = IntPtr.Zero; GC.SuppressFinalize(this); }
 ~A() { N.thing_free(_h); } }
class NoFin : IDisposable { IntPtr _h; public int Get() => N.thing_get(_h); public void Dispose() => N.thing_free(_h); }
unsafe class Ptr { byte* _p = (byte*)Marshal.AllocHGlobal(4);
 [DllImport("n")] static extern int sum(byte* p);
 public int Sum() => sum(_p); // flagged
 ~Ptr() { Marshal.FreeHGlobal((IntPtr)_p); } }
class Singleton { static readonly Singleton I = new(); IntPtr _h; public static int Get() => N.thing_get(I._h); ~Singleton() { N.thing_free(_h); } }
