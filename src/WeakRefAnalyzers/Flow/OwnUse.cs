using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace WeakRefAnalyzers.Flow;

/// <summary>A use of an object that a field or auto-property of <c>this</c> holds: a call on it, a read of its members.</summary>
internal static class OwnUse
{
    /// <summary>The field or property whose object the operation uses.</summary>
    public static IMemberReferenceOperation? Of(Reached reached)
    {
        var instance = reached.Operation switch
        {
            IInvocationOperation { TargetMethod.Name: not ("GetType" or "Equals" or "GetHashCode") } invocation => invocation.Instance,
            IMemberReferenceOperation and not IMethodReferenceOperation => ((IMemberReferenceOperation)reached.Operation).Instance,
            _ => null,
        };
        return instance is null or IInstanceReferenceOperation ? null : Held(Provenance.Of(instance, reached.Frame));
    }

    /// <summary>The operation as a reference to an instance field or auto-property of <c>this</c>.</summary>
    public static IMemberReferenceOperation? Held(IOperation value) => value switch
    {
        IFieldReferenceOperation { Instance: IInstanceReferenceOperation, Field.IsStatic: false } field => field,
        IPropertyReferenceOperation { Instance: IInstanceReferenceOperation, Property: var property } reference when IsAuto(property) => reference,
        _ => null,
    };

    private static bool IsAuto(IPropertySymbol property)
    {
        foreach (var member in property.ContainingType.GetMembers())
        {
            if (member is IFieldSymbol field && SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol, property))
            {
                return true;
            }
        }

        return false;
    }
}
