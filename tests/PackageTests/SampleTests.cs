using System.Text.Json;
using System.Text.RegularExpressions;

namespace PackageTests;

/// <summary>The commands of the README, in a copy of the repository where nothing has been built.</summary>
[Collection(nameof(Workshop))]
public partial class SampleTests(Workshop workshop)
{
    [Fact]
    public async Task MisuseWarnsOnEveryBuildAndShowsTheDamage()
    {
        var marked = Directory.EnumerateFiles(Path.Combine(workshop.Repository, "samples", "Misuse"), "WREF*.cs")
            .SelectMany(file => File.ReadLines(file).Index()
                .Select(line => (Line: line.Index + 1, Match: Marker().Match(line.Item)))
                .Where(line => line.Match.Success)
                .Select(line => $"{Path.GetFileName(file)}({line.Line}): {line.Match.Groups[1].Value}"))
            .Order(StringComparer.Ordinal)
            .ToArray();
        Assert.NotEmpty(marked);
        for (var build = 0; build < 2; build++)
        {
            // Nothing changed before the second one, and it prints the same.
            var output = await Cli.SucceedAsync(workshop.Repository, "build", "samples/Misuse", "-nodeReuse:false");
            var warned = Warning()
                .Matches(output)
                .Select(match => $"{match.Groups[1].Value}({match.Groups[2].Value}): {match.Groups[3].Value}")
                .Distinct()
                .Order(StringComparer.Ordinal);
            Assert.Equal(marked, warned);
        }

        var run = await Cli.SucceedAsync(workshop.Repository, "samples/Misuse/bin/Debug/net10.0/Misuse.dll");
        Assert.All(marked.Select(mark => mark[^7..]).Distinct(), id => Assert.Contains($"{id}:", run));
    }

    /// <summary>They are named by a path below the packages' folder, which <see cref="Cli"/> gives without a slash at its end.</summary>
    [Fact]
    public async Task TestsFindTheirReferenceAssemblies()
    {
        const string Project = "tests/WeakRefAnalyzers.Tests";
        var source = Path.Combine(Workshop.Metadata("Repository"), "tests");
        Directory.CreateDirectory(Path.Combine(workshop.Repository, Project));
        foreach (var file in new[] { "RoslynTesting.targets", "WeakRefAnalyzers.Tests/WeakRefAnalyzers.Tests.csproj" })
        {
            File.Copy(Path.Combine(source, file), Path.Combine(workshop.Repository, "tests", file));
        }

        var output = await Cli.SucceedAsync(
            workshop.Repository,
            "msbuild",
            Project,
            "-restore",
            "-t:NameReferenceAssemblies",
            "-getItem:AssemblyMetadata",
            "-nodeReuse:false");
        using var json = JsonDocument.Parse(output[output.IndexOf('{')..]);
        var paths = json.RootElement.GetProperty("Items").GetProperty("AssemblyMetadata").EnumerateArray()
            .ToDictionary(item => item.GetProperty("Identity").GetString()!, item => item.GetProperty("Value").GetString());
        Assert.True(File.Exists(paths["NetFrameworkReferences"]), paths["NetFrameworkReferences"]);
        Assert.True(Directory.Exists(paths["NetReferences"]), paths["NetReferences"]);
    }

    [Fact]
    public async Task SafeIsCleanAndRuns()
    {
        var output = await Cli.SucceedAsync(workshop.Repository, "build", "samples/Safe", "-nodeReuse:false");
        Assert.Contains("0 Warning(s)", output);
        await Cli.SucceedAsync(workshop.Repository, "samples/Safe/bin/Debug/net10.0/Safe.dll");
    }

    [Fact]
    public async Task WeakCacheDemoRuns()
    {
        await Cli.SucceedAsync(workshop.Repository, "build", "samples/WeakCacheDemo", "-nodeReuse:false");
        Assert.NotEmpty(await Cli.SucceedAsync(workshop.Repository, "samples/WeakCacheDemo/bin/Debug/net10.0/WeakCacheDemo.dll"));
    }

    /// <summary>Release tracking is on: a rule that no release file lists does not build.</summary>
    [Fact]
    public async Task ARuleWithoutAReleaseRowFailsTheBuild()
    {
        var copy = Path.Combine(workshop.Repository, "..", "unlisted");
        Workshop.Copy(new DirectoryInfo(workshop.Repository), copy, recurse: false);
        foreach (var part in new[] { "WeakRefAnalyzers", "Polyfills" })
        {
            Workshop.Copy(new(Path.Combine(workshop.Repository, "src", part)), Path.Combine(copy, "src", part));
        }

        File.Copy(Path.Combine(workshop.Repository, "src", "Analyzers.targets"), Path.Combine(copy, "src", "Analyzers.targets"));
        foreach (var file in Directory.EnumerateFiles(copy, "AnalyzerReleases.*.md"))
        {
            File.WriteAllLines(file, File.ReadAllLines(file).Where(line => !line.StartsWith("WREF205", StringComparison.Ordinal)));
        }

        var build = await Cli.RunAsync(copy, "build", "src/WeakRefAnalyzers", "-nodeReuse:false");
        Assert.NotEqual(0, build.ExitCode);
        Assert.Contains("error RS2000", build.Output);
        Assert.Contains("WREF205", build.Output);
    }

    [GeneratedRegex(@"// (WREF\d+)\s*$")]
    private static partial Regex Marker();

    [GeneratedRegex(@"(WREF\w+\.cs)\((\d+),\d+\): warning (WREF\d+):")]
    private static partial Regex Warning();
}
