namespace P502;
static class N { [DllImport("n")] public static extern void destroy(IntPtr h); [DllImport("n")] public static extern bool DeactivateActCtx(int f, IntPtr c); [DllImport("n")] public static extern bool UnhookWindowsHookEx(IntPtr c); [DllImport("n")] public static extern void cb_destroy(nuint c); }
class D1 : IDisposable { IntPtr _h; public void Dispose() { N.destroy(_h); GC.SuppressFinalize(this); } ~D1() { N.destroy(_h); } } // flagged
class D2 : IDisposable { nint _h; protected virtual void Dispose(bool d) { if (_h != 0) { N.destroy(_h); _h = 0; } } public void Dispose() { Dispose(true); GC.SuppressFinalize(this); } ~D2() => Dispose(false); } // flagged
class D3 : IDisposable { public IntPtr Handle { get; private set; } public void Dispose() { N.destroy(Handle); Handle = IntPtr.Zero; } ~D3() { Dispose(); } } // flagged
class D4 : IDisposable { IntPtr _m = Marshal.AllocHGlobal(4); public void Dispose() { Marshal.FreeHGlobal(_m); GC.SuppressFinalize(this); } ~D4() { Marshal.FreeHGlobal(_m); } } // flagged
class D5 : IDisposable { IntPtr _hook; public void Dispose() { N.UnhookWindowsHookEx(_hook); GC.SuppressFinalize(this); } ~D5() { N.UnhookWindowsHookEx(_hook); } } // flagged
class D6 : IDisposable { UIntPtr _h; public void Dispose() { N.cb_destroy(_h); GC.SuppressFinalize(this); } ~D6() { N.cb_destroy(_h); } } // flagged
class S1 : IDisposable { IntPtr _cookie; public void Dispose() { N.DeactivateActCtx(0, _cookie); GC.SuppressFinalize(this); } ~S1() { N.DeactivateActCtx(0, _cookie); } }
class S2 : System.Runtime.ConstrainedExecution.CriticalFinalizerObject, IDisposable { IntPtr _h; public void Dispose() { N.destroy(_h); GC.SuppressFinalize(this); } ~S2() { N.destroy(_h); } }
class S3 : SafeHandle { public S3() : base(IntPtr.Zero, true) { } public override bool IsInvalid => false; protected override bool ReleaseHandle() { N.destroy(handle); return true; } }
class S4 { IntPtr _h; ~S4() { N.destroy(_h); } }
class S5 : IDisposable { GCHandle _g; public void Dispose() { _g.Free(); GC.SuppressFinalize(this); } ~S5() { _g.Free(); } }
class S6 : IDisposable { IntPtr _h; public void Dispose() { N.destroy(_h); } ~S6() { Console.WriteLine("leak"); } }
static class Wrapped { static readonly object s = new(); [DllImport("n")] static extern int native_close(IntPtr h, int f); public static int Close(IntPtr h, int f) { lock (s) return native_close(h, f); } }
class ThroughWrapper : IDisposable { IntPtr _h; public void Dispose() { Dispose(true); GC.SuppressFinalize(this); } void Dispose(bool d) { if (_h != IntPtr.Zero) { IntPtr h = _h; _h = IntPtr.Zero; Wrapped.Close(h, 0); } } 
 ~ThroughWrapper() { Dispose(false); } } // flagged
unsafe class Ptr : IDisposable { void* _p; public void Dispose() { NativeMemory.Free(_p); _p = null; GC.SuppressFinalize(this); } ~Ptr() { NativeMemory.Free(_p); } }
