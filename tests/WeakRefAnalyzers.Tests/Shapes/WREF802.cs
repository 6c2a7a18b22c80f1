using Xunit;
namespace P802;
class Fin { public static int Count; public static bool Done; public static event Action Ev; ~Fin() { Count++; Done = true; Interlocked.Increment(ref Total); Log.Add("x"); } public static int Total; public static readonly List<string> Log = new(); }
public class T {
 [Fact] public void A() { Make(); GC.Collect();
 Assert.Equal(1, Fin.Count); } // flagged
 [Fact] public void B() { Make(); GC.Collect(2, GCCollectionMode.Forced, true);
 Assert.True(Fin.Done); } // flagged
 [Fact] public void C() { Make(); GC.Collect();
 if (Fin.Total == 0) throw new Exception(); } // flagged
 [Fact] public void D() { Make(); GC.Collect();
 Assert.Equal(1, Fin.Log.Count); } // flagged
 [Fact] public void S1() { Make(); GC.Collect(); GC.WaitForPendingFinalizers(); Assert.Equal(1, Fin.Count); }
 [Fact] public void S2() { Make(); Full(); Assert.Equal(1, Fin.Count); } static void Full() { GC.Collect(); GC.WaitForPendingFinalizers(); }
 [Fact] public void S3() { Make(); for (int i = 0; i < 10; i++) { GC.Collect(); Thread.Sleep(10); if (Fin.Count > 0) break; } Assert.Equal(1, Fin.Count); }
 [Fact] public async Task S4() { Make(); GC.Collect(); await Task.Delay(100); Assert.Equal(1, Fin.Count); }
 [Fact] public void S5() { Make(); var before = Fin.Count; GC.Collect(); Console.WriteLine(before); }
 [Fact] public void S6() { Fin.Count = 0; GC.Collect(); Fin.Count = 0; }
 [Fact] public void S7() { SpinWait.SpinUntil(() => { GC.Collect(); return Fin.Done; }, 1000); }
 [Fact] public void S8() { while (!Fin.Done) { GC.Collect(); } }
 static void Make() { new Fin(); } }
