using System.Diagnostics;
using System.Runtime.CompilerServices;
using WeakRefs;

namespace Benchmarks;

/// <summary>How long after a collection the callback runs, and whether one is ever lost.</summary>
internal static class NotificationWork
{
    private static long _calledAt;

    public static void Run(int count)
    {
        FinalizationRegistry<int> registry = new(static _ => Volatile.Write(ref _calledAt, Stopwatch.GetTimestamp()));
        double[] fromStart = new double[count], fromEnd = new double[count];
        int late = 0, lost = 0;
        for (var i = 0; i < count; i++)
        {
            Volatile.Write(ref _calledAt, 0);
            Register(registry);
            var start = Stopwatch.GetTimestamp();
            GC.Collect(0);
            var end = Stopwatch.GetTimestamp();
            // As long as the poll, it is the bells' doing; a call that comes only with the poll counts as lost by them.
            while (Volatile.Read(ref _calledAt) == 0 && Stopwatch.GetElapsedTime(end).TotalMilliseconds < 200)
            {
                Thread.SpinWait(10);
            }

            if (Volatile.Read(ref _calledAt) == 0)
            {
                late++;
                while (Volatile.Read(ref _calledAt) == 0 && Stopwatch.GetElapsedTime(end).TotalSeconds < 10)
                {
                    Thread.Sleep(1);
                }
            }

            var called = Volatile.Read(ref _calledAt);
            if (called == 0)
            {
                lost++;
                continue;
            }

            fromStart[i] = Stopwatch.GetElapsedTime(start, called).TotalMicroseconds;
            fromEnd[i] = Math.Max(0, Stopwatch.GetElapsedTime(end, called).TotalMicroseconds);
        }

        Array.Sort(fromStart);
        Array.Sort(fromEnd);
        RegistryWork.Report("notify_from_collect_call_p50_us", fromStart[count / 2]);
        RegistryWork.Report("notify_from_collect_call_p99_us", fromStart[count * 99 / 100]);
        RegistryWork.Report("notify_after_collection_p50_us", fromEnd[count / 2]);
        RegistryWork.Report("notify_after_collection_p99_us", fromEnd[count * 99 / 100]);
        RegistryWork.Report("notify_by_poll_only", late);
        RegistryWork.Report("notify_lost", lost);
        GC.KeepAlive(registry);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Register(FinalizationRegistry<int> registry) => registry.Register(new object(), 0);
}
