using System.Collections.Immutable;
using System.Diagnostics;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using WeakRefAnalyzers;

namespace Benchmarks;

/// <summary>
/// What the analyzers cost on a folder of sources, beside an empty analyzer with the same registrations and all classes of
/// NetAnalyzers, in one process on one thread: times that others share the machine with mean nothing, ratios do.
/// </summary>
internal static class AnalyzerWork
{
    /// <summary>No round with NetAnalyzers begins later; nearly all the time goes to them.</summary>
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(60);

    private const int FewLines = 1000;

    /// <summary>Those of the SDK, without which little of new code binds.</summary>
    private const string ImplicitUsings = "global using System; global using System.Collections.Generic; global using System.IO; "
        + "global using System.Linq; global using System.Threading; global using System.Threading.Tasks;";

    /// <summary>Runs in processes of their own with the tiers of an ordinary host, which this one does without.</summary>
    public static int Start(string folder, int rounds)
    {
        var code = Start("analyzers-here", folder, rounds);
        return code != 0 ? code : Start("analyzers-small", folder, rounds);
    }

    /// <summary>Together, then ours and the empty one, then ours by action and by rule.</summary>
    public static int Run(string folder, int rounds)
    {
        var trees = Trees(folder);
        Console.WriteLine($"{trees.Length} files, {Lines(trees)} lines; own time in ms, one thread, load {Load()}");
        Console.WriteLine($"{"",-56} {"first",10} {"warm",10} {"least",10}");
        var theirs = NetAnalyzers();
        DiagnosticAnalyzer[] both = [new EmptyAnalyzer(), new WeakRefAnalyzer()];
        var together = Rounds(trees, theirs.AddRange(both), rounds, Stopwatch.StartNew());
        var mean = Figures(together, theirs.Contains, theirs.Length);
        Print($"one of {theirs.Length} classes of NetAnalyzers, the mean", mean);
        Compare("beside them", together, mean);
        Compare("without them", Rounds(trees, [.. both], 2 * rounds, null), mean);
        return RunOwn(trees, rounds);
    }

    /// <summary>Ours alone, by action and by rule.</summary>
    public static int RunOwn(string folder, int rounds) => RunOwn(Trees(folder), rounds);

    /// <summary>Ours and the empty one, without anybody else's.</summary>
    public static int RunAlone(string folder, int rounds)
    {
        var trees = Trees(folder);
        Console.WriteLine($"{trees.Length} files, {Lines(trees)} lines; own time in ms, one thread, load {Load()}");
        var found = Rounds(trees, [new EmptyAnalyzer(), new WeakRefAnalyzer()], rounds, null);
        Print("the empty analyzer", Figures(found, static analyzer => analyzer is EmptyAnalyzer));
        Print("ours", Figures(found, static analyzer => analyzer is WeakRefAnalyzer));
        return 0;
    }

    /// <summary>A small project, where the first round is the one that counts.</summary>
    public static int RunSmall(string folder, int rounds)
    {
        var lines = 0;
        var trees = Trees(folder).Where(static tree => tree.GetText().ToString() is var text
            && (text.Contains("WeakReference", StringComparison.Ordinal) || text.Contains("GCHandle", StringComparison.Ordinal)))
            .TakeWhile(tree => (lines += tree.GetText().Lines.Count) < 2 * FewLines).ToList();
        while (trees.Count > 1 && Lines([.. trees]) > FewLines + 200)
        {
            trees.RemoveAt(trees.Count - 1);
        }

        if (trees.Count == 0)
        {
            trees.AddRange(Trees(folder).Take(5));
        }

        // Against a process that has bound and run the empty analyzer: what is left is the cost of our own first time.
        _ = Rounds([.. trees], [new EmptyAnalyzer()], 1, null);
        var found = Rounds([.. trees], [new WeakRefAnalyzer()], Math.Max(rounds, 10), null);
        Console.WriteLine($"{trees.Count} files that use weak references, {Lines([.. trees])} lines, load {Load()}");
        Print("ours alone", Figures(found, static analyzer => analyzer is WeakRefAnalyzer));
        return 0;
    }

    private static int RunOwn(SyntaxTree[] trees, int rounds)
    {
        var timed = new TimedAnalyzer();
        _ = Rounds(trees, [timed], 1, null);
        timed.Actions.Clear();
        timed.Rules.Clear();
        _ = Rounds(trees, [timed], rounds - 1, null);
        Console.WriteLine($"a warm round of ours, mean of {rounds}, with clocks: {timed.Actions.Milliseconds / rounds:F1} ms, "
            + $"{timed.Actions.Megabytes / rounds:F1} MB allocated");
        Print("action", timed.Actions, rounds);
        Print("rule, within the actions", timed.Rules, rounds);
        return 0;
    }

    private static int Start(string command, string folder, int rounds)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { UseShellExecute = false };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet")
        {
            start.ArgumentList.Add(typeof(AnalyzerWork).Assembly.Location);
        }

        start.ArgumentList.Add(command);
        start.ArgumentList.Add(folder);
        start.ArgumentList.Add(rounds.ToString());
        start.Environment["DOTNET_TieredCompilation"] = "1";
        start.Environment["DOTNET_TieredPGO"] = "1";
        using var process = Process.Start(start)!;
        process.WaitForExit();
        return process.ExitCode;
    }

    private static SyntaxTree[] Trees(string folder)
    {
        var parse = new CSharpParseOptions(LanguageVersion.Preview);
        return [.. Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(file => CSharpSyntaxTree.ParseText(File.ReadAllText(file), parse, file)),
            CSharpSyntaxTree.ParseText(ImplicitUsings, parse, "ImplicitUsings.cs")];
    }

    private static int Lines(SyntaxTree[] trees) => trees.Sum(static tree => tree.GetText().Lines.Count);

    private static CSharpCompilation Compile(SyntaxTree[] trees)
    {
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(static path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
            .Select(static path => MetadataReference.CreateFromFile(path));
        return CSharpCompilation.Create(
            "folder",
            trees,
            references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
    }

    private static ImmutableArray<DiagnosticAnalyzer> NetAnalyzers()
    {
        var package = typeof(AnalyzerWork).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static data =>
            data.Key == "NetAnalyzers").Value!;
        var found = ImmutableArray.CreateBuilder<DiagnosticAnalyzer>();
        foreach (var name in new[] { "Microsoft.CodeAnalysis.NetAnalyzers.dll", "Microsoft.CodeAnalysis.CSharp.NetAnalyzers.dll" })
        {
            foreach (var type in Types(Assembly.LoadFrom(Path.Combine(package, "analyzers", "dotnet", "cs", name))))
            {
                if (!type.IsAbstract
                    && type.GetCustomAttribute<DiagnosticAnalyzerAttribute>()?.Languages.Contains(LanguageNames.CSharp) == true)
                {
                    found.Add((DiagnosticAnalyzer)Activator.CreateInstance(type)!);
                }
            }
        }

        return found.ToImmutable();
    }

    private static IEnumerable<Type> Types(Assembly assembly)
    {
        try
        {
            return assembly.GetTypes();
        }
        catch (ReflectionTypeLoadException e)
        {
            return e.Types.OfType<Type>();
        }
    }

    /// <summary>The first round and so many warm ones, as far as the budget reaches; each over a compilation of its own.</summary>
    private static List<Dictionary<DiagnosticAnalyzer, double>> Rounds(SyntaxTree[] trees, ImmutableArray<DiagnosticAnalyzer> analyzers,
        int warm, Stopwatch? spent)
    {
        List<Dictionary<DiagnosticAnalyzer, double>> found = [];
        while (found.Count <= warm && (found.Count < 2 || spent is null || spent.Elapsed < Budget))
        {
            found.Add(Times(Compile(trees), analyzers));
        }

        return found;
    }

    private static Dictionary<DiagnosticAnalyzer, double> Times(Compilation compilation, ImmutableArray<DiagnosticAnalyzer> analyzers)
    {
        _ = compilation.GetDiagnostics(); // Binding is nobody's own time.
        var options =
            new CompilationWithAnalyzersOptions(new AnalyzerOptions([]), null, concurrentAnalysis: false, logAnalyzerExecutionTime: true);
        var result = compilation.WithAnalyzers(analyzers, options).GetAnalysisResultAsync(default).GetAwaiter().GetResult();
        return result.AnalyzerTelemetryInfo.ToDictionary(
            static entry => entry.Key,
            static entry => entry.Value.ExecutionTime.TotalMilliseconds);
    }

    private static (double First, double Warm, double Least) Figures(
        List<Dictionary<DiagnosticAnalyzer, double>> rounds,
        Func<DiagnosticAnalyzer, bool> which,
        int of = 1)
    {
        var sums = rounds.Select(round => round.Where(entry => which(entry.Key)).Sum(static entry => entry.Value) / of).ToArray();
        var warm = sums.Skip(1).Order().ToArray();
        return (sums[0], warm[warm.Length / 2], warm[0]);
    }

    private static void Compare(
        string how,
        List<Dictionary<DiagnosticAnalyzer, double>> rounds,
        (double First, double Warm, double Least) mean)
    {
        var empty = Figures(rounds, static analyzer => analyzer is EmptyAnalyzer);
        var ours = Figures(rounds, static analyzer => analyzer is WeakRefAnalyzer);
        Print($"the empty analyzer {how}", empty);
        Print($"ours {how}, median of {rounds.Count - 1} warm rounds", ours);
        Console.WriteLine($"  ours / empty {ours.Warm / empty.Warm:F2}, least {ours.Least / empty.Least:F2}   "
            + $"ours / mean class {ours.Warm / mean.Warm:F2}, least {ours.Least / mean.Least:F2}");
    }

    private static void Print(string what, (double First, double Warm, double Least) figures)
        => Console.WriteLine($"{what,-56} {figures.First,10:F1} {figures.Warm,10:F1} {figures.Least,10:F1}");

    private static void Print(string what, Clocks clocks, int rounds)
    {
        Console.WriteLine($"  {what,-40} {"calls",10} {"ms",10} {"MB",10}");
        foreach (var (name, calls, milliseconds, megabytes) in clocks.All.OrderByDescending(static clock => clock.Milliseconds))
        {
            Console.WriteLine($"  {name,-40} {calls / rounds,10} {milliseconds / rounds,10:F2} {megabytes / rounds,10:F2}");
        }
    }

    private static string Load() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";
}
