using System.Text.RegularExpressions;

namespace PackageTests;

/// <summary>A component reaches the compiler as generated code; its author reads of mistakes where he made them.</summary>
[Collection(nameof(Workshop))]
public partial class RazorTests(Workshop workshop)
{
    private const string Component = "Counter.razor";

    [Fact]
    public async Task AComponentIsReportedInItsOwnFile()
    {
        var text = await File.ReadAllTextAsync(
            Path.Combine(Workshop.Metadata("Repository"), "tests", "PackageTests", "Components", Component),
            TestContext.Current.CancellationToken);
        var consumer = workshop
            .NewConsumer(
                "Components",
                "net10.0",
                workshop.AnalyzerReference + """<FrameworkReference Include="Microsoft.AspNetCore.App" />""",
                "<ImplicitUsings>enable</ImplicitUsings><Nullable>enable</Nullable>",
                "Microsoft.NET.Sdk.Razor")
            .AddFile(Component, text);

        var build = await consumer.BuildAsync();

        Assert.True(build.ExitCode == 0, build.Output);
        Assert.Equal(
            text.Split('\n').Index()
                .Select(line => (Line: line.Index + 1, Mark: Mark().Match(line.Item)))
                .Where(line => line.Mark.Success)
                .Select(line => $"{Component}({line.Line}): {line.Mark.Value}"),
            Told().Matches(build.Output)
                .Select(told => told.Groups)
                .OrderBy(told => int.Parse(told[2].Value))
                .Select(told => $"{Path.GetFileName(told[1].Value)}({told[2].Value}): {told[3].Value}")
                .Distinct());
    }

    [GeneratedRegex("WREF[0-9]+")]
    private static partial Regex Mark();

    [GeneratedRegex(@"(\S+)\((\d+),\d+\): warning (WREF[0-9]+)")]
    private static partial Regex Told();
}
