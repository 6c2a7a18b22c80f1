using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace WeakRefAnalyzers.Tests.Contract;

/// <summary>What all fixes have in common, over the sources of all rules' tests and samples.</summary>
public partial class FixesTests
{
    private static readonly ImmutableArray<MetadataReference> Framework = Whole.Framework;

    public static IEnumerable<object[]> Files => Repository.List("samples/Misuse", "WREF*.cs")
        .Concat(Repository.List("tests/WeakRefAnalyzers.Tests/Rules", "WREF*.cs"))
        .Select(static file => new object[] { file });

    public static IEnumerable<object[]> OldFiles => from file in Files from version in OldVersions select new[] { file[0], version };

    private static LanguageVersion[] OldVersions =>
        [LanguageVersion.CSharp5, LanguageVersion.CSharp6, LanguageVersion.CSharp7_3, LanguageVersion.CSharp8];

    /// <summary>A command asks each provider about all that the analyzer reported.</summary>
    [Theory]
    [MemberData(nameof(Files))]
    public async Task NoFixAnswersForAnotherRule(string path)
    {
        foreach (var source in SourcesOf(path))
        {
            using var project = new Project(source);
            foreach (var diagnostic in await project.AnalyzeAsync())
            {
                foreach (var fix in Repository.Fixes.Where(fix => !fix.FixableDiagnosticIds.Contains(diagnostic.Id)))
                {
                    Assert.Empty(await project.OffersAsync(fix, diagnostic));
                }
            }
        }
    }

    /// <summary>As it is while somebody types or merges: nothing says where a new member goes, or what it would be.</summary>
    [Theory]
    [InlineData("WREF203", "class A { readonly WeakReference<byte[]> _b; public A() { _b = new(new byte[9]); } } class A { }")]
    [InlineData("WREF203", "namespace ; class A { class B { } readonly WeakReference<B> _b; public A() { _b = new(new B()); } }")]
    [InlineData("WREF602", "static class A { readonly Dictionary<int, WeakReference> _all = new(); "
        + "static void Add(A a, int i, object o) { a._all[i] = new WeakReference(o); } }")]
    [InlineData("WREF602", "class A { readonly Dictionary<, WeakReference> _all = new(); "
        + "void Add(string s, object o) => _all[s] = new WeakReference(o); }")]
    [InlineData("WREF510", "class A { static readonly HashSet<int> s_all = new(); static readonly object s_gate = object(); int _i; "
        + "A(int i) { lock (s_gate) { s_all.Add(_i = i); } } ~A() { s_all.Remove(_i); } }")]
    public async Task HalfTypedTypesAreOfferedNothing(string id, string source)
    {
        using var project = new Project(source);
        var reports = (await project.AnalyzeAsync()).Where(report => report.Id == id).ToArray();

        Assert.NotEmpty(reports);
        foreach (var fix in Repository.Fixes.Where(fix => fix.FixableDiagnosticIds.Contains(id)))
        {
            Assert.Empty(await project.OffersAsync(fix, reports[0]));
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task LinesEndAsTheyDo(string path)
    {
        foreach (var source in SourcesOf(path))
        {
            using var project = new Project(source.ReplaceLineEndings("\r\n"));
            foreach (var (title, text) in await project.FixedAsync())
            {
                Assert.True(!BareLineEnd().IsMatch(text), $"{title}\n\n{text.Replace("\r\n", "↵\n")}");
            }
        }
    }

    /// <summary>A comment behind every statement and brace, numbered: none is lost.</summary>
    [Theory]
    [MemberData(nameof(Files))]
    public async Task CommentsStay(string path)
    {
        foreach (var source in SourcesOf(path))
        {
            var number = 0;
            var numbered = string.Join('\n', source.Split('\n').Select(line => line.EndsWith(';') ? $"{line} // c{++number}." : line));
            using var project = new Project(numbered);
            foreach (var (title, text) in await project.FixedAsync())
            {
                var lost = Enumerable.Range(1, number).Where(i => !text.Contains($"// c{i}.", StringComparison.Ordinal)).ToArray();
                Assert.True(lost.Length == 0, $"{title}: lost {string.Join(", ", lost)}\n\n{numbered}\n\n{text}");
            }
        }
    }

    /// <summary>What compiles in an old C# still compiles in it.</summary>
    [Theory]
    [MemberData(nameof(OldFiles))]
    public async Task SyntaxIsOfTheProjectsLanguage(string path, LanguageVersion version)
    {
        foreach (var source in SourcesOf(path))
        {
            using var project = new Project(References.Usings.Replace("global using", "using") + source, version);
            if ((await project.ErrorsAsync()).Length > 0)
            {
                continue;
            }

            foreach (var (title, text) in await project.FixedAsync())
            {
                using var changed = new Project(text, version);
                Assert.True((await changed.ErrorsAsync()) is [], $"{title}: {string.Join('\n', await changed.ErrorsAsync())}\n\n{text}");
            }
        }
    }

    private static IEnumerable<string> SourcesOf(string path)
    {
        var text = Repository.Read(path);
        if (path.StartsWith("samples/", StringComparison.Ordinal))
        {
            return [text];
        }

        return CSharpSyntaxTree.ParseText(text, new CSharpParseOptions(LanguageVersion.Preview)).GetRoot()
            .DescendantNodes().OfType<InvocationExpressionSyntax>()
            .Where(static call => call.Expression is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Fix" }
                && call.ArgumentList.Arguments.Count > 0)
            .Select(static call => call.ArgumentList.Arguments[0].Expression).OfType<LiteralExpressionSyntax>()
            .Select(static literal => Markup().Replace(literal.Token.ValueText, "").ReplaceLineEndings("\n"));
    }

    [GeneratedRegex(@"(?<!\r)\n")]
    private static partial Regex BareLineEnd();

    // Declared locations are {|…:text|} and [|text|].
    [GeneratedRegex(@"\{\|[\w#]+:|\|\}|\[\||\|\]|\$\$")]
    private static partial Regex Markup();

    /// <summary>One file in a workspace.</summary>
    private sealed class Project : IDisposable
    {
        private readonly AdhocWorkspace _workspace = new();
        private readonly Document _document;

        public Project(string source, LanguageVersion version = LanguageVersion.Preview)
        {
            var project = _workspace.AddProject(ProjectInfo.Create(
                ProjectId.CreateNewId(), VersionStamp.Default, "Project", "Project", LanguageNames.CSharp,
                compilationOptions: new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true),
                parseOptions: new CSharpParseOptions(version), metadataReferences: Framework));
            if (version == LanguageVersion.Preview && !source.Contains("using System", StringComparison.Ordinal))
            {
                project = project.AddDocument("Usings.cs", References.Usings).Project;
            }

            _document = project.AddDocument("Source.cs", SourceText.From(source), filePath: "/Source.cs");
        }

        public void Dispose() => _workspace.Dispose();

        public async Task<Diagnostic[]> ErrorsAsync()
            => [.. (await _document.Project.GetCompilationAsync())!.GetDiagnostics()
                .Where(static error => error.Severity == DiagnosticSeverity.Error)];

        public async Task<ImmutableArray<Diagnostic>> AnalyzeAsync() =>
            await Whole.AnalyzeAsync((await _document.Project.GetCompilationAsync())!);

        public async Task<IReadOnlyList<CodeAction>> OffersAsync(CodeFixProvider fix, Diagnostic diagnostic)
        {
            var offers = new List<CodeAction>();
            await fix.RegisterCodeFixesAsync(new CodeFixContext(_document, diagnostic, (action, _) =>
                offers.Add(action), CancellationToken.None));
            return offers;
        }

        /// <summary>Every offer for what is reported, each applied to the source as it is.</summary>
        public async Task<IReadOnlyList<(string Title, string Text)>> FixedAsync()
        {
            var texts = new List<(string, string)>();
            foreach (var diagnostic in await AnalyzeAsync())
            {
                foreach (var fix in Repository.Fixes.Where(fix => fix.FixableDiagnosticIds.Contains(diagnostic.Id)))
                {
                    foreach (var offer in await OffersAsync(fix, diagnostic))
                    {
                        var change = (await offer.GetOperationsAsync(CancellationToken.None)).OfType<ApplyChangesOperation>().Single();
                        texts.Add(($"{diagnostic.Id}: {offer.Title}",
                            (await change.ChangedSolution.GetDocument(_document.Id)!.GetTextAsync()).ToString()));
                    }
                }
            }

            return texts;
        }
    }
}
