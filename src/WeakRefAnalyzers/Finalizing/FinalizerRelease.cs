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
/// <param name="IsScarce">Whether something is released that others wait for, or that there are few of: no memory.</param>
internal sealed record FinalizerRelease(ReleaseCall Call, Reached Reached, string? Held, bool IsScarce)
{
    private static readonly string[] Outside = ["System.IO", "System.Net", "System.Data", "System.Diagnostics", "Microsoft.Win32"];

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

                first = new FinalizerRelease(call, own, held, IsScarceIn(reached.Operation));
            }
            else
            {
                first = first with { Held = held is null ? null : first.Held, IsScarce = first.IsScarce || IsScarceIn(reached.Operation) };
            }

            if (first is { Held: null, IsScarce: true })
            {
                return first;
            }
        }

        return first;
    }

    /// <summary>Files, sockets, processes, windows and what else native functions close, by their names.</summary>
    private static bool IsScarceIn(IOperation call) => call is IInvocationOperation { TargetMethod: var method, Instance: var instance }
        && (instance?.Type is { } type && method.Name is "Dispose" or "DisposeAsync" or "Close" or "CloseAsync" ? IsOpen(type)
            : method.Name == "Delete" ? method.ContainingNamespace?.ToDisplayString() == "System.IO"
            : Vocabulary.IsScarce(ReleaseCall.NameOf(call)));

    /// <summary>Objects of the framework that keep something open, or types derived from them.</summary>
    private static bool IsOpen(ITypeSymbol? type)
    {
        for (; type is not null; type = type.BaseType)
        {
            if (type.Name is "MemoryStream" or "StringReader" or "StringWriter")
            {
                return false;
            }

            if (type.DeclaringSyntaxReferences.IsEmpty && type.ContainingNamespace?.ToDisplayString() is { } space
                && Array.Exists(Outside, outside => space.StartsWith(outside, StringComparison.Ordinal)))
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
