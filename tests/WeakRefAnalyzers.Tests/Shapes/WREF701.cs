namespace P701;
class F1 { GCHandle _h; public F1(object o) { 
 _h = GCHandle.Alloc(o, GCHandleType.Weak); } public object T => _h.Target; } // flagged
class F2 { public static bool M(object o) { 
 var h = GCHandle.Alloc(o, GCHandleType.Weak); return h.Target != null; } } // flagged
class F3 { IntPtr _p; public F3(object o) { 
 _p = GCHandle.ToIntPtr(GCHandle.Alloc(o, GCHandleType.Weak)); } public object T => GCHandle.FromIntPtr(_p).Target; } // flagged
class F4 { System.Runtime.DependentHandle _d; public F4(object a, object b) { 
 _d = new System.Runtime.DependentHandle(a, b); } public object T => _d.Target; } // flagged
class F5 { readonly List<GCHandle> _l = new(); public void Add(object o) { 
 _l.Add(GCHandle.Alloc(o, GCHandleType.Weak)); } public int C => _l.Count; } // flagged
// safe
class S1 : IDisposable { GCHandle _h; public S1(object o) { _h = GCHandle.Alloc(o, GCHandleType.Weak); } public void Dispose() { if (_h.IsAllocated) _h.Free(); } }
class S2 { GCHandle _h; public S2(object o) { _h = GCHandle.Alloc(o, GCHandleType.Weak); } ~S2() { _h.Free(); } }
class S3 { public static GCHandle M(object o) => GCHandle.Alloc(o, GCHandleType.Weak); }
class S4 { [DllImport("n")] static extern void reg(IntPtr p); public void M() { var h = GCHandle.Alloc(this, GCHandleType.Weak); reg(GCHandle.ToIntPtr(h)); } }
class S5 { public bool M(object o) { var h = GCHandle.Alloc(o, GCHandleType.Weak); try { return h.Target != null; } finally { h.Free(); } } }
class S6 { readonly Dictionary<int, GCHandle> _d = new(); public void Add(int i, object o) { _d[i] = GCHandle.Alloc(o, GCHandleType.Weak); } public void Clear() { foreach (var h in _d.Values) h.Free(); } }
struct S7 { GCHandle _h; public S7(object o) { _h = GCHandle.Alloc(o, GCHandleType.Weak); } public void Free() => _h.Free(); }
class S8 { GCHandle _strong = GCHandle.Alloc(new object()); }
class S9 { GCHandle _h; public S9(object o) { _h = GCHandle.Alloc(o, GCHandleType.WeakTrackResurrection); } void Release() { GCHandle h = _h; _h = default; if (h.IsAllocated) h.Free(); } ~S9() => Release(); }
class S10 { static GCHandle Make(object o) { var h = GCHandle.Alloc(o, GCHandleType.Weak); return h; } }
class S11 { public S12 M(object o) => new S12(GCHandle.Alloc(o, GCHandleType.Weak)); } class S12 { GCHandle _h; public S12(GCHandle h) { _h = h; } ~S12() { _h.Free(); } }
class S13 { readonly System.Runtime.DependentHandle[] _a = new System.Runtime.DependentHandle[9]; public void Put(int i, object k, object v) { ref var slot = ref _a[i]; slot = new System.Runtime.DependentHandle(k, v); } public void Scrub() { foreach (var h in _a) h.Dispose(); } }
class S14 { public byte[] M(object o) { var h = GCHandle.Alloc(o, GCHandleType.Weak); return BitConverter.GetBytes(GCHandle.ToIntPtr(h).ToInt64()); } public static object Read(byte[] b) { var h = GCHandle.FromIntPtr(new IntPtr(BitConverter.ToInt64(b))); try { return h.Target; } finally { h.Free(); } } }
