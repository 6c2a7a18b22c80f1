using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace WeakRefAnalyzers.Code;

/// <summary>A place where a variable gets a value.</summary>
/// <param name="Where">The declarator, the pattern, or the variable that is assigned.</param>
/// <param name="Value">The value; null where it cannot be told.</param>
internal readonly record struct Given(SyntaxNode Where, IOperation? Value);

/// <summary>The values that the locals and parameters of a body get, and their uses: all found in one pass over it.</summary>
internal sealed partial class Values
{
    private readonly Dictionary<ISymbol, List<Given>> _given = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<ISymbol, List<IOperation>> _uses = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<ISymbol, IForEachLoopOperation> _loops = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<ISymbol, IVariableDeclaratorOperation> _declarators = new(SymbolEqualityComparer.Default);

    private Values(IOperation root)
    {
        foreach (var operation in root.Descendants())
        {
            switch (operation)
            {
                case IVariableDeclaratorOperation declarator:
                    _declarators[declarator.Symbol] = declarator;
                    if (declarator.GetVariableInitializer() is { } initializer)
                    {
                        Add(_given, declarator.Symbol, new Given(declarator.Syntax, initializer.Value));
                    }

                    break;
                case IPatternOperation pattern when ((pattern as IDeclarationPatternOperation)?.DeclaredSymbol
                    ?? (pattern as IRecursivePatternOperation)?.DeclaredSymbol) is { } declared:
                    Add(_given, declared, new Given(operation.Syntax, (operation.Parent as IIsPatternOperation)?.Value));
                    break;
                case IForEachLoopOperation loop:
                    foreach (var local in loop.Locals)
                    {
                        _loops[local] = loop;
                    }

                    break;
                case ILocalReferenceOperation local:
                    Use(local.Local, operation);
                    break;
                case IParameterReferenceOperation parameter:
                    Use(parameter.Parameter, operation);
                    break;
            }
        }

        foreach (var given in _given.Values)
        {
            given.Sort(static (one, other) => one.Where.SpanStart.CompareTo(other.Where.SpanStart));
        }
    }

    /// <summary>The values of the member, initializer or accessor that holds the operation.</summary>
    public static Values In(IOperation operation, KnownFacts known) =>
        known.Of(Operations.RootOf(operation), static root => new Values(root));

    /// <summary>The one value, besides null, that the local ever gets; null where there are several or it cannot be told.</summary>
    public static IOperation? OnlyValueOf(ILocalSymbol local, IOperation near, KnownFacts known)
    {
        IOperation? only = null;
        foreach (var (_, value) in In(near, known).Of(local))
        {
            if (value is null || (only is not null && !IsNull(value)))
            {
                return null;
            }

            only = IsNull(value) ? only : value;
        }

        return only;
    }

    /// <summary>The first of the values, ordered by place, that stands here or further down.</summary>
    private static int FirstFrom(IReadOnlyList<Given> given, int position) =>
        Sorted.FirstFrom(given, position, static one => one.Where.SpanStart);

    /// <summary>Whether the variable gets another value, null for one, behind this position.</summary>
    public static bool IsWritten(ISymbol variable, IOperation near, int behind, KnownFacts known)
    {
        var given = In(near, known).Of(variable);
        return FirstFrom(given, behind + 1) < given.Count;
    }

    /// <summary>Whether the variable loses the first object it was given, be it to null, outside this function.</summary>
    public static bool IsReplaced(ISymbol variable, IOperation function, KnownFacts known)
    {
        var given = variable is IParameterSymbol;
        foreach (var (where, value) in In(function, known).Of(variable))
        {
            if (!function.Syntax.Span.Contains(where.Span))
            {
                if (given)
                {
                    return true;
                }

                given = value is null || !IsNull(value);
            }
        }

        return false;
    }

    /// <summary>What the local or parameter is given, in the order of the text.</summary>
    public IReadOnlyList<Given> Of(ISymbol variable) => _given.TryGetValue(variable, out var given) ? given : [];

    /// <summary>Where the local or parameter is named, to read it or to write to it.</summary>
    public IReadOnlyList<IOperation> UsesOf(ISymbol variable) => _uses.TryGetValue(variable, out var uses) ? uses : [];

    /// <summary>The same, from a place in the text on.</summary>
    public IEnumerable<IOperation> UsesOf(ISymbol variable, int from)
    {
        var uses = UsesOf(variable);
        for (var i = Sorted.FirstFrom(uses, from, static use => use.Syntax.SpanStart); i < uses.Count; i++)
        {
            yield return uses[i];
        }
    }

    /// <summary>The declaration of the local, if it has one of its own.</summary>
    public IVariableDeclaratorOperation? DeclaratorOf(ILocalSymbol local) =>
        _declarators.TryGetValue(local, out var declarator) ? declarator : null;

    /// <summary>The loop that gives the local one element after the other.</summary>
    public IForEachLoopOperation? LoopOf(ILocalSymbol local) => _loops.TryGetValue(local, out var loop) ? loop : null;

    private static bool IsNull(IOperation value) => Operations.ObjectOf(value) is { ConstantValue: { HasValue: true, Value: null } };

    private void Use(ISymbol variable, IOperation reference)
    {
        Add(_uses, variable, reference);
        if (Operations.WriteTo(reference) is { } write)
        {
            Add(_given, variable, new Given(reference.Syntax, (write as ISimpleAssignmentOperation)?.Value));
        }
    }

    private static void Add<T>(Dictionary<ISymbol, List<T>> lists, ISymbol variable, T item)
    {
        if (!lists.TryGetValue(variable, out var list))
        {
            lists.Add(variable, list = []);
        }

        list.Add(item);
    }
}
