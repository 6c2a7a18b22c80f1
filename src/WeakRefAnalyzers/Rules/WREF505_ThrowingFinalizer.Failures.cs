using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Finalizing;

namespace WeakRefAnalyzers.Rules;

/// <summary>
/// Throws for what fails in ordinary life: native code has answered so, a handler has caught it, or nothing is asked at all. What a
/// type asks of its own state it has seen to itself: that is an assertion, and may never fail.
/// </summary>
internal static class Failures
{
    public static bool Is(Reached reached, FinalizerReach reach)
    {
        if (reached.Operation is IInvocationOperation { TargetMethod.ContainingType.Name: "Marshal" or "File" or "Directory" or "FileInfo"
            or "DirectoryInfo" or "FileSystemInfo" })
        {
            return true;
        }

        for (var (operation, frame) = reached; ; (operation, frame) = (frame.Call, frame.Caller))
        {
            if (IsInHandler(operation))
            {
                return true;
            }

            if (Conditions.Of(operation, frame.Body) is { Count: > 0 } conditions)
            {
                return conditions.Any(condition => AsksNative(condition, frame, reach));
            }

            // What a helper throws always, its caller has asked for.
            if (frame is not { Call: { }, Caller: { } })
            {
                return true;
            }
        }
    }

    private static bool IsInHandler(IOperation operation)
    {
        for (var parent = operation.Parent; parent is not null && !Operations.IsFunction(parent); parent = parent.Parent)
        {
            if (parent is ICatchClauseOperation)
            {
                return true;
            }
        }

        return false;
    }

    private static bool AsksNative(IOperation? asked, CallFrame? frame, FinalizerReach reach) =>
        asked is not null && frame is not null && asked.DescendantsAndSelf().Any(part => part switch
        {
            IParameterReferenceOperation { Parameter: var parameter } => AsksNative(frame.ArgumentOf(parameter), frame.Caller, reach),
            IInstanceReferenceOperation when frame is { HopsAway: > 0, Call: IInvocationOperation { Instance: { } result } }
                && result.Type is { IsValueType: true } => AsksNative(result, frame.Caller, reach),
            ILocalReferenceOperation { Local: var local } => IsSetByNative(frame.Body, local, reach),
            IMemberReferenceOperation { Instance: IInstanceReferenceOperation, Member: IFieldSymbol field } =>
                IsSetByNative(frame.Body, field, reach),
            _ => IsNative(part, reach),
        });

    private static bool IsNative(IOperation part, FinalizerReach reach) => reach.LeadsToNative(part)
        || part is IInvocationOperation { TargetMethod: { ContainingType.Name: "Marshal", Name: "GetLastWin32Error"
            or "GetLastPInvokeError" or "GetHRForLastWin32Error" or "Release" } };

    /// <summary>Whether the body sets the local or field to what native code answers, or has native code set it.</summary>
    private static bool IsSetByNative(IOperation body, ISymbol variable, FinalizerReach reach) => body.Descendants().Any(part => part switch
    {
        IVariableDeclaratorOperation { Symbol: var local } declared => Operations.Same(local, variable)
            && declared.GetVariableInitializer() is { Value: var value } && value.DescendantsAndSelf().Any(inner => IsNative(inner, reach)),
        ISimpleAssignmentOperation { Target: var target, Value: var value } => Operations.Same(VariableOf(target), variable)
            && value.DescendantsAndSelf().Any(inner => IsNative(inner, reach)),
        IArgumentOperation { Parameter.RefKind: RefKind.Out or RefKind.Ref, Value: var value, Parent: { } call } =>
            Operations.Same(VariableOf(value), variable) && IsNative(call, reach),
        _ => false,
    });

    private static ISymbol? VariableOf(IOperation target) => target switch
    {
        ILocalReferenceOperation { Local: var local } => local,
        IFieldReferenceOperation { Field: var field } => field,
        IDeclarationExpressionOperation { Expression: var expression } => VariableOf(expression),
        _ => null,
    };
}
