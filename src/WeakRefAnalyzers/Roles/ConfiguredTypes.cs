using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace WeakRefAnalyzers.Roles;

/// <summary>The types that an option of .editorconfig names.</summary>
internal static class ConfiguredTypes
{
    public static bool AreThere(Compilation compilation, AnalyzerConfigOptionsProvider options) =>
        In(compilation, options, "weakref_analyzers.reference_types") is not null
        || In(compilation, options, "weakref_analyzers.registry_types") is not null;

    private static string? In(Compilation compilation, AnalyzerConfigOptionsProvider options, string key) =>
        options.GlobalOptions.TryGetValue(key, out var names)
        || (compilation.SyntaxTrees.FirstOrDefault() is { } tree && options.GetOptions(tree).TryGetValue(key, out names)) ? names : null;

    public static void AddTo(HashSet<INamedTypeSymbol> types, Compilation compilation, AnalyzerConfigOptionsProvider options, string key)
    {
        foreach (var name in In(compilation, options, key)?.Split([','], StringSplitOptions.RemoveEmptyEntries) ?? [])
        {
            for (var arity = 0; arity <= 3; arity++)
            {
                if (First(compilation, name.Trim() + (arity == 0 ? "" : "`" + arity)) is { } type)
                {
                    types.Add(type);
                }
            }
        }
    }

    /// <summary>
    /// Not GetTypeByMetadataName: two copies of a type (attributes pasted into several assemblies) are no reason to find none.
    /// </summary>
    public static INamedTypeSymbol? First(Compilation compilation, string metadataName) =>
        compilation.GetTypesByMetadataName(metadataName).FirstOrDefault();
}
