namespace WeakRefAnalyzers.Tests;

public class WREF404_TimelyCleanupTests
{
    [Fact]
    public Task EveryKindOfTimelyCall() => Verify<WREF404_TimelyCleanup>.Diagnostics("""
        class C
        {
            static readonly FinalizationRegistry<IDisposable> Disposes = new(held => [|held.Dispose()|]);
            static readonly FinalizationRegistry<Stream> Closes = new(static held => { held.Flush(); [|held.Close()|]; });
            static readonly FinalizationRegistry<SemaphoreSlim> Semaphores = new(gate => [|gate.Release()|]);
            static readonly FinalizationRegistry<Mutex> Mutexes = new(gate => [|gate.ReleaseMutex()|]);
            static readonly FinalizationRegistry<ReaderWriterLockSlim> Locks = new(gate => { if (gate.IsWriteLockHeld) [|gate.ExitWriteLock()|]; });
            static readonly FinalizationRegistry<object> Monitors = new(gate => [|Monitor.Exit(gate)|]);
            static readonly FinalizationRegistry<string> Files = new(path => [|File.Delete(path)|]);
            static readonly FinalizationRegistry<FileInfo> Infos = new(file => { Console.WriteLine(file); [|file.Delete()|]; });
            static readonly FinalizationRegistry<IntPtr> Memory = new([|Marshal.FreeHGlobal|]);
            static readonly FinalizationRegistry<IntPtr> Native = new(handle => [|thing_unref(handle)|]);
            static readonly FinalizationRegistry<Transaction> Transactions = new(held => [|held.Commit()|]);
            static readonly FinalizationRegistry<IDisposable> Named = new(options: null, cleanup: held => held?[|.Dispose()|]);

            [DllImport("n")] static extern void thing_unref(IntPtr handle);
        }

        class Transaction { public void Commit() { } }
        """);

    [Fact]
    public Task ThroughMethodGroupsAndLocalFunctions() => Verify<WREF404_TimelyCleanup>.Diagnostics("""
        class C
        {
            static readonly FinalizationRegistry<Stream> Registry = new([|Clean|]);
            static readonly FinalizationRegistry<string> Files = new(path => [|Forget(path)|]);

            static void Clean(Stream stream) { stream.Dispose(); }

            static void Forget(string path) { if (File.Exists(path)) File.Delete(path); }

            object M()
            {
                return new FinalizationRegistry<SemaphoreSlim>([|End|]);

                static void End(SemaphoreSlim gate) => gate.Release();
            }
        }
        """);

    [Fact]
    public Task AnnotatedWrappers() => Verify<WREF404_TimelyCleanup>.Diagnostics("""
        using WeakRefs.Annotations;

        class Deaths
        {
            public Deaths([CleanupCallback] Action<Stream> whenDead) { }

            public static void On([WeakTarget] object target, [CleanupCallback] Action whenDead) { }
        }

        class C
        {
            Deaths _deaths = new(stream => [|stream.Close()|]);

            void M(object target, Mutex mutex) => Deaths.On(target, () => [|mutex.ReleaseMutex()|]);
        }
        """);

    [Fact]
    public Task WhatMayBeLate() => Verify<WREF404_TimelyCleanup>.Diagnostics("""
        class C
        {
            static int s_count;
            static readonly Dictionary<string, object> s_cache = new();
            static readonly SemaphoreSlim s_gate = new(1);
            static readonly ReaderWriterLockSlim s_lock = new();

            object _logs = new FinalizationRegistry<string>(name => Console.WriteLine(name + " is gone"));
            object _counts = new FinalizationRegistry<int>(_ => Interlocked.Decrement(ref s_count));
            object _evicts = new FinalizationRegistry<string>(key => { lock (s_cache) s_cache.Remove(key); });
            object _locks = new FinalizationRegistry<string>(key => { s_gate.Wait(); try { s_cache.Remove(key); } finally { s_gate.Release(); } });
            object _writes = new FinalizationRegistry<string>(key => { s_lock.EnterWriteLock(); try { s_cache.Remove(key); } finally { s_lock.ExitWriteLock(); } });
            object _file = new FinalizationRegistry<string>(key => { var log = File.AppendText("log"); log.WriteLine(key); log.Dispose(); });
            object _using = new FinalizationRegistry<string>(key => { using var log = File.AppendText("log"); log.WriteLine(key); });
            object _handle = new FinalizationRegistry<GCHandle>(handle => handle.Free());
            object _later = new FinalizationRegistry<Stream>(stream => s_cache["x"] = (Action)(() => stream.Dispose()));
            object _unknown;

            C(Action<Stream> given) => _unknown = new FinalizationRegistry<Stream>(given);
        }
        """);

    [Fact]
    public Task TheRegistryIsASafetyNet() => Verify<WREF404_TimelyCleanup>.Diagnostics("""
        class Owner : IDisposable
        {
            static readonly FinalizationRegistry<IDisposable> Registry = new(held => held.Dispose());
            readonly IDisposable _file;

            Owner(IDisposable file) { _file = file; Registry.Register(this, file, this); }

            public void Dispose() { if (Registry.Unregister(this)) _file.Dispose(); }
        }

        class Pool
        {
            readonly FinalizationRegistry<Stream> _registry = new(held => held.Dispose());

            public void Track(MemoryStream target, Stream held) => _registry.Register(target, held);
        }

        class Relies
        {
            static readonly FinalizationRegistry<IDisposable> Registry = new(held => [|held.Dispose()|]);

            Relies(IDisposable file) => Registry.Register(this, file);
        }
        """);

    [Fact]
    public Task MessageNamesTheCallAndPointsToTheRegistry() => Verify<WREF404_TimelyCleanup>.Diagnostics(
        """
        class C
        {
            static readonly FinalizationRegistry<string> Registry = {|#1:new(path => {|#0:File.Delete(path)|})|};
        }
        """,
        Verify<WREF404_TimelyCleanup>.Diagnostic().WithLocation(0).WithLocation(1).WithArguments("Delete"));

    [Fact]
    public Task BrokenCode() => Verify<WREF404_TimelyCleanup>.Diagnostics(
        """
        class C
        {
            object _a = new FinalizationRegistry<string>(path => File.Delete();
            object _b = new FinalizationRegistry<string>(missing);
            object _c = new FinalizationRegistry<Missing>(m => m.Dispose());
            object _d = new FinalizationRegistry<Stream>();
            object _e = new FinalizationRegistry<Stream>(s => );
        """,
        new Options { CompilerErrors = true });

    [Fact]
    public Task FixGivesTheOwnerADispose() => Verify<WREF404_TimelyCleanup, WREF404_ExplicitDispose>.Fix(
        """
        public class TempFile
        {
            private static readonly FinalizationRegistry<string> Registry = new(static path => [|File.Delete(path)|]);
            private readonly string _path;

            public TempFile(string path)
            {
                _path = path;
                Registry.Register(this, _path);
            }
        }
        """,
        """
        public class TempFile : IDisposable
        {
            private static readonly FinalizationRegistry<string> Registry = new(static path =>
            {
                System.Diagnostics.Trace.TraceWarning("TempFile was collected without Dispose.");
                File.Delete(path);
            });
            private readonly string _path;

            public TempFile(string path)
            {
                _path = path;
                Registry.Register(this, _path, this);
            }

            public void Dispose()
            {
                if (Registry.Unregister(this))
                {
                    File.Delete(_path);
                }
            }
        }
        """);

    [Fact]
    public Task FixAllInOneFile() => Verify<WREF404_TimelyCleanup, WREF404_ExplicitDispose>.Fix(
        """
        class One
        {
            private static readonly FinalizationRegistry<Stream> Registry = new FinalizationRegistry<Stream>([|Clean|]);

            public One(Stream stream)
            {
                Stream = stream;
                Registry.Register(this, Stream, this);
            }

            public Stream Stream { get; }

            private static void Clean(Stream stream) => stream.Close();
        }

        class Two
        {
            private static readonly FinalizationRegistry<IDisposable> Registry = new((held) => [|held.Dispose()|]);
            private readonly IDisposable _file = null;

            public Two() => Registry.Register(this, _file);
        }
        """,
        """
        class One : IDisposable
        {
            private static readonly FinalizationRegistry<Stream> Registry = new FinalizationRegistry<Stream>(held =>
            {
                System.Diagnostics.Trace.TraceWarning("One was collected without Dispose.");
                Clean(held);
            });

            public One(Stream stream)
            {
                Stream = stream;
                Registry.Register(this, Stream, this);
            }

            public Stream Stream { get; }

            private static void Clean(Stream stream) => stream.Close();

            public void Dispose()
            {
                if (Registry.Unregister(this))
                {
                    Clean(Stream);
                }
            }
        }

        class Two : IDisposable
        {
            private static readonly FinalizationRegistry<IDisposable> Registry = new(held =>
            {
                System.Diagnostics.Trace.TraceWarning("Two was collected without Dispose.");
                held.Dispose();
            });
            private readonly IDisposable _file = null;

            public Two() => Registry.Register(this, _file, this);

            public void Dispose()
            {
                if (Registry.Unregister(this))
                {
                    _file.Dispose();
                }
            }
        }
        """);

    [Fact]
    public Task FixKeepsTrivia() => Verify<WREF404_TimelyCleanup, WREF404_ExplicitDispose>.Fix(
        """
        // of the file
        class TempFile // temporary
        {
            // deletes
            private static readonly FinalizationRegistry<string> Registry = new(static path => [|File.Delete(path)|]); // the net
            private readonly string _path; // where

            public TempFile(string path)
            {
                _path = path;
                Registry.Register(this, /* where */ _path); // watched
            } // made
        } // end
        """,
        """
        // of the file
        class TempFile : IDisposable // temporary
        {
            // deletes
            private static readonly FinalizationRegistry<string> Registry = new(static path =>
            {
                System.Diagnostics.Trace.TraceWarning("TempFile was collected without Dispose.");
                File.Delete(path);
            }); // the net
            private readonly string _path; // where

            public TempFile(string path)
            {
                _path = path;
                Registry.Register(this, /* where */ _path, this); // watched
            } // made

            public void Dispose()
            {
                if (Registry.Unregister(this))
                {
                    File.Delete(_path);
                }
            }
        } // end
        """);

    [Fact]
    public Task OldLanguageOnNetFramework() => Verify<WREF404_TimelyCleanup>.Diagnostics(
        """
        using System;
        using System.IO;
        using WeakRefs;

        class C
        {
            static readonly FinalizationRegistry<string> Registry = new FinalizationRegistry<string>(path => [|File.Delete(path)|]);
        }
        """,
        new Options { NetFramework = true, Language = LanguageVersion.CSharp7_3 });

    [Fact]
    public Task NoFixWhereTheOwnerIsNotClear() => Verify<WREF404_TimelyCleanup, WREF404_ExplicitDispose>.NoFix("""
        class Instance
        {
            readonly FinalizationRegistry<string> _registry = new(path => [|File.Delete(path)|]);
            readonly string _path;
            Instance() => _registry.Register(this, _path);
        }

        class Other
        {
            static readonly FinalizationRegistry<string> Registry = new(path => [|File.Delete(path)|]);
            void Add(object target, string path) => Registry.Register(target, path);
        }

        class Lost
        {
            static readonly FinalizationRegistry<string> Registry = new(path => [|File.Delete(path)|]);
            Lost(string path) => Registry.Register(this, path);
        }

        class Changing
        {
            static readonly FinalizationRegistry<string> Registry = new(path => [|File.Delete(path)|]);
            string _path;
            Changing() => Registry.Register(this, _path);
        }

        class Twice
        {
            static readonly FinalizationRegistry<string> Registry = new(path => [|File.Delete(path)|]);
            readonly string _path;
            Twice() { Registry.Register(this, _path); Registry.Register(this, _path + "x"); }
        }
        """);

    [Fact]
    public Task FixOfASemaphore() => Verify<WREF404_TimelyCleanup, WREF404_ExplicitDispose>.Fix(
        """
        class Lease
        {
            private static readonly SemaphoreSlim s_places = new(1);
            private static readonly FinalizationRegistry<SemaphoreSlim> s_registry = new(static places => [|places.Release()|]);

            public Lease()
            {
                s_places.Wait();
                s_registry.Register(this, s_places);
            }
        }
        """,
        """
        class Lease : IDisposable
        {
            private static readonly SemaphoreSlim s_places = new(1);
            private static readonly FinalizationRegistry<SemaphoreSlim> s_registry = new(static places =>
            {
                System.Diagnostics.Trace.TraceWarning("Lease was collected without Dispose.");
                places.Release();
            });

            public Lease()
            {
                s_places.Wait();
                s_registry.Register(this, s_places, this);
            }

            public void Dispose()
            {
                if (s_registry.Unregister(this))
                {
                    s_places.Release();
                }
            }
        }
        """);
}
