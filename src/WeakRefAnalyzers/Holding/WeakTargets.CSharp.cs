using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Holding;

internal static partial class WeakTargets
{
    /// <summary>What a new reference, or weak handle, refers to; null where the expression makes none.</summary>
    public static IOperation? OfNew(IOperation? expression, RoleTable roles) => Operations.Inner(expression) switch
    {
        IInvalidOperation { Syntax: BaseObjectCreationExpressionSyntax { ArgumentList.Arguments: { Count: > 0 } arguments } } invalid =>
            // Half-built code: the target's type is missing, and with it the constructor that would take it.
            roles.IsReferenceType(invalid.Type) ? Operations.Inner(invalid.SemanticModel?.GetOperation(arguments[0].Expression)) : null,
        IObjectCreationOperation or IInvocationOperation =>
            TargetOf(Operations.Inner(expression)!, roles) is { Kind: WeakTargetKind.Reference
                or WeakTargetKind.Handle, Holder: null } target ? Operations.Inner(target.Value) : null,
        _ => null,
    };
}
