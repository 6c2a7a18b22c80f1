using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace WeakRefAnalyzers.Roles;

/// <summary>
/// Types as people write them where no compiler helps: <c>Vendor.Outer.Slot</c>, <c>Vendor.Outer+Slot</c>, <c>Vendor.Weak</c>,
/// <c>Vendor.Weak&lt;T&gt;</c>, <c>Vendor.Weak`1</c>, <c>T:Vendor.Weak</c>.
/// </summary>
internal static class SpelledName
{
    /// <summary>Nobody writes more names into one option; what is behind them was not written by a person.</summary>
    public const int MostNames = 200;

    /// <summary>Where the names of a list stand: commas part them, outside of brackets.</summary>
    public static IReadOnlyList<TextSpan> Split(string value)
    {
        var names = new List<TextSpan>();
        var (start, depth) = (0, 0);
        for (var i = 0; i <= value.Length && names.Count < MostNames; i++)
        {
            if (i < value.Length && (value[i] != ',' || depth > 0))
            {
                depth += value[i] is '(' or '<' or '{' or '[' ? 1 : value[i] is ')' or '>' or '}' or ']' && depth > 0 ? -1 : 0;
                continue;
            }

            var (first, end) = (start, i);
            while (first < end && char.IsWhiteSpace(value[first]))
            {
                first++;
            }

            while (end > first && char.IsWhiteSpace(value[end - 1]))
            {
                end--;
            }

            if (end > first)
            {
                names.Add(TextSpan.FromBounds(first, end));
            }

            start = i + 1;
        }

        return names;
    }

    public static IEnumerable<INamedTypeSymbol> Types(Compilation compilation, string name) =>
        Find(compilation, name, static (container, segment) => container.GetMembers(segment)).OfType<INamedTypeSymbol>();

    /// <summary>
    /// What the name leads to, step by step from the global namespace, by whatever a step takes for the right members of a container.
    /// </summary>
    public static IReadOnlyList<INamespaceOrTypeSymbol> Find(
        Compilation compilation,
        string name,
        Func<INamespaceOrTypeSymbol, string, IEnumerable<ISymbol>> step)
    {
        List<INamespaceOrTypeSymbol> found = [compilation.GlobalNamespace];
        for (var at = name.StartsWith("T:", StringComparison.Ordinal) ? 2 : 0; at <= name.Length && found.Count > 0;)
        {
            var (segment, arity, end) = Segment(name, at);
            List<INamespaceOrTypeSymbol> next = [];
            foreach (var container in found)
            {
                foreach (var member in step(container, segment))
                {
                    if (member is INamespaceOrTypeSymbol inner && (arity is null || (inner as INamedTypeSymbol)?.Arity == arity))
                    {
                        next.Add(inner);
                    }
                }
            }

            found = next;
            at = end + 1;
        }

        return found;
    }

    /// <summary>The name that begins there, how many type parameters it is said to have, and where it ends.</summary>
    public static (string Name, int? Arity, int End) Segment(string name, int start)
    {
        var end = start;
        var depth = 0;
        for (; end < name.Length && (depth > 0 || name[end] is not ('.' or '+')); end++)
        {
            depth += name[end] == '<' ? 1 : name[end] == '>' ? -1 : 0;
        }

        var open = name.IndexOfAny(['<', '`'], start, end - start);
        if (open < 0)
        {
            return (name.Substring(start, end - start), null, end);
        }

        int? arity = 1;
        if (name[open] == '`')
        {
            arity = int.TryParse(name.Substring(open + 1, end - open - 1).TrimStart('`'), out var number) ? number : -1;
        }
        else
        {
            depth = 0;
            for (var i = open; i < end; i++)
            {
                depth += name[i] == '<' ? 1 : name[i] == '>' ? -1 : 0;
                arity += name[i] == ',' && depth == 1 ? 1 : 0;
            }
        }

        return (name.Substring(start, open - start), arity, end);
    }
}
