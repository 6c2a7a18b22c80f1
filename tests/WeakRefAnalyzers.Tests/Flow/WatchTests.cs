namespace WeakRefAnalyzers.Tests.Flow;

/// <summary>An object that somebody looks at after a collection is made to be lost; its neighbours are not.</summary>
public class WatchTests
{
    [Fact]
    public Task LookedAtAfterACollection() => Verify<WREF203_UnheldTarget>.Diagnostics("""
        class Item { }

        class Program
        {
            static WeakReference s_weak, s_other;
            static readonly List<WeakReference> s_list = new();

            static void Field()
            {
                s_weak = new WeakReference(new Item());
                s_other = new WeakReference([|new Item()|]);
                GC.Collect();
                Console.WriteLine(s_weak.IsAlive);
            }

            static void Lists()
            {
                var weak = Enumerable.Range(0, 3).Select(_ => new WeakReference(new Item())).ToList();
                s_list.Add(new WeakReference(new Item()));
                Collect();
                Console.WriteLine(weak.Count(w => w.IsAlive));
                foreach (var one in s_list) Console.WriteLine(one.IsAlive);
            }

            static WeakReference Make() => new WeakReference(new Item());

            static WeakReference Unwatched() => new WeakReference([|new Item()|]);

            static void Helpers()
            {
                var weak = Make();
                var other = Unwatched();
                Collect();
                Assert(!weak.IsAlive);
                Check(new WeakReference(new Item()));
            }

            static void Loop()
            {
                var weak = new WeakReference(new Item());
                var early = new WeakReference([|new Item()|]);
                Console.WriteLine(early.IsAlive);
                while (weak.IsAlive)
                {
                    GC.Collect();
                }
            }

            static bool Again()
            {
                var weak = new WeakReference(null);
                weak.Target = new Item();
                return SpinWait.SpinUntil(() => { GC.Collect(); return !weak.IsAlive; }, 1000);
            }

            static void Used()
            {
                var weak = new WeakReference<Item>([|new Item()|]);
                GC.Collect();
                weak = new WeakReference<Item>([|new Item()|]);
            }

            static void Check(WeakReference weak)
            {
                GC.Collect();
                Assert(!weak.IsAlive);
            }

            static void Assert(bool condition) { }

            static void Collect()
            {
                for (var i = 0; i < 3; i++)
                {
                    GC.Collect();
                    GC.WaitForPendingFinalizers();
                }
            }
        }
        """);

    [Fact]
    public Task WaitedFor() => Verify<WREF203_UnheldTarget>.Diagnostics("""
        class Item { }

        class Program
        {
            static int s_gone;

            static void Polls(FinalizationRegistry<int> due, FinalizationRegistry<int> other)
            {
                due.Register(new Item(), 1);
                other.Register([|new Item()|], 2);
                GC.Collect();
                due.CleanupSome();
            }

            static void Counts()
            {
                var registry = new FinalizationRegistry<int>(static _ => s_gone++);
                var silent = new FinalizationRegistry<int>(static _ => Console.WriteLine());
                registry.Register(new Item(), 1);
                silent.Register([|new Item()|], 1);
                GC.Collect();
                GC.WaitForPendingFinalizers();
                Console.WriteLine(s_gone);
            }

            static void Sleeps(FinalizationRegistry<int> registry)
            {
                registry.Register(new Item(), 1);
                GC.Collect();
                Thread.Sleep(1000);
            }
        }
        """);

    [Fact]
    public Task RegistryWhoseCallbackIsWaitedFor() => Verify<WREF401_UnkeptRegistry>.Diagnostics("""
        class Program
        {
            static void M(object target)
            {
                using var gone = new ManualResetEventSlim();
                var registry = new FinalizationRegistry<int>(_ => gone.Set());
                var other = [|new FinalizationRegistry<int>(Report)|];
                registry.Register(target, 1);
                other.Register(target, 1);
                GC.Collect();
                gone.Wait();
            }

            static void Report(int id) => Console.WriteLine(id);
        }
        """);
}
