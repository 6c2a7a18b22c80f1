extern alias basic;

using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.VisualBasic;

namespace WeakRefAnalyzers.Tests.VisualBasic;

/// <summary>Runs all rules that read Visual Basic over a source: its comments at the ends of lines say what is to be told there.</summary>
internal static partial class Basic
{
    private static readonly VisualBasicCompilationOptions Library = new(
        OutputKind.DynamicallyLinkedLibrary,
        globalImports: GlobalImport.Parse("System", "System.Collections.Generic", "System.IO", "System.Linq",
            "System.Runtime.CompilerServices", "System.Runtime.InteropServices", "System.Threading", "WeakRefs"));

    public static async Task Check(string source)
    {
        var expected = source.Split('\n').Index()
            .SelectMany(static line => Marker().Match(line.Item) is { Success: true } match
                ? match.Groups[1].Value.Split(' ').Select(id => $"{line.Index + 1}: {id}") : []);
        Assert.Equal(expected, (await Run(source)).Select(static told => $"{LineOf(told)}: {told.Id}"));
    }

    public static async Task<Diagnostic[]> Run(string source, bool mayFail = false)
    {
        var tree = VisualBasicSyntaxTree.ParseText(source, path: "Source.vb");
        var compilation = VisualBasicCompilation.Create("Source", [tree], [.. References.Net10, References.Net10WeakRefs], Library);
        var errors = compilation.GetDiagnostics().Where(static told => told.Severity == DiagnosticSeverity.Error);
        Assert.True(mayFail || !errors.Any(), string.Join("\n", errors));
        Exception? failure = null;
        var options = new CompilationWithAnalyzersOptions(
            new AnalyzerOptions([]), (exception, _, _) => failure = exception, concurrentAnalysis: false, logAnalyzerExecutionTime: false);
        var told = await compilation.WithAnalyzers([new basic::WeakRefAnalyzers.WeakRefAnalyzer()], options)
            .GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
        Assert.Null(failure);
        return [.. told.OrderBy(LineOf).ThenBy(static one => one.Id, StringComparer.Ordinal)];
    }

    private static int LineOf(Diagnostic told) => told.Location.GetLineSpan().StartLinePosition.Line + 1;

    [GeneratedRegex(@"' (WREF\d+(?: WREF\d+)*)\r?$")]
    private static partial Regex Marker();
}
