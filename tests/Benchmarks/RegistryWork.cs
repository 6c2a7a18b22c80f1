using System.Diagnostics;
using System.Runtime.CompilerServices;
using WeakRefs;

namespace Benchmarks;

internal sealed class Target
{
    public long A { get; set; }

    public long B { get; set; }
}

/// <summary>The work every registry does, in the order every peer does it. Writes a line per figure.</summary>
internal static class RegistryWork
{
    private const int Count = 1_000_000;
    private const int ChurnCount = 3_000_000;

    private static readonly ManualResetEventSlim Reached = new();
    private static int _calls;
    private static int _wanted = -1;

    private static readonly Action<int> Callback = static _ =>
    {
        if (++_calls == Volatile.Read(ref _wanted))
        {
            Reached.Set();
        }
    };

    public static void Run<TPeer, THandle>()
        where TPeer : struct, IRegistryPeer<TPeer, THandle>
    {
        WarmUp<TPeer, THandle>();
        var peer = TPeer.Create(Callback);
        var targets = MakeTargets();
        Settle();
        Report("gen0_empty_ms", Pause(0));
        Report("gen2_empty_ms", Pause(2));
        long managed = GC.GetTotalMemory(true), rss = ResidentBytes();

        Report("register_cold_ns", Register<TPeer, THandle>(peer, targets));
        Settle();
        Report("bytes_managed", (GC.GetTotalMemory(true) - managed) / (double)Count);
        Report("bytes_resident", (ResidentBytes() - rss) / (double)Count);
        Report("gen0_1M_ms", Pause(0));
        Report("gen2_1M_ms", Pause(2));

        // Rest first: a collection that finds the registry looking at a target finds that target alive.
        Thread.Sleep(100);
        Expect(Count);
        targets = null!;
        var start = Stopwatch.GetTimestamp();
        GC.Collect();
        while (!Reached.Wait(1000))
        {
            GC.Collect();
        }

        Report("callbacks_M_per_s", Count / Stopwatch.GetElapsedTime(start).TotalMicroseconds);

        targets = MakeTargets();
        Report("register_warm_ns", Register<TPeer, THandle>(peer, targets));
        Drop(ref targets);

        targets = MakeTargets();
        var handles = new THandle[Count];
        for (var i = 0; i < handles.Length; i++)
        {
            handles[i] = peer.Register(targets[i], i);
        }

        start = Stopwatch.GetTimestamp();
        for (var i = 0; i < handles.Length; i++)
        {
            peer.Unregister(handles[i]);
        }

        Report("unregister_ns", Nanoseconds(start));
        GC.KeepAlive(targets);
        targets = null!;
        handles = null!;
        Settle();

        Expect(ChurnCount);
        var pause = GC.GetTotalPauseDuration();
        var collections = GC.CollectionCount(0);
        start = Stopwatch.GetTimestamp();
        Churn<TPeer, THandle>(peer);
        // The tail dies in no natural collection; as in the other peers the last ones are asked for.
        Collect();
        Report("churn_ns", Stopwatch.GetElapsedTime(start).TotalNanoseconds / ChurnCount);
        Report("churn_collections", GC.CollectionCount(0) - collections);
        Report("churn_pause_ms", (GC.GetTotalPauseDuration() - pause).TotalMilliseconds);

        targets = MakeTargets();
        Report("register_1_thread_ns", RegisterOnThreads<TPeer, THandle>(peer, targets, 1));
        Drop(ref targets);
        targets = MakeTargets();
        Report("register_2_threads_ns", RegisterOnThreads<TPeer, THandle>(peer, targets, 2));
        Drop(ref targets);

        if (peer.HasTokens)
        {
            Tokens<TPeer, THandle>(peer, "cold");
            Tokens<TPeer, THandle>(peer, "warm");
        }

        // Until here the registry must live, or there are no calls to wait for.
        GC.KeepAlive(peer);
    }

    public static void Report(string name, double value) =>
        Console.WriteLine(FormattableString.Invariant($"{name} {value:0.0000}"));

    /// <summary>Milliseconds of pause of one collection: the median of several.</summary>
    public static double Pause(int generation)
    {
        var pauses = new double[generation == 0 ? 41 : 7];
        for (var i = 0; i < pauses.Length; i++)
        {
            // Lets whoever was woken by the last one finish, and the processor stay awake.
            for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start).TotalMilliseconds < 2;)
            {
                Thread.SpinWait(10);
            }

            var before = GC.GetTotalPauseDuration();
            GC.Collect(generation, GCCollectionMode.Forced, blocking: true);
            pauses[i] = (GC.GetTotalPauseDuration() - before).TotalMilliseconds;
        }

        Array.Sort(pauses);
        return pauses[pauses.Length / 2];
    }

    public static void Settle()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Thread.Sleep(50);
    }

    public static long ResidentBytes()
    {
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }

    /// <summary>All is compiled before it is measured, as in the other peers; by a registry of its own.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void WarmUp<TPeer, THandle>()
        where TPeer : struct, IRegistryPeer<TPeer, THandle>
    {
        var peer = TPeer.Create(Callback);
        Expect(20_000);
        UseAll<TPeer, THandle>(peer, 20_000);
        Collect();
        Settle();
        GC.KeepAlive(peer);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void UseAll<TPeer, THandle>(TPeer peer, int count)
        where TPeer : struct, IRegistryPeer<TPeer, THandle>
    {
        for (var i = 0; i < count; i++)
        {
            Target target = new();
            peer.Unregister(peer.Register(target, i));
            if (peer.HasTokens)
            {
                peer.Register(target, i, target);
                peer.UnregisterToken(target);
            }

            peer.Register(new Target(), i);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Target[] MakeTargets()
    {
        var targets = new Target[Count];
        for (var i = 0; i < targets.Length; i++)
        {
            targets[i] = new Target();
        }

        return targets;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static double Register<TPeer, THandle>(TPeer peer, Target[] targets)
        where TPeer : struct, IRegistryPeer<TPeer, THandle>
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < targets.Length; i++)
        {
            peer.Register(targets[i], i);
        }

        return Nanoseconds(start);
    }

    /// <summary>Wall time over all registrations: half of one thread's for two threads that do not disturb each other.</summary>
    private static double RegisterOnThreads<TPeer, THandle>(TPeer peer, Target[] targets, int count)
        where TPeer : struct, IRegistryPeer<TPeer, THandle>
    {
        using Barrier barrier = new(count);
        long[] starts = new long[count], ends = new long[count];
        var threads = Enumerable.Range(0, count).Select(t => new Thread(() =>
        {
            var share = targets.Length / count;
            var mine = targets.AsSpan(t * share, share);
            barrier.SignalAndWait();
            // Taken by the threads themselves: a thread that starts late would look fast.
            starts[t] = Stopwatch.GetTimestamp();
            for (var i = 0; i < mine.Length; i++)
            {
                peer.Register(mine[i], i);
            }

            ends[t] = Stopwatch.GetTimestamp();
        })).ToArray();
        foreach (var thread in threads)
        {
            thread.Start();
        }

        foreach (var thread in threads)
        {
            thread.Join();
        }

        return Stopwatch.GetElapsedTime(starts.Min(), ends.Max()).TotalNanoseconds / targets.Length;
    }

    private static void Tokens<TPeer, THandle>(TPeer peer, string suffix)
        where TPeer : struct, IRegistryPeer<TPeer, THandle>
    {
        Target[] targets = MakeTargets(), tokens = MakeTargets();
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < targets.Length; i++)
        {
            peer.Register(targets[i], i, tokens[i]);
        }

        Report($"register_token_{suffix}_ns", Nanoseconds(start));
        start = Stopwatch.GetTimestamp();
        for (var i = 0; i < targets.Length; i++)
        {
            peer.UnregisterToken(tokens[i]);
        }

        Report($"unregister_token_{suffix}_ns", Nanoseconds(start));
        GC.KeepAlive(targets);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Churn<TPeer, THandle>(TPeer peer)
        where TPeer : struct, IRegistryPeer<TPeer, THandle>
    {
        for (var i = 0; i < ChurnCount; i++)
        {
            peer.Register(new Target(), i);
        }
    }

    private static void Expect(int more)
    {
        Reached.Reset();
        Volatile.Write(ref _wanted, Volatile.Read(ref _calls) + more);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Drop(ref Target[] targets)
    {
        Expect(targets.Length);
        targets = null!;
        Collect();
    }

    /// <summary>Until as many callbacks ran as are expected.</summary>
    private static void Collect()
    {
        while (!Reached.Wait(0))
        {
            GC.Collect();
            Reached.Wait(20);
        }
    }

    private static double Nanoseconds(long start) => Stopwatch.GetElapsedTime(start).TotalNanoseconds / Count;
}
