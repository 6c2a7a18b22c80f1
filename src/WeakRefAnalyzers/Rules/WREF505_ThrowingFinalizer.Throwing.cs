using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Finalizing;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

/// <summary>Operations of a finalizer that throw by intent or by nature and are not caught.</summary>
internal static class Throwing
{
    /// <summary>The exception, or the helper that throws it; null where nothing is thrown or something catches it.</summary>
    public static string? NameOf(Reached reached, FinalizerReach reach)
    {
        switch (reached.Operation)
        {
            case IThrowOperation { Exception: { } exception }:
                var type = exception is IConversionOperation conversion ? conversion.Operand.Type : exception.Type;
                return type is null or IErrorTypeSymbol || IsOfStub(type, reached, reach) || Guards.Is(type, reached)
                    || Guards.IsDemand(reached, reach)
                    || (reached.CallFrame.HopsAway > 0 && !IsOfHelper(reached)) || IsCaught(reached, type) ? null : type.Name;
            case IInvocationOperation { TargetMethod: var method } when reached.CallFrame.HopsAway == 0:
                return (IsThrowHelper(method) && !Guards.Is(null, reached) && !IsCaught(reached, null))
                    || (ThrowsByNature(method)
                        && !IsCaught(reached, reach.Model.Compilation.GetTypeByMetadataName("System.IO.IOException")))
                    ? method.Name : null;
            default:
                return null;
        }
    }

    /// <summary>Whether a handler around the operation, or around a call that leads to it, takes the exception.</summary>
    public static bool IsCaught(Reached reached, ITypeSymbol? exception)
    {
        var operation = reached.Operation;
        for (var frame = reached.CallFrame; frame is not null; frame = frame.Caller)
        {
            if (Handlers.Take(operation, exception))
            {
                return true;
            }

            if (frame.Call is null)
            {
                return false;
            }

            if (IsKeptByTask(frame))
            {
                return true;
            }

            operation = frame.Call;
        }

        return false;
    }

    /// <summary>What an async method throws is in its task, and leaves it only where that is waited for.</summary>
    private static bool IsKeptByTask(CallFrame frame) => frame is { Method: { IsAsync: true, ReturnsVoid: false }, Call: { } call }
        && Operations.Outer(call).Parent is not (IAwaitOperation or IInvocationOperation or IMemberReferenceOperation);

    /// <summary>
    /// A helper of other code throws for what it is given: always, or where what a call has answered says that it failed.
    /// </summary>
    private static bool IsOfHelper(Reached reached)
    {
        var (operation, frame) = reached;
        var conditions = Conditions.Of(operation, frame.Body);
        if (conditions.Count == 0)
        {
            return !frame.Body.Descendants().Any(static part => part is IConditionalOperation or ISwitchOperation or ILoopOperation)
                && frame.Method.IsStatic;
        }

        return conditions.Any(condition => condition.DescendantsAndSelf().Any(part => part switch
        {
            IParameterReferenceOperation parameter => IsAnswer(frame.ArgumentOf(parameter.Parameter), frame.Caller),
            IInstanceReferenceOperation => frame.Call is IInvocationOperation { Instance: { Type.IsValueType: true } result }
                && IsAnswer(result, frame.Caller),
            _ => false,
        }));
    }

    private static bool IsAnswer(IOperation? value, CallFrame? frame) => value is not null && Provenance.Of(value, frame) switch
    {
        IInvocationOperation => true,
        IBinaryOperation compared => IsAnswer(compared.LeftOperand, frame) || IsAnswer(compared.RightOperand, frame),
        IUnaryOperation { Operand: var operand } => IsAnswer(operand, frame),
        IObjectCreationOperation { Arguments: { Length: 1 } arguments } => IsAnswer(arguments[0].Value, frame),
        _ => false,
    };

    /// <summary>A method without a body of its own yet: the build, or a derived type, puts the real one there.</summary>
    private static bool IsOfStub(ITypeSymbol exception, Reached reached, FinalizerReach reach) =>
        (reached.CallFrame.Depth > 0 || reach.IsOfBase)
        && (exception.Name == "NotImplementedException" || (exception.Name == "NotSupportedException"
            && reached.CallFrame.Method is { IsVirtual: true } && Guards.OnlyThrown(reached.CallFrame.Body) == reached.Operation));

    private static bool IsThrowHelper(IMethodSymbol method) =>
        (method.ContainingType.Name == "Marshal" && method.Name == "ThrowExceptionForHR")
        || (method.ContainingType.Name != "Environment" && !Vocabulary.IsUsageHelper(method.Name)
            && method.DeclaringSyntaxReferences.IsEmpty
            && method.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == "DoesNotReturnAttribute"));

    /// <summary>Files are locked, on a drive that is gone, or not ours to change, whatever the program does.</summary>
    private static bool ThrowsByNature(IMethodSymbol method) =>
        method.ContainingType.Name is "File" or "Directory" or "FileInfo" or "DirectoryInfo" or "FileSystemInfo"
        && method.ContainingNamespace.Name == "IO" && method.DeclaringSyntaxReferences.IsEmpty
        && method.MethodKind == MethodKind.Ordinary
        && method.Name is not ("Exists" or "ToString" or "Refresh" or "Equals" or "GetHashCode");
}
