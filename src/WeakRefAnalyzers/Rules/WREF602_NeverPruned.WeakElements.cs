using Microsoft.CodeAnalysis;
using WeakRefAnalyzers.Collections;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

/// <summary>How the entries of a collection hold weak references.</summary>
internal static class WeakElements
{
    /// <summary>The entries are references, or are there for the sake of one: tuples, pairs, records and structs.</summary>
    public static bool AreIn(INamedTypeSymbol collection, RoleTable roles)
    {
        var holds = false;
        foreach (var argument in collection.TypeArguments)
        {
            holds |= roles.IsReferenceType(argument) ? argument.Name != "WeakGCHandle" : IsEntry(argument, roles);
        }

        return holds && IsGrowing(collection);
    }

    /// <summary>The collections that are the values of this one, where their elements are weak references.</summary>
    public static INamedTypeSymbol? InnerOf(INamedTypeSymbol collection, RoleTable roles) =>
        collection.TypeArguments.Length == 2 && IsGrowing(collection)
        && collection.TypeArguments[1] is INamedTypeSymbol { TypeArguments.Length: > 0 } inner && AreIn(inner, roles) && !IsImmutable(inner)
            ? inner : null;

    public static bool IsImmutable(INamedTypeSymbol collection) => collection.ContainingNamespace.Name == "Immutable";

    /// <summary>A collection that may get more entries without end; not a dictionary with a handful of keys.</summary>
    private static bool IsGrowing(INamedTypeSymbol type) => WeakKeys.IsCollection(type) && type.ContainingNamespace.Name != "Frozen"
        && !type.Name.StartsWith("IReadOnly", StringComparison.Ordinal) && !type.Name.StartsWith("IImmutable", StringComparison.Ordinal)
        && type.TypeArguments[0] is not ({ TypeKind: TypeKind.Enum }
            or { SpecialType: SpecialType.System_Boolean or SpecialType.System_Char or SpecialType.System_Byte }
            or { Name: "Type", ContainingNamespace.Name: "System" });

    /// <summary>Apart from the reference there is nothing in it but what describes the target: values and texts.</summary>
    private static bool IsEntry(ITypeSymbol type, RoleTable roles)
    {
        if (type is not INamedTypeSymbol { SpecialType: SpecialType.None, TypeKind: TypeKind.Class or TypeKind.Struct } entry
            || !(entry is { IsTupleType: true } or { Name: "KeyValuePair" }
                || (!entry.DeclaringSyntaxReferences.IsEmpty && (entry.IsRecord || entry.TypeKind == TypeKind.Struct
                    || entry.DeclaredAccessibility == Accessibility.Private))))
        {
            return false;
        }

        var holds = false;
        foreach (var part in WeakKeys.PartsOf(entry))
        {
            if (roles.IsReferenceType(part))
            {
                holds = true;
            }
            else if (!(part.IsValueType || part is { SpecialType: SpecialType.System_String } or { Name: "Type" }))
            {
                return false;
            }
        }

        return holds;
    }
}
