using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace WeakRefAnalyzers.Code;

internal static partial class Members
{
    /// <summary>How far above its name the operation of a member stands: <c>Me.Name</c>, <c>Me.Name()</c>.</summary>
    private const int Steps = 3;

    /// <summary>The places of this name, in any case of its letters, in all parts of the type.</summary>
    public static IEnumerable<SyntaxNode> Named(string name, INamedTypeSymbol type, KnownFacts known)
    {
        foreach (var part in type.DeclaringSyntaxReferences)
        {
            if (!known.Of<SyntaxTree, NamesOfFile>(part.SyntaxTree, NamesOfFile.Read).At.TryGetValue(name, out var tokens))
            {
                continue;
            }

            // The declaration is the first line of the type.
            var span = (part.GetSyntax() is var head && head.Parent is { } whole && whole.SpanStart == head.SpanStart ? whole : head).Span;
            for (var i = Sorted.FirstFrom(tokens, span.Start, static token => token.SpanStart);
                i < tokens.Count && tokens[i].SpanStart < span.End; i++)
            {
                if (tokens[i].Parent is { } place)
                {
                    yield return place;
                }
            }
        }
    }

    /// <summary>The uses of the member in its type.</summary>
    public static IEnumerable<IMemberReferenceOperation> UsesOf(ISymbol member, Compilation compilation, KnownFacts known,
        CancellationToken cancel)
    {
        foreach (var name in Named(member.Name, member.ContainingType, known))
        {
            var node = name;
            for (var step = 0; step < Steps && node is not null; step++, node = node.Parent)
            {
                if (Operations.Of(compilation, node, cancel) is IMemberReferenceOperation use)
                {
                    if (Operations.Same(use.Member.OriginalDefinition, member.OriginalDefinition))
                    {
                        yield return use;
                    }

                    break;
                }
            }
        }
    }

    /// <summary>What the member's type assigns to it, or to that of another object.</summary>
    public static IEnumerable<ISimpleAssignmentOperation> AssignmentsTo(ISymbol member, Compilation compilation, KnownFacts known) =>
        UsesOf(member, compilation, known, default).Select(Operations.WriteTo).OfType<ISimpleAssignmentOperation>();

    /// <summary>What the member's type calls on it.</summary>
    public static IEnumerable<IInvocationOperation> CallsOn(ISymbol member, Compilation compilation, KnownFacts known,
        CancellationToken cancel)
    {
        foreach (var use in UsesOf(member, compilation, known, cancel))
        {
            var value = Operations.Outer(use);
            var call = value.Parent is IConditionalAccessOperation access
                ? access.WhenNotNull.DescendantsAndSelf().FirstOrDefault(static part =>
                    part is IInvocationOperation { Instance: IConditionalAccessInstanceOperation })
                : value.Parent;
            if (call is IInvocationOperation invocation)
            {
                yield return invocation;
            }
        }
    }

    /// <summary>The call of the method that is named there.</summary>
    public static IInvocationOperation? CallAt(SyntaxNode name, Compilation compilation, CancellationToken cancel)
    {
        var node = name;
        for (var step = 0; step < Steps && node is not null; step++, node = node.Parent)
        {
            if (Operations.Of(compilation, node, cancel) is IInvocationOperation call)
            {
                return call;
            }
        }

        return null;
    }

    /// <summary>Whether the declaration is that of a type: there are no primary constructors.</summary>
    public static bool IsType(SyntaxNode declaration) => false;

    /// <summary>Where members of the type use the parameter of such a constructor.</summary>
    public static IEnumerable<IOperation> CapturesOf(IParameterSymbol parameter, Compilation compilation, KnownFacts known) => [];

    /// <summary>Whether a field is readonly but for the word: here it needs the word.</summary>
    public static bool IsSetAtBirth(IFieldSymbol field, KnownFacts known) => false;

    /// <summary>Whether the property is a field that is declared with a value; one that cannot be set has one, or is null.</summary>
    public static bool IsInitialized(IPropertySymbol property) => IsAuto(property);

    /// <summary>Whether all that the member is given are objects made without an argument: nobody looks.</summary>
    public static bool IsOnlyMadeWithNothing(ISymbol member, KnownFacts known) => false;
}
