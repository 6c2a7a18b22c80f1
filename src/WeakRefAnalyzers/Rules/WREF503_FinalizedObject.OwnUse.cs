using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Finalizing;

namespace WeakRefAnalyzers.Rules;

/// <summary>
/// A use of an object that a field or auto-property of <c>this</c> holds: a call on it, a property that runs code. What
/// its fields hold can be read after any finalizer.
/// </summary>
internal static class OwnUse
{
    /// <summary>The field or property whose object the operation uses.</summary>
    public static IMemberReferenceOperation? Of(Reached reached)
    {
        var instance = reached.Operation switch
        {
            IInvocationOperation { TargetMethod.Name: not ("GetType" or "Equals" or "GetHashCode") } invocation => invocation.Instance,
            IPropertyReferenceOperation { Property: var property } reference when !Members.IsAuto(property)
                && !IsConstant(Members.Behind(property)) => reference.Instance,
            IEventReferenceOperation reference => reference.Instance,
            _ => null,
        };
        return instance is null or IInstanceReferenceOperation ? null : Held(Provenance.Of(instance, reached.CallFrame));
    }

    /// <summary>The operation as a reference to an instance field or auto-property of <c>this</c>.</summary>
    public static IMemberReferenceOperation? Held(IOperation value) => value switch
    {
        IFieldReferenceOperation { Instance: IInstanceReferenceOperation, Field.IsStatic: false } field => field,
        IPropertyReferenceOperation { Instance: IInstanceReferenceOperation,
            Property: var property } reference when Members.IsAuto(property) => reference,
        _ => null,
    };

    /// <summary>Whether the member is a weak reference to the object itself: it is empty in the finalizer by intent.</summary>
    public static bool IsWeakSelf(ISymbol member)
    {
        foreach (var value in Members.ValuesOf(member))
        {
            if (value is BaseObjectCreationExpressionSyntax { ArgumentList.Arguments: { Count: > 0 } arguments }
                && arguments[0].Expression is ThisExpressionSyntax)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A name or a number that no finalizer takes away.</summary>
    private static bool IsConstant(ISymbol member) =>
        member is IFieldSymbol { IsReadOnly: true, Type: { TypeKind: TypeKind.Enum }
            or { SpecialType: >= SpecialType.System_Boolean and <= SpecialType.System_String } };
}
