using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.CollectorTests;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Finalizing;

/// <summary>A resource that a finalizer releases and nobody else can.</summary>
/// <param name="Call">The call that releases it, the first of several.</param>
/// <param name="Reached">Where that stands.</param>
/// <param name="Held">The field or property with its own finalizer, where all that is released has one: then this
/// finalizer is of no use.</param>
/// <param name="IsMemory">Whether all that is released is memory, which nobody else waits for.</param>
internal sealed record FinalizerRelease(ReleaseCall Call, Reached Reached, string? Held, bool IsMemory)
{
    /// <summary>Null where an owner can release it, or where there is no owner.</summary>
    public static FinalizerRelease? Of(FinalizerReach reach, RoleTable roles, CancellationToken cancel)
    {
        if (reach.Rearms || reach.IsOfBase || ExplicitRelease.IsUnknown(reach.Type) || ExplicitRelease.IsOffered(reach.Type, reach.Known)
            || ExplicitRelease.IsSuppressedWithin(reach.Type, reach.Known))
        {
            return null;
        }

        FinalizerRelease? first = null;
        foreach (var reached in reach.Operations.Concat(reach.Elsewhere))
        {
            if (ReleaseCall.InFinalizer(reached) is not { } call
                || call.OwnMember(reached.CallFrame, roles) is not { Member: var member } reference
                || (reached.CallFrame.HopsAway > 0 && !Owns(member, reached.CallFrame)))
            {
                continue;
            }

            var held = Finalizable.Declaring(reference.Type, cancel) is not null || Finalizable.IsCritical(reference.Type)
                ? member.Name : null;
            if (first is null)
            {
                var own = FinalizerReach.InOwnCode(reached);
                call = own == reached ? call : call with { Operation = own.Operation, Name = ReleaseCall.NameOf(own.Operation) };
                if (ExplicitRelease.IsRepeated(call, own, reach.Known) || CollectorTest.IsTestCode(reach.Root, reach.Known)
                    || Ownerless.Is(reach.Type, reach.Model.Compilation, reach.Known))
                {
                    return null;
                }

                first = new FinalizerRelease(call, own, held, IsMemoryOf(reached.Operation));
            }
            else
            {
                first = first with { Held = held is null ? null : first.Held, IsMemory = first.IsMemory && IsMemoryOf(reached.Operation) };
            }

            if (first is { Held: null, IsMemory: false })
            {
                return first;
            }
        }

        return first;
    }

    private static bool IsMemoryOf(IOperation call) => call is IInvocationOperation { TargetMethod: { Name: var name, ContainingType:
        { Name: "Marshal" or "NativeMemory" or "GCHandle", ContainingNamespace.Name: "InteropServices" } } }
        && name is "Free" or "AlignedFree" or "FreeHGlobal" or "FreeCoTaskMem" or "FreeBSTR"
        || call is IInvocationOperation { TargetMethod.Name: "Dispose" or "Close" or "Clear", Instance.Type: { } type } && IsInMemory(type);

    /// <summary>Objects of the framework that keep nothing but memory, and locks that nobody else knows.</summary>
    private static bool IsInMemory(ITypeSymbol type)
    {
        for (var current = type; current is { DeclaringSyntaxReferences.IsEmpty: true }; current = current.BaseType)
        {
            if (current.Name is "HashAlgorithm" or "SymmetricAlgorithm" or "RandomNumberGenerator" or "MemoryStream"
                or "ReaderWriterLockSlim" or "SemaphoreSlim" or "ManualResetEventSlim" or "CountdownEvent"
                or "CancellationTokenSource" or "ThreadLocal")
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// What a method of other code releases belongs to the object if it was handed over, is a value, or is part of what the
    /// object made for itself.
    /// </summary>
    private static bool Owns(ISymbol member, CallFrame frame)
    {
        for (; frame.HopsAway > 1; frame = frame.Caller!)
        {
        }

        return frame.Call is not IInvocationOperation { Instance: { Type.IsValueType: false } } call
            || call.Arguments.Any(argument => Operations.Same(Provenance.OwnMember(argument.Value, frame.Caller)?.Member, member))
            || Members.ValuesOf(member, frame.Known).Any(static value =>
                value is BaseObjectCreationExpressionSyntax or InvocationExpressionSyntax);
    }
}
