using Microsoft.CodeAnalysis;

namespace WeakRefAnalyzers.Fixes;

/// <summary>The code that removes what died from a collection of weak references.</summary>
internal static class DeadEntries
{
    /// <summary>A statement; null for a collection or a reference whose members we do not know.</summary>
    public static string? Removal(FixSite site, SyntaxNode place, INamedTypeSymbol type, string collection, string item) => type switch
    {
        { Name: "List", TypeArguments: { Length: 1 } items } when IsDead(items[0], item) is { } dead =>
            $"{collection}.RemoveAll({item} => {dead});",
        { Name: "HashSet", TypeArguments: { Length: 1 } items } when IsDead(items[0], item) is { } dead =>
            $"{collection}.RemoveWhere({item} => {dead});",
        { Name: "Dictionary" or "ConcurrentDictionary", TypeArguments: { Length: 2 } pair } when IsDead(pair[1],
            item + ".Value") is { } dead =>
            Loop(site, place, type, collection, item, dead),
        _ => null,
    };

    private static string? Loop(FixSite site, SyntaxNode place, INamedTypeSymbol type, string collection, string item, string dead)
    {
        string? Generic(string name, params ITypeSymbol[] arguments) =>
            site.Model.Compilation.GetTypeByMetadataName("System.Collections.Generic." + name)?.Construct(arguments).ToMinimalDisplayString(
                site.Model,
                place.SpanStart);

        if (site.Model.Compilation.GetTypeByMetadataName("System.Collections.Generic.KeyValuePair`2")?.Construct([.. type.TypeArguments])
            is not { } pair)
        {
            return null;
        }

        // A copy, since a Dictionary before .NET Core 3.0 does not let go of an entry while it is enumerated; the whole pair, since a
        // concurrent one may have got a new entry under the key.
        var (entries, removal) = type.Name == "Dictionary"
            ? ($"new {Generic("List`1", pair)}({collection})", $"{collection}.Remove({item}.Key);")
            : (collection, $"(({Generic("ICollection`1", pair)}){collection}).Remove({item});");
        return $$"""
            foreach ({{CodeStyle.Local(site, pair)}} {{item}} in {{entries}})
            {
                if ({{dead}})
                {
                    {{removal}}
                }
            }

            """;
    }

    /// <summary>The test that the target is gone; null for a type whose members we do not know.</summary>
    private static string? IsDead(ITypeSymbol type, string reference) => type switch
    {
        INamedTypeSymbol { Name: "WeakReference", Arity: 0, ContainingNamespace.Name: "System" } => $"!{reference}.IsAlive",
        INamedTypeSymbol { Name: "WeakReference" or "WeakRef", Arity: 1, ContainingNamespace.Name: "System" or "WeakRefs" } =>
            $"!{reference}.TryGetTarget(out _)",
        _ => null,
    };
}
