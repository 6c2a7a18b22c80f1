using Microsoft.CodeAnalysis;

namespace WeakRefAnalyzers.Code;

/// <summary>Fields and properties.</summary>
internal static class Members
{
    /// <summary>Whether the property is nothing but a field.</summary>
    public static bool IsAuto(IPropertySymbol property)
    {
        foreach (var member in property.OriginalDefinition.ContainingType.GetMembers())
        {
            if (member is IFieldSymbol field && Operations.Same(field.AssociatedSymbol, property.OriginalDefinition))
            {
                return true;
            }
        }

        return false;
    }
}
