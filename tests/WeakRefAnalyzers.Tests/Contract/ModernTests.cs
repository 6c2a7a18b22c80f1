#if ROSLYN_LATEST
using System.Text.RegularExpressions;

namespace WeakRefAnalyzers.Tests.Contract;

/// <summary>
/// Each kind of misuse in the newest C#, and what is right beside it: of all rules just those speak that are named at the end of a line.
/// </summary>
public partial class ModernTests
{
    private const string Folder = "tests/WeakRefAnalyzers.Tests/Shapes";

    [Fact]
    public async Task EachLineIsReportedAsItSays()
    {
        var text = Repository.Read($"{Folder}/Modern.cs");
        var compilation = Whole.Compile([("Usings.cs", Repository.Read($"{Folder}/Usings.cs")), ("Modern.cs", text)]);
        Assert.Empty(compilation.GetDiagnostics().Where(static error => error.Severity == DiagnosticSeverity.Error));

        var lines = text.Split('\n');
        var expected = lines.SelectMany((line, i) => Mark().Matches(line).Select(mark => $"{i + 1} {mark.Groups[1].Value}"));
        var found = (await Whole.AnalyzeAsync(compilation))
            .Select(static report => $"{report.Location.GetLineSpan().StartLinePosition.Line + 1} {report.Id}");
        Assert.Equal(expected, found);
    }

    [GeneratedRegex("!(WREF[0-9]+)")]
    private static partial Regex Mark();
}
#endif
