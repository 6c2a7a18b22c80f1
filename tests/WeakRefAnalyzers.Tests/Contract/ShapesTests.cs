namespace WeakRefAnalyzers.Tests.Contract;

/// <summary>
/// The shapes that libraries give to finalizers, Dispose patterns, handles, weak collections and collector tests: in the
/// file of a rule that rule reports the lines that end with <c>// flagged</c>, once each, and no others.
/// </summary>
public class ShapesTests
{
    private const string Folder = "tests/WeakRefAnalyzers.Tests/Shapes";

    public static IEnumerable<object[]> Files
        => Directory
            .EnumerateFiles(Path.Combine(Repository.Root, Folder), "WREF*.cs")
            .Select(static path => new object[] { Path.GetFileNameWithoutExtension(path) });

    [Theory]
    [MemberData(nameof(Files))]
    public async Task TheRuleReportsTheFlaggedLinesOnly(string id)
    {
        var text = Repository.Read($"{Folder}/{id}.cs");
        var compilation = Whole.Compile([("Usings.cs", Repository.Read($"{Folder}/Usings.cs")), (id + ".cs", text)]);
        Assert.Empty(compilation.GetDiagnostics().Where(static error => error.Severity == DiagnosticSeverity.Error));

        var lines = text.Split('\n');
        var flagged = lines.Where(static line => line.EndsWith("// flagged", StringComparison.Ordinal)).ToArray();
        var found = (await Whole.AnalyzeAsync(compilation))
            .Where(report => report.Id == id)
            .Select(report => lines[report.Location.GetLineSpan().StartLinePosition.Line])
            .ToArray();

        Assert.NotEmpty(flagged);
        Assert.Equal(flagged, found);
    }
}
