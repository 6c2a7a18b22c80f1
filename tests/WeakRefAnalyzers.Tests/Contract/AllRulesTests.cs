using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WeakRefAnalyzers.Tests.Contract;

/// <summary>All rules at once: where one rule is right, the others are silent; no source, however broken, brings one down.</summary>
public partial class AllRulesTests
{
    // A prime: which tokens and lines a variant leaves out is spread over the file.
    private const int Stride = 17;

    public static IEnumerable<object[]> SampleFiles =>
        Repository.List("samples/Misuse", "WREF*.cs")
            .Concat(Repository.List("samples/Safe", "WREF*.cs"))
            .Select(file => new object[] { file });

    public static IEnumerable<object[]> TestFiles
        => Repository.List("tests/WeakRefAnalyzers.Tests/Rules", "WREF*.cs").Select(file => new object[] { file });

    public static IEnumerable<object[]> OddSources => Odd.Sources.Select(source => new object[] { source.Key });

#if ROSLYN_LATEST
    [Fact]
    public async Task SamplesOfMisuseReportWhatTheyAreMarkedWith()
    {
        var files = Read("samples/Misuse");
        var compilation = Compiled(files);
        var marked = files.SelectMany(file => file.Text.Split('\n').Index()
            .Select(line => (Line: line.Index + 1, Match: Marker().Match(line.Item)))
            .Where(line => line.Match.Success)
            .Select(line => $"{file.Path}({line.Line}): {line.Match.Groups[1].Value}"));
        var reported = (await Whole.AnalyzeAsync(compilation))
            .Select(diagnostic => (diagnostic.Id, Span: diagnostic.Location.GetLineSpan()))
            .Select(found => $"{found.Span.Path}({found.Span.StartLinePosition.Line + 1}): {found.Id}");
        Assert.Equal(marked.Order(StringComparer.Ordinal), reported.Order(StringComparer.Ordinal));
        Assert.All(marked, line => Assert.Matches(@"/(WREF\d+)_\w+\.cs\(\d+\): \1$", line));
    }

    [Theory]
    [InlineData("samples/Safe")]
    [InlineData("samples/WeakCacheDemo")]
    public async Task SafeCodeReportsNothing(string folder) => Assert.Empty(await Whole.AnalyzeAsync(Compiled(Read(folder))));

    [Theory]
    [InlineData("src/WeakRefs", "NET8_0_OR_GREATER", "NET9_0_OR_GREATER", "NET10_0_OR_GREATER")]
    [InlineData("src/WeakRefs")]
    [InlineData("src")]
    public async Task OurOwnCodeReportsNothing(string folder, params string[] symbols)
    {
        var own = new[] { "WeakRefs.dll", "WeakRefAnalyzers.dll", "WeakRefAnalyzers.VisualBasic.dll", "WeakRefAnalyzers.CodeFixes.dll" };
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(path => !own.Contains(Path.GetFileName(path)));
        var compilation = Whole.Compile(
            Read(folder).Where(file => folder != "src" || !Others.Any(other => file.Path.StartsWith(other, StringComparison.Ordinal)))
                .Append(("Usings.cs", ImplicitUsings)).Append(("Address.cs", Address)),
            Whole.Create(references.Select(path => MetadataReference.CreateFromFile(path))),
            symbols);
        Assert.DoesNotContain(
            compilation.GetDiagnostics(),
            diagnostic => diagnostic.Severity == DiagnosticSeverity.Error && folder == "src");
        Assert.Empty(await Whole.AnalyzeAsync(compilation));
    }

    // Compiled apart.
    private static readonly string[] Others = ["src/WeakRefs/", "src/WeakRefAnalyzers.VisualBasic/"];

    // The build writes it.
    private const string Address =
        """namespace WeakRefAnalyzers; internal static class RepositoryFiles { public const string Address = ""; }""";

    private static string ImplicitUsings => References.Usings.Replace("global using WeakRefs;", "");

    private static CSharpCompilation Compiled(IEnumerable<(string Path, string Text)> files)
    {
        // The demo has implicit usings; to the samples they do no harm.
        var compilation = Whole.Compile(files.Append(("Usings.cs", ImplicitUsings)));
        Assert.DoesNotContain(compilation.GetDiagnostics(), diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        return compilation;
    }
#endif

    [Theory]
    [MemberData(nameof(OddSources))]
    public async Task OddSourcesBringNoRuleDown(string name)
    {
        var source = Odd.Sources[name];
        NoRuleFails(
            name,
            source,
            (await Whole.AnalyzeAsync(Compile(source))).AddRange(await Whole.AnalyzeAsync(Compile(source, Whole.Create([])))));
    }

    /// <summary>What is on the screen while someone types: a sample with a token or a line missing.</summary>
    [Theory]
    [MemberData(nameof(SampleFiles))]
    public async Task BrokenSourcesBringNoRuleDown(string path)
    {
        var text = Repository.Read(path);
        var tokens = CSharpSyntaxTree.ParseText(text).GetRoot().DescendantTokens().Where(token => token.Span.Length > 0).ToArray();
        var lines = text.Split('\n');
        var withoutToken = tokens
            .Where((_, index) => index % Stride == Offset(path, Stride))
            .Select(token => text.Remove(token.SpanStart, token.Span.Length));
        var withoutLine = Enumerable.Range(0, lines.Length)
            .Where(index => index % 3 == Offset(path, 3))
            .Select(index => string.Join('\n', lines.Where((_, i) => i != index)));
        foreach (var variant in withoutToken.Concat(withoutLine).Append(text[..(text.Length / 2)]))
        {
            NoRuleFails(path, variant, await Whole.AnalyzeAsync(Compile(variant)));
        }
    }

    // Two defects that may meet in one line: each is there without the other.
    private static readonly string[] Pairs =
    [
        "WREF101 WREF303", // A lambda of one line that does both.
        "WREF201 WREF701", // A box in a handle: the handle leaks whatever it refers to.
        "WREF205 WREF701", // The same of a long handle.
        "WREF403 WREF504", // A finalizer waits for a lock, and then removes a successor's entry.
        "WREF501 WREF505", // Whole classes in one line.
        "WREF502 WREF507",
    ];

    private static bool AreApart(IEnumerable<string> ids)
        => string.Join(' ', ids.Order()) is var met && (met.Length == 7 || Pairs.Contains(met));

    /// <summary>The sources of every rule's tests, seen by all rules: one defect, one advice.</summary>
    [Theory]
    [MemberData(nameof(TestFiles))]
    public async Task OneDefectGivesOneDiagnostic(string path)
    {
        foreach (var source in SourcesIn(path))
        {
            var found = await Whole.AnalyzeAsync(Compile(source));
            NoRuleFails(path, source, found);
            var twice = found.GroupBy(report => report.Location.GetLineSpan().StartLinePosition.Line)
                .Where(static line =>
                    line.GroupBy(report => report.Location.SourceSpan).Any(static place => place.Count() > 1)
                        || !AreApart(line.Select(report => report.Id).Distinct()))
                .SelectMany(static line => line)
                .ToArray();
            Assert.True(twice.Length == 0, $"{string.Join('\n', twice.Select(diagnostic => diagnostic.ToString()))}\n\n{source}");
        }
    }

    /// <summary>The sources that the tests of a file run, constants of the file put in and their markup taken out.</summary>
    internal static IEnumerable<string> SourcesIn(string path)
    {
        var root = CSharpSyntaxTree.ParseText(Repository.Read(path), new CSharpParseOptions(LanguageVersion.Preview)).GetRoot();
        var constants = root.DescendantNodes()
            .OfType<VariableDeclaratorSyntax>()
            .Where(static field => field.Parent?.Parent is FieldDeclarationSyntax)
                .ToLookup(static field => field.Identifier.ValueText, static field => field.Initializer?.Value);
        return root.DescendantNodes().OfType<ExpressionSyntax>()
            .Where(static node => node is LiteralExpressionSyntax or BinaryExpressionSyntax && node.Parent is not BinaryExpressionSyntax)
            .Select(Value)
            .OfType<string>()
            .Where(static text => text.Contains("class ", StringComparison.Ordinal))
            .Select(static text => Markup().Replace(text, ""));

        string? Value(ExpressionSyntax? expression) => expression switch
        {
            LiteralExpressionSyntax { Token.Value: string text } => text,
            BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AddExpression } sum when Value(sum.Left) is { } left
                && Value(sum.Right) is { } right =>
                left + right,
            IdentifierNameSyntax name => Value(constants[name.Identifier.ValueText].FirstOrDefault()),
            _ => null,
        };
    }

    internal static Compilation Compile(string source, CSharpCompilation? empty = null)
        => Whole.Compile(
            source.Contains("using System", StringComparison.Ordinal)
                ? [("Source.cs", source)]
                : [("Source.cs", source), ("Usings.cs", References.Usings)],
            empty);

    private static void NoRuleFails(string name, string source, IEnumerable<Diagnostic> found)
    {
        var failure = found.FirstOrDefault(diagnostic => !diagnostic.Id.StartsWith("WREF", StringComparison.Ordinal));
        Assert.True(failure is null, $"{name}: {failure}\n\n{source}");
    }

    /// <summary>Different for each file, the same in each run.</summary>
    private static int Offset(string path, int stride) => path.Sum(c => c) % stride;

    private static (string Path, string Text)[] Read(string folder)
        => [.. Repository.List(folder, "*.cs").Select(file => (file, Repository.Read(file)))];

    [GeneratedRegex(@"// (WREF\d+)$")]
    private static partial Regex Marker();

    // Declared locations are {|…:text|} and [|text|].
    [GeneratedRegex(@"\{\|[\w#]+:|\|\}|\[\||\|\]|\$\$")]
    private static partial Regex Markup();
}
