extern alias basic;

using System.Reflection;
using Microsoft.CodeAnalysis.CodeFixes;

namespace WeakRefAnalyzers.Tests.Contract;

/// <summary>What the package consists of, read from the assemblies and from the tree they were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = Metadata("Repository");

    /// <summary>Where it lives on the web.</summary>
    public static string Address { get; } = Metadata("RepositoryAddress");

    /// <summary>Whether generated text is to be written instead of compared.</summary>
    public static bool Update { get; } = Environment.GetEnvironmentVariable("UPDATE") == "1";

    public static IReadOnlyList<DiagnosticDescriptor> Descriptors { get; } =
        [.. WeakRefAnalyzer.Catalogue().SelectMany(rule => rule.Descriptors)];

    /// <summary>Those that read Visual Basic.</summary>
    public static IReadOnlyList<DiagnosticDescriptor> OfVisualBasic { get; } =
        [.. new basic::WeakRefAnalyzers.WeakRefAnalyzer().SupportedDiagnostics];

    public static IReadOnlyList<CodeFixProvider> Fixes { get; } = [.. typeof(WeakFix).Assembly.GetTypes()
        .Where(type => !type.IsAbstract && typeof(CodeFixProvider).IsAssignableFrom(type))
        .OrderBy(type => type.Name, StringComparer.Ordinal)
        .Select(type => (CodeFixProvider)Activator.CreateInstance(type)!)];

    public static IEnumerable<object[]> Ids => Descriptors.Select(descriptor => new object[] { descriptor.Id });

    public static DiagnosticDescriptor Find(string id) => Descriptors.Single(descriptor => descriptor.Id == id);

    public static bool HasFix(string id) => Fixes.Any(fix => fix.FixableDiagnosticIds.Contains(id));

    public static bool ReadsVisualBasic(string id) => OfVisualBasic.Any(rule => rule.Id == id);

    private static string Metadata(string key)
        => typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path)).ReplaceLineEndings("\n");

    /// <summary>Files of a folder and those below it, relative to the root, what a build made left out.</summary>
    public static IEnumerable<string> List(string folder, string pattern)
    {
        var path = Path.Combine(Root, folder);
        return !Directory.Exists(path) ? [] : Directory.EnumerateFiles(path, pattern, SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'))
            .Where(file => !file.Contains("/bin/") && !file.Contains("/obj/"))
            .Order(StringComparer.Ordinal);
    }

    /// <summary>The one file of that folder whose name starts with the id.</summary>
    public static string ReadFileOf(string id, string folder)
    {
        var files = List(folder, $"{id}_*.cs").ToArray();
        Assert.True(files.Length == 1, $"{folder} has {files.Length} files {id}_*.cs instead of one.");
        return Read(files[0]);
    }
}
