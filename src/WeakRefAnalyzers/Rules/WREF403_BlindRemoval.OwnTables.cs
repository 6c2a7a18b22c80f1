using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using WeakRefAnalyzers.Code;

namespace WeakRefAnalyzers.Rules;

/// <summary>What the type of a dead object tells of the table that its finalizer removes from.</summary>
internal static class OwnTables
{
    /// <summary>Whether the type is that of the object, or a base of it.</summary>
    public static bool IsOf(INamedTypeSymbol dead, ITypeSymbol? type)
    {
        for (var own = dead; own is { SpecialType: not SpecialType.System_Object }; own = own.BaseType)
        {
            if (Operations.Same(own.OriginalDefinition, type?.OriginalDefinition))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// The table holds the objects themselves, so who is in it does not die; and it gets one only where the key has none, so that no other
    /// takes its place while it is there.
    /// </summary>
    public static bool AddsWhereMissing(AssignmentExpressionSyntax set, ISymbol map, INamedTypeSymbol dead) =>
        ((map as IFieldSymbol)?.Type ?? (map as IPropertySymbol)?.Type) is INamedTypeSymbol { TypeArguments: { Length: 2 } pair }
        && IsOf(dead, pair[1]) && set.Ancestors().OfType<IfStatementSyntax>().Any(test => test.Condition.DescendantNodesAndSelf()
            .Any(node => node is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "TryGetValue" or "ContainsKey" } asked
                && Syntaxes.NameOf(asked.Expression) == map.Name));
}
