using System.Collections.Concurrent;
using System.Collections.Immutable;
using FieldTests;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using WeakRefAnalyzers;

namespace Fuzz;

/// <summary>What came of the mutants of one kind.</summary>
internal sealed class Tally
{
    public int Mutants { get; set; }

    public int Reports { get; set; }

    public int Fixed { get; set; }

    public TimeSpan Longest { get; set; }
}

/// <summary>
/// Mutates sources, seeded, and asks of each mutant: no exception, the same answer from run to run, on one thread and on several, in
/// the editor as in the build, every report inside its file; of every fifth with a report, that its fixes do no harm.
/// </summary>
internal sealed class FuzzRun(IReadOnlyList<string> texts)
{
    private const int Fifth = 5;

    /// <summary>A run that takes so long hangs, on however busy a machine.</summary>
    private static readonly TimeSpan Hang = TimeSpan.FromMinutes(2);

    private readonly SyntaxTree[] _sources = [.. texts.Select(static text => CSharpSyntaxTree.ParseText(text, FieldRun.ParseOptions))];
    private readonly Project _empty = FieldRun.Empty();

    public SortedDictionary<MutantKind, Tally> Kinds { get; } = [];

    /// <summary>What went wrong, with the seed of the mutant: <c>Fuzz --seed n --mutants 1</c> makes it again.</summary>
    public List<string> Faults { get; } = [];

    public async Task RunAsync(int seed, int mutants, bool withFixes = true)
    {
        var reported = 0;
        for (var i = 0; i < mutants; i++)
        {
            var mutant = Mutant.Of(_sources, new Random(seed + i));
            if (!Kinds.TryGetValue(mutant.Kind, out var tally))
            {
                Kinds.Add(mutant.Kind, tally = new Tally());
            }

            tally.Mutants++;
            try
            {
                var reports = await AnalyzeAsync(mutant, tally, fault => Add(fault));
                tally.Reports += reports;
                if (withFixes && reports > 0 && reported++ % Fifth == 0)
                {
                    var document = _empty.AddDocument("Mutant.cs", SourceText.From(mutant.Text), filePath: "Mutant.cs");
                    var report = await FieldRun.RunAsync(document.Project, static path => path);
                    tally.Fixed += report.Fixed;
                    foreach (var wrong in report.Wrong)
                    {
                        Add(wrong);
                    }
                }
            }
            catch (Exception thrown) when (thrown is not OutOfMemoryException)
            {
                Add(thrown.ToString());
            }

            void Add(string fault) => Faults.Add($"seed {seed + i} ({mutant.Kind}): {fault}");
        }
    }

    public string Describe() => string.Join('\n', Kinds.Select(static entry =>
        $"{entry.Key,-10} {entry.Value.Mutants,7} mutants {entry.Value.Reports,7} reports {entry.Value.Fixed,6} fixes "
        + $"longest {entry.Value.Longest.TotalMilliseconds,6:F0} ms"));

    private async Task<int> AnalyzeAsync(Mutant mutant, Tally tally, Action<string> add)
    {
        var (together, spent) = await BuildAsync(mutant, isConcurrent: true, add);
        var (alone, _) = await BuildAsync(mutant, isConcurrent: false, add);
        tally.Longest = spent > tally.Longest ? spent : tally.Longest;
        if (!together.SequenceEqual(alone))
        {
            add("on one thread it says something else:" + Difference(together, alone));
        }

        var compilation = await CompileAsync(mutant);
        var tree = compilation.SyntaxTrees.Last();
        var driver = compilation.WithAnalyzers([new WeakRefAnalyzer()]);
        var shown = await driver.GetAnalyzerSemanticDiagnosticsAsync(compilation.GetSemanticModel(tree), null, default);
        if (!together.SequenceEqual(Texts(shown)))
        {
            add("an editor shows something else:" + Difference(together, Texts(shown)));
        }

        return together.Length;
    }

    private async Task<(string[] Reports, TimeSpan Spent)> BuildAsync(Mutant mutant, bool isConcurrent, Action<string> add)
    {
        var compilation = await CompileAsync(mutant);
        var tree = compilation.SyntaxTrees.Last();
        var thrown = new ConcurrentQueue<Exception>();
        var options = new CompilationWithAnalyzersOptions(
            new AnalyzerOptions([]), (exception, _, _) => thrown.Enqueue(exception), isConcurrent, logAnalyzerExecutionTime: true);
        using var hang = new CancellationTokenSource(Hang);
        var result = await compilation.WithAnalyzers([new WeakRefAnalyzer()], options).GetAnalysisResultAsync(hang.Token);
        foreach (var exception in thrown)
        {
            add(exception.ToString());
        }

        var reports = result.GetAllDiagnostics();
        foreach (var report in reports)
        {
            if (report.Location.SourceTree != tree || report.Location.SourceSpan.End > tree.Length)
            {
                add("outside the file: " + report);
            }
        }

        return (Texts(reports), result.AnalyzerTelemetryInfo.Values.Single().ExecutionTime);
    }

    private async Task<Compilation> CompileAsync(Mutant mutant) =>
        (await _empty.GetCompilationAsync())!.AddSyntaxTrees(CSharpSyntaxTree.ParseText(mutant.Text, FieldRun.ParseOptions, "Mutant.cs"));

    private static string[] Texts(ImmutableArray<Diagnostic> reports) =>
        [.. reports.Select(static report => report.ToString()).Order(StringComparer.Ordinal)];

    private static string Difference(string[] one, string[] two) =>
        string.Concat(one.Except(two).Select(static text => "\n  - " + text)
            .Concat(two.Except(one).Select(static text => "\n  + " + text)));
}
