using Microsoft.CodeAnalysis;

namespace WeakRefAnalyzers.Code;

/// <summary>
/// The members that the compilation's own types declare, by name. The compiler looks through all types for each name; whoever asks for
/// many has them put in order once.
/// </summary>
internal sealed class SourceMembers
{
    private const int Few = 16;
    private int _asked;
    private Dictionary<string, List<INamedTypeSymbol>>? _types;

    public static IEnumerable<ISymbol> Named(string name, Compilation compilation, KnownFacts known, CancellationToken cancel) =>
        known.Of(compilation.Assembly, static _ => new SourceMembers()).Find(name, compilation, cancel);

    private IEnumerable<ISymbol> Find(string name, Compilation compilation, CancellationToken cancel)
    {
        if (_types is null && Interlocked.Increment(ref _asked) <= Few)
        {
            return compilation.GetSymbolsWithName(name, SymbolFilter.Member, cancel);
        }

        _types ??= InOrder(compilation.Assembly.GlobalNamespace, cancel);
        return _types.TryGetValue(name, out var types) ? types.SelectMany(type => type.GetMembers(name)) : [];
    }

    private static Dictionary<string, List<INamedTypeSymbol>> InOrder(INamespaceSymbol all, CancellationToken cancel)
    {
        var types = new Dictionary<string, List<INamedTypeSymbol>>(StringComparer.Ordinal);
        var left = new Stack<INamespaceOrTypeSymbol>([all]);
        while (left.Count > 0)
        {
            cancel.ThrowIfCancellationRequested();
            var next = left.Pop();
            if (next is INamedTypeSymbol type)
            {
                foreach (var name in type.MemberNames)
                {
                    if (!types.TryGetValue(name, out var having))
                    {
                        types.Add(name, having = []);
                    }

                    having.Add(type);
                }
            }

            foreach (var member in next is INamespaceSymbol space ? space.GetMembers() : ((INamedTypeSymbol)next).GetTypeMembers())
            {
                left.Push((INamespaceOrTypeSymbol)member);
            }
        }

        return types;
    }
}
