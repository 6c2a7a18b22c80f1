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
/// Mutates sources, seeded, and asks of each mutant: no exception, no run over a second, the same answer from run to run, on one thread
/// and on several, in the editor as in the build, every report inside its file; of every fifth with a report, that its fixes do no harm.
/// </summary>
internal sealed class FuzzRun(IReadOnlyList<string> texts, Action<string>? say = null, string? keep = null)
{
    private const int Fifth = 5;

    /// <summary>Every so many a line, that a run which is ended early leaves a count.</summary>
    private const int Often = 1000;

    private static readonly TimeSpan TooLong = TimeSpan.FromSeconds(1);

    /// <summary>A run that takes so long hangs, on however busy a machine.</summary>
    private static readonly TimeSpan Hang = TimeSpan.FromMinutes(2);

    private readonly SyntaxTree[] _sources = [.. texts.Select(static text => CSharpSyntaxTree.ParseText(text, FieldRun.ParseOptions))];

    /// <summary>All mutants are compiled beside it and so share what is read of its few references.</summary>
    private readonly Project _empty = FieldRun.Empty(Sources.Uses);

    public SortedDictionary<MutantKind, Tally> Kinds { get; } = [];

    /// <summary>What went wrong, with the seed of the mutant: <c>Fuzz --seed n --mutants 1</c> makes it again.</summary>
    public List<string> Faults { get; } = [];

    public async Task RunAsync(int seed, int mutants, bool withFixes = true)
    {
        var empty = (await _empty.GetCompilationAsync())!;
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
                var tree = CSharpSyntaxTree.ParseText(mutant.Text, FieldRun.ParseOptions, "Mutant.cs");
                var reports = await AnalyzeAsync(empty.AddSyntaxTrees(tree), tree, isConcurrent: i % 2 == 0, tally, Add);
                tally.Reports += reports;
                if (withFixes && reports > 0 && (seed + i) % Fifth == 0)
                {
                    var document = _empty.AddDocument("Mutant.cs", SourceText.From(mutant.Text), filePath: "Mutant.cs");
                    var report = await FieldRun.RunAsync(document.Project, static path => path, isReal: false);
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

            if ((i + 1) % Often == 0)
            {
                var spent = Environment.CpuUsage.TotalTime.TotalSeconds;
                say?.Invoke($"{i + 1} mutants from seed {seed}, {Faults.Count} faults, {spent:F0} s of the processor");
            }

            void Add(string fault)
            {
                Faults.Add($"seed {seed + i} ({mutant.Kind}): {fault}");
                say?.Invoke(Faults[^1]);
                if (keep is not null)
                {
                    File.WriteAllText(Path.Combine(keep, $"{seed + i}.cs"), mutant.Text);
                }
            }
        }
    }

    public string Describe() => string.Join('\n', Kinds.Select(static entry =>
        $"{entry.Key,-10} {entry.Value.Mutants,7} mutants {entry.Value.Reports,7} reports {entry.Value.Fixed,6} fixes "
        + $"longest {entry.Value.Longest.TotalMilliseconds,6:F0} ms"));

    /// <summary>
    /// Two runs tell all: a build and an editor, one on several threads and the other on one, for the next mutant the other way round.
    /// </summary>
    private static async Task<int> AnalyzeAsync(
        Compilation compilation, SyntaxTree tree, bool isConcurrent, Tally tally, Action<string> add)
    {
        var (built, spent) = await BuildAsync(compilation, tree, isConcurrent, add);
        var shown = await ShownAsync(compilation, tree, !isConcurrent, add);
        if (!built.SequenceEqual(shown))
        {
            add("of a build and an editor, one on several threads, one has - and the other +:" + Difference(built, shown)
                + "\nanother build:" + Difference(built, (await BuildAsync(compilation, tree, isConcurrent, add)).Reports)
                + "\na build the other way:" + Difference(built, (await BuildAsync(compilation, tree, !isConcurrent, add)).Reports)
                + "\nan editor the other way:" + Difference(built, await ShownAsync(compilation, tree, isConcurrent, add)));
        }

        // The clock runs on while others have the processor.
        for (var again = 0; again < 3 && spent > TooLong; again++)
        {
            spent = (await BuildAsync(compilation, tree, isConcurrent: false, add)).Spent;
        }

        if (spent > TooLong)
        {
            add($"takes {spent.TotalMilliseconds:F0} ms");
        }

        tally.Longest = spent > tally.Longest ? spent : tally.Longest;
        return built.Length;
    }

    private static async Task<(string[] Reports, TimeSpan Spent)> BuildAsync(
        Compilation compilation, SyntaxTree tree, bool isConcurrent, Action<string> add)
    {
        using var hang = new CancellationTokenSource(Hang);
        var result = await Driver(compilation, isConcurrent, add).GetAnalysisResultAsync(hang.Token);
        return (
            Texts(result.GetAllDiagnostics(), tree, add),
            result.AnalyzerTelemetryInfo.Values.Single().ExecutionTime);
    }

    private static async Task<string[]> ShownAsync(Compilation compilation, SyntaxTree tree, bool isConcurrent, Action<string> add)
    {
        using var hang = new CancellationTokenSource(Hang);
        var driver = Driver(compilation, isConcurrent, add);
        return Texts(
            await driver.GetAnalyzerSemanticDiagnosticsAsync(compilation.GetSemanticModel(tree), null, hang.Token), tree, add);
    }

    private static CompilationWithAnalyzers Driver(Compilation compilation, bool isConcurrent, Action<string> add) =>
        compilation.WithAnalyzers(
            [new WeakRefAnalyzer()],
            new CompilationWithAnalyzersOptions(
                new AnalyzerOptions([]),
                (exception, _, _) =>
                {
                    lock (add)
                    {
                        add(exception.ToString());
                    }
                },
                isConcurrent,
                logAnalyzerExecutionTime: true));

    private static string[] Texts(ImmutableArray<Diagnostic> reports, SyntaxTree tree, Action<string> add)
    {
        foreach (var report in reports)
        {
            if (report.Location.SourceTree != tree || report.Location.SourceSpan.End > tree.Length)
            {
                add("outside the file: " + report);
            }
        }

        return [.. reports.Select(static report => report.ToString()).Order(StringComparer.Ordinal)];
    }

    private static string Difference(string[] one, string[] two) =>
        string.Concat(one.Except(two).Select(static text => "\n  - " + text)
            .Concat(two.Except(one).Select(static text => "\n  + " + text)));
}
