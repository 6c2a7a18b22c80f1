using System.Collections.Immutable;
using System.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using WeakRefAnalyzers;
using WeakRefAnalyzers.Tests.Contract;

namespace Fuzz;

/// <summary>
/// How the processor time of the whole analyzer grows with code of one shape, each size in a process of its own: what never comes back,
/// or overflows the stack, ends only that.
/// </summary>
internal static class Growth
{
    /// <summary>Shapes that are nested so deep are nobody's; the others come from generators.</summary>
    private const int Deep = 16;

    private const int Wide = 200;
    private const int Repeats = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly MetadataReference[] References =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(static path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
            .Select(static path => MetadataReference.CreateFromFile(path))];

    private static IEnumerable<string> Names => GrowthShapes.All.Keys.Concat(TypeShapes.All.Keys);

    /// <summary>A line for each shape: milliseconds at n, 2n and 4n, and how they grow.</summary>
    public static int Run(string[] shapes)
    {
        var worst = 0.0;
        Console.WriteLine($"{"shape",-26} {"n",6} {"n, ms",10} {"2n, ms",10} {"4n, ms",10} {"2n/n",6} {"4n/2n",6}");
        foreach (var shape in Names.Where(name => shapes.Length == 0 || shapes.Contains(name)))
        {
            var n = IsDeep(shape) ? Deep : Wide;
            var times = new[] { n, 2 * n, 4 * n }.Select(size => Measure(shape, size)).ToArray();
            var (first, second) = (times[1] / times[0], times[2] / times[1]);
            Console.WriteLine($"{shape,-26} {n,6} {times[0],10:F1} {times[1],10:F1} {times[2],10:F1} {first,6:F2} {second,6:F2}");
            worst = Math.Max(worst, times[2]);
        }

        Console.WriteLine($"most at 4n: {worst:F0} ms");
        return 0;
    }

    /// <summary>What the analyzer takes beyond one that does nothing, in milliseconds: the least of some runs in this process.</summary>
    public static async Task<int> RunOneAsync(string shape, int size)
    {
        // What it takes the first time any code is analyzed says nothing about this shape.
        _ = await TimeAsync(shape, 2, new WeakRefAnalyzer());
        _ = await TimeAsync(shape, 2, new Idle());
        var (ours, idle) = (double.MaxValue, double.MaxValue);
        for (var i = 0; i < Repeats; i++)
        {
            ours = Math.Min(ours, await TimeAsync(shape, size, new WeakRefAnalyzer()));
            idle = Math.Min(idle, await TimeAsync(shape, size, new Idle()));
        }

        Console.WriteLine(Math.Max(ours - idle, 0.1).ToString(System.Globalization.CultureInfo.InvariantCulture));
        return 0;
    }

    private static bool IsDeep(string shape) => shape.StartsWith("Nested", StringComparison.Ordinal)
        || shape is "ExtensionChain" or "ThenBy" or "Where" or "FromClauses" or "LambdasInLocalFunctions" or "Funcs" or "Conditionals"
            or "ConditionalAccess" or "Coalescing" or "FinalizersOfBases" or "CompoundAssignments" or "Patterns" or "NamedPatterns";

    private static double Measure(string shape, int size)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet")
        {
            start.ArgumentList.Add(typeof(Growth).Assembly.Location);
        }

        foreach (var argument in new[] { "--growth-of", shape, size.ToString() })
        {
            start.ArgumentList.Add(argument);
        }

        // All is compiled at once and for good: otherwise the compiler's own work is most of what one sees.
        start.Environment["DOTNET_TieredCompilation"] = "0";

        // Nor does the collector's work say anything about a shape: it comes in leaps.
        start.Environment["DOTNET_gcConcurrent"] = "0";
        start.Environment["DOTNET_GCgen0size"] = "0x20000000";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
        {
            process.Kill();
            return double.PositiveInfinity;
        }

        return process.ExitCode == 0 ? double.Parse(output.Result, System.Globalization.CultureInfo.InvariantCulture) : double.NaN;
    }

    private static async Task<double> TimeAsync(string shape, int size, DiagnosticAnalyzer analyzer)
    {
        var compilation = Compile(shape, size);
        _ = compilation.GetDiagnostics();
        var options = new CompilationWithAnalyzersOptions(new AnalyzerOptions([]), null, concurrentAnalysis: false, false);
        using var process = Process.GetCurrentProcess();
        GC.Collect();
        process.Refresh();
        var before = process.TotalProcessorTime;
        _ = await compilation.WithAnalyzers(ImmutableArray.Create(analyzer), options).GetAnalyzerDiagnosticsAsync();
        process.Refresh();
        return (process.TotalProcessorTime - before).TotalMilliseconds;
    }

    public static CSharpCompilation Compile(string shape, int size)
    {
        var files = GrowthShapes.All.TryGetValue(shape, out var body) ? [body(size)] : TypeShapes.All[shape](size);
        return CSharpCompilation.Create(
            "growth",
            files.Select(static (text, i) => CSharpSyntaxTree.ParseText(text, path: $"File{i}.cs")),
            References,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
    }
}

/// <summary>Has Roslyn do what it does for any analyzer of bodies.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class Idle : DiagnosticAnalyzer
{
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
        [new DiagnosticDescriptor("IDLE", "Idle", "Idle", "Idle", DiagnosticSeverity.Warning, isEnabledByDefault: true)];

    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterOperationBlockAction(static _ => { });
        context.RegisterOperationAction(static _ => { }, OperationKind.Invocation, OperationKind.ObjectCreation);
    }
}
