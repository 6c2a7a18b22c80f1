#if NET8_0_OR_GREATER
using System.Diagnostics.Metrics;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace WeakRefs.Registry;

/// <summary>
/// The meter <c>WeakRefs</c>. What is there is counted when somebody asks; lookups are counted from when somebody first asked; calls
/// of callbacks, by the batch, are added to counters that look whether anybody listens.
/// </summary>
internal sealed class LibraryMeter : IDisposable
{
    private static LibraryMeter? _current;
    private static bool _isAsked;
    private static volatile bool _isWanted;
    private static volatile bool _isClosed;

    /// <summary>Of all caches with keys and values of those types, dead ones included, so that they never fall.</summary>
    private static readonly Dictionary<(string Key, string Value), WeakCacheStatistics> Totals = [];

    private readonly Meter _meter = new("WeakRefs");
    private readonly Counter<long> _callbacks, _failures;

    private LibraryMeter()
    {
        _callbacks = _meter.CreateCounter<long>("weakrefs.callbacks", "{callback}", "Cleanup callbacks that ran.");
        _failures = _meter.CreateCounter<long>("weakrefs.callback.failures", "{callback}", "Cleanup callbacks that threw.");
        _meter.CreateObservableUpDownCounter(
            "weakrefs.registrations", Registrations, "{registration}", "Registrations not called or cancelled yet.");
        _meter.CreateObservableUpDownCounter(
            "weakrefs.cache.entries", Entries, "{entry}", "Entries of caches, those of collected values included until they are removed.");
        _meter.CreateObservableCounter(
            "weakrefs.cache.lookups", Lookups, "{lookup}", "Lookups in caches, since this was first asked for.");
    }

    public static bool IsOpen => Volatile.Read(ref _current) is not null;

    /// <summary>Lookups are being counted.</summary>
    public static bool IsCounting { get; private set; }

    /// <summary>
    /// Opens the meter once the assembly with meters is loaded: without it nobody can listen, and loading it takes some milliseconds.
    /// May run code of listeners. On the watcher's thread, so that nobody else waits for it.
    /// </summary>
    public static void Open()
    {
        if (!_isAsked)
        {
            _isAsked = true;
            AppDomain.CurrentDomain.AssemblyLoad += Loaded; // First, or one that is loaded just now is missed.
            // Where no code can be loaded all is compiled in.
            if (!RuntimeFeature.IsDynamicCodeSupported || Array.Exists(AppDomain.CurrentDomain.GetAssemblies(), HasMeters))
            {
                _isWanted = true;
            }
        }

        if (!_isWanted)
        {
            return;
        }

        _isWanted = false; // Even if a listener throws.
        AppDomain.CurrentDomain.AssemblyLoad -= Loaded;
        OpenNow();
    }

    /// <summary>The runtime would keep the meter, and with it this assembly.</summary>
    public static void Close()
    {
        _isClosed = true;
        AppDomain.CurrentDomain.AssemblyLoad -= Loaded;
        _current?.Dispose();
    }

    private static bool HasMeters(Assembly assembly) =>
        assembly.FullName?.StartsWith("System.Diagnostics.DiagnosticSource,", StringComparison.Ordinal) == true;

    private static void Loaded(object? sender, AssemblyLoadEventArgs loaded)
    {
        if (HasMeters(loaded.LoadedAssembly))
        {
            _isWanted = true;
            CollectionWatcher.Wake();
        }
    }

    /// <summary>Not inlined: to compile it loads the assembly.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void OpenNow()
    {
        _current = new LibraryMeter();
        if (_isClosed)
        {
            Close();
        }
    }

    public static void CountCallbacks(int count) => _current?.Add(count, failures: 0);

    public static void CountFailure() => _current?.Add(0, failures: 1);

    /// <summary>Where a cache with keys and values of those types counts too, while lookups are counted.</summary>
    public static WeakCacheStatistics? TotalOf((string Key, string Value) types)
    {
        if (!IsCounting)
        {
            return null;
        }

        lock (Totals)
        {
            if (!Totals.TryGetValue(types, out var total))
            {
                Totals.Add(types, total = new WeakCacheStatistics());
            }

            return total;
        }
    }

    public void Dispose() => _meter.Dispose();

    private void Add(int callbacks, int failures)
    {
        try
        {
            _callbacks.Add(callbacks);
            _failures.Add(failures);
        }
        catch (Exception)
        {
            // A listener's trouble must not hold up the callbacks.
        }
    }

    private static long Registrations()
    {
        long count = 0;
        foreach (var owner in CollectionWatcher.Owners())
        {
            count += owner.Types is null ? owner.Count : 0;
        }

        return count;
    }

    private static List<Measurement<long>> Entries()
    {
        Dictionary<(string Key, string Value), long> counts = [];
        foreach (var owner in CollectionWatcher.Owners())
        {
            if (owner.Types is { } types)
            {
                counts[types] = counts.GetValueOrDefault(types) + owner.Count;
            }
        }

        List<Measurement<long>> result = [];
        foreach (var (types, count) in counts)
        {
            result.Add(new(count, KeyType(types), ValueType(types)));
        }

        return result;
    }

    private static List<Measurement<long>> Lookups()
    {
        if (!IsCounting)
        {
            IsCounting = true;
            foreach (var owner in CollectionWatcher.Owners())
            {
                owner.StartCounting();
            }
        }

        List<Measurement<long>> result = [];
        lock (Totals)
        {
            foreach (var (types, total) in Totals)
            {
                var weak = total.WeakHits;
                result.Add(new(total.Hits - weak, KeyType(types), ValueType(types), new("result", "hit")));
                result.Add(new(weak, KeyType(types), ValueType(types), new("result", "weak_hit")));
                result.Add(new(total.Misses, KeyType(types), ValueType(types), new("result", "miss")));
            }
        }

        return result;
    }

    private static KeyValuePair<string, object?> KeyType((string Key, string Value) types) => new("key.type", types.Key);

    private static KeyValuePair<string, object?> ValueType((string Key, string Value) types) => new("value.type", types.Value);
}
#endif
