using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;

namespace WeakRefAnalyzers.Reading;

/// <summary>
/// Parts that refer back to the object they belong to: <c>_part = new Part { Owner = this }</c>, <c>_part = new Part(this)</c>. The
/// object itself is alive while it asks its part for it.
/// </summary>
internal static class BackReferences
{
    /// <summary>Whether the target of <c>_part.Owner</c> is <c>this</c>, whichever part the field holds.</summary>
    public static bool IsToThis(Origin read, KnownFacts known)
    {
        if (read.Syntax is not MemberAccessExpressionSyntax { Name.Identifier.ValueText: var name }
            || read.Reference is not { Segment: ISymbol held, Parent: { } path }
            || path is not { Segment: IFieldSymbol { IsStatic: false } part, Parent: { } owner } || !owner.Equals(Reference.This))
        {
            return false;
        }

        var any = false;
        foreach (var value in Members.ValuesOf(part, known))
        {
            if (value is BaseObjectCreationExpressionSyntax made && (IsSet(made, name) || IsGiven(made, part.Type, held, known)))
            {
                any = true;
            }
            else if (!Syntaxes.IsNull(value))
            {
                return false;
            }
        }

        return any;
    }

    private static bool IsSet(BaseObjectCreationExpressionSyntax made, string name) =>
        made.Initializer?.Expressions.Any(part => part is AssignmentExpressionSyntax { Left: IdentifierNameSyntax left,
            Right: ThisExpressionSyntax } && left.Identifier.ValueText == name) == true;

    /// <summary>The constructor makes the reference of what is <c>this</c> here.</summary>
    private static bool IsGiven(BaseObjectCreationExpressionSyntax made, ITypeSymbol type, ISymbol held, KnownFacts known)
    {
        var ordinal = made.ArgumentList?.Arguments.IndexOf(static argument => argument.Expression is ThisExpressionSyntax) ?? -1;
        return ordinal >= 0 && type is INamedTypeSymbol { InstanceConstructors: var constructors }
            && Members.ValuesOf(held, known).Any(value => value is BaseObjectCreationExpressionSyntax
                { ArgumentList.Arguments: { Count: > 0 } arguments }
                && arguments[0].Expression is IdentifierNameSyntax { Identifier.ValueText: var target }
                && constructors.Any(constructor => constructor.Parameters.Length > ordinal
                    && constructor.Parameters[ordinal].Name == target));
    }
}
