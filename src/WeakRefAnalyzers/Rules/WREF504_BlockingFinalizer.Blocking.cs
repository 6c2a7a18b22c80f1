using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Finalizing;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

/// <summary>Operations that wait for another thread.</summary>
internal static class Blocking
{
    /// <summary>What waits; null for an operation that does not, or whose gate nobody else can hold.</summary>
    public static string? NameOf(Reached reached) => reached.Operation switch
    {
        ILockOperation @lock =>
            @lock.LockedValue is IInvalidOperation || IsPrivate(@lock.LockedValue, reached.CallFrame)
            ? null : "lock (" + @lock.LockedValue.Syntax + ")",
        IInvocationOperation invocation when Vocabulary.IsWait(invocation.TargetMethod) && !WaitsForZero(invocation) && !IsDone(invocation)
            && !(IsMonitor(invocation) && IsPrivate(invocation.Arguments[0].Value, reached.CallFrame)) =>
            invocation.TargetMethod.Name == "GetResult"
                ? "GetAwaiter().GetResult" : invocation.TargetMethod.ContainingType.Name + "." + invocation.TargetMethod.Name,
        IPropertyReferenceOperation { Property: { Name: "Result", ContainingType.Name: "Task"
            or "ValueTask" } property } result when !IsDone(result) => property.ContainingType.Name + ".Result",
        _ => null,
    };

    /// <summary>Whether a condition around it asks whether the task is done.</summary>
    private static bool IsDone(IOperation operation)
    {
        for (var parent = operation.Parent; parent is not null; parent = parent.Parent)
        {
            if (parent is IConditionalOperation { Condition: var condition }
                && condition.DescendantsAndSelf().Any(static part =>
                part is IPropertyReferenceOperation { Property.Name: "IsCompleted" or "IsCompletedSuccessfully" }))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsMonitor(IInvocationOperation invocation) =>
        invocation.TargetMethod is { Name: "Enter", ContainingType.Name: "Monitor" } && invocation.Arguments.Length > 0;

    private static bool WaitsForZero(IInvocationOperation invocation) =>
        invocation.Arguments.Any(argument =>
            argument.Parameter?.Name is "timeout" or "millisecondsTimeout" or "milliseconds"
            && argument.Value.ConstantValue is { HasValue: true, Value: 0 });

    /// <summary>
    /// Whether only the object itself has the gate: a finalizer runs when nobody uses the object, so nobody is inside.
    /// </summary>
    private static bool IsPrivate(IOperation gate, CallFrame frame) => Provenance.Of(gate, frame) switch
    {
        IInstanceReferenceOperation => true,
        IFieldReferenceOperation { Instance: IInstanceReferenceOperation, Field: var field } => IsPrivate(field),
        IPropertyReferenceOperation { Instance: IInstanceReferenceOperation,
            Property: { IsVirtual: false, IsAbstract: false, IsOverride: false } property } =>
            Members.ReturnedBy(property) is ThisExpressionSyntax || (Members.Behind(property) is IFieldSymbol field && IsPrivate(field)),
        _ => false,
    };

    private static bool IsPrivate(IFieldSymbol field) => field is { DeclaredAccessibility: Accessibility.Private, IsStatic: false }
        && Members.ValuesOf(field).Any() && Members.ValuesOf(field).All(value => value is BaseObjectCreationExpressionSyntax);
}
