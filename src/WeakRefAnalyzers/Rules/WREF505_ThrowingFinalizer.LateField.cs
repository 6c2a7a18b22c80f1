using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Finalizing;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

/// <summary>A field that is set after something that may throw: the finalizer of the half-made object finds it null.</summary>
internal static class LateField
{
    /// <summary>The field that the operation dereferences without a test, and what may throw before it is set.</summary>
    public static (IFieldSymbol Field, SyntaxNode Thrower)? Of(
        Reached reached,
        FinalizerReach reach,
        CancellationToken cancel)
    {
        var instance = reached.Operation switch
        {
            IInvocationOperation { TargetMethod.IsExtensionMethod: false } invocation => invocation.Instance,
            IPropertyReferenceOperation property => property.Instance,
            IEventAssignmentOperation { EventReference: IEventReferenceOperation reference } => reference.Instance,
            IForEachLoopOperation loop =>
                loop.Collection is IConversionOperation { Operand: var collection } ? collection : loop.Collection,
            _ => null,
        };
        if (instance is not IFieldReferenceOperation { Instance: IInstanceReferenceOperation,
            Field: { IsStatic: false, Type.IsReferenceType: true } field }
            || !SymbolEqualityComparer.Default.Equals(field.ContainingType, reach.Type)
            || field.DeclaringSyntaxReferences.IsEmpty
            || Throwing.IsCaught(reached, null)
            || IsTested(field, reached, reach))
        {
            return null;
        }

        return new Construction(reach.Model.Compilation, reach.Known, cancel).ThrowerBefore(field) is { } thrower
            && thrower.SyntaxTree == reach.Root.SyntaxTree ? (field, thrower) : null;
    }

    /// <summary>
    /// Whether the finalizer asks for the field, or for other state that tells a whole object from a half-made one. What a
    /// method asks that is called before and only returns changes nothing here.
    /// </summary>
    private static bool IsTested(IFieldSymbol field, Reached use, FinalizerReach reach)
    {
        foreach (var (operation, frame) in reach.Operations)
        {
            if (operation == use.Operation)
            {
                break;
            }

            if (!IsOnTheWay(frame, use.CallFrame))
            {
                continue;
            }

            // ?. and ?? ask for one field only; a condition may ask for what tells a whole object.
            var (condition, any) = operation switch
            {
                IConditionalOperation conditional => (conditional.Condition, true),
                IWhileLoopOperation loop => (loop.Condition, true),
                IConditionalAccessOperation access => (access.Operation, false),
                ICoalesceOperation coalesce => (coalesce.Value, false),
                _ => (null, false),
            };
            if (condition is not null && condition.DescendantsAndSelf().Any(part => part switch
            {
                IMemberReferenceOperation { Instance: IInstanceReferenceOperation, Member: var member } =>
                    SymbolEqualityComparer.Default.Equals(member, field) || (any && !IsEndFlag(member)),
                IInvocationOperation { Instance: IInstanceReferenceOperation } => any,
                _ => false,
            }))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsOnTheWay(CallFrame frame, CallFrame? to)
    {
        for (; to is not null; to = to.Caller)
        {
            if (to == frame)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A flag that says that the object is done with; false in a half-made object.</summary>
    private static bool IsEndFlag(ISymbol member)
    {
        var type = (member as IFieldSymbol)?.Type ?? (member as IPropertySymbol)?.Type;
        return type?.SpecialType == SpecialType.System_Boolean && Vocabulary.IsEndedFlag(member.Name);
    }
}
