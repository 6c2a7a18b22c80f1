using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Benchmarks;

/// <summary>
/// Runs the peers alternately, so that whatever else the machine does hits all alike, and prints medians and ratios.
/// </summary>
internal static class Comparison
{
    private static readonly (string Name, string Program, string[] Arguments)[] Peers =
    [
        ("WeakRefs", "", ["peer", "registry-weakrefs"]),
        ("Node", "node", ["--expose-gc", "peers/registry.js"]),
        ("NodeYoung", "node", ["--expose-gc", "--min-semi-space-size=64", "--max-semi-space-size=128", "peers/registry.js"]),
        ("Java", "java", ["-Xms4g", "-Xmx8g", "peers/RegistryPeer.java"]),
        ("JavaPhantom", "java", ["-XX:+UseParallelGC", "-Xms4g", "-Xmx8g", "peers/RegistryPeer.java", "phantom"]),
        ("Table", "", ["peer", "registry-table"]),
        ("Notification", "", ["peer", "notification"]),
        ("Deref", "", ["peer", "deref"]),
        ("WeakCache", "", ["peer", "cache-weakrefs"]),
        ("MemoryCache", "", ["peer", "cache-memory"]),
        ("WeakDictionary", "", ["peer", "cache-weakdictionary"]),
        ("Dictionary", "", ["peer", "cache-dictionary"]),
        ("Lru", "", ["peer", "cache-lru"]),
        ("Lfu", "", ["peer", "cache-lfu"]),
    ];

    /// <summary>Figure and target: at most this many times the other's figure, or at least if it starts with a larger-than sign.</summary>
    private static readonly (string What, string Ours, string Theirs, double Limit)[] Ratios =
    [
        ("register warm / Node", "WeakRefs register_warm_ns", "Node register_warm_ns", 0.55),
        ("register warm / Java", "WeakRefs register_warm_ns", "Java register_warm_ns", 0.55),
        ("register warm / Java by hand", "WeakRefs register_warm_ns", "JavaPhantom register_warm_ns", 1),
        ("register cold / Java by hand", "WeakRefs register_cold_ns", "JavaPhantom register_cold_ns", 1),
        ("churn / Java by hand", "WeakRefs churn_ns", "JavaPhantom churn_ns", 1),
        ("time per callback / Java by hand", "JavaPhantom callbacks_M_per_s", "WeakRefs callbacks_M_per_s", 1),
        ("register warm / Node, large young generation", "WeakRefs register_warm_ns", "NodeYoung register_warm_ns", 1),
        ("register cold / Node, large young generation", "WeakRefs register_cold_ns", "NodeYoung register_cold_ns", 1),
        ("churn / Node, large young generation", "WeakRefs churn_ns", "NodeYoung churn_ns", 1),
        ("register warm / table", "WeakRefs register_warm_ns", "Table register_warm_ns", 1),
        ("register cold / Node", "WeakRefs register_cold_ns", "Node register_cold_ns", 1),
        ("register cold / Java", "WeakRefs register_cold_ns", "Java register_cold_ns", 1),
        ("register cold / table", "WeakRefs register_cold_ns", "Table register_cold_ns", 1),
        ("unregister / Java", "WeakRefs unregister_ns", "Java unregister_ns", 1),
        ("unregister / table", "WeakRefs unregister_ns", "Table unregister_ns", 1),
        ("churn / Node", "WeakRefs churn_ns", "Node churn_ns", 0.2),
        ("churn / Java", "WeakRefs churn_ns", "Java churn_ns", 0.06),
        ("churn / table", "WeakRefs churn_ns", "Table churn_ns", 0.06),
        ("time per callback / Node", "Node callbacks_M_per_s", "WeakRefs callbacks_M_per_s", 1 / 3.0),
        ("time per callback / Java", "Java callbacks_M_per_s", "WeakRefs callbacks_M_per_s", 1 / 12.0),
        ("time per callback / table", "Table callbacks_M_per_s", "WeakRefs callbacks_M_per_s", 1),
        ("gen-0 pause, 1M / table", "WeakRefs gen0_1M_ms", "Table gen0_1M_ms", 0.01),
        ("gen-2 pause, 1M / table", "WeakRefs gen2_1M_ms", "Table gen2_1M_ms", 1),
        ("gen-2 pause, 1M / Node", "WeakRefs gen2_1M_ms", "Node gen2_1M_ms", 1),
        ("gen-2 pause, 1M / Java", "WeakRefs gen2_1M_ms", "Java gen2_1M_ms", 1),
        ("2 threads / 1 thread", "WeakRefs register_2_threads_ns", "WeakRefs register_1_thread_ns", 1 / 1.7),
        ("register by token, cold / Node", "WeakRefs register_token_cold_ns", "Node register_token_cold_ns", 0.6),
        ("register by token, warm / Node", "WeakRefs register_token_warm_ns", "Node register_token_warm_ns", 0.6),
        ("unregister by token, cold / Node", "WeakRefs unregister_token_cold_ns", "Node unregister_token_cold_ns", 0.5),
        ("unregister by token, warm / Node", "WeakRefs unregister_token_warm_ns", "Node unregister_token_warm_ns", 0.5),
        ("TryGetTarget / WeakReference", "Deref deref_WeakRef_TryGetTarget_ns", "Deref deref_WeakReference_ns", 1.05),
        ("Deref / WeakReference", "Deref deref_WeakRef_Deref_ns", "Deref deref_WeakReference_ns", 1.05),
        .. Cache("int_1k"),
        .. Cache("int_100k"),
        .. Cache("string_100k"),
    ];

    private static IEnumerable<(string What, string Ours, string Theirs, double Limit)> Cache(string size)
    {
        foreach (var variant in new[] { "strong", "weak", "tenth" })
        {
            yield return ($"get {variant} {size} / ConcurrentDictionary",
                $"WeakCache get_{variant}_{size}_ns", $"Dictionary get_strong_{size}_ns", 1.3);
            yield return ($"get {variant} {size} / MemoryCache",
                $"WeakCache get_{variant}_{size}_ns", $"MemoryCache get_strong_{size}_ns", 0.2);
            yield return ($"get {variant} {size} / dictionary of WeakReference",
                $"WeakCache get_{variant}_{size}_ns", $"WeakDictionary get_weak_{size}_ns", 1);
            yield return ($"replace {variant} {size} / MemoryCache",
                $"WeakCache replace_{variant}_{size}_ns", $"MemoryCache replace_strong_{size}_ns", 0.8);
            yield return ($"replace {variant} {size} / dictionary of WeakReference",
                $"WeakCache replace_{variant}_{size}_ns", $"WeakDictionary replace_weak_{size}_ns", 1);
        }

        // These are bounded, and keep nothing weakly.
        foreach (var peer in new[] { "Lru", "Lfu" })
        {
            yield return ($"get strong {size} / Concurrent{peer}",
                $"WeakCache get_strong_{size}_ns", $"{peer} get_strong_{size}_ns", 1);
            yield return ($"replace strong {size} / Concurrent{peer}",
                $"WeakCache replace_strong_{size}_ns", $"{peer} replace_strong_{size}_ns", 1);
        }
    }

    public static int Run(int rounds, string[] only)
    {
        Dictionary<string, List<double>> figures = [];
        for (var round = 1; round <= rounds; round++)
        {
            foreach (var (name, program, arguments) in Peers)
            {
                if (only.Length > 0 && !only.Contains(name))
                {
                    continue;
                }

                Console.Error.WriteLine($"round {round} of {rounds}: {name}");
                if (!TryRunPeer(name, program, arguments, figures))
                {
                    Console.Error.WriteLine($"  {name} is not there or failed; its figures are missing");
                }
            }
        }

        Console.WriteLine(
            $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}, {Environment.ProcessorCount} "
                + $"processors, {rounds} rounds");
        Console.WriteLine();
        Console.WriteLine("| figure | median | lowest | highest |");
        Console.WriteLine("|---|--:|--:|--:|");
        foreach (var (key, values) in figures)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {key} | {Median(values):0.###} | {values.Min():0.###} | {values.Max():0.###} |"));
        }

        Console.WriteLine();
        Console.WriteLine("| ratio of medians | is | should be at most | |");
        Console.WriteLine("|---|--:|--:|---|");
        foreach (var (what, ours, theirs, limit) in Ratios)
        {
            if (!figures.TryGetValue(ours, out var our) || !figures.TryGetValue(theirs, out var their))
            {
                continue;
            }

            var ratio = Median(our) / Median(their);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {what} | {ratio:0.000} | {limit:0.###} | {(ratio <= limit ? "" : "no")} |"));
        }

        return 0;
    }

    private static bool TryRunPeer(string name, string program, string[] arguments, Dictionary<string, List<double>> figures)
    {
        ProcessStartInfo start = new(program == "" ? Environment.ProcessPath! : program, arguments)
        {
            RedirectStandardOutput = true,
            WorkingDirectory = AppContext.BaseDirectory,
        };
        try
        {
            using var process = Process.Start(start)!;
            while (process.StandardOutput.ReadLine() is { } line)
            {
                var parts = line.Split(' ');
                var key = $"{name} {parts[0]}";
                if (!figures.TryGetValue(key, out var values))
                {
                    figures.Add(key, values = []);
                }

                values.Add(double.Parse(parts[1], CultureInfo.InvariantCulture));
            }

            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static double Median(List<double> values)
    {
        double[] sorted = [.. values];
        Array.Sort(sorted);
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
