using System.Diagnostics;
using System.Runtime.CompilerServices;
using WeakRefs;

namespace Benchmarks;

/// <summary><see cref="WeakRef{T}"/> against the class it wraps, in many short alternating rounds of one process.</summary>
internal static class DerefWork
{
    private const int Count = 1000, Repeats = 20, Rounds = 2001;

    public static void Run()
    {
        var targets = new Target[Count];
        var ours = new WeakRef<Target>[Count];
        var theirs = new WeakReference<Target>[Count];
        for (var i = 0; i < Count; i++)
        {
            targets[i] = new Target();
            ours[i] = new WeakRef<Target>(targets[i]);
            theirs[i] = new WeakReference<Target>(targets[i]);
        }

        double[] deref = new double[Rounds], tryGet = new double[Rounds], bcl = new double[Rounds];
        for (var round = 0; round < deref.Length; round++)
        {
            bcl[round] = Time(theirs, static references => TryGetTarget(references));
            tryGet[round] = Time(ours, static references => TryGetTarget(references));
            deref[round] = Time(ours, static references => Deref(references));
        }

        Array.Sort(bcl);
        Array.Sort(tryGet);
        Array.Sort(deref);
        RegistryWork.Report("deref_WeakReference_ns", bcl[Rounds / 2]);
        RegistryWork.Report("deref_WeakRef_TryGetTarget_ns", tryGet[Rounds / 2]);
        RegistryWork.Report("deref_WeakRef_Deref_ns", deref[Rounds / 2]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var reference in ours)
        {
            reference.Deref();
        }

        RegistryWork.Report("deref_allocated_bytes", GC.GetAllocatedBytesForCurrentThread() - before);
        GC.KeepAlive(targets);
    }

    private static double Time<TReference>(TReference[] references, Func<TReference[], int> count)
    {
        var found = 0;
        var start = Stopwatch.GetTimestamp();
        for (var n = 0; n < Repeats; n++)
        {
            found += count(references);
        }

        var result = Stopwatch.GetElapsedTime(start).TotalNanoseconds / (Count * Repeats);
        return found == Count * Repeats ? result : throw new InvalidOperationException("A target was lost.");
    }

    // One small method each, so that none of the loops competes with another for registers.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int TryGetTarget(WeakReference<Target>[] references)
    {
        var found = 0;
        foreach (var reference in references)
        {
            if (reference.TryGetTarget(out var target) && target.A == 0)
            {
                found++;
            }
        }

        return found;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int TryGetTarget(WeakRef<Target>[] references)
    {
        var found = 0;
        foreach (var reference in references)
        {
            if (reference.TryGetTarget(out var target) && target.A == 0)
            {
                found++;
            }
        }

        return found;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Deref(WeakRef<Target>[] references)
    {
        var found = 0;
        foreach (var reference in references)
        {
            if (reference.Deref() is { } target && target.A == 0)
            {
                found++;
            }
        }

        return found;
    }
}
