namespace WeakRefAnalyzers.Tests;

public class WREF506_ResurrectionTests
{
    [Fact]
    public Task WaysBackToLife() => Verify<WREF506_Resurrection>.Diagnostics("""
        class C
        {
            static C s_last;
            static C Last { get; set; }
            static readonly Stack<C> s_pool = new();
            static readonly System.Collections.Concurrent.ConcurrentBag<object> s_bag = new();
            static event Action Stopped;
            static C[] s_all = new C[1];
            static Dictionary<int, C> s_map = new();
            Keeper _keeper;
            bool _done;

            ~C()
            {
                [|s_last = this|];
                [|Last = this|];
                [|s_pool.Push(this)|];
                [|s_bag.Add(this)|];
                [|s_all[0] = this|];
                [|s_map[0] = this|];
                [|_keeper.Kept = this|];
                [|_keeper.Keep(this)|];
                [|ThreadPool.QueueUserWorkItem(_ => Cleanup())|];
                [|Task.Run(Cleanup)|];
                [|Task.Factory.StartNew(() => _done = true)|];
                [|Stopped += Cleanup|];
                [|new Thread(Cleanup)|].Start();
            }

            void Cleanup() { }
        }

        class Keeper { public object Kept; public void Keep(object o) { Kept = o; } }
        """);

    [Fact]
    public Task StaysDead() => Verify<WREF506_Resurrection>.Diagnostics("""
        class C
        {
            static readonly List<C> s_all = new();
            static readonly Dictionary<int, string> s_names = new();
            static readonly System.Collections.Concurrent.ConcurrentQueue<int> s_queue = new();
            static event Action Stopped;
            C _self;
            int _id;
            Keeper _keeper;

            ~C()
            {
                _self = this;
                var other = this;
                s_all.Remove(this);
                _keeper.Forget(this);
                Console.WriteLine(this);
                Console.WriteLine("{0} is gone", this);
                Equals(this);
                GC.SuppressFinalize(this);
                GC.KeepAlive(this);
                s_names[_id] = "gone";
                s_queue.Enqueue(_id);
                var id = _id;
                Task.Run(() => Console.WriteLine(id));
                Task.Run(Static);
                Stopped -= Cleanup;
                s_all.RemoveAll(c => c == this);
                Note(this);
                Action local = Cleanup;
                local();
            }

            static void Static() { }
            void Cleanup() { }
            static void Note(C c) => Console.WriteLine(c);
        }

        class Keeper { public bool Forget(object o) => o.Equals(1); }

        class Pooled
        {
            static readonly Stack<Pooled> s_pool = new();

            ~Pooled()
            {
                s_pool.Push(this);
                GC.ReRegisterForFinalize(this);
            }
        }
        """);

    [Fact]
    public Task MessageNamesOperationAndType() => Verify<WREF506_Resurrection>.Diagnostics(
        """
        class Buffer
        {
            static readonly Stack<Buffer> s_pool = new();

            ~{|#1:Buffer|}() => {|#0:s_pool.Push(this)|};
        }
        """,
        Verify<WREF506_Resurrection>.Diagnostic().WithLocation(0).WithLocation(1).WithArguments("s_pool.Push(this)", "Buffer"));

    [Fact]
    public Task BrokenCode() => Verify<WREF506_Resurrection>.Diagnostics(
        """
        class C { static C s; ~C() { missing.Add(this); s = this.; s.Missing(this); = this; } }
        """,
        new Options { CompilerErrors = true });

    [Fact]
    public Task FixRegistersAgain() => Verify<WREF506_Resurrection, WREF506_ReRegister>.Fix(
        """
        class Buffer
        {
            static readonly Stack<Buffer> s_pool = new();

            ~Buffer()
            {
                if (s_pool.Count < 10)
                    [|s_pool.Push(this)|];
            }
        }

        class Last
        {
            static Last s_last;

            ~Last()
            {
                [|s_last = this|];
            }
        }
        """,
        """
        class Buffer
        {
            static readonly Stack<Buffer> s_pool = new();

            ~Buffer()
            {
                if (s_pool.Count < 10)
                {
                    s_pool.Push(this);
                    GC.ReRegisterForFinalize(this);
                }
            }
        }

        class Last
        {
            static Last s_last;

            ~Last()
            {
                s_last = this;
                GC.ReRegisterForFinalize(this);
            }
        }
        """);

    [Fact]
    public Task FixKeepsTriviaOnNetFramework() => Verify<WREF506_Resurrection, WREF506_ReRegister>.Fix(
        """
        using System.Collections.Generic;

        class Buffer
        {
            static readonly Stack<Buffer> s_pool = new Stack<Buffer>();

            ~Buffer()
            {
                // back
                [|s_pool.Push(/* me */ this)|]; // to the pool
                // end
            }
        }
        """,
        """
        using System.Collections.Generic;

        class Buffer
        {
            static readonly Stack<Buffer> s_pool = new Stack<Buffer>();

            ~Buffer()
            {
                // back
                s_pool.Push(/* me */ this); // to the pool
                System.GC.ReRegisterForFinalize(this);
                // end
            }
        }
        """,
        new Options { NetFramework = true, Language = LanguageVersion.CSharp7_3 });

    [Fact]
    public Task NoFixForAQueuedDelegate() => Verify<WREF506_Resurrection, WREF506_ReRegister>.NoFix("""
        class C
        {
            static Stack<C> s_pool = new();
            void Cleanup() { }
            ~C() { [|Task.Run(Cleanup)|]; }
        }

        class Arrow { static Stack<Arrow> s_pool = new(); ~Arrow() => [|s_pool.Push(this)|]; }
        """);
}
