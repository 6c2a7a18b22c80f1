using System.Text.RegularExpressions;

namespace PackageTests;

/// <summary>The commands of docs/old-code-base.md, in a code base that has them to need.</summary>
[Collection(nameof(Workshop))]
public partial class OldCodeBaseTests(Workshop workshop)
{
    private static readonly string[] Keys = ["uniq -c", "dotnet format", ">> .editorconfig"];

    private const string New = """
        public class New
        {
            private System.WeakReference _target;
            public string Name() { return _target.Target.ToString(); }
        }
        """;

    [Fact]
    public async Task ABaselineHoldsTheOldAndLetsNothingNewIn()
    {
        var consumer = workshop
            .NewConsumer(
                "Old",
                "net10.0",
                workshop.AnalyzerReference + workshop.LibraryReference,
                "<LangVersion>7.3</LangVersion><WeakRefAnalysisMode>Recommended</WeakRefAnalysisMode>")
            .AddSources()
            .AddFile(".editorconfig", "root = true\n");
        await Cli.SucceedAsync(consumer.Folder, "restore");
        var commands = Commands();

        // By rule, and by folder.
        var counts = await ShellAsync(consumer.Folder, commands["uniq -c"]);
        var marked = consumer.Marked().GroupBy(mark => mark[^7..]).ToDictionary(group => group.Key, group => group.Count());
        Assert.NotEmpty(marked);
        Assert.Equal(
            marked.OrderBy(rule => rule.Key).Select(rule => $"{rule.Value} {rule.Key}"),
            Count().Matches(counts).Select(match => match.Groups[1].Value).OrderBy(line => line[^7..]));
        Assert.Contains($"{marked.Values.Sum()} {consumer.Folder}", counts);

        // A command fixes some, and the rest is written down.
        await ShellAsync(consumer.Folder, commands["dotnet format"]);
        await ShellAsync(consumer.Folder, commands["uniq -c"] + commands[">> .editorconfig"]);
        var left = consumer.Marked(onlyWhatStays: true).Length;
        Assert.True(
            File.ReadLines(Path.Combine(consumer.Folder, "wref.log")).Count() is var count && count < marked.Values.Sum() && count >= left,
            $"{count} of {marked.Values.Sum()}, {left} have no fix");
        var build = await consumer.BuildAsync();
        Assert.True(build.ExitCode == 0, build.Output);
        Assert.DoesNotContain("warning WREF", build.Output);
        Assert.Contains(consumer.ReadLog(), report => report is { Level: "note", Id: ['W', 'R', 'E', 'F', ..] });

        // What is new is an error, the old is not.
        File.AppendAllText(
            Path.Combine(consumer.Folder, ".editorconfig"),
            "\n[*.cs]\ndotnet_analyzer_diagnostic.category-WeakReferences.severity = error\n");
        build = await consumer.AddFile("New.cs", New).BuildAsync();
        Assert.NotEqual(0, build.ExitCode);
        Assert.Equal(
            ["New.cs"],
            Error().Matches(build.Output).Select(match => Path.GetFileName(match.Groups[1].Value)).Distinct());
        Assert.DoesNotContain("error CS", build.Output);
    }

    /// <summary>The blocks of the page, found by what is in them.</summary>
    private static Dictionary<string, string> Commands()
    {
        var page = File.ReadAllText(Path.Combine(Workshop.Metadata("Repository"), "docs", "old-code-base.md")).ReplaceLineEndings("\n");
        var blocks = Block().Matches(page).Select(match => match.Groups[1].Value).ToArray();
        return Keys.ToDictionary(
            key => key,
            key => Assert.Single(blocks, block => block.Contains(key, StringComparison.Ordinal)));
    }

    private static async Task<string> ShellAsync(string folder, string commands)
    {
        var result = await Cli.RunProgramAsync("sh", folder, "-e", "-c", commands);
        Assert.True(result.ExitCode == 0, $"{commands}\nended with {result.ExitCode}:\n{result.Output}");
        return result.Output;
    }

    [GeneratedRegex(@"^```sh\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"^ *([0-9]+ WREF[0-9]+)\r?$", RegexOptions.Multiline)]
    private static partial Regex Count();

    [GeneratedRegex(@"^(.*\.cs)\([0-9,]+\): error WREF", RegexOptions.Multiline)]
    private static partial Regex Error();
}
