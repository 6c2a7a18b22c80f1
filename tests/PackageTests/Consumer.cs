using System.Text.Json;
using System.Text.RegularExpressions;

namespace PackageTests;

internal sealed record Report(string Id, string File, int Line, string Level, string? HelpLink, string Message, int RelatedLocations)
{
    public override string ToString() => $"{File}({Line}): {Id}";
}

/// <summary>A project that uses the packages.</summary>
internal sealed partial class Consumer(string folder)
{
    public string Folder => folder;

    /// <summary>Adds the sources that every consumer is tried with; they are C# 7.3.</summary>
    public Consumer AddSources(string from = "tests/PackageTests/Consumer", string pattern = "*.cs")
    {
        foreach (var file in new DirectoryInfo(Path.Combine(Workshop.Metadata("Repository"), from)).EnumerateFiles(pattern))
        {
            file.CopyTo(Path.Combine(folder, file.Name));
        }

        return this;
    }

    public Consumer AddFile(string name, string text)
    {
        File.WriteAllText(Path.Combine(folder, name), text);
        return this;
    }

    public Task<CliResult> BuildAsync() => Cli.RunAsync(folder, "build", "-nodeReuse:false", "--no-incremental");

    /// <summary>What the last build reported.</summary>
    public Report[] ReadLog()
    {
        using var log = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "build.sarif")));
        var run = log.RootElement.GetProperty("runs")[0];
        var helpLinks = run.GetProperty("tool").GetProperty("driver").GetProperty("rules").EnumerateArray()
            .Where(rule => rule.TryGetProperty("helpUri", out _))
            .ToDictionary(rule => rule.GetProperty("id").GetString()!, rule => rule.GetProperty("helpUri").GetString());
        return [.. run.GetProperty("results").EnumerateArray().Select(Read).OrderBy(report => report.ToString(), StringComparer.Ordinal)];

        Report Read(JsonElement result)
        {
            var id = result.GetProperty("ruleId").GetString()!;
            var location = result.TryGetProperty("locations", out var locations) && locations.GetArrayLength() > 0
                ? locations[0].GetProperty("physicalLocation")
                : default;
            return new(
                id,
                location.ValueKind == JsonValueKind.Undefined
                    ? ""
                    : Path.GetFileName(location.GetProperty("artifactLocation").GetProperty("uri").GetString()!),
                location.ValueKind == JsonValueKind.Undefined ? 0 : location.GetProperty("region").GetProperty("startLine").GetInt32(),
                result.GetProperty("level").GetString()!,
                helpLinks.GetValueOrDefault(id),
                result.GetProperty("message").GetProperty("text").GetString()!,
                result.TryGetProperty("relatedLocations", out var related) ? related.GetArrayLength() : 0);
        }
    }

    /// <summary>What the sources are marked with: a line that ends with <c>// WREF101</c>; after <c>stays</c> no fix is offered.</summary>
    public string[] Marked(bool onlyWhatStays = false)
        => [.. Directory.EnumerateFiles(folder).Where(IsSource).SelectMany(file => File.ReadLines(file).Index()
            .Select(line => (Line: line.Index + 1, Match: Marker().Match(line.Item)))
            .Where(line => line.Match.Success && (!onlyWhatStays || line.Match.Groups[2].Success))
            .Select(line => $"{Path.GetFileName(file)}({line.Line}): {line.Match.Groups[1].Value}")).Order(StringComparer.Ordinal)];

    private static bool IsSource(string file) => Path.GetExtension(file) is ".cs" or ".vb";

    public Task<string> RunAsync() => Cli.SucceedAsync(folder, Path.Combine("bin", "Debug", "net10.0", Path.GetFileName(folder) + ".dll"));

    [GeneratedRegex(@"(?://|') (WREF\d+)( stays)?$")]
    private static partial Regex Marker();
}
