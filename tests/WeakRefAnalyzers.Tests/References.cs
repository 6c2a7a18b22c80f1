namespace WeakRefAnalyzers.Tests;

/// <summary>What sources are compiled against; each reference exists once, so that its metadata is read once.</summary>
internal static class References
{
    private static readonly Lazy<MetadataReference> s_netStandardWeakRefs = new(() => Embedded("netstandard2.0.WeakRefs.dll"));

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

    public static ReferenceAssemblies Net10 { get; } = new("net10.0", new PackageIdentity("Microsoft.NETCore.App.Ref", "10.0.0"), "ref/net10.0");

    public static ReferenceAssemblies NetFramework => ReferenceAssemblies.NetFramework.Net472.Default;

    public static MetadataReference Net10WeakRefs { get; } = MetadataReference.CreateFromFile(typeof(WeakRefs.WeakRef).Assembly.Location);

    public static MetadataReference NetStandardWeakRefs => s_netStandardWeakRefs.Value;

    private static PortableExecutableReference Embedded(string name)
    {
        using var stream = typeof(References).Assembly.GetManifestResourceStream(name)!;
        return MetadataReference.CreateFromStream(stream, filePath: name);
    }
}
