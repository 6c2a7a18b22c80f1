using Xunit;
namespace P801;
public class T { object _f; static WeakReference s_w;
 [Fact] public void Classic() { var o = new object(); var w = new WeakReference(o); o = null; GC.Collect(); GC.WaitForPendingFinalizers(); GC.Collect();
 Assert.False(w.IsAlive); } // flagged
 [Fact] public void Generic() { var o = new List<int>(); var w = new WeakReference<List<int>>(o); GC.Collect();
 Assert.False(w.TryGetTarget(out _)); } // flagged
 [Fact] public void Inline() { var w = new WeakReference(new object()); GC.Collect();
 Assert.Null(w.Target); } // flagged
 [Fact] public void Counted() { var o = new object(); var w = new WeakReference(o); o = null; for (int i = 0; i < 10 && w.IsAlive; i++) { GC.Collect(); GC.WaitForPendingFinalizers(); }
 Assert.False(w.IsAlive); } // flagged
 [Fact] public void Manual() { var o = new object(); var w = new WeakReference(o); o = null; GC.Collect();
 if (w.IsAlive) throw new Exception("leak"); } // flagged
 [Fact] public void Block() { WeakReference w; { var o = new object(); w = new WeakReference(o); } GC.Collect();
 Assert.False(w.IsAlive); } // flagged
 [Fact] public void Field() { _f = new object(); var w = new WeakReference(_f); _f = null; GC.Collect();
 Assert.False(w.IsAlive); } // flagged
 [Fact] public void Using() { WeakReference w; using (var o = new MemoryStream()) { w = new WeakReference(o); } GC.Collect();
 Assert.False(w.IsAlive); } // flagged
 [Fact] public void TryFin() { object o = new object(); var w = new WeakReference(o); try { Console.WriteLine(o); } finally { o = null; } GC.Collect();
 Assert.Null(w.Target); } // flagged
 [Fact] public void Helper() { var o = new object(); var w = new WeakReference(o); o = null; Full();
 Assert.False(w.IsAlive); } // flagged
 static void Full() { GC.Collect(); GC.WaitForPendingFinalizers(); GC.Collect(); }
 [Fact] public async Task AsyncNoAwait() { var o = new object(); var w = new WeakReference(o); o = null; GC.Collect();
 Assert.False(w.IsAlive); await Task.Yield(); } // flagged
 [Fact] public void Var() { var o = new object(); var w = new WeakReference(o); o = null; GC.Collect(); 
 var alive = w.IsAlive; Assert.False(alive); } // flagged
 // safe
 [Fact] public void LocalFn() { var w = Make(); GC.Collect(); Assert.False(w.IsAlive); [MethodImpl(MethodImplOptions.NoInlining)] static WeakReference Make() => new(new object()); }
 [Fact] public void LocalFn2() { WeakReference w = null; Run(); GC.Collect(); Assert.False(w.IsAlive); void Run() { var o = new object(); w = new WeakReference(o); } }
 [Fact] public void Lambda() { WeakReference w = null; new Action(() => { var o = new object(); w = new WeakReference(o); })(); GC.Collect(); Assert.False(w.IsAlive); }
 [Fact] public void Static() { Create(); GC.Collect(); Assert.False(s_w.IsAlive); } static void Create() { s_w = new WeakReference(new object()); }
 [Fact] public void Until() { var o = new object(); var w = new WeakReference(o); o = null; while (w.IsAlive) { GC.Collect(); Thread.Sleep(1); } Assert.False(w.IsAlive); }
 [Fact] public void UntilBreak(CancellationToken t) { var o = new object(); var w = new WeakReference<object>(o); object target; do { o = null; GC.Collect(); if (!w.TryGetTarget(out target)) { break; } target = null; } while (!t.IsCancellationRequested); Assert.Null(target); }
 [Fact] public void Alive() { var o = new object(); var w = new WeakReference(o); GC.Collect(); Assert.True(w.IsAlive); GC.KeepAlive(o); }
 [Fact] public void KeptAlive() { var o = new object(); var w = new WeakReference(o); GC.Collect(); Assert.False(w.IsAlive); GC.KeepAlive(o); }
 [Fact] public async Task Awaited() { var o = new object(); var w = new WeakReference(o); o = null; await Task.Delay(10); GC.Collect(); Assert.False(w.IsAlive); }
 [Fact] public void TaskRun() { WeakReference w = null; Task.Run(() => { w = new WeakReference(new object()); }).Wait(); GC.Collect(); Assert.False(w.IsAlive); }
 [Fact] public void Thread_() { WeakReference w = null; var t = new Thread(() => w = new WeakReference(new object())); t.Start(); t.Join(); GC.Collect(); Assert.False(w.IsAlive); }
 [Fact] public void Param(object o) { var w = new WeakReference(o); GC.Collect(); Assert.False(w.IsAlive); }
 [Fact] public void NoCollect() { var o = new object(); var w = new WeakReference(o); w.Target = null; Assert.False(w.IsAlive); }
 [Fact] public void Cleared() { var o = new object(); var w = new WeakReference(o); w.Target = null; GC.Collect(); Assert.False(w.IsAlive); }
 [Fact] public void SetT() { var o = new object(); var w = new WeakReference<object>(o); w.SetTarget(null); GC.Collect(); Assert.False(w.TryGetTarget(out _)); }
 [Fact] public void Fabric() { var (a, w) = Pair(); GC.Collect(); Assert.False(w.IsAlive); } static (object, WeakReference) Pair() => default;
 [Fact] public void MaybeNot() { var o = new object(); var w = new WeakReference(o); if (w.IsAlive) Console.WriteLine("x"); GC.Collect(); Console.WriteLine(w.IsAlive); }
 [Fact] public void ListClear() { var l = new List<object> { new object() }; var w = new WeakReference(l[0]); l.Clear(); GC.Collect(); Assert.False(w.IsAlive); }
 }
