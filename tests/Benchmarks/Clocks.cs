using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Benchmarks;

/// <summary>
/// What ran how often, how long the processor was at it, and what it allocated; of one thread. Where the system does not tell a
/// thread's own time it is the time on the wall, in which others' work counts too.
/// </summary>
internal sealed class Clocks
{
    private const int OfThisThread = 3;

    private readonly Dictionary<string, Clock> _clocks = new(StringComparer.Ordinal);

    public IEnumerable<(string Name, long Calls, double Milliseconds, double Megabytes)> All =>
        _clocks.Select(static entry => (entry.Key, entry.Value.Calls, entry.Value.Ticks / 1e6,
            entry.Value.Bytes / 1024.0 / 1024));

    public double Milliseconds => All.Sum(static clock => clock.Milliseconds);

    public double Megabytes => All.Sum(static clock => clock.Megabytes);

    public void Clear()
    {
        foreach (var clock in _clocks.Values)
        {
            (clock.Calls, clock.Ticks, clock.Bytes) = (0, 0, 0);
        }
    }

    /// <summary>The action, with a clock of that name around it.</summary>
    public Action<T> Around<T>(string name, Action<T> action)
    {
        var clock = Of(name);
        return argument =>
        {
            var (start, bytes) = (Now(), GC.GetAllocatedBytesForCurrentThread());
            action(argument);
            clock.Add(Now() - start, GC.GetAllocatedBytesForCurrentThread() - bytes);
        };
    }

    public Action<T1, T2> Around<T1, T2>(string name, Action<T1, T2> action)
    {
        var clock = Of(name);
        return (first, second) =>
        {
            var (start, bytes) = (Now(), GC.GetAllocatedBytesForCurrentThread());
            action(first, second);
            clock.Add(Now() - start, GC.GetAllocatedBytesForCurrentThread() - bytes);
        };
    }

    /// <summary>Nanoseconds.</summary>
    private static long Now() => OperatingSystem.IsLinux() && GetTime(OfThisThread, out var time) == 0
        ? ((long)time.Seconds * 1_000_000_000) + time.Nanoseconds
        : (long)Stopwatch.GetElapsedTime(0).TotalNanoseconds;

    [DllImport("libc", EntryPoint = "clock_gettime")]
    private static extern int GetTime(int clock, out Time time);

    private Clock Of(string name)
    {
        if (!_clocks.TryGetValue(name, out var clock))
        {
            _clocks.Add(name, clock = new Clock());
        }

        return clock;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Time
    {
        public nint Seconds;
        public nint Nanoseconds;
    }

    private sealed class Clock
    {
        public long Calls { get; set; }

        public long Ticks { get; set; }

        public long Bytes { get; set; }

        public void Add(long ticks, long bytes)
        {
            Calls++;
            Ticks += ticks;
            Bytes += bytes;
        }
    }
}
