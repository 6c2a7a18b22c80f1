namespace PackageTests;

/// <summary>A project in Visual Basic gets the rules that read it, and nothing that only a compiler of C# can load.</summary>
[Collection(nameof(Workshop))]
public class VisualBasicTests(Workshop workshop)
{
    [Fact]
    public async Task MistakesAreTold()
    {
        var consumer = workshop
            .NewConsumer("Basic", "net10.0", workshop.AnalyzerReference + workshop.LibraryReference, language: "vb")
            .AddSources("tests/PackageTests/VisualBasic", "*.vb")
            .AddFile(".editorconfig", """
                root = true

                [*.vb]
                weakref_analyzers.reference_types = Basic.Slot, Vendor.Missing
                """);

        var build = await consumer.BuildAsync();

        Assert.True(build.ExitCode == 0, build.Output);
        Assert.DoesNotContain("AD0001", build.Output);
        Assert.Equal(consumer.Marked().Prepend(".editorconfig(4): WREF001"), consumer.ReadLog().Select(report => report.ToString()));
        Assert.All(consumer.ReadLog(), report => Assert.Equal("warning", report.Level));
    }
}
