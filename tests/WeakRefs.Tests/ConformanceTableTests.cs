using System.Reflection;
using System.Text.RegularExpressions;
using Xunit;

namespace WeakRefs.Tests;

/// <summary>docs/conformance.md names tests that exist.</summary>
public class ConformanceTableTests
{
    private static readonly string Page = File.ReadAllText(typeof(ConformanceTableTests).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "Conformance").Value!);

    [Fact]
    public void Every_test_it_names_is_there()
    {
        var names = Regex.Matches(Page, @"`(\w+Tests)\.(\w+)`")
            .Select(match => (Type: match.Groups[1].Value, Method: match.Groups[2].Value));
        Assert.NotEmpty(names);
        Assert.All(names, name => Assert.True(
            typeof(ConformanceTableTests).Assembly.GetType("WeakRefs.Tests." + name.Type)?.GetMethod(name.Method)
                ?.IsDefined(typeof(FactAttribute)), name.ToString()));
    }

    [Fact]
    public void Every_row_has_a_test_or_says_that_it_differs()
    {
        var rows = Page.Split('\n').Where(line =>
            line.StartsWith("| ", StringComparison.Ordinal) && !line.EndsWith("| test |", StringComparison.Ordinal));
        Assert.All(rows, row => Assert.Matches(@"\| (differs: |`\w+Tests\.)", row));
    }

    [Fact]
    public void All_seventeen_cases_of_test262_are_in_it() =>
        Assert.Equal(17, Regex.Count(Page, @"^\| (WeakRef|FinalizationRegistry|…)/", RegexOptions.Multiline));
}
