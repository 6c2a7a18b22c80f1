using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.CodeAnalysis.Diagnostics;

namespace WeakRefAnalyzers.Tests.Contract;

/// <summary>What every rule has to come with: a page, tests, a proof, samples and a release row.</summary>
public partial class RuleSetTests
{
    private static readonly string[] ReleaseFiles = ["AnalyzerReleases.Shipped.md", "AnalyzerReleases.Unshipped.md"];

    public static IEnumerable<object[]> Ids => Repository.Ids;

    /// <summary>WREF0xx are about the configuration: there is no code to be proved wrong, sampled or written as an example.</summary>
    public static IEnumerable<object[]> IdsOfCode => Ids.Where(static id => !IsOfConfiguration((string)id[0]));

    [Fact]
    public void IdsAreUniqueAndInOrder()
    {
        var ids = Repository.Descriptors.Select(rule => rule.Id).ToArray();
        Assert.Equal(ids.Distinct().Order(StringComparer.Ordinal), ids);
        Assert.All(ids, id => Assert.Matches("^WREF[0-8][0-9]{2}$", id));
        Assert.Equal(ids.Length, Repository.Descriptors.Select(rule => rule.Title.ToString()).Distinct().Count());
        Assert.Equal(ids, new WeakRefAnalyzer().SupportedDiagnostics.Select(rule => rule.Id));
    }

    [Fact]
    public void OneAnalyzerIsExported()
    {
        var exported =
            typeof(WeakRefAnalyzer).Assembly.GetTypes().Where(type => type.GetCustomAttribute<DiagnosticAnalyzerAttribute>() is not null);
        Assert.Equal([typeof(WeakRefAnalyzer)], exported);
    }

    /// <summary>A rule says the same of both languages.</summary>
    [Fact]
    public void RulesOfVisualBasicAreThoseOfCSharp()
    {
        var ids = Repository.OfVisualBasic.Select(rule => rule.Id).ToArray();
        Assert.Equal(ids.Distinct().Order(StringComparer.Ordinal), ids);
        Assert.All(Repository.OfVisualBasic, rule => Assert.Equal(Repository.Find(rule.Id), rule));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Descriptor(string id)
    {
        var rule = Repository.Find(id);
        Assert.True(rule.IsEnabledByDefault);
        Assert.Equal("WeakReferences", rule.Category);
        Assert.True(rule.DefaultSeverity is DiagnosticSeverity.Warning or DiagnosticSeverity.Info);
        Assert.Equal($"{Repository.Address}/blob/main/{Documentation.PageOf(rule)}", rule.HelpLinkUri);
        Assert.Matches("^[A-Z].*[^.]$", rule.Title.ToString());
        Assert.Contains("{0}", rule.MessageFormat.ToString());
        Assert.NotEmpty(rule.Description.ToString());
        Assert.Equal(Rule.Tags(id), rule.CustomTags);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Page(string id)
    {
        var rule = Repository.Find(id);
        var page = Documentation.PageOf(rule);
        Documentation.Check(page, Documentation.BlockOf(rule));
        var text = Repository.Read(page);
        Assert.StartsWith($"# {id}: {rule.Title}\n", text);
        var sections = new[]
        {
            "\n## What happens\n",
            "\n## Example\n",
            IsOfConfiguration(id) ? "```ini" : "```csharp",
            "\n## When it stays silent\n",
            "\n## Configure\n",
            $"dotnet_diagnostic.{id}.severity"
        };
        Assert.All(sections, section => Assert.Contains(section, text));
    }

    [Fact]
    public void IndexListsEveryRuleAndNoPageIsLeftOver()
    {
        Documentation.Check("docs/index.md", Documentation.Table());
        Assert.Equal(Repository.Descriptors.Select(Documentation.PageOf), Repository.List("docs/rules", "*.md"));
        Assert.True(Documentation.IsPeerOfARule(id => Repository.Descriptors.Any(rule => rule.Id == id)));
    }

    [Fact]
    public void ReleaseFilesListTheRules()
    {
        var rows = ReleaseFiles
            .SelectMany(file => ReleaseRow().Matches(Repository.Read(file)))
            .Select(match => (match.Groups[1].Value, match.Groups[2].Value, match.Groups[3].Value));
        Assert.Equal(
            Repository.Descriptors.Select(rule => (rule.Id, rule.Category, rule.DefaultSeverity.ToString())),
            rows.Order());

        // With one of them missing, the tracking analyzer is silently off.
        var project = XDocument.Parse(Repository.Read("src/WeakRefAnalyzers/WeakRefAnalyzers.csproj"));
        var passed = project.Descendants("AdditionalFiles").SelectMany(item => item.Attribute("Include")!.Value.Split(';'));
        Assert.Equal(ReleaseFiles.Select(file => "../../" + file), passed);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Tests(string id)
    {
        var text = Repository.ReadFileOf(id, "tests/WeakRefAnalyzers.Tests/Rules");
        var name = Regex.Match(text, $@"class ({id}_\w+Tests)\b").Groups[1].Value;
        var methods = typeof(RuleSetTests).Assembly.GetTypes().Single(type => type.Name == name && name.Length > 0).GetMethods()
            .Where(method => method.GetCustomAttribute<FactAttribute>() is not null).ToArray();
        Assert.NotEmpty(methods);
        if (Repository.HasFix(id))
        {
            Assert.Contains(methods, method => method.Name.Contains("Trivia", StringComparison.Ordinal));
            Assert.Contains(".NoFix(", text);
        }
    }

    [Theory]
    [MemberData(nameof(IdsOfCode))]
    public void RuleProofAndSamples(string id)
    {
        Assert.Contains($"class {id}_", Repository.ReadFileOf(id, "tests/WeakRefAnalyzers.Proofs"));
        _ = Repository.Read(Sources.FileOf(id));
        Assert.Matches($@"// {id}\n", Repository.ReadFileOf(id, "samples/Misuse"));
        Assert.Contains($"static class {id}\n", Repository.ReadFileOf(id, "samples/Safe"));
    }

    [Fact]
    public void RulesOfTheConfigurationLookAtNoCode() => Assert.All(
        WeakRefAnalyzer.Catalogue(),
        static rule => Assert.Equal(rule is ConfigurationRule, rule.Descriptors.All(static one => IsOfConfiguration(one.Id))));

    private static bool IsOfConfiguration(string id) => id.StartsWith("WREF0", StringComparison.Ordinal);

    [GeneratedRegex(@"^(WREF\d+) *\| *(\w+) *\| *(\w+) *\|", RegexOptions.Multiline)]
    private static partial Regex ReleaseRow();
}
