namespace P504;
// defects
class L { static readonly object s_lock = new(); static void Save() { lock (s_lock) File.Delete("x"); } ~L() { 
 lock (s_lock) { } } } // flagged
class Mon { readonly object _sync; public Mon(object sync) { _sync = sync; } ~Mon() { 
 Monitor.Enter(_sync); Monitor.Exit(_sync); } } // flagged
class TaskWait { Task _t; ~TaskWait() { 
 _t.Wait(); } } // flagged
class TaskResult { Task<int> _t; ~TaskResult() { 
 Console.WriteLine(_t.Result); } } // flagged
class Awaiter { static Task Stop() => Task.CompletedTask; ~Awaiter() { 
 Stop().GetAwaiter().GetResult(); } } // flagged
class DispAsync : IAsyncDisposable { public async ValueTask DisposeAsync() { await Task.Yield(); } ~DispAsync() { 
 DisposeAsync().AsTask().Wait(); } } // flagged
class Joins { Thread _t; bool _stop; ~Joins() { _stop = true; 
 _t.Join(); } } // flagged
class Sem { static readonly SemaphoreSlim s = new(1); ~Sem() { 
 s.Wait(); s.Release(); } } // flagged
class Rw { static readonly ReaderWriterLockSlim s = new(); ~Rw() { 
 s.EnterWriteLock(); s.ExitWriteLock(); } } // flagged
class Sleep { ~Sleep() { 
 Thread.Sleep(100); } } // flagged
class Mtx { Mutex _m = new(false, "g"); ~Mtx() { 
 _m.WaitOne(); _m.ReleaseMutex(); } } // flagged
class Through : IDisposable { static readonly object s = new(); static event Action Changed; static void Tell() { lock (s) Changed?.Invoke(); } void Dispose(bool d) { 
 lock (s) { } } // flagged
 public void Dispose() { Dispose(true); GC.SuppressFinalize(this); } ~Through() { Dispose(false); } }
class Owner2 { internal readonly object Gate = new(); }
class OtherGate { readonly Owner2 _o; public OtherGate(Owner2 o) { _o = o; } ~OtherGate() { 
 lock (_o.Gate) { } } } // flagged
class TypeLock { ~TypeLock() { 
 lock (typeof(TypeLock)) { } } } // flagged
// safe
class Quick { static readonly object s_lock = new(); static int s_count; static int Count() { lock (s_lock) return s_count; } ~Quick() { lock (s_lock) { s_count--; } } }
class This { ~This() { lock (this) { } } }
class Priv { readonly object _g = new(); ~Priv() { lock (_g) { } } }
class PrivDisp : IDisposable { readonly object _g = new(); void Dispose(bool d) { lock (_g) { } } public void Dispose() { Dispose(true); GC.SuppressFinalize(this); } ~PrivDisp() { Dispose(false); } }
class Try { static readonly object s = new(); ~Try() { if (Monitor.TryEnter(s)) Monitor.Exit(s); } }
class Zero { static readonly SemaphoreSlim s = new(1); ~Zero() { if (s.Wait(0)) s.Release(); } }
class Pruned : IDisposable { Thread _t; void Dispose(bool d) { if (d) _t.Join(); } public void Dispose() => Dispose(true); ~Pruned() => Dispose(false); }
class Queue { static readonly ConcurrentQueue<IntPtr> s = new(); IntPtr _h; ~Queue() { s.Enqueue(_h); } }
class Pool { ~Pool() { ThreadPool.QueueUserWorkItem(_ => { Thread.Sleep(10); }); Task.Run(() => Thread.Sleep(1)); } }
class Post { SynchronizationContext _c; ~Post() { _c.Post(_ => { }, null); } }
class Done { Task<int> _t; ~Done() { if (_t.IsCompleted) Console.WriteLine(_t.Result); } }
class Signal { static readonly ManualResetEvent s = new(false); ~Signal() { s.Set(); } }
class Spin { int _x; ~Spin() { Interlocked.Exchange(ref _x, 1); } }
class Bg { static readonly BlockingCollection<int> s = new(); ~Bg() { s.TryAdd(1); } }
class OwnGate { object Sync => this; ~OwnGate() { lock (Sync) { } } }
class OwnField { readonly object _gate = new(); protected object Sync { get { return _gate; } } ~OwnField() { lock (Sync) { } } }
