namespace WeakRefAnalyzers.Tests;

public class WREF504_BlockingFinalizerTests
{
    [Fact]
    public Task EveryKindOfWait() => Verify<WREF504_BlockingFinalizer>.Diagnostics("""
        class C
        {
            static readonly object s_gate = new();
            readonly object _given;
            readonly ReaderWriterLockSlim _lock;
            readonly ReaderWriterLock _oldLock;
            readonly SemaphoreSlim _semaphore;
            readonly Mutex _mutex;
            readonly AutoResetEvent _event;
            readonly ManualResetEventSlim _slim;
            readonly Task<int> _task;
            readonly Thread _thread;
            readonly SynchronizationContext _context;

            C(object given) => _given = given;

            ~C()
            {
                [|lock|] (s_gate) { }
                [|lock|] (_given) { }
                [|Monitor.Enter(s_gate)|];
                [|Monitor.Wait(s_gate)|];
                [|_lock.EnterWriteLock()|];
                [|_oldLock.AcquireReaderLock(-1)|];
                [|_semaphore.Wait()|];
                [|_mutex.WaitOne()|];
                [|_event.WaitOne(1000)|];
                [|_slim.Wait()|];
                [|_task.Wait()|];
                Console.WriteLine([|_task.Result|]);
                [|_task.GetAwaiter().GetResult()|];
                [|_task.ConfigureAwait(false).GetAwaiter().GetResult()|];
                [|Task.WaitAll(_task)|];
                [|_thread.Join()|];
                [|Thread.Sleep(10)|];
                [|_context.Send(_ => { }, null)|];
                [|WaitHandle.WaitAny(new WaitHandle[] { _event })|];
                [|GC.WaitForPendingFinalizers()|];
            }
        }
        """);

    [Fact]
    public Task ThroughTheType() => Verify<WREF504_BlockingFinalizer>.Diagnostics("""
        class C
        {
            static readonly object s_gate = new();
            public static int Count { get { [|lock|] (s_gate) { return 1; } } }

            protected virtual void Dispose(bool disposing)
            {
                Console.WriteLine(Count);
                Unlink();
                if (disposing)
                {
                    Thread.Sleep(1);
                }

                void Unlink() { [|lock|] (s_gate) { } }
            }

            ~C() => Dispose(false);
        }
        """);

    [Fact]
    public Task WhatDoesNotWait() => Verify<WREF504_BlockingFinalizer>.Diagnostics("""
        class C
        {
            static readonly object s_gate = new();
            private readonly object _gate = new();
            private readonly List<int> _list;
            readonly SemaphoreSlim _semaphore;
            readonly Mutex _mutex;
            bool _done;

            C() { _list = new List<int>(); }

            ~C()
            {
                lock (_gate) { }
                lock (_list) { }
                lock (this) { }
                Monitor.Enter(_gate);
                if (Monitor.TryEnter(s_gate)) Monitor.Exit(s_gate);
                if (_semaphore.Wait(0)) _semaphore.Release();
                _mutex.WaitOne(0);
                Thread.Sleep(0);
                System.Diagnostics.Debug.Assert(_done, "not disposed");
                Check();
                Task.Run(static () => { lock (s_gate) { } });
                ThreadPool.QueueUserWorkItem(static _ => Thread.Sleep(1));
                var text = string.Join(",", _list);
                _ = new Own().Result;
            }

            [System.Diagnostics.Conditional("DEBUG")]
            void Check() { lock (s_gate) { } }
        }

        class Own { public int Result => 1; public void Wait() { } }
        """);

    [Fact]
    public Task MessageNamesTheWait() => Verify<WREF504_BlockingFinalizer>.Diagnostics(
        """
        class C
        {
            static readonly object s_gate = new();
            Thread _thread;

            ~{|#1:C|}()
            {
                {|#0:lock|} (s_gate) { }
                {|#2:_thread.Join()|};
            }
        }
        """,
        Verify<WREF504_BlockingFinalizer>.Diagnostic().WithLocation(0).WithLocation(1).WithArguments("lock (s_gate)"),
        Verify<WREF504_BlockingFinalizer>.Diagnostic().WithLocation(2).WithLocation(1).WithArguments("Thread.Join"));

    [Fact]
    public Task OldLanguageOnNetFramework() => Verify<WREF504_BlockingFinalizer>.Diagnostics(
        """
        using System.Threading.Tasks;

        class C
        {
            private Task _task;

            ~C() { [|_task.Wait()|]; }
        }
        """,
        new Options { NetFramework = true, Language = LanguageVersion.CSharp7_3 });

    [Fact]
    public Task BrokenCode() => Verify<WREF504_BlockingFinalizer>.Diagnostics(
        """
        class C { static object s; ~C() { lock () { } [|lock|] (s { } missing.Wait(); Thread.Sleep(; } }
        """,
        new Options { CompilerErrors = true });
}
