using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Flow;

/// <summary>Expressions that make a weak reference.</summary>
internal static class WeakCreations
{
    /// <summary>What the new reference, or weak handle, refers to; null where the operation makes none.</summary>
    public static IOperation? TargetOf(IOperation? operation, RoleTable roles) => Variables.Unwrap(operation) switch
    {
        IObjectCreationOperation creation => roles.TargetOf(creation) is { Kind: WeakTargetKind.Reference or WeakTargetKind.Handle } target ? Variables.Unwrap(target.Value) : null,
        IInvocationOperation invocation => roles.TargetOf(invocation) is { Kind: WeakTargetKind.Reference or WeakTargetKind.Handle, Holder: null } target ? Variables.Unwrap(target.Value) : null,

        // Half-built code: the target's type is missing, and with it the constructor that would take it.
        IInvalidOperation { Syntax: BaseObjectCreationExpressionSyntax { ArgumentList.Arguments: { Count: > 0 } arguments } } invalid when roles.IsReferenceType(invalid.Type) =>
            Variables.Unwrap(invalid.SemanticModel?.GetOperation(arguments[0].Expression)),
        _ => null,
    };
}
