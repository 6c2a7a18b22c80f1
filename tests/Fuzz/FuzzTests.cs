namespace Fuzz;

[Collection(nameof(FuzzTests))]
public class FuzzTests
{
    /// <summary>Enough to see that a change broke something common; the long run finds the rest.</summary>
    private const int Few = 150;

    [Fact]
    public async Task MutantsOfTheSamplesDoNoHarm()
    {
        var run = new FuzzRun(Sources.Own());

        await run.RunAsync(seed: 1, Few);

        Assert.True(run.Kinds.Values.Sum(static tally => tally.Reports) > Few, run.Describe());
        Assert.Empty(run.Faults);
    }

    [Fact]
    public void TheSameSeedGivesTheSameMutants()
    {
        var sources = Sources.Own().Select(static text => Microsoft.CodeAnalysis.CSharp.CSharpSyntaxTree.ParseText(text)).ToArray();

        Assert.Equal(Mutant.Of(sources, new Random(7)), Mutant.Of(sources, new Random(7)));
        Assert.NotEqual(Mutant.Of(sources, new Random(7)), Mutant.Of(sources, new Random(8)));
    }
}
