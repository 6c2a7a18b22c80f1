using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>Names the package a reference set would come from; kept so that a test's own set reads the same.</summary>
public sealed record PackageIdentity(string Id, string Version);

/// <summary>A set of reference assemblies, read from memory: no test needs the network.</summary>
public sealed class ReferenceAssemblies
{
    private static readonly ConcurrentDictionary<string, Lazy<ImmutableArray<MetadataReference>>> s_sets = new();

    public ReferenceAssemblies(string targetFramework) => TargetFramework = targetFramework;

    public ReferenceAssemblies(string targetFramework, PackageIdentity? referenceAssemblyPackage, string referenceAssemblyPath)
        : this(targetFramework)
    {
    }

    public static ReferenceAssemblies Default => Net.Net80;

    public string TargetFramework { get; }

    public Task<ImmutableArray<MetadataReference>> ResolveAsync(string? language, CancellationToken cancellationToken)
        => Task.FromResult(References);

    /// <summary>One instance per framework for the whole process: Roslyn then shares the metadata between compilations.</summary>
    internal ImmutableArray<MetadataReference> References
        => s_sets.GetOrAdd(TargetFramework, tfm => new(() => Load(tfm))).Value;

    private static ImmutableArray<MetadataReference> Load(string targetFramework)
    {
        // The sets of Basic.Reference.Assemblies are named like "net80.System.Runtime", and ours like them.
        var prefix = targetFramework.Replace(".", "") + ".";
        var own = typeof(ReferenceAssemblies).Assembly;
        var source = own.GetManifestResourceNames().Any(n => n.StartsWith(prefix, StringComparison.Ordinal))
            ? own
            : Assembly.LoadFrom(Path.Combine(AppContext.BaseDirectory, "Basic.Reference.Assemblies.dll"));
        var names = source.GetManifestResourceNames().Where(n => n.StartsWith(prefix, StringComparison.Ordinal)).ToArray();
        if (names.Length == 0)
        {
            throw new InvalidOperationException($"There are no reference assemblies for '{targetFramework}'.");
        }

        return [.. names.Select(name =>
        {
            using var stream = source.GetManifestResourceStream(name)!;
            return (MetadataReference)MetadataReference.CreateFromStream(stream, filePath: name[prefix.Length..] + ".dll");
        })];
    }

    public static class Net
    {
        public static ReferenceAssemblies Net80 { get; } = new("net8.0");

        public static ReferenceAssemblies Net100 { get; } = new("net10.0");
    }

    public static class NetFramework
    {
        public static class Net472
        {
            public static ReferenceAssemblies Default { get; } = new("net472");
        }
    }

    public static class NetStandard
    {
        public static ReferenceAssemblies NetStandard20 { get; } = new("netstandard2.0");
    }
}
