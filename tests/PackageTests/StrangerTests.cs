using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;

namespace PackageTests;

/// <summary>The walk of a stranger: adds the packages, types the well-known mistakes, builds, has them fixed, builds again.</summary>
[Collection(nameof(Workshop))]
public class StrangerTests(Workshop workshop)
{
    private static readonly string[] Outputs = ["bin", "obj"];

    [Theory]
    [InlineData("net10.0")]
    [InlineData("net8.0")]
    [InlineData("net472")]
    public async Task MistakesAreToldAndFixed(string framework)
    {
        var consumer = workshop
            .NewConsumer(
                "Stranger" + framework.Replace(".", ""),
                framework,
                workshop.AnalyzerReference + workshop.LibraryReference)
            .AddSources("tests/PackageTests/Stranger");

        var build = await consumer.BuildAsync();
        Assert.True(build.ExitCode == 0, build.Output);
        Assert.Equal(consumer.Marked(), consumer.ReadLog().Where(IsOurs).Select(report => report.ToString()));
        Assert.All(consumer.ReadLog().Where(IsOurs), report => Assert.Equal("warning", report.Level));

        var ids = consumer.Marked().Select(mark => mark[^7..]).Distinct();
        await Cli.SucceedAsync(
            consumer.Folder,
            ["format", "analyzers", "--no-restore", "--severity", "warn", "--diagnostics", .. ids]);

        build = await consumer.BuildAsync();
        Assert.True(build.ExitCode == 0, build.Output);
        Assert.DoesNotContain(consumer.ReadLog(), IsOurs);
    }

    /// <summary>What a viewer of the log file groups by.</summary>
    [Fact]
    public async Task TheLogHasTagsAndLinks()
    {
        var consumer = workshop
            .NewConsumer("Tags", "net10.0", workshop.AnalyzerReference)
            .AddFile("Class.cs", "class Class { object Box() => new System.WeakReference(42); }");
        await consumer.BuildAsync();
        using var log = JsonDocument.Parse(File.ReadAllText(Path.Combine(consumer.Folder, "build.sarif")));
        var rule = log.RootElement.GetProperty("runs")[0].GetProperty("tool").GetProperty("driver").GetProperty("rules")
            .EnumerateArray()
            .Single(rule => rule.GetProperty("id").GetString() == "WREF201");
        Assert.Equal(
            ["reliability", "weak-reference"],
            rule.GetProperty("properties").GetProperty("tags").EnumerateArray().Select(tag => tag.GetString()));
        Assert.EndsWith("/docs/rules/WREF201.md", rule.GetProperty("helpUri").GetString());
        Assert.NotEmpty(rule.GetProperty("fullDescription").GetProperty("text").GetString()!);
    }

    /// <summary>Built and packed again, the package has the same bytes.</summary>
    [Theory]
    [InlineData("WeakRefAnalyzers.CodeFixes", "WeakRefAnalyzers", "WeakRefAnalyzers.VisualBasic", "HostComposition")]
    [InlineData("WeakRefs")]
    public async Task PackingIsDeterministic(string project, params string[] others)
    {
        var contents = new List<Dictionary<string, string>>();
        var hashes = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            foreach (var folder in others.Append(project).SelectMany(name => Outputs.Select(output => Path.Combine(name, output))))
            {
                Directory.Delete(Path.Combine(workshop.Repository, "src", folder), recursive: true);
            }

            var feed = await workshop.PackAsync(project, $"{project}.again{i}");
            using var package = File.OpenRead(Directory.EnumerateFiles(feed, "*.nupkg").Single());
            hashes.Add(Convert.ToHexString(await SHA256.HashDataAsync(package)));
            using var entries = new ZipArchive(package);
            contents.Add(entries.Entries.ToDictionary(entry => entry.FullName, Hash));
        }

        // First what differs, then that nothing else does.
        Assert.Equal(contents[0], contents[1]);
        Assert.Equal(hashes[0], hashes[1]);
    }

    private static string Hash(ZipArchiveEntry entry)
    {
        using var content = entry.Open();
        return Convert.ToHexString(SHA256.HashData(content));
    }

    private static bool IsOurs(Report report) => report.Id.StartsWith("WREF", StringComparison.Ordinal);
}
