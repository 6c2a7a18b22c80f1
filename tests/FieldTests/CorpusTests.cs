namespace FieldTests;

public class CorpusTests
{
    /// <summary>The small corpus that every build runs: the catalogue's own samples.</summary>
    [Fact]
    public async Task EveryOfferedFixCompilesAndClearsItsDiagnostic()
    {
        var report = await FieldRun.RunAsync(Path.Combine(AppContext.BaseDirectory, "Corpus", "Misuse"));

        Assert.True(report.Findings >= 30, $"{report.Findings} findings");
        Assert.True(report.Fixed >= 15, $"{report.Fixed} fixes");
        Assert.Empty(report.Wrong);
    }
}
