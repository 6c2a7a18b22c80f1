namespace P506;
static class Pool<T> { public static readonly ConcurrentBag<T> Bag = new(); public static void Return(T t) => Bag.Add(t); }
class PutsBack { ~PutsBack() { 
 Pool<PutsBack>.Return(this); } } // flagged
class BagAdd { static readonly ConcurrentBag<BagAdd> s = new(); ~BagAdd() { 
 s.Add(this); } } // flagged
class Static { public static Static Last; ~Static() { 
 Last = this; } } // flagged
class QueueDelegate { ~QueueDelegate() { 
 Task.Run(Close); } void Close() { } } // flagged
class QueueLambda { int _x; ~QueueLambda() { 
 ThreadPool.QueueUserWorkItem(_ => Close()); } void Close() { _x++; } } // flagged
class Ev { public event EventHandler Dead; ~Ev() { Dead?.Invoke(this, EventArgs.Empty); } }
class Rereg { static readonly ConcurrentBag<Rereg> s = new(); ~Rereg() { s.Add(this); GC.ReRegisterForFinalize(this); } }
class Loop { ~Loop() { if (!Environment.HasShutdownStarted) GC.ReRegisterForFinalize(this); } }
class PostState { readonly IntPtr _h; SynchronizationContext _c; ~PostState() { var h = _h; _c.Post(static s => Free((IntPtr)s), h); } static void Free(IntPtr h) { } }
class Keep { ~Keep() { GC.KeepAlive(this); GC.SuppressFinalize(this); } }
class Rem { static readonly HashSet<Rem> s = new(); ~Rem() { s.Remove(this); } }
class RemDict { static readonly Dictionary<RemDict, int> s = new(); ~RemDict() { s.Remove(this); } }
class Own { void M(Own o) { } ~Own() { M(this); } }
class Log { ~Log() { Console.WriteLine(this); Trace.WriteLine($"leak {this}"); } }
class Cmp { object _o; ~Cmp() { if (ReferenceEquals(_o, this)) Console.WriteLine(); } }
class TypeName { ~TypeName() { Console.WriteLine(this.GetType().Name); } }
