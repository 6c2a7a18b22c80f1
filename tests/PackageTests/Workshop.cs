using System.IO.Compression;
using System.Reflection;

namespace PackageTests;

/// <summary>A copy of the repository without anything built, both packages made from it, and room for projects that use them.</summary>
public sealed class Workshop : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("WeakRefAnalyzers.");

    /// <summary>Never used before, so that no package of an earlier run can stand in.</summary>
    public string Version { get; } = $"1.0.0-test.{Guid.NewGuid():N}";

    public string Repository => Path.Combine(_folder.FullName, "repository");

    private string Feed => Path.Combine(_folder.FullName, "feed");

    public async ValueTask InitializeAsync()
    {
        var source = new DirectoryInfo(Metadata("Repository"));
        Copy(source, Repository, recurse: false);
        Copy(new(Path.Combine(source.FullName, "src")), Path.Combine(Repository, "src"));
        Copy(new(Path.Combine(source.FullName, "samples")), Path.Combine(Repository, "samples"));
        foreach (var project in new[] { "WeakRefAnalyzers.CodeFixes", "WeakRefs" })
        {
            await PackAsync(project, "feed");
        }
    }

    /// <summary>Packs a project of the copy into a folder beside it, and says where that is.</summary>
    public async Task<string> PackAsync(string project, string folder)
    {
        var path = Path.Combine(_folder.FullName, folder);
        await Cli.SucceedAsync(
            Repository,
            "pack",
            $"src/{project}",
            "-c",
            "Release",
            "-o",
            path,
            $"-p:MinVerVersionOverride={Version}",
            $"-p:Version={Version}",
            "-nodeReuse:false");
        return path;
    }

    public ValueTask DisposeAsync()
    {
        try
        {
            _folder.Delete(recursive: true);
        }
        catch (IOException)
        {
            // A file that something still has open (Windows): the system's temporary folder is cleaned by others.
        }

        return ValueTask.CompletedTask;
    }

    public ZipArchive Open(string package, string extension = "nupkg")
        => ZipFile.OpenRead(Path.Combine(Feed, $"{package}.{Version}.{extension}"));

    /// <summary>A fresh project outside of the repository; it takes packages from the feed besides the usual sources.</summary>
    internal Consumer NewConsumer(
        string name, string framework, string packages, string properties = "", string sdk = "Microsoft.NET.Sdk", string language = "cs")
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder.FullName, name)).FullName;
        var shared = Metadata("Packages");
        File.WriteAllText(Path.Combine(folder, $"{name}.{language}proj"), $"""
            <Project Sdk="{sdk}">
              <PropertyGroup>
                {(framework.Length == 0 ? "" : $"<TargetFramework>{framework}</TargetFramework>")}
                <RestoreAdditionalProjectSources>{Feed}</RestoreAdditionalProjectSources>
                <RestorePackagesPath>{Path.Combine(_folder.FullName, "packages")}</RestorePackagesPath>
                {(Directory.Exists(shared) ? $"<RestoreFallbackFolders>{shared}</RestoreFallbackFolders>" : "")}
                <AllowUnsafeBlocks>true</AllowUnsafeBlocks>
                <UseAppHost>false</UseAppHost>
                <CopyLocalLockFileAssemblies>true</CopyLocalLockFileAssemblies>
                <ErrorLog>$(MSBuildProjectDirectory)/build.sarif,version=2.1</ErrorLog>
                {properties}
              </PropertyGroup>
              <ItemGroup>
                {packages}
              </ItemGroup>
            </Project>
            """);
        return new Consumer(folder);
    }

    /// <summary>As the package manager writes it for a development dependency.</summary>
    public string AnalyzerReference => $"""
        <PackageReference Include="WeakRefAnalyzers" Version="{Version}">
          <PrivateAssets>all</PrivateAssets>
          <IncludeAssets>runtime; build; native; contentfiles; analyzers; buildtransitive</IncludeAssets>
        </PackageReference>
        """;

    public string LibraryReference => $"""<PackageReference Include="WeakRefs" Version="{Version}" />""";

    internal static string Metadata(string key)
        => typeof(Workshop).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;

    internal static void Copy(DirectoryInfo from, string to, bool recurse = true)
    {
        Directory.CreateDirectory(to);
        foreach (var file in from.EnumerateFiles())
        {
            file.CopyTo(Path.Combine(to, file.Name));
        }

        foreach (var folder in from.EnumerateDirectories().Where(folder => recurse && folder.Name is not ("bin" or "obj")))
        {
            Copy(folder, Path.Combine(to, folder.Name));
        }
    }
}

[CollectionDefinition(nameof(Workshop))]
public sealed class SharedWorkshop : ICollectionFixture<Workshop>;
