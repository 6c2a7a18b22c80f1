using System.Text.RegularExpressions;

namespace PackageTests;

[Collection(nameof(Workshop))]
public class ConsumerTests(Workshop workshop)
{
    private const string Old = "<LangVersion>7.3</LangVersion>";

    /// <summary>A rule of severity Info has to say something of it.</summary>
    private const string RawHandle = """
        using System;
        using System.Runtime.InteropServices;

        public class Handle : IDisposable
        {
            [DllImport("native")] private static extern void release(IntPtr handle);
            private IntPtr _handle;
            public void Dispose() { release(_handle); _handle = IntPtr.Zero; GC.SuppressFinalize(this); }
            ~Handle() { release(_handle); } // WREF502
        }
        """;

    [Theory]
    [InlineData("net10.0", "<OutputType>Exe</OutputType>")]
    [InlineData("net8.0", Old)]
    [InlineData("net472", Old)]
    public async Task ABuildReports(string framework, string properties)
    {
        var consumer = workshop
            .NewConsumer("App" + framework.Replace(".", ""), framework, workshop.AnalyzerReference + workshop.LibraryReference, properties)
            .AddSources();
        var build = await consumer.BuildAsync();
        Assert.True(build.ExitCode == 0, build.Output);
        Check(consumer);

        // What the compiler loaded stays with the compiler.
        var output = Directory.EnumerateFiles(Path.Combine(consumer.Folder, "bin"), "*", SearchOption.AllDirectories)
            .Select(Path.GetFileName)
            .ToArray();
        Assert.Contains("WeakRefs.dll", output);
        Assert.DoesNotContain(
            output,
            file =>
                file!.StartsWith("WeakRefAnalyzers", StringComparison.Ordinal)
                    || file.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal));
    }

    /// <summary>Every rule of the catalogue, out of the package.</summary>
    [Fact]
    public async Task EveryRuleReportsFromThePackage()
    {
        var consumer = workshop
            .NewConsumer("Catalogue", "net10.0", workshop.AnalyzerReference + workshop.LibraryReference, "<OutputType>Exe</OutputType>")
            .AddSources("samples/Misuse");
        var build = await consumer.BuildAsync();
        Assert.True(build.ExitCode == 0, build.Output);
        Check(consumer);
    }

    [Fact]
    public async Task WarningsCanBeErrors()
    {
        const string Strict = "<TreatWarningsAsErrors>true</TreatWarningsAsErrors>";
        var wrong =
            workshop.NewConsumer("Strict", "net10.0", workshop.AnalyzerReference + workshop.LibraryReference, Strict + Old).AddSources();
        var build = await wrong.BuildAsync();
        Assert.NotEqual(0, build.ExitCode);
        Assert.Contains("error WREF101:", build.Output);
        Assert.DoesNotContain("warning WREF", build.Output);
        Assert.DoesNotContain("error CS", build.Output);

        var right = workshop
            .NewConsumer(
                "StrictAndSafe",
                "net10.0",
                workshop.AnalyzerReference + workshop.LibraryReference,
                Strict + "<OutputType>Exe</OutputType><Nullable>enable</Nullable>")
                .AddSources("samples/Safe");
        build = await right.BuildAsync();
        Assert.True(build.ExitCode == 0, build.Output);
        Assert.DoesNotContain(right.ReadLog(), report => report.Level != "note" || report.Id.StartsWith("WREF", StringComparison.Ordinal));
    }

    [Fact]
    public async Task SeverityIsTheUsers()
    {
        var consumer = workshop.NewConsumer("Configured", "net10.0", workshop.AnalyzerReference + workshop.LibraryReference, Old)
            .AddSources()
                .AddFile(
                    ".editorconfig",
                    "root = true\n[*.cs]\ndotnet_analyzer_diagnostic.category-WeakReferences.severity = "
                        + "none\ndotnet_diagnostic.WREF101.severity = error\n");
        var build = await consumer.BuildAsync();
        Assert.NotEqual(0, build.ExitCode);
        Assert.Equal(["WREF101"], consumer.ReadLog().Select(report => report.Id).Distinct());
    }

    /// <summary>One property of the project sets all severities; what an .editorconfig says goes before it.</summary>
    [Theory]
    [InlineData("None", "")]
    [InlineData("Recommended", "warning")]
    [InlineData("All", "warning")]
    [InlineData("AllErrors", "error")]
    public async Task OnePropertySetsAllSeverities(string mode, string level)
    {
        var consumer = workshop
            .NewConsumer(
                "Mode" + mode,
                "net10.0",
                workshop.AnalyzerReference + workshop.LibraryReference,
                Old + $"<WeakRefAnalysisMode>{mode}</WeakRefAnalysisMode>")
            .AddSources()
            .AddFile("Handle.cs", RawHandle)
            .AddFile(".editorconfig", "root = true\n[*.cs]\ndotnet_diagnostic.WREF101.severity = suggestion\n");

        var build = await consumer.BuildAsync();

        Assert.True(build.ExitCode == (level == "error" ? 1 : 0), build.Output);
        var reports = consumer.ReadLog()
            .Where(report => report.Id.StartsWith("WREF", StringComparison.Ordinal))
            .ToLookup(report => report.Id);
        Assert.All(reports["WREF101"], report => Assert.Equal("note", report.Level));
        Assert.Equal(level.Length == 0 ? 1 : consumer.Marked().Select(mark => mark[^7..]).Distinct().Count(), reports.Count);
        Assert.All(
            reports.Where(group => group.Key != "WREF101").SelectMany(group => group),
            report => Assert.Equal(level, report.Level));
    }

    /// <summary>The package's targets hand the configuration to the compiler, so that the report stands in it.</summary>
    [Fact]
    public async Task AConfigurationThatNamesNothingIsReportedInItsFile()
    {
        const string Options = "weakref_analyzers.reference_types = Vendor.Weak\nweakref_analyzers.weak_reed = M:Vendor.Weak.Get\n";
        var consumer = workshop.NewConsumer("Misspelt", "net10.0", workshop.AnalyzerReference)
            .AddFile("Class.cs", "namespace Vendor { public class Weak { } }")
            .AddFile(".editorconfig", $"root = true\n[*.cs]\n{Options}");

        var build = await consumer.BuildAsync();

        Assert.True(build.ExitCode == 0, build.Output);
        Assert.Equal([".editorconfig(4): WREF001"], consumer.ReadLog().Select(report => report.ToString()));
        Assert.Matches(@"\.editorconfig\(4,1\): warning WREF001: .*did you mean 'weakref_analyzers\.weak_read'\?", build.Output);
    }

    [Fact]
    public async Task AModeThatThereIsNotIsAnError()
    {
        var consumer = workshop
            .NewConsumer("ModeStrict", "net10.0", workshop.AnalyzerReference, "<WeakRefAnalysisMode>Strict</WeakRefAnalysisMode>")
            .AddFile("Class.cs", "public class Class { }");

        var build = await consumer.BuildAsync();

        Assert.NotEqual(0, build.ExitCode);
        Assert.Contains("WeakRefAnalysisMode is 'Strict'; it can be None, Default, Recommended, All or AllErrors.", build.Output);
    }

    /// <summary>The fixes as a workspace applies them: the code still compiles, is clean, and does what it did.</summary>
    [Fact]
    public async Task FormatAppliesTheFixes()
    {
        var consumer = workshop
            .NewConsumer("Formatted", "net10.0", workshop.AnalyzerReference + workshop.LibraryReference, "<OutputType>Exe</OutputType>")
            .AddSources();
        Assert.Equal(0, (await consumer.BuildAsync()).ExitCode);
        var before = await consumer.RunAsync();
        var fixable = consumer.Marked().Except(consumer.Marked(onlyWhatStays: true)).ToArray();
        Assert.NotEmpty(fixable);

        var ids = fixable.Select(report => report[^7..]).Distinct().ToArray();
        await Cli.SucceedAsync(consumer.Folder, ["format", "analyzers", "--no-restore", "--severity", "info", "--diagnostics", .. ids]);
        var build = await consumer.BuildAsync();
        Assert.True(build.ExitCode == 0, build.Output);

        // Lines have moved; the marks moved with them.
        Assert.Equal(
            consumer.Marked(onlyWhatStays: true),
            consumer.ReadLog().Where(report => report.Id.StartsWith("WREF", StringComparison.Ordinal)).Select(report => report.ToString()));
        Assert.Equal(before, await consumer.RunAsync());
    }

    /// <summary>
    /// All samples at once, in one project for three frameworks: no fix is lost, and each writes one text that compiles on all of them.
    /// </summary>
    [Fact]
    public async Task FormatWritesOneTextForAllFrameworks()
    {
        var properties = "<TargetFrameworks>netstandard2.0;net8.0;net10.0</TargetFrameworks>"
            + "<LangVersion>latest</LangVersion><Nullable>annotations</Nullable><ErrorLog></ErrorLog>";
        var consumer = workshop
            .NewConsumer("Frameworks", "", workshop.AnalyzerReference + workshop.LibraryReference, properties)
            .AddSources("samples/Misuse");

        // What these use is not on all of the frameworks.
        foreach (var file in new[]
            { "Program.cs", "WREF305_TableValueReachesTable.cs", "WREF509_ClosedHandlePassed.cs", "WREF701_UnfreedHandle.cs" })
        {
            File.Delete(Path.Combine(consumer.Folder, file));
        }

        var native = Path.Combine(consumer.Folder, "WREF507_NoKeepAlive.cs");
        File.WriteAllText(native, File.ReadAllText(native).Replace(" | MethodImplOptions.AggressiveOptimization", ""));
        var build = await consumer.BuildAsync();
        Assert.True(build.ExitCode == 0, build.Output);

        var fixable = Directory.EnumerateFiles(Path.Combine(Workshop.Metadata("Repository"), "src", "WeakRefAnalyzers.CodeFixes", "Fixes"))
            .SelectMany(file => Path.GetFileName(file).Split('_', '.').Where(part => part.StartsWith("WREF", StringComparison.Ordinal)))
            .ToArray();
        var output = await Cli.SucceedAsync(
            consumer.Folder,
            ["format", "analyzers", "--no-restore", "--severity", "info", "--verbosity", "diagnostic", "--diagnostics", .. fixable]);
        Assert.DoesNotContain("Failed to apply", output);
        Assert.DoesNotContain("Exception", output);
        Assert.All(Directory.EnumerateFiles(consumer.Folder, "*.cs"), file => Assert.DoesNotContain("<<<<<<<", File.ReadAllText(file)));

        build = await consumer.BuildAsync();
        Assert.True(build.ExitCode == 0, build.Output);
        var left = Regex.Matches(build.Output, @"(WREF\d+)_\w+\.cs\(\d+,\d+\): warning \1")
            .Select(match => match.Groups[1].Value)
            .Distinct()
            .Order();

        // No fix, or none that is certain: the order that is its own held value, finalizers (of 510 without a lock to take), a table one
        // of whose uses has no counterpart,
        // a key with a primary constructor.
        Assert.Equal(["WREF301", "WREF503", "WREF504", "WREF505", "WREF508", "WREF510", "WREF601", "WREF604"], left);
    }

    /// <summary>A library that uses the analyzers does not pass them on, nor anything they stand on.</summary>
    [Fact]
    public async Task NothingLeaksToTheConsumersConsumer()
    {
        var library = workshop.NewConsumer("Library", "net10.0", workshop.LibraryReference).AddFile("Class.cs", "public class Class { }");
        await Cli.SucceedAsync(library.Folder, "add", "package", "WeakRefAnalyzers", "--version", workshop.Version);
        Assert.Contains("<PrivateAssets>all</PrivateAssets>", File.ReadAllText(Path.Combine(library.Folder, "Library.csproj")));
        await Cli.SucceedAsync(library.Folder, "pack", "-o", library.Folder, "-nodeReuse:false");
        using var package = System.IO.Compression.ZipFile.OpenRead(Path.Combine(library.Folder, "Library.1.0.0.nupkg"));
        using var reader = new StreamReader(package.GetEntry("Library.nuspec")!.Open());
        var nuspec = await reader.ReadToEndAsync();
        Assert.Contains("id=\"WeakRefs\"", nuspec);
        Assert.DoesNotContain("WeakRefAnalyzers", nuspec);

        // Restored for this project: the two packages and nothing they would bring along.
        var assets = File.ReadAllText(Path.Combine(library.Folder, "obj", "project.assets.json"));
        Assert.DoesNotContain("Microsoft.CodeAnalysis", assets);
    }

    private static void Check(Consumer consumer)
    {
        var reports = consumer.ReadLog();
        Assert.Equal(
            consumer.Marked(),
            reports.Where(report => report.Id.StartsWith("WREF", StringComparison.Ordinal)).Select(report => report.ToString()));
        Assert.DoesNotContain(reports, report => report.Id is "AD0001" or "CS8032" or "CS8034");
        Assert.All(reports, report => Assert.True(!report.Id.StartsWith("WREF", StringComparison.Ordinal)
            || report.HelpLink == $"{Workshop.Metadata("RepositoryAddress")}/blob/main/docs/rules/{report.Id}.md",
                $"{report}: {report.HelpLink}"));

        // These always have a cause elsewhere: the probe, the first read, the call whose result is ignored, the capture.
        Assert.All(
            reports.Where(report => report.Id is "WREF102" or "WREF103" or "WREF104" or "WREF302"),
            report => Assert.True(report.RelatedLocations > 0, report.ToString()));
    }
}
