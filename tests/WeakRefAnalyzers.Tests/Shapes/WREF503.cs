namespace P503;
class Fin { public int X; public void Do() { X++; Console.WriteLine(); }
    public string Name { get { return ""; } } public int Auto { get; set; } ~Fin() { Console.WriteLine(); } public static void S(Fin f) { } }
class FinDerived : Fin { }
// defects
class CallsField { readonly Fin _f = new(); ~CallsField() { 
 _f.Do(); } } // flagged
class ClosesStream { FileStream _s; public void Release() { } ~ClosesStream() { 
 if (_s != null) _s.Dispose(); } } // flagged
class QuestionMark { FileStream _s; public void Release() { } ~QuestionMark() { 
 _s?.Close(); } } // flagged
class DispFalse : IDisposable { FileStream _s; bool _d; protected virtual void Dispose(bool disposing) { if (_d) return; 
 _s.Dispose(); // flagged
 _d = true; } public void Dispose() { Dispose(true); GC.SuppressFinalize(this); } ~DispFalse() { Dispose(false); } }
class WrongFlag : IDisposable { Fin _f; protected virtual void Dispose(bool disposing) { if (!disposing) { 
 _f.Do(); } } // flagged
 public void Dispose() { Dispose(true); } ~WrongFlag() { Dispose(false); } }
class PassesTrue : IDisposable { FinDerived _f; void Dispose(bool disposing) { if (disposing) { 
 _f.Do(); } } // flagged
 public void Dispose() { Dispose(true); GC.SuppressFinalize(this); } ~PassesTrue() { Dispose(true); } }
class CallsDispose : IDisposable { Timer _t; Fin _f; public void Dispose() { 
 _f.Do(); } // flagged
 ~CallsDispose() { Dispose(); } }
class Bmp { System.Net.Sockets.Socket _sock; public void Release() { } ~Bmp() { 
 _sock.Close(); } } // flagged
class PropertyRuns { Fin _f; ~PropertyRuns() { 
 Console.WriteLine(_f.Name); } } // flagged
class LocalAlias { Fin _f; ~LocalAlias() { var f = _f; if (f != null) { 
 f.Do(); } } } // flagged
// safe
class Nulls { Fin _f; ~Nulls() { _f = null; } }
class Reads { Fin _f; ~Reads() { Console.WriteLine(_f.X); Console.WriteLine(_f == null); Console.WriteLine(_f.Auto); } }
class Pruned : IDisposable { FileStream _s; protected virtual void Dispose(bool d) { if (d) { _s?.Dispose(); } } public void Dispose() { Dispose(true); GC.SuppressFinalize(this); } ~Pruned() => Dispose(false); }
class Early : IDisposable { FileStream _s; protected virtual void Dispose(bool d) { if (!d) return; _s?.Dispose(); } public void Dispose() { Dispose(true); } ~Early() => Dispose(false); }
class NamedArg : IDisposable { FileStream _s; protected virtual void Dispose(bool fromDispose) { if (fromDispose && _s != null) _s.Dispose(); } public void Dispose() => Dispose(fromDispose: true); ~NamedArg() => Dispose(fromDispose: false); }
class Safe { Microsoft.Win32.SafeHandles.SafeFileHandle _h; ~Safe() { _h.Dispose(); } }
class Strs { string _n; List<int> _l; ~Strs() { Console.WriteLine(_n.Length + _l.Count); _l.Clear(); } }
class Mem { MemoryStream _m = new(); ~Mem() { _m.Dispose(); } }
class Stat { static readonly Fin s_f = new(); ~Stat() { s_f.Do(); } }
class Iface { IDisposable _d; ~Iface() { _d?.Dispose(); } }
class Own { ~Own() { new Fin().Do(); } }
class LazyGet { Fin _f; int _flags; int Flags { get { if (_flags != 0) return _flags; _f.Do(); return _flags; } } ~LazyGet() { _flags |= 1; Set(Flags); } void Set(int f) { _flags = f; } }
class Thr { Thread _t; ~Thr() { _t.Interrupt(); } }
class WeakF { WeakReference<object> _w; WeakReference _o; ~WeakF() { if (_w.TryGetTarget(out var t)) Console.WriteLine(t); } } // flagged
class Sup { Fin _f; ~Sup() { GC.SuppressFinalize(_f); } }
class Tmr { Timer _t; ~Tmr() { _t?.Dispose(); } }
class Cts { CancellationTokenSource _c; ~Cts() { _c.Cancel(); } }
class Evt { ManualResetEvent _e; ~Evt() { _e.Set(); _e.Dispose(); } }
class Http { System.Net.Http.HttpClient _h; ~Http() { _h.Dispose(); } }
class Named { readonly string _name; readonly int _n; public string Name { get { return _name; } } public int Count => _n; public Named(string n) { _name = n; } ~Named() { Console.WriteLine(); } }
class UsesName { Named _f; ~UsesName() { Console.WriteLine(_f.Name + _f.Count); } }
