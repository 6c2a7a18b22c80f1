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
    /// <summary>Runs in a process of its own with the tiers of an ordinary host, which this one does without.</summary>
    public static int Start(string folder, int rounds)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { UseShellExecute = false };
        foreach (var argument in new[]
        {
            typeof(AnalyzerWork).Assembly.Location,
            "analyzers-here",
            folder,
            rounds.ToString()
        }.Skip(Environment.ProcessPath!.EndsWith("dotnet", StringComparison.Ordinal)
            ? 0
            : 1))
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["DOTNET_TieredCompilation"] = "1";
        start.Environment["DOTNET_TieredPGO"] = "1";
        using var process = Process.Start(start)!;
        process.WaitForExit();
        return process.ExitCode;
    }

    public static int Run(string folder, int rounds)
    {
        var parse = new CSharpParseOptions(LanguageVersion.Preview);
        var files = Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal);
        var trees = files.Select(file => CSharpSyntaxTree.ParseText(File.ReadAllText(file), parse, file)).ToArray();
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path))
            .ToArray();
        Compilation Compile()
            => CSharpCompilation.Create(
                "folder",
                trees,
                references,
                new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
        Console.WriteLine(
            $"{trees.Length} files, {trees.Sum(tree => tree.GetText().Lines.Count)} lines; own time in ms: first round, median "
                + $"of {rounds} warm ones");

        var theirs = NetAnalyzers();
        var all = theirs.Add(new EmptyAnalyzer()).Add(new WeakRefAnalyzer());
        var times = Enumerable.Range(0, rounds + 1).Select(_ => Times(Compile(), all)).ToArray();
        var ours = Figures(times, analyzer => analyzer is WeakRefAnalyzer);
        var empty = Figures(times, analyzer => analyzer is EmptyAnalyzer);
        var mean = Figures(times, theirs.Contains, theirs.Length);
        Print("ours", ours);
        Print("empty analyzer", empty);
        Print($"one of {theirs.Length} classes of NetAnalyzers, the mean", mean);
        Console.WriteLine(
            $"ours / empty {ours.Warm / empty.Warm:F2}   ours / mean class {ours.Warm / mean.Warm:F2}   "
                + $"first: {ours.First / empty.First:F2}, {ours.First / mean.First:F2}");

        var bare = Allocated(Compile(), new EmptyAnalyzer());
        Console.WriteLine(
            $"allocated beyond the empty analyzer: {(Allocated(Compile(), new WeakRefAnalyzer()) - bare) / 1024.0 / 1024:F1} MB");

        var alone = WeakRefAnalyzer.Catalogue().Select(rule => new OneRule(rule)).ToImmutableArray();
        var perRule = Enumerable.Range(0, rounds).Select(_ => Times(Compile(), alone.CastArray<DiagnosticAnalyzer>())).ToArray();
        Console.WriteLine("each rule alone (what all share counts for each of them):");
        foreach (var rule in alone
            .Select(rule => (rule.Name, Figures(perRule, analyzer => analyzer == rule).Warm))
            .OrderByDescending(static rule => rule.Warm))
        {
            Console.WriteLine($"  {rule.Name,-32} {rule.Warm,8:F1}");
        }

        return 0;
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

    private static (double First, double Warm) Figures(
        Dictionary<DiagnosticAnalyzer, double>[] rounds,
        Func<DiagnosticAnalyzer, bool> which,
        int of = 1)
    {
        var sums = rounds.Select(round => round.Where(entry => which(entry.Key)).Sum(static entry => entry.Value) / of).ToArray();
        var warm = sums.Skip(sums.Length > 1 ? 1 : 0).Order().ToArray();
        return (sums[0], warm[warm.Length / 2]);
    }

    private static long Allocated(Compilation compilation, DiagnosticAnalyzer analyzer)
    {
        _ = compilation.GetDiagnostics();
        var before = GC.GetTotalAllocatedBytes(precise: true);
        _ = compilation.WithAnalyzers([analyzer]).GetAnalyzerDiagnosticsAsync().GetAwaiter().GetResult();
        return GC.GetTotalAllocatedBytes(precise: true) - before;
    }

    private static void Print(string what, (double First, double Warm) figures)
        => Console.WriteLine($"{what,-56} {figures.First,10:F1} {figures.Warm,10:F1}");

#pragma warning disable RS1001, RS1036 // No compiler loads these.
    private sealed class OneRule(Rule rule) : RuleHost([rule])
    {
        public string Name { get; } = rule.GetType().Name;
    }

    /// <summary>Listens to what ours listens to, and does nothing.</summary>
    private sealed class EmptyAnalyzer : DiagnosticAnalyzer
    {
        private static readonly DiagnosticDescriptor Nothing =
            new("EMPTY", "Nothing", "Nothing", "None", DiagnosticSeverity.Info, isEnabledByDefault: true);

        public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Nothing];

        public override void Initialize(AnalysisContext context)
        {
            context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
            context.EnableConcurrentExecution();
            context.RegisterCompilationStartAction(static start =>
            {
                start.RegisterOperationAction(static _ => { }, OperationKind.PropertyReference, OperationKind.Invalid, OperationKind.None);
                start.RegisterOperationAction(static _ => { }, OperationKind.SimpleAssignment);
                start.RegisterOperationAction(static _ => { }, OperationKind.Invocation);
                start.RegisterOperationAction(static _ => { }, OperationKind.ObjectCreation);
                start.RegisterOperationBlockAction(static _ => { });
                start.RegisterSymbolAction(static _ => { }, SymbolKind.Field);
                start.RegisterSyntaxNodeAction(static _ => { }, SyntaxKind.ClassDeclaration, SyntaxKind.RecordDeclaration);
            });
        }
    }
#pragma warning restore RS1001, RS1036
}
