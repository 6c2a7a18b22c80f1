using Microsoft.CodeAnalysis;

namespace WeakRefAnalyzers.Code;

/// <summary>
/// Members that source declares, by name. The compiler looks through all types for each name; for many they are put in order once.
/// </summary>
internal sealed class SourceMembers
{
    private const int Few = 16;
    private ILookup<string, INamedTypeSymbol>? _types;
    private int _asked;

    public static IEnumerable<ISymbol> Named(string name, Compilation compilation, KnownFacts known, CancellationToken cancel)
    {
        var own = known.Of(compilation.Assembly, static _ => new SourceMembers());
        if (own._types is null && Interlocked.Increment(ref own._asked) <= Few)
        {
            return compilation.GetSymbolsWithName(name, SymbolFilter.Member, cancel);
        }

        own._types ??= compilation.GetSymbolsWithName(static _ => true, SymbolFilter.Type, cancel).OfType<INamedTypeSymbol>()
            .SelectMany(static type => type.MemberNames.Select(member => (type, member)))
            .ToLookup(static one => one.member, static one => one.type, StringComparer.Ordinal);
        return own._types[name].SelectMany(type => type.GetMembers(name));
    }
}
