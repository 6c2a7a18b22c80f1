using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;

namespace PackageTests;

[Collection(nameof(Workshop))]
public class PackageContentTests(Workshop workshop)
{
    [Fact]
    public void AnalyzerPackageHoldsAnalyzersAndNothingElse()
    {
        using var package = workshop.Open("WeakRefAnalyzers");
        Assert.Equal(
            [
                "README.md",
                "WeakRefAnalyzers.nuspec",
                "analyzers/dotnet/cs/WeakRefAnalyzers.CodeFixes.dll",
                "analyzers/dotnet/cs/WeakRefAnalyzers.CodeFixes.pdb",
                "analyzers/dotnet/cs/WeakRefAnalyzers.dll",
                "analyzers/dotnet/cs/WeakRefAnalyzers.pdb",
            ],
            Entries(package));
        var metadata = Metadata(package);
        Assert.Equal("true", Value(metadata, "developmentDependency"));
        Assert.DoesNotContain(metadata.Descendants(), element => element.Name.LocalName == "dependency");
        CheckCommon(metadata, "WeakRefAnalyzers");
    }

    [Fact]
    public void LibraryPackageDependsOnNothing()
    {
        using var package = workshop.Open("WeakRefs");
        Assert.Equal(
            [
                "README.md",
                "WeakRefs.nuspec",
                "lib/net10.0/WeakRefs.dll",
                "lib/net10.0/WeakRefs.xml",
                "lib/net8.0/WeakRefs.dll",
                "lib/net8.0/WeakRefs.xml",
                "lib/netstandard2.0/WeakRefs.dll",
                "lib/netstandard2.0/WeakRefs.xml",
            ],
            Entries(package));
        var metadata = Metadata(package);
        Assert.DoesNotContain(metadata.Elements(), element => element.Name.LocalName == "developmentDependency");
        Assert.DoesNotContain(metadata.Descendants(), element => element.Name.LocalName == "dependency");
        CheckCommon(metadata, "WeakRefs");

        using var symbols = workshop.Open("WeakRefs", "snupkg");
        Assert.Equal(
            ["WeakRefs.nuspec", "lib/net10.0/WeakRefs.pdb", "lib/net8.0/WeakRefs.pdb", "lib/netstandard2.0/WeakRefs.pdb"],
            Entries(symbols));
    }

    /// <summary>Any newer Roslyn in an analyzer's references keeps it from loading in an older compiler.</summary>
    [Fact]
    public void AnalyzersAskForNoNewerRoslynThanTheFloor()
    {
        using var package = workshop.Open("WeakRefAnalyzers");
        foreach (var entry in package.Entries.Where(entry => entry.FullName.EndsWith(".dll", StringComparison.Ordinal)))
        {
            using var memory = new MemoryStream();
            using (var stream = entry.Open())
            {
                stream.CopyTo(memory);
            }

            memory.Position = 0;
            using var image = new PEReader(memory);
            var reader = image.GetMetadataReader();
            var roslyn = reader.AssemblyReferences.Select(reader.GetAssemblyReference)
                .Where(reference => reader.GetString(reference.Name).StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal)).ToArray();
            Assert.NotEmpty(roslyn);
            Assert.All(roslyn, reference => Assert.Equal(new Version(4, 5, 0, 0), reference.Version));
        }
    }

    private static void CheckCommon(XElement metadata, string id)
    {
        Assert.Equal(id, Value(metadata, "id"));
        Assert.Equal("MIT", Value(metadata, "license"));
        Assert.Equal("README.md", Value(metadata, "readme"));
        Assert.NotEmpty(Value(metadata, "description"));
        Assert.NotEmpty(Value(metadata, "tags"));
        Assert.StartsWith("https://", Value(metadata, "projectUrl"));
    }

    private static string Value(XElement metadata, string name) => metadata.Elements().Single(element => element.Name.LocalName == name).Value;

    private static XElement Metadata(ZipArchive package)
    {
        using var stream = package.Entries.Single(entry => entry.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        return XDocument.Load(stream).Root!.Elements().Single();
    }

    /// <summary>All entries but those that every package has.</summary>
    private static string[] Entries(ZipArchive package) => [.. package.Entries.Select(entry => entry.FullName)
        .Where(name => name is not ("_rels/.rels" or "[Content_Types].xml") && !name.StartsWith("package/services/metadata/core-properties/", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal)];
}
