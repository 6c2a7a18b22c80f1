namespace P505;
static class N { [DllImport("n")] public static extern int close(IntPtr h); [DllImport("n")] public static extern bool CloseHandle(IntPtr h); }
// defects
class CheckRc { IntPtr _h; ~CheckRc() { var rc = N.close(_h); if (rc != 0) 
 throw new InvalidOperationException("rc " + rc); } } // flagged
class ViaCheck { IntPtr _h; ~ViaCheck() { Check(N.close(_h)); } static void Check(int rc) { if (rc < 0) 
 throw new IOException("" + rc); } } // flagged
class Win { IntPtr _h; ~Win() { if (!N.CloseHandle(_h)) 
 throw new System.ComponentModel.Win32Exception(Marshal.GetLastWin32Error()); } } // flagged
class Hr { IntPtr _h; ~Hr() { 
 Marshal.ThrowExceptionForHR(N.close(_h)); } } // flagged
class NotDisposed : IDisposable { bool _d; public void Dispose() { _d = true; } ~NotDisposed() { if (!_d) 
 throw new InvalidOperationException("not disposed"); } } // flagged
class Plain { ~Plain() { 
 throw new NotImplementedException(); } } // flagged
class HalfMade { readonly List<int> _l; public HalfMade(string s) { if (s == null) throw new ArgumentNullException(nameof(s)); _l = new(); } ~HalfMade() { 
 _l.Clear(); } } // flagged
class HalfMade2 { readonly List<int> _l; public HalfMade2(string s) { ArgumentException.ThrowIfNullOrEmpty(s); _l = new(); } ~HalfMade2() { 
 foreach (var i in _l) Console.WriteLine(i); } } // flagged
class Rethrow { IntPtr _h; ~Rethrow() { try { N.close(_h); } catch (Exception e) { 
 throw new InvalidOperationException("x", e); } } } // flagged
// safe
class Demand : IDisposable { public void Dispose() => GC.SuppressFinalize(this); ~Demand() { throw new InvalidOperationException("not disposed"); } }
class DemandArrow : IDisposable { public void Dispose() => GC.SuppressFinalize(this); ~DemandArrow() => throw new InvalidOperationException("not disposed"); }
class DebugFail : IDisposable { public void Dispose() => GC.SuppressFinalize(this); ~DebugFail() { Debug.Fail("not disposed"); } }
class FailFast { ~FailFast() { Environment.FailFast("x"); } }
class Catches { IntPtr _h; ~Catches() { try { if (N.close(_h) != 0) throw new IOException(); } catch (Exception) { } } }
class CatchWhen { IntPtr _h; ~CatchWhen() { try { if (N.close(_h) != 0) throw new IOException(); } catch (IOException) { } } }
class DisposedCheck : IDisposable { IntPtr _h; bool _d; void Check() { if (_d) throw new ObjectDisposedException("x"); } void Dispose(bool x) { Check(); N.close(_h); _d = true; } public void Dispose() { Dispose(true); GC.SuppressFinalize(this); } ~DisposedCheck() { Dispose(false); } }
class OnlyDisposing : IDisposable { IntPtr _h; void Dispose(bool d) { var rc = N.close(_h); if (rc != 0 && d) throw new IOException(); } public void Dispose() { Dispose(true); GC.SuppressFinalize(this); } ~OnlyDisposing() { Dispose(false); } }
class TestedNull { readonly List<int> _l; public TestedNull(string s) { if (s == null) throw new ArgumentNullException(nameof(s)); _l = new(); } ~TestedNull() { _l?.Clear(); } }
class FieldInit { readonly List<int> _l = new(); public FieldInit(string s) { if (s == null) throw new ArgumentNullException(nameof(s)); } ~FieldInit() { _l.Clear(); } }
class SupInCtor { readonly List<int> _l; public SupInCtor(string s) { if (s == null) { GC.SuppressFinalize(this); throw new ArgumentNullException(nameof(s)); } _l = new(); } ~SupInCtor() { _l.Clear(); } }
class HandleFirst { readonly List<int> _l; IntPtr _h; public HandleFirst(string s) { if (s == null) throw new ArgumentNullException(nameof(s)); _l = new(); _h = (IntPtr)1; } ~HandleFirst() { if (_h != IntPtr.Zero) { _l.Clear(); } } }
class NotSup { ~NotSup() { M(); } void M() { Action a = () => throw new Exception(); } }
class Asked : IDisposable { GCHandle _h; bool _open; public void Dispose() { Dispose(true); GC.SuppressFinalize(this); } void Dispose(bool d) { if (_h.IsAllocated) FreeIt(); if (!_open) { return; } Flush(); } void FreeIt() { if (!_h.IsAllocated) throw new InvalidOperationException(); _h.Free(); } void Flush() { if (!_open) throw new IOException(); } ~Asked() { Dispose(false); } }
class AskedOther { GCHandle _h; bool _open; void FreeIt() { if (!_open) 
 throw new InvalidOperationException(); _h.Free(); } ~AskedOther() { if (_h.IsAllocated) FreeIt(); } } // flagged
