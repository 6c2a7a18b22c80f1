using System.Collections.Immutable;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace WeakRefAnalyzers.Tests.Contract;

#if ROSLYN_LATEST
/// <summary>Every C# block of the documents is compiled and analyzed: what a page says is what happens.</summary>
public class PagesTests
{
    public static IEnumerable<object[]> Pages
        => Page.All.Where(static page => page.Blocks.Count > 0).Select(static page => new object[] { page.Path });

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task BlocksDoWhatThePageSays(string path)
    {
        var page = Page.All.Single(page => page.Path == path);
        Page.Block? wrong = null;
        foreach (var block in page.Blocks)
        {
            var place = $"{path}({block.Line})";
            if (block.Kind == "outline")
            {
                continue;
            }

            Assert.True(block.Kind is "" or "fix" or "run", $"{place}: a block is csharp, csharp fix, csharp run or csharp outline.");
            var program = page.Program(block);
            var compilation = Compile(program);
            var error = compilation.GetDiagnostics().FirstOrDefault(static error => error.Severity == DiagnosticSeverity.Error);
            Assert.True(error is null, $"{place}: {error}\n\n{program}");

            var lines = program.Split('\n');
            var marked = lines.Index().SelectMany(static line => Page.MarksOf(line.Item).Select(id => $"{id} {line.Item.Trim()}"));
            var reported = (await Whole.AnalyzeAsync(compilation)).Select(report =>
                $"{report.Id} {lines[report.Location.GetLineSpan().StartLinePosition.Line].Trim()}");
            Assert.True(
                marked.SequenceEqual(reported),
                $"{place}\nmarked:\n{string.Join('\n', marked)}\nreported:\n{string.Join('\n', reported)}\n\n{program}");

            if (block.Kind == "fix")
            {
                Assert.True(wrong is not null, $"{place}: no wrong block before it.");
                var made = await FixAsync(page.Program(wrong));
                var missing = Page.PiecesOf(block).FirstOrDefault(piece => !Tokens(made).Contains(Tokens(piece), StringComparison.Ordinal));
                Assert.True(missing is null, $"{place}: the fix does not give\n{missing}\nbut\n\n{made}");
            }

            if (block.Kind == "run")
            {
                Assert.True(Page.PrintsOf(block) is var prints && prints.SequenceEqual(PageRun.Of(program)),
                    $"{place}: it prints\n{string.Join('\n', PageRun.Of(program))}");
            }

            wrong = block.IsWrong ? block : wrong;
        }
    }

    private static CSharpCompilation Compile(string program) => Whole.Compile([("Page.cs", program), ("Usings.cs", Page.Usings)]);

    /// <summary>Applies the first fix that is offered, until none is.</summary>
    private static async Task<string> FixAsync(string program)
    {
        using var workspace = new AdhocWorkspace();
        var compilation = Compile(program);
        var project = workspace.AddProject(ProjectInfo.Create(
            ProjectId.CreateNewId(), VersionStamp.Default, "Page", "Page", LanguageNames.CSharp,
            compilationOptions: compilation.Options,
            parseOptions: compilation.SyntaxTrees.First().Options,
            metadataReferences: compilation.References));
        project = project.AddDocument("Usings.cs", Page.Usings).Project;
        var document = project.AddDocument("Page.cs", program);
        for (var round = 0; round < 5; round++)
        {
            var found = (await Whole.AnalyzeAsync((await document.Project.GetCompilationAsync())!)).Where(static report =>
                report.Location.GetLineSpan().Path != "Usings.cs");
            if (await FirstFixAsync(document, found) is not { } changed)
            {
                break;
            }

            document = changed;
        }

        return (await document.GetTextAsync()).ToString();
    }

    private static async Task<Document?> FirstFixAsync(Document document, IEnumerable<Diagnostic> found)
    {
        var tree = await document.GetSyntaxTreeAsync();
        foreach (var report in found)
        {
            var here = Diagnostic.Create(
                Repository.Find(report.Id), Location.Create(tree!, report.Location.SourceSpan),
                report.AdditionalLocations.Select(other => Location.Create(tree!, other.SourceSpan)), report.Properties);
            foreach (var provider in Repository.Fixes.Where(fix => fix.FixableDiagnosticIds.Contains(report.Id)))
            {
                CodeAction? first = null;
                await provider.RegisterCodeFixesAsync(new CodeFixContext(
                    document,
                    here,
                    (action, _) => first ??= action,
                    CancellationToken.None));
                if (first is not null)
                {
                    var operations = await first.GetOperationsAsync(CancellationToken.None);
                    return operations.OfType<ApplyChangesOperation>().Single().ChangedSolution.GetDocument(document.Id)!;
                }
            }
        }

        return null;
    }

    private static string Tokens(string text) =>
        string.Join(' ', SyntaxFactory.ParseTokens(text).Select(static token => token.Text).Where(static token => token.Length > 0));
}
#endif
