using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WeakRefAnalyzers.Tests.Contract;

/// <summary>All rules at once: where one rule is right, the others are silent; no source, however broken, brings one down.</summary>
public partial class AllRulesTests
{
    // A prime: which tokens and lines a variant leaves out is spread over the file.
    private const int Stride = 17;

    public static IEnumerable<object[]> SampleFiles =>
        Repository.List("samples/Misuse", "WREF*.cs").Concat(Repository.List("samples/Safe", "WREF*.cs")).Select(file => new object[] { file });

    public static IEnumerable<object[]> TestFiles => Repository.List("tests/WeakRefAnalyzers.Tests/Rules", "WREF*.cs").Select(file => new object[] { file });

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
            .Select(diagnostic => $"{diagnostic.Location.GetLineSpan().Path}({diagnostic.Location.GetLineSpan().StartLinePosition.Line + 1}): {diagnostic.Id}");
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
        var own = new[] { "WeakRefs.dll", "WeakRefAnalyzers.dll", "WeakRefAnalyzers.CodeFixes.dll" };
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Where(path => !own.Contains(Path.GetFileName(path)));
        var compilation = Whole.Compile(
            Read(folder).Where(file => folder != "src" || !(file.Path.StartsWith("src/WeakRefs/", StringComparison.Ordinal) || file.Path.EndsWith("CodeFixes/Polyfills.cs", StringComparison.Ordinal))).Append(("Usings.cs", ImplicitUsings)),
            Whole.Create(references.Select(path => MetadataReference.CreateFromFile(path))),
            symbols);
        Assert.DoesNotContain(compilation.GetDiagnostics(), diagnostic => diagnostic.Severity == DiagnosticSeverity.Error && folder == "src");
        Assert.Empty(await Whole.AnalyzeAsync(compilation));
    }

    private static string ImplicitUsings => References.Usings.Replace("global using WeakRefs;", "");

    private static Compilation Compiled(IEnumerable<(string Path, string Text)> files)
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
        NoRuleFails(name, source, (await Whole.AnalyzeAsync(Compile(source))).AddRange(await Whole.AnalyzeAsync(Compile(source, Whole.Create([])))));
    }

    /// <summary>What is on the screen while someone types: a sample with a token or a line missing.</summary>
    [Theory]
    [MemberData(nameof(SampleFiles))]
    public async Task BrokenSourcesBringNoRuleDown(string path)
    {
        var text = Repository.Read(path);
        var tokens = CSharpSyntaxTree.ParseText(text).GetRoot().DescendantTokens().Where(token => token.Span.Length > 0).ToArray();
        var lines = text.Split('\n');
        var withoutToken = tokens.Where((_, index) => index % Stride == Offset(path, Stride)).Select(token => text.Remove(token.SpanStart, token.Span.Length));
        var withoutLine = Enumerable.Range(0, lines.Length).Where(index => index % 3 == Offset(path, 3)).Select(index => string.Join('\n', lines.Where((_, i) => i != index)));
        foreach (var variant in withoutToken.Concat(withoutLine).Append(text[..(text.Length / 2)]))
        {
            NoRuleFails(path, variant, await Whole.AnalyzeAsync(Compile(variant)));
        }
    }

    /// <summary>The sources of every rule's tests, seen by all rules: no defect has two names.</summary>
    [Theory]
    [MemberData(nameof(TestFiles))]
    public async Task OneDefectGivesOneDiagnostic(string path)
    {
        var literals = CSharpSyntaxTree.ParseText(Repository.Read(path), new CSharpParseOptions(LanguageVersion.Preview)).GetRoot()
            .DescendantNodes().OfType<LiteralExpressionSyntax>().Select(literal => literal.Token.ValueText).Where(text => text.Contains("class ", StringComparison.Ordinal));
        foreach (var literal in literals)
        {
            var source = Markup().Replace(literal, "");
            var found = await Whole.AnalyzeAsync(Compile(source));
            NoRuleFails(path, source, found);
            var twice = found.GroupBy(diagnostic => diagnostic.Location.SourceSpan).Where(group => group.Count() > 1).SelectMany(group => group).ToArray();
            Assert.True(twice.Length == 0, $"{string.Join('\n', twice.Select(diagnostic => diagnostic.ToString()))}\n\n{source}");
        }
    }

    private static Compilation Compile(string source, CSharpCompilation? empty = null)
        => Whole.Compile(source.Contains("using System", StringComparison.Ordinal) ? [("Source.cs", source)] : [("Source.cs", source), ("Usings.cs", References.Usings)], empty);

    private static void NoRuleFails(string name, string source, IEnumerable<Diagnostic> found)
    {
        var failure = found.FirstOrDefault(diagnostic => !diagnostic.Id.StartsWith("WREF", StringComparison.Ordinal));
        Assert.True(failure is null, $"{name}: {failure}\n\n{source}");
    }

    /// <summary>Different for each file, the same in each run.</summary>
    private static int Offset(string path, int stride) => path.Sum(c => c) % stride;

    private static (string Path, string Text)[] Read(string folder) => [.. Repository.List(folder, "*.cs").Select(file => (file, Repository.Read(file)))];

    [GeneratedRegex(@"// (WREF\d+)$")]
    private static partial Regex Marker();

    // Declared locations are {|…:text|} and [|text|].
    [GeneratedRegex(@"\{\|[\w#]+:|\|\}|\[\||\|\]|\$\$")]
    private static partial Regex Markup();
}
