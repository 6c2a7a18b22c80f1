using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Finalizing;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

/// <summary>Operations that wait for another thread.</summary>
internal static class Blocking
{
    /// <summary>What waits; null for an operation that does not, or whose gate nobody else can hold.</summary>
    public static string? NameOf(Reached reached, Gates gates) => reached.Operation switch
    {
        ILockOperation @lock => @lock.LockedValue is IInvalidOperation || IsTaken(@lock, reached.CallFrame)
            || gates.IsFree(@lock.LockedValue, reached.CallFrame)
            ? null : "lock (" + @lock.LockedValue.Syntax + ")",
        IInvocationOperation invocation when Vocabulary.IsWait(invocation.TargetMethod) && !WaitsForZero(invocation) && !IsDone(invocation)
            && !OwnThread.IsJoined(invocation, reached.CallFrame)
            && !(IsMonitor(invocation) && gates.IsFree(invocation.Arguments[0].Value, reached.CallFrame))
            && !(IsLock(invocation) && gates.IsOwn(invocation.Instance!, reached.CallFrame)) =>
            invocation.TargetMethod.Name == "GetResult"
                ? "GetAwaiter().GetResult" : invocation.TargetMethod.ContainingType.Name + "." + invocation.TargetMethod.Name,
        IPropertyReferenceOperation { Property: { Name: "Result", ContainingType.Name: "Task"
            or "ValueTask" } property } result when !IsDone(result) => property.ContainingType.Name + ".Result",
        _ => null,
    };

    /// <summary>
    /// Whether the finalizer is not certain to wait long: a pause of some milliseconds, a few times at most; a lock, but for one that
    /// the whole process shares and under which code is seen to take its time.
    /// </summary>
    public static bool IsBrief(Reached reached, Gates gates) => reached.Operation switch
    {
        ILockOperation { LockedValue: var gate, Body: var region } => !Gates.IsOfAll(gate, reached.CallFrame)
            || !gates.IsSlow(gate, region, reached.CallFrame),
        IInvocationOperation monitor when IsMonitor(monitor) => !Gates.IsOfAll(monitor.Arguments[0].Value, reached.CallFrame)
            || !gates.IsSlow(monitor.Arguments[0].Value, reached.CallFrame.Body, reached.CallFrame),
        IInvocationOperation { TargetMethod.ContainingType.Name: "SpinLock" or "Lock" or "ReaderWriterLockSlim" or "ReaderWriterLock" } =>
            true,
        IInvocationOperation { Arguments: var arguments } pause => arguments.Any(static argument =>
            argument.Parameter?.Name is "timeout" or "millisecondsTimeout" or "milliseconds"
            && argument.Value.ConstantValue is { HasValue: true, Value: int and >= 0 and <= 100 }) && IsCounted(pause),
        _ => false,
    };

    /// <summary>No loop is around it, or each counts how often it went round.</summary>
    private static bool IsCounted(IOperation operation)
    {
        for (var parent = operation.Parent; parent is not null; parent = parent.Parent)
        {
            if (parent is IWhileLoopOperation { Condition: var condition } && condition?.DescendantsAndSelf().Any(static part =>
                    part is IIncrementOrDecrementOperation) != true)
            {
                return false;
            }
        }

        return true;
    }

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

    /// <summary>Whether the way there leads through the same lock, which then is one's own already.</summary>
    private static bool IsTaken(ILockOperation inner, CallFrame? frame)
    {
        if (Gates.SymbolOf(Provenance.Of(inner.LockedValue, frame)) is not { } gate)
        {
            return false;
        }

        for (IOperation? operation = inner; frame is { HopsAway: 0 } && operation is not null;
            (operation, frame) = (frame.Call, frame.Caller))
        {
            for (var child = operation; child.Parent is { } parent; child = parent)
            {
                if (parent is ILockOperation outer && outer.Body == child
                    && Operations.Same(Gates.SymbolOf(Provenance.Of(outer.LockedValue, frame)), gate))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool IsMonitor(IInvocationOperation invocation) =>
        invocation.TargetMethod is { Name: "Enter" or "TryEnter", ContainingType.Name: "Monitor" } && invocation.Arguments.Length > 0;

    /// <summary>A lock that is an object of its own: nobody is inside when its owner is finalized.</summary>
    private static bool IsLock(IInvocationOperation invocation) =>
        invocation is { Instance: not null, TargetMethod.ContainingType.Name: "Lock" or "ReaderWriterLockSlim" or "ReaderWriterLock" };

    private static bool WaitsForZero(IInvocationOperation invocation) =>
        invocation.Arguments.Any(argument =>
            argument.Parameter?.Name is "timeout" or "millisecondsTimeout" or "milliseconds"
            && argument.Value.ConstantValue is { HasValue: true, Value: 0 });
}
