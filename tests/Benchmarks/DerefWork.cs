using System.Diagnostics;
using WeakRefs;

namespace Benchmarks;

/// <summary><see cref="WeakRef{T}"/> against the class it wraps, in many short alternating rounds of one process.</summary>
internal static class DerefWork
{
    private const int Count = 1000, Repeats = 20, Rounds = 2001;

    public static void Run()
    {
        Target[] targets = new Target[Count];
        WeakRef<Target>[] ours = new WeakRef<Target>[Count];
        WeakReference<Target>[] theirs = new WeakReference<Target>[Count];
        for (int i = 0; i < Count; i++)
        {
            targets[i] = new Target();
            ours[i] = new WeakRef<Target>(targets[i]);
            theirs[i] = new WeakReference<Target>(targets[i]);
        }

        double[] deref = new double[Rounds], tryGet = new double[Rounds], bcl = new double[Rounds];
        for (int round = 0; round < deref.Length; round++)
        {
            long start = Stopwatch.GetTimestamp();
            int found = 0;
            for (int n = 0; n < Repeats; n++)
            {
                foreach (WeakReference<Target> reference in theirs)
                {
                    if (reference.TryGetTarget(out Target? target) && target.A == 0)
                        found++;
                }
            }

            bcl[round] = Nanoseconds(start);
            start = Stopwatch.GetTimestamp();
            for (int n = 0; n < Repeats; n++)
            {
                foreach (WeakRef<Target> reference in ours)
                {
                    if (reference.TryGetTarget(out Target? target) && target.A == 0)
                        found++;
                }
            }

            tryGet[round] = Nanoseconds(start);
            start = Stopwatch.GetTimestamp();
            for (int n = 0; n < Repeats; n++)
            {
                foreach (WeakRef<Target> reference in ours)
                {
                    if (reference.Deref() is { } target && target.A == 0)
                        found++;
                }
            }

            deref[round] = Nanoseconds(start);
            if (found != 3 * Count * Repeats)
                throw new InvalidOperationException("A target was lost.");
        }

        Array.Sort(bcl);
        Array.Sort(tryGet);
        Array.Sort(deref);
        RegistryWork.Report("deref_WeakReference_ns", bcl[Rounds / 2]);
        RegistryWork.Report("deref_WeakRef_TryGetTarget_ns", tryGet[Rounds / 2]);
        RegistryWork.Report("deref_WeakRef_Deref_ns", deref[Rounds / 2]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        foreach (WeakRef<Target> reference in ours)
            reference.Deref();
        RegistryWork.Report("deref_allocated_bytes", GC.GetAllocatedBytesForCurrentThread() - before);
        GC.KeepAlive(targets);
    }

    private static double Nanoseconds(long start) => Stopwatch.GetElapsedTime(start).TotalNanoseconds / (Count * Repeats);
}
