namespace WeakRefAnalyzers.Tests.Contract;

#if ROSLYN_LATEST
/// <summary>The code on the pictures, which docs/images/pictures.cs renders.</summary>
public class PictureTests
{
    private const string Folder = "docs/images";

    public static IEnumerable<object[]> Examples =>
        Repository.List(Folder + "/examples", "*.cs").Select(static path => new object[] { Path.GetFileNameWithoutExtension(path) });

    /// <summary>One report, one fix, and a picture that loads quickly.</summary>
    [Theory]
    [MemberData(nameof(Examples))]
    public async Task APictureShowsOneReport(string id)
    {
        var example = Repository.Read($"{Folder}/examples/{id}.cs");
        var compilation = Whole.Compile([("Example.cs", example), ("Usings.cs", Page.Usings)]);
        Assert.DoesNotContain(compilation.GetDiagnostics(), static one => one.Severity == DiagnosticSeverity.Error);
        Assert.Equal([id], (await Whole.AnalyzeAsync(compilation)).Select(static report => report.Id));
        Assert.True(Repository.HasFix(id));
        Assert.InRange(new FileInfo(Path.Combine(Repository.Root, Folder, $"{id.ToLowerInvariant()}.png")).Length, 1, 150_000);
        Assert.Contains($"](../images/{id.ToLowerInvariant()}.png)", Repository.Read($"docs/rules/{id}.md"));
    }

    [Fact]
    public void ThereAreFive() => Assert.Equal(5, Examples.Count());
}
#endif
