using System.Text;

namespace WeakRefAnalyzers.Tests.Contract;

/// <summary>The severities that one property of the project chooses: a file for each mode, generated from the catalogue.</summary>
public class PresetTests
{
    private const string Folder = "src/WeakRefAnalyzers.CodeFixes/build";

    /// <summary>Infos that were right nearly everywhere that anybody read them; see docs/field-report.md.</summary>
    private static readonly string[] Proven = ["WREF207", "WREF502", "WREF507"];

    public static IEnumerable<object[]> Modes => [["None"], ["Recommended"], ["All"], ["AllErrors"]];

    [Theory]
    [MemberData(nameof(Modes))]
    public void EachModeIsUpToDate(string mode)
    {
        var path = $"{Folder}/{mode}.globalconfig";
        var text = TextOf(mode);
        if (Repository.Update)
        {
            File.WriteAllText(Path.Combine(Repository.Root, path), text);
        }

        Assert.True(
            Repository.Read(path) == text,
            $"{path} is out of date: run `dotnet test tests/WeakRefAnalyzers.Tests` with UPDATE=1.");
    }

    [Fact]
    public void ThereIsNoOtherMode() =>
        Assert.Equal(
            Modes.Select(static mode => $"{mode[0]}.globalconfig").Order(StringComparer.Ordinal),
            Repository.List(Folder, "*.globalconfig").Select(static path => Path.GetFileName(path)).Order(StringComparer.Ordinal));

    [Fact]
    public void OnlyInfosNeedARecommendation() =>
        Assert.All(Proven, static id =>
            Assert.Equal(DiagnosticSeverity.Info, Repository.Descriptors.Single(rule => rule.Id == id).DefaultSeverity));

    private static string TextOf(string mode)
    {
        // What comes with a package yields to whatever a user writes.
        var text = new StringBuilder($"# WeakRefAnalysisMode {mode}\nis_global = true\nglobal_level = -100\n");
        foreach (var rule in Repository.Descriptors)
        {
            if (SeverityOf(rule, mode) is { } severity)
            {
                text.Append($"dotnet_diagnostic.{rule.Id}.severity = {severity}\n");
            }
        }

        return text.ToString();
    }

    private static string? SeverityOf(DiagnosticDescriptor rule, string mode) => mode switch
    {
        "None" => "none",
        "Recommended" => Array.IndexOf(Proven, rule.Id) >= 0 ? "warning" : null,
        "All" => "warning",
        _ => "error",
    };
}
