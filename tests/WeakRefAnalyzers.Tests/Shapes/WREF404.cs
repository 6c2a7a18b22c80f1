namespace P404; using WeakRefs;
class T { static readonly FinalizationRegistry<FileStream> 
 R1 = new(static s => s.Dispose()); // flagged
 static readonly FinalizationRegistry<string> 
 R2 = new(static p => File.Delete(p)); // flagged
 static readonly FinalizationRegistry<SemaphoreSlim> 
 R3 = new(static s => s.Release()); // flagged
 static readonly FinalizationRegistry<string> R4 = new(static p => Console.WriteLine(p));
 static readonly FinalizationRegistry<int> R5 = new(static i => Interlocked.Decrement(ref s_n)); static int s_n;
 static readonly ConcurrentDictionary<int, object> s_d = new(); static readonly FinalizationRegistry<int> R6 = new(static i => s_d.TryRemove(i, out _));
 void M(object o) { R1.Register(o, null); R2.Register(o, ""); R3.Register(o, null); R4.Register(o, ""); R5.Register(o, 1); R6.Register(o, 1); } }
