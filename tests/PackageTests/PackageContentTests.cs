using System.IO.Compression;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
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
                "analyzers/dotnet/vb/WeakRefAnalyzers.VisualBasic.dll",
                "analyzers/dotnet/vb/WeakRefAnalyzers.VisualBasic.pdb",
                .. Presets("build"),
                .. Presets("buildTransitive"),
                "icon.png",
            ],
            Entries(package));
        var metadata = Metadata(package);
        Assert.Equal("true", Value(metadata, "developmentDependency"));
        Assert.DoesNotContain(metadata.Descendants(), element => element.Name.LocalName == "dependency");
        CheckCommon(metadata, "WeakRefAnalyzers");
        CheckAddress(package, metadata);
    }

    private static string[] Presets(string folder) =>
    [
        $"{folder}/All.globalconfig",
        $"{folder}/AllErrors.globalconfig",
        $"{folder}/None.globalconfig",
        $"{folder}/Recommended.globalconfig",
        $"{folder}/WeakRefAnalyzers.targets",
    ];

    [Fact]
    public void LibraryPackageDependsOnNothing()
    {
        using var package = workshop.Open("WeakRefs");
        Assert.Equal(
            [
                "README.md",
                "WeakRefs.nuspec",
                "icon.png",
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
        CheckAddress(package, metadata);

        Assert.All(
            package.Entries.Where(entry => entry.Name.EndsWith(".dll", StringComparison.Ordinal)),
            entry => Assert.NotEmpty(KeyOf(entry)));

        using var symbols = workshop.Open("WeakRefs", "snupkg");
        Assert.Equal(
            ["WeakRefs.nuspec", "lib/net10.0/WeakRefs.pdb", "lib/net8.0/WeakRefs.pdb", "lib/netstandard2.0/WeakRefs.pdb"],
            Entries(symbols));
    }

    /// <summary>
    /// Any newer assembly in the references of an analyzer or fix keeps it from loading, silently, in an older compiler or editor.
    /// This is what the compiler of SDK 7.0.200 and Visual Studio 2022 17.5 have, the first with Roslyn 4.5.
    /// </summary>
    [Fact]
    public void AnalyzersAskForNothingNewerThanTheOldestHostHas()
    {
        var host = new Dictionary<string, string>
        {
            ["netstandard"] = "2.0.0.0",
            ["Microsoft.CodeAnalysis"] = "4.5.0.0",
            ["Microsoft.CodeAnalysis.CSharp"] = "4.5.0.0",
            ["Microsoft.CodeAnalysis.CSharp.Workspaces"] = "4.5.0.0",
            ["Microsoft.CodeAnalysis.Workspaces"] = "4.5.0.0",
            ["System.Collections.Immutable"] = "6.0.0.0",
            ["System.Composition.AttributedModel"] = "6.0.0.0",
            ["System.Memory"] = "4.0.1.2", // Roslyn 4.5.0 itself refers to this one.
            ["System.Reflection.Metadata"] = "6.0.0.0",
            ["System.Runtime.CompilerServices.Unsafe"] = "6.0.0.0",
        };
        using var package = workshop.Open("WeakRefAnalyzers");
        var names = new List<string>();
        foreach (var entry in package.Entries.Where(entry => entry.FullName.EndsWith(".dll", StringComparison.Ordinal)))
        {
            foreach (var reference in ReferencesOf(entry).Where(reference => reference.Name != "WeakRefAnalyzers"))
            {
                names.Add(reference.Name!);
                Assert.True(
                    host.TryGetValue(reference.Name!, out var version),
                    $"{entry.Name} refers to {reference}, which no list says that hosts have.");
                Assert.True(
                    reference.Version <= new Version(version!),
                    $"{entry.Name} refers to {reference}; the oldest host has {version}.");
            }
        }

        Assert.Contains("Microsoft.CodeAnalysis", names);
        Assert.Contains("System.Composition.AttributedModel", names);
    }

    /// <summary>Where the compiler of Visual Basic runs alone, that of C# is not among the files that it knows of.</summary>
    [Fact]
    public void VisualBasicAsksForNoCSharp()
    {
        using var package = workshop.Open("WeakRefAnalyzers");
        var entries = package.Entries.Where(entry => entry.FullName.StartsWith("analyzers/dotnet/vb/", StringComparison.Ordinal)
            && entry.Name.EndsWith(".dll", StringComparison.Ordinal));
        Assert.Equal(
            ["Microsoft.CodeAnalysis", "System.Collections.Immutable", "netstandard"],
            ReferencesOf(Assert.Single(entries)).Select(reference => reference.Name!).Order(StringComparer.Ordinal));
    }

    /// <summary>The stand-in that the fixes are compiled against has the name of the real one.</summary>
    [Fact]
    public void FixesAskForTheRealComposition()
    {
        using var package = workshop.Open("WeakRefAnalyzers");
        var entry = package.Entries.Single(entry => entry.Name == "WeakRefAnalyzers.CodeFixes.dll");
        Assert.Contains(
            ReferencesOf(entry),
            reference =>
                reference.FullName
                    == "System.Composition.AttributedModel, Version=6.0.0.0, Culture=neutral, PublicKeyToken=b03f5f7f11d50a3a");
    }

    private static AssemblyName[] ReferencesOf(ZipArchiveEntry entry) => Read(
        entry,
        static reader => reader.AssemblyReferences.Select(handle => reader.GetAssemblyReference(handle).GetAssemblyName()).ToArray());

    private static byte[] KeyOf(ZipArchiveEntry entry) =>
        Read(entry, static reader => reader.GetBlobBytes(reader.GetAssemblyDefinition().PublicKey));

    private static T Read<T>(ZipArchiveEntry entry, Func<MetadataReader, T> read)
    {
        using var memory = new MemoryStream();
        using (var stream = entry.Open())
        {
            stream.CopyTo(memory);
        }

        memory.Position = 0;
        using var image = new PEReader(memory);
        return read(image.GetMetadataReader());
    }

    /// <summary>The address of the repository is written once; what is made from it must have it.</summary>
    private static void CheckAddress(ZipArchive package, XElement metadata)
    {
        var address = Workshop.Metadata("RepositoryAddress");
        Assert.Equal(address, Value(metadata, "projectUrl"));
        Assert.Equal(address, metadata.Elements().Single(element => element.Name.LocalName == "repository").Attribute("url")!.Value);
        using var reader = new StreamReader(package.GetEntry("README.md")!.Open());
        var links = Regex.Matches(reader.ReadToEnd(), @"\]\(([^)#][^)]*)\)").Select(match => match.Groups[1].Value).ToArray();
        Assert.NotEmpty(links);
        Assert.All(links, link => Assert.StartsWith("https://", link));
        Assert.Contains(links, link => link.StartsWith(address + "/blob/main/", StringComparison.Ordinal));
        Assert.All(
            links.Where(link => link.EndsWith(".png", StringComparison.Ordinal)),
            link => Assert.StartsWith("https://raw.githubusercontent.com/", link));
    }

    private static void CheckCommon(XElement metadata, string id)
    {
        Assert.Contains("## ", Value(metadata, "releaseNotes"));
        Assert.Equal(id, Value(metadata, "id"));
        Assert.Equal("MIT", Value(metadata, "license"));
        Assert.Equal("README.md", Value(metadata, "readme"));
        Assert.Equal("icon.png", Value(metadata, "icon"));
        Assert.NotEmpty(Value(metadata, "description"));
        Assert.NotEmpty(Value(metadata, "tags"));
    }

    private static string Value(XElement metadata, string name)
        => metadata.Elements().Single(element => element.Name.LocalName == name).Value;

    private static XElement Metadata(ZipArchive package)
    {
        using var stream = package.Entries.Single(entry => entry.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        return XDocument.Load(stream).Root!.Elements().Single();
    }

    /// <summary>All entries but those that every package has.</summary>
    private static string[] Entries(ZipArchive package) => [.. package.Entries.Select(entry => entry.FullName)
        .Where(name =>
            name is not ("_rels/.rels" or "[Content_Types].xml")
                && !name.StartsWith("package/services/metadata/core-properties/", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal)];
}
