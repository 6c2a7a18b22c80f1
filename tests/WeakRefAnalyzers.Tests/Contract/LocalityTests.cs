using System.Collections.Immutable;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace WeakRefAnalyzers.Tests.Contract;

/// <summary>
/// An editor asks for the diagnostics of one document, of the member that is being typed in, and of the span of a light bulb. It has to
/// show what the build shows: Roslyn drops what an action reports outside the node or body it was called for.
/// </summary>
public class LocalityTests
{
    public static IEnumerable<object[]> Files =>
        AllRulesTests.TestFiles.Concat(Repository.List("samples/Misuse", "WREF*.cs").Select(static file => new object[] { file }));

    [Theory]
    [MemberData(nameof(Files))]
    public async Task AnEditorShowsWhatTheBuildShows(string path)
    {
        var sources = path.StartsWith("samples/", StringComparison.Ordinal) ? [Repository.Read(path)] : AllRulesTests.SourcesIn(path);
        foreach (var source in sources)
        {
            var compilation = AllRulesTests.Compile(source);
            var build = await Whole.AnalyzeAsync(compilation);
            if (build.IsEmpty)
            {
                continue;
            }

            var tree = compilation.SyntaxTrees.First();
            Assert.Equal(Text(build), Text(await AskAsync(compilation, tree, span: null)));
            foreach (var report in build)
            {
                var span = report.Location.SourceSpan;
                var shown = await AskAsync(compilation, tree, span);
                Assert.True(Within(span, build).SequenceEqual(Within(span, shown)), $"Asked for the span of {report}\n\n{source}");
            }

            foreach (var member in build.Select(report => MemberAround(tree, report.Location.SourceSpan)).Distinct())
            {
                var shown = await AskAsync(compilation, tree, member);
                Assert.True(
                    Within(member, build).SequenceEqual(Within(member, shown)),
                    $"Asked for {tree.GetText().ToString(member)}\n\n{source}");
            }
        }
    }

    /// <summary>With a driver of its own each time, as it comes after an edit.</summary>
    private static async Task<ImmutableArray<Diagnostic>> AskAsync(Compilation compilation, SyntaxTree tree, TextSpan? span)
    {
        var driver = compilation.WithAnalyzers([new WeakRefAnalyzer()]);
        return await driver.GetAnalyzerSemanticDiagnosticsAsync(compilation.GetSemanticModel(tree), span, CancellationToken.None);
    }

    private static IEnumerable<string> Text(IEnumerable<Diagnostic> diagnostics) =>
        diagnostics.Select(static diagnostic => diagnostic.ToString()).Order(StringComparer.Ordinal);

    private static IEnumerable<string> Within(TextSpan span, IEnumerable<Diagnostic> diagnostics) =>
        Text(diagnostics.Where(diagnostic => span.Contains(diagnostic.Location.SourceSpan)));

    private static TextSpan MemberAround(SyntaxTree tree, TextSpan span)
        => tree.GetRoot().FindNode(span).FirstAncestorOrSelf<MemberDeclarationSyntax>()!.Span;
}
