using System.Text.RegularExpressions;

namespace PackageTests;

/// <summary>A component or a page reaches the compiler as generated code; its author reads of mistakes where he made them.</summary>
[Collection(nameof(Workshop))]
public partial class RazorTests(Workshop workshop)
{
    private static readonly string[] Files = ["Counter.razor", "Index.cshtml"];

    [Fact]
    public async Task ComponentsAndPagesAreReportedInTheirOwnFiles()
    {
        var consumer = workshop
            .NewConsumer(
                "Components",
                "net10.0",
                workshop.AnalyzerReference + """<FrameworkReference Include="Microsoft.AspNetCore.App" />""",
                "<ImplicitUsings>enable</ImplicitUsings><Nullable>enable</Nullable>"
                    + "<AddRazorSupportForMvc>true</AddRazorSupportForMvc>",
                "Microsoft.NET.Sdk.Razor");
        foreach (var file in Files)
        {
            consumer.AddFile(file, TextOf(file));
        }

        var build = await consumer.BuildAsync();

        Assert.True(build.ExitCode == 0, build.Output);
        Assert.Equal(
            Files.SelectMany(file => TextOf(file).Split('\n').Index()
                .Select(line => (Line: line.Index + 1, Mark: Mark().Match(line.Item)))
                .Where(line => line.Mark.Success)
                .Select(line => $"{file}({line.Line}): {line.Mark.Value}")),
            Told().Matches(build.Output)
                .Select(told => told.Groups)
                .OrderBy(told => (Path.GetFileName(told[1].Value), int.Parse(told[2].Value)))
                .Select(told => $"{Path.GetFileName(told[1].Value)}({told[2].Value}): {told[3].Value}")
                .Distinct());
    }

    private static string TextOf(string file) =>
        File.ReadAllText(Path.Combine(Workshop.Metadata("Repository"), "tests", "PackageTests", "Components", file));

    [GeneratedRegex("WREF[0-9]+")]
    private static partial Regex Mark();

    [GeneratedRegex(@"(\S+)\((\d+),\d+\): warning (WREF[0-9]+)")]
    private static partial Regex Told();
}
