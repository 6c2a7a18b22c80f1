namespace WeakRefAnalyzers.Tests.Contract;

/// <summary>What holds for the files of the repository.</summary>
public class RepositoryTests
{
    private static readonly string[] Folders = ["src", "tests", "samples", "docs", ".github", ".ci"];

    /// <summary>A fork or a move changes one line.</summary>
    [Fact]
    public void TheAddressStandsInOnePlace()
    {
        var top = Directory.EnumerateFiles(Repository.Root).Select(path => Path.GetFileName(path));
        var all = top
            .Concat(Folders.SelectMany(folder => Repository.List(folder, "*")))
            .Where(path => !path.EndsWith(".png", StringComparison.Ordinal));
        Assert.Equal(
            ["Directory.Build.props"],
            all.Where(path => Repository.Read(path).Contains(Repository.Address, StringComparison.OrdinalIgnoreCase)));
    }
}
