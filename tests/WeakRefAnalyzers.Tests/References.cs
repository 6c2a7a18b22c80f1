using System.Collections.Immutable;
using System.Reflection;

namespace WeakRefAnalyzers.Tests;

/// <summary>What sources are compiled against; each reference exists once, so that its metadata is read once.</summary>
internal static class References
{
    private static readonly Lazy<MetadataReference> StandardWeakRefs
        = new(() => Embedded(typeof(References).Assembly, "netstandard2.0.WeakRefs.dll"));

    public const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Runtime.CompilerServices;
        global using System.Runtime.InteropServices;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using WeakRefs;
        """;

    private static readonly Lazy<ImmutableArray<MetadataReference>> Net =
        new(() => [.. Directory.GetFiles(PathOf("NetReferences"), "*.dll").Select(path => MetadataReference.CreateFromFile(path))]);

    private static readonly Lazy<ImmutableArray<MetadataReference>> Framework = new(() =>
    {
        // The assemblies are resources of this one, named like "net472.System.Core".
        const string Prefix = "net472.";
        var package = Assembly.LoadFrom(PathOf("NetFrameworkReferences"));
        var names = package.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal));
        return [.. names.Select(name => Embedded(package, name))];
    });

    public static ImmutableArray<MetadataReference> Net10 => Net.Value;

    public static ImmutableArray<MetadataReference> NetFramework => Framework.Value;

    public static MetadataReference Net10WeakRefs { get; } = MetadataReference.CreateFromFile(typeof(WeakRefs.WeakRef).Assembly.Location);

    public static MetadataReference NetStandardWeakRefs => StandardWeakRefs.Value;

    private static PortableExecutableReference Embedded(Assembly assembly, string name)
    {
        using var stream = assembly.GetManifestResourceStream(name)!;
        return MetadataReference.CreateFromStream(stream, filePath: name);
    }

    private static string PathOf(string key)
        => typeof(References).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
