namespace P501;
static class N { [DllImport("n")] public static extern IntPtr open(); [DllImport("n")] public static extern void close_it(IntPtr h); [DllImport("n")] public static extern int CloseHandle(IntPtr h); [DllImport("n")] public static extern void destroy(IntPtr h); }
// defects
class NativeBuffer { readonly IntPtr _p = Marshal.AllocHGlobal(10); public Span<byte> Data => default; ~NativeBuffer() { if (_p != IntPtr.Zero) Marshal.FreeHGlobal(_p); } } // flagged
unsafe class NativeMem { void* _p = NativeMemory.Alloc(10); ~NativeMem() => NativeMemory.Free(_p); } // flagged
sealed class WinHandle { IntPtr _h = N.open(); ~WinHandle() { if (_h != IntPtr.Zero) { N.CloseHandle(_h); _h = IntPtr.Zero; } } } // flagged
class PinnedBuffer { GCHandle _pin; byte[] _b = new byte[4]; public PinnedBuffer() { _pin = GCHandle.Alloc(_b, GCHandleType.Pinned); } public IntPtr Address => _pin.AddrOfPinnedObject(); ~PinnedBuffer() { _pin.Free(); } } // flagged
class Renter { byte[] _b = System.Buffers.ArrayPool<byte>.Shared.Rent(10); ~Renter() { System.Buffers.ArrayPool<byte>.Shared.Return(_b); } }
class Com { object _com; ~Com() { Marshal.ReleaseComObject(_com); } } // flagged
class InTry { IntPtr _h; ~InTry() { try { N.destroy(_h); } finally { _h = IntPtr.Zero; } } } // flagged
class ViaPrivate { IntPtr _h; ~ViaPrivate() => Release(); private void Release() { var h = Interlocked.Exchange(ref _h, IntPtr.Zero); if (h != IntPtr.Zero) N.destroy(h); } } // flagged
abstract class BaseOnly { protected IntPtr H; ~BaseOnly() { ReleaseHandle(); } protected abstract void ReleaseHandle(); }
class Sub : BaseOnly { protected override void ReleaseHandle() => N.destroy(H); }
class ProtectedDispose { IntPtr _h; protected virtual void Dispose(bool disposing) { N.destroy(_h); } ~ProtectedDispose() { Dispose(false); } } // flagged
class Registered { readonly CancellationTokenRegistration _r; ~Registered() { _r.Dispose(); } } // flagged
class TempDir { readonly string _path = Path.GetTempFileName(); ~TempDir() { File.Delete(_path); } } // flagged
// safe
class Std : IDisposable { IntPtr _h; protected virtual void Dispose(bool d) { N.destroy(_h); } public void Dispose() { Dispose(true); GC.SuppressFinalize(this); } ~Std() => Dispose(false); }
class StdDerived : Std { IntPtr _o; protected override void Dispose(bool d) { N.destroy(_o); base.Dispose(d); } }
class Explicit : IDisposable { IntPtr _h; void IDisposable.Dispose() { N.destroy(_h); GC.SuppressFinalize(this); } ~Explicit() { N.destroy(_h); } }
class AsyncOnly : IAsyncDisposable { IntPtr _h; public ValueTask DisposeAsync() { N.destroy(_h); GC.SuppressFinalize(this); return default; } ~AsyncOnly() { N.destroy(_h); } }
class HasClose { IntPtr _h; public void Close() { N.destroy(_h); GC.SuppressFinalize(this); } ~HasClose() { N.destroy(_h); } }
class HasDestroy { IntPtr _h; public void Destroy() { N.destroy(_h); GC.SuppressFinalize(this); } ~HasDestroy() { N.destroy(_h); } }
sealed class MySafe : SafeHandle { public MySafe() : base(IntPtr.Zero, true) { } public override bool IsInvalid => handle == IntPtr.Zero; protected override bool ReleaseHandle() { N.destroy(handle); return true; } }
class LeakDetector { bool _closed; ~LeakDetector() { Debug.Assert(_closed, "not closed"); } }
class LogLeak { readonly string _name = "x"; ~LogLeak() { Trace.WriteLine("leaked " + _name); Console.Error.WriteLine(_name); } }
class Counter { static int s_live; public Counter() { Interlocked.Increment(ref s_live); } ~Counter() { Interlocked.Decrement(ref s_live); } }
class IdHolder { readonly IdPool _pool; readonly int _id; public IdHolder(IdPool p) { _pool = p; _id = p.Get(); } ~IdHolder() { _pool.ReleaseId(_id); } }
class IdPool { public int Get() => 0; public void ReleaseId(int id) { } }
class Notifier { readonly Action _onDead; public Notifier(Action a) { _onDead = a; } ~Notifier() { _onDead(); } }
class Attached { readonly ConditionalWeakTable<object, Death> _t = new(); class Death { readonly IntPtr _h; public Death(IntPtr h) { _h = h; } ~Death() { N.destroy(_h); } } public void Add(object o) => _t.Add(o, new Death(N.open())); }
class Gen2 : System.Runtime.ConstrainedExecution.CriticalFinalizerObject { readonly Func<bool> _f; GCHandle _weak; Gen2(Func<bool> f, object o) { _f = f; _weak = GCHandle.Alloc(o, GCHandleType.Weak); } ~Gen2() { if (_weak.Target == null) { _weak.Free(); return; } if (_f()) GC.ReRegisterForFinalize(this); } }
class Pooled { byte[] _buf; static readonly Stack<byte[]> s_free = new(); ~Pooled() { lock (s_free) s_free.Push(_buf); } }
sealed class ThreadLocalCleanup { [ThreadStatic] static ThreadLocalCleanup t; IntPtr _h; public static void Touch() { t ??= new ThreadLocalCleanup(); } ~ThreadLocalCleanup() { N.destroy(_h); } }
class Callback { [UnmanagedFunctionPointer(CallingConvention.Cdecl)] delegate void Destroy(IntPtr p); readonly Destroy _destroy; readonly IntPtr _data; internal Callback(IntPtr data) { _data = data; _destroy = null; } ~Callback() { if (_destroy != null) _destroy(_data); } internal Func<int> Handler { get { return new Func<int>(Invoke); } } int Invoke() => _data.ToInt32(); }
[System.Runtime.InteropServices.Marshalling.GeneratedComClass] partial class ComObj { readonly IntPtr _h; ~ComObj() { Marshal.FreeHGlobal(_h); } }
class Pool { readonly List<IntPtr> _all = new(); public Pool() { AppDomain.CurrentDomain.ProcessExit += (s, e) => Shutdown(); } ~Pool() { Destroy(); } void Shutdown() { Destroy(); } void Destroy() { foreach (var p in _all) Marshal.FreeHGlobal(p); } }
