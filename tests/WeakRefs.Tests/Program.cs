using System.Diagnostics.Metrics;
using System.Globalization;
using System.Runtime.CompilerServices;
using WeakRefs.Registry;

namespace WeakRefs.Tests;

/// <summary>
/// What must run in a process of its own: the test project is an executable too, and <see cref="ProcessTests"/> starts it.
/// </summary>
internal static class Program
{
    public static int Main(string[] args)
    {
        switch (args.FirstOrDefault())
        {
            case "exit":
                return ExitWithPendingRegistrations();
            case "blocked":
                return BlockTheFinalizerThread();
            case "idle":
                return GoIdle();
            case "pinned":
                return PinTheThread();
            case "memory":
                return RunOutOfMemory();
            case "small":
                return MeasureIdleRegistries();
            case "unheard":
                return GoUnheard();
            case "meter":
                return ListenToTheMeter(throwing: false);
            case "meter-throwing":
                return ListenToTheMeter(throwing: true);
            case "unobserved":
                return FailUnobserved();
            case "stress":
                return Stress.Run(args.Length > 1 ? double.Parse(args[1], CultureInfo.InvariantCulture) : 10);
            default:
                return Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args).GetAwaiter().GetResult();
        }
    }

    /// <summary>Live and dead targets, nothing collected: nothing may be called, and nothing may hang.</summary>
    private static int ExitWithPendingRegistrations()
    {
        FinalizationRegistry<int> registry = new(static i => Console.WriteLine("called"));
        object live = new();
        for (var i = 0; i < 1000; i++)
        {
            registry.Register(live, i);
            Targets.RegisterDead(registry, i);
        }

        Console.WriteLine("exiting");
        GC.KeepAlive(registry);
        GC.KeepAlive(live);
        return 0;
    }

    /// <summary>A finalizer that waits holds up every bell; the poll must find the collection.</summary>
    private static int BlockTheFinalizerThread()
    {
        using ManualResetEventSlim called = new();
        FinalizationRegistry<int> registry = new(_ => called.Set());
        MakeBlocker();
        GC.Collect();
        Blocker.Entered.Wait();
        Targets.RegisterDead(registry, 1);
        GC.Collect();
        var found = called.Wait(TimeSpan.FromSeconds(30));
        var stillBlocked = !Blocker.Left;
        Blocker.Release.Set();
        Console.WriteLine($"called: {found}, finalizer thread blocked: {stillBlocked}");
        GC.KeepAlive(registry);
        return found && stillBlocked ? 0 : 1;
    }

    /// <summary>
    /// The background thread ends when nothing is registered and all spare memory was given back, and starts again when
    /// something is registered.
    /// </summary>
    private static int GoIdle()
    {
        const int Count = 20_000;
        var calls = 0;
        FinalizationRegistry<int> registry = new(_ => Interlocked.Increment(ref calls));
        object token = new();
        for (var round = 1; round <= 2; round++)
        {
            for (var i = 0; i < Count; i++)
            {
                Targets.RegisterDead(registry, i, token);
            }

            for (var i = 0; i < 1000 && Volatile.Read(ref calls) < round * Count; i++)
            {
                GC.Collect();
                Thread.Sleep(10);
            }

            var wereCalled = Volatile.Read(ref calls) == round * Count;
            var ended = SpinWait.SpinUntil(() => !CollectionWatcher.IsRunning, TimeSpan.FromSeconds(60));
            Console.WriteLine($"called: {wereCalled}, ended: {ended}");
            if (!wereCalled || !ended)
            {
                return 1;
            }
        }

        GC.KeepAlive(registry);
        return 0;
    }

    /// <summary>A callback makes the thread one that keeps the process; it must not stay so.</summary>
    private static int PinTheThread()
    {
        var calls = 0;
        FinalizationRegistry<int> registry = new(_ =>
        {
            Thread.CurrentThread.IsBackground = false;
            Interlocked.Increment(ref calls);
        });
        Targets.RegisterDead(registry, 1);
        Collector.CollectUntil(() => Volatile.Read(ref calls) == 1, "no callback");
        GC.KeepAlive(registry);
        return 0;
    }

    /// <summary>The program runs out of memory again and again, catches that, and goes on; so must the library.</summary>
    private static int RunOutOfMemory()
    {
        int calls = 0, registered = 0, failures = 0;
        FinalizationRegistry<byte[]> registry = new(_ =>
        {
            // Itself short of memory now and then.
            if (Interlocked.Increment(ref calls) % 1000 == 0)
            {
                GC.KeepAlive(new byte[1 << 20]);
            }
        });
        FinalizationRegistry.UnobservedCleanupFailed += static (_, _) => { };
        WeakCache<int, byte[]> cache = new(10);
        for (var round = 0; round < 20; round++)
        {
            List<byte[]> hoard = [];
            try
            {
                while (true)
                {
                    hoard.Add(new byte[10_000]);
                    cache.Set(hoard.Count, new byte[100]);
                    Targets.RegisterDead(registry, new byte[100]);
                    registered++;
                }
            }
            catch (OutOfMemoryException)
            {
                failures++;
            }

            hoard.Clear();
        }

        // None that was registered is lost, the one or other that threw half-way aside.
        Collector.CollectUntil(() => Volatile.Read(ref calls) >= registered, "callbacks are missing");
        var last = calls;
        Targets.RegisterDead(registry, []);
        Collector.CollectUntil(() => Volatile.Read(ref calls) > last, "the thread is gone");
        Console.WriteLine($"ran out of memory: {failures} times, all called");
        GC.KeepAlive(registry);
        GC.KeepAlive(cache);
        return 0;
    }

    /// <summary>Registries with one registration each: what one takes.</summary>
    private static int MeasureIdleRegistries()
    {
        const int Count = 1000;
        object target = new();
        var registries = new FinalizationRegistry<int>[Count];
        new FinalizationRegistry<int>(static _ => { }).Register(target, 0);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Count; i++)
        {
            registries[i] = new(static _ => { });
        }

        var made = (GC.GetAllocatedBytesForCurrentThread() - before) / Count;
        foreach (var registry in registries)
        {
            registry.Register(target, 1);
        }

        var used = (GC.GetAllocatedBytesForCurrentThread() - before) / Count;
        Console.WriteLine($"{Environment.ProcessorCount} processors: {made} bytes, with a registration {used}");
        GC.KeepAlive(registries);
        GC.KeepAlive(target);
        return 0;
    }

    /// <summary>What can be measured happens, but nobody can listen.</summary>
    private static int GoUnheard()
    {
        var calls = 0;
        FinalizationRegistry<int> registry = new(_ =>
        {
            Interlocked.Increment(ref calls);
            throw new NotSupportedException();
        });
        registry.CleanupFailed += static (_, _) => { };
        Targets.RegisterDead(registry, 0, 100);
        Collector.CollectUntil(() => Volatile.Read(ref calls) == 100, "no callbacks");
        using WeakCache<int, string> cache = new(1);
        cache.Set(1, "one");
        Console.WriteLine(cache.TryGetValue(1, out _) && !cache.TryGetValue(2, out _));
        Console.WriteLine(AppDomain.CurrentDomain.GetAssemblies().Any(
            assembly => assembly.GetName().Name == "System.Diagnostics.DiagnosticSource"));
        GC.KeepAlive(registry);
        return 0;
    }

    /// <summary>What somebody hears who listens to the meter; or what happens if he throws.</summary>
    private static int ListenToTheMeter(bool throwing)
    {
        SortedDictionary<string, long> heard = new(StringComparer.Ordinal);
        using MeterListener listener = new();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == "WeakRefs")
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, measurement, tags, _) =>
        {
            if (throwing)
            {
                throw new InvalidOperationException("the listener");
            }

            List<string> parts = [instrument.Name];
            foreach (var tag in tags)
            {
                parts.Add($"{tag.Key}={tag.Value}");
            }

            lock (heard)
            {
                var name = string.Join(" ", parts);
                heard[name] = (instrument is Counter<long> ? heard.GetValueOrDefault(name) : 0) + measurement;
            }
        });
        listener.Start();
        var calls = 0;
        object target = new();
        FinalizationRegistry<int> registry = new(i =>
        {
            Interlocked.Increment(ref calls);
            throw i < 0 ? new InvalidOperationException() : new NotSupportedException();
        });
        registry.CleanupFailed += static (_, _) => { };
        FinalizationRegistry<int> quiet = new(_ => Interlocked.Increment(ref calls));
        WeakCache<int, object> before = new(), other = new();
        before.Set(1, target);
        before.TryGetValue(1, out _); // Nobody has asked yet.
        Collector.WaitUntil(() => LibraryMeter.IsOpen, "no meter");
        if (throwing)
        {
            Targets.RegisterDead(quiet, 0, 100);
            Targets.RegisterDead(registry, 0, 100);
            Collector.CollectUntil(() => Volatile.Read(ref calls) == 200, "a listener holds up the callbacks");
            Console.WriteLine("all called");
            return 0;
        }

        listener.RecordObservableInstruments();
        WeakCache<string, object> after = new(1);
        for (var i = 0; i < 7; i++)
        {
            quiet.Register(target, i);
            after.Set(i.ToString(), target);
            after.TryGetValue("0", out _);
            before.TryGetValue(i, out _);
        }

        other.Set(1, target);
        other.TryGetValue(2, out _);
        Targets.RegisterDead(quiet, 0, 30);
        Targets.RegisterDead(registry, 0, 3);
        Collector.CollectUntil(() => Volatile.Read(ref calls) == 33, "no callbacks");
        Collector.WaitUntil(
            () =>
            {
                lock (heard)
                {
                    return heard.GetValueOrDefault("weakrefs.callbacks") == 33;
                }
            },
            "callbacks are not counted");
        listener.RecordObservableInstruments();
        Console.WriteLine(string.Join("\n", heard.Select(pair => $"{pair.Key}: {pair.Value}")));
        GC.KeepAlive(target);
        GC.KeepAlive(registry);
        GC.KeepAlive(quiet);
        return 0;
    }

    /// <summary>Failures nobody handles: one of each type on standard error.</summary>
    private static int FailUnobserved()
    {
        var calls = 0;
        FinalizationRegistry<int> registry = new(i =>
        {
            Interlocked.Increment(ref calls);
            throw i % 2 == 0 ? new InvalidOperationException("even") : new NotSupportedException("odd");
        });
        Targets.RegisterDead(registry, 0, 100);
        Collector.CollectUntil(() => Volatile.Read(ref calls) == 100, "not all were called");
        GC.KeepAlive(registry);
        return 0;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void MakeBlocker() => _ = new Blocker();

    private sealed class Blocker
    {
        public static readonly ManualResetEventSlim Entered = new(), Release = new();
        public static volatile bool Left;

        ~Blocker()
        {
            Entered.Set();
            Release.Wait();
            Left = true;
        }
    }
}
