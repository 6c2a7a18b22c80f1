using Microsoft.CodeAnalysis;

namespace WeakRefAnalyzers.Code;

/// <summary>
/// Uses and values of fields and properties in the code of their type. Told by name: ask the symbol where two members
/// may share one. Each file is read once for all the names in it.
/// </summary>
internal static partial class Members
{
    /// <summary>Whether the property is nothing but a field.</summary>
    public static bool IsAuto(IPropertySymbol property) => FieldBehind(property) is not null;

    /// <summary>The field that is declared, or that is behind a private property of a generic type.</summary>
    public static IFieldSymbol? FieldOf(ISymbol member) => member switch
    {
        IFieldSymbol { IsImplicitlyDeclared: false } field => field,
        IPropertySymbol { DeclaredAccessibility: Accessibility.Private, Type: INamedTypeSymbol { Arity: > 0 } } property =>
            FieldBehind(property),
        _ => null,
    };

    private static IFieldSymbol? FieldBehind(IPropertySymbol property)
    {
        foreach (var member in property.OriginalDefinition.ContainingType.GetMembers())
        {
            if (member is IFieldSymbol field && Operations.Same(field.AssociatedSymbol, property.OriginalDefinition))
            {
                return field;
            }
        }

        return null;
    }

    public static INamedTypeSymbol Outermost(INamedTypeSymbol type) => type.ContainingType is { } outer ? Outermost(outer) : type;
}
