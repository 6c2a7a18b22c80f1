using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Finalizing;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

/// <summary>A field or auto-property set after something that may throw: the finalizer of the half-made object finds it null.</summary>
internal static class LateField
{
    /// <summary>The field that the operation dereferences without a test, and what may throw before it is set.</summary>
    public static (ISymbol Field, ITypeSymbol Type, SyntaxNode Thrower)? Of(
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
        if (instance is not IMemberReferenceOperation { Instance: IInstanceReferenceOperation, Type: { IsReferenceType: true } type,
            Member: var field }
            || !(field is IFieldSymbol || (field is IPropertySymbol { IsVirtual: false, IsOverride: false } auto && Members.IsAuto(auto)))
            || !SymbolEqualityComparer.Default.Equals(field.ContainingType, reach.Type)
            || field.DeclaringSyntaxReferences.IsEmpty
            || Throwing.IsCaught(reached, null)
            || IsTested(field, reached, reach))
        {
            return null;
        }

        return new Construction(reach.Model.Compilation, reach.Known, cancel).ThrowerBefore(field) is { } thrower
            && thrower.SyntaxTree == reach.Root.SyntaxTree ? (field, type, thrower) : null;
    }

    /// <summary>
    /// Whether the finalizer asks for the field, or for other state that tells a whole object from a half-made one. What a
    /// method asks that is called before and only returns changes nothing here.
    /// </summary>
    private static bool IsTested(ISymbol field, Reached use, FinalizerReach reach)
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

            if (operation is IConditionalOperation { Condition: var flag, WhenTrue: var then } && IsRaised(flag)
                && SiteIn(use, frame) is { } site && then.Syntax.Contains(site.Syntax))
            {
                return true;
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

    private static IOperation? SiteIn(Reached use, CallFrame frame)
    {
        var (operation, at) = (use.Operation, use.CallFrame);
        while (at != frame && at is { Call: { } call, Caller: { } caller })
        {
            (operation, at) = (call, caller);
        }

        return at == frame ? operation : null;
    }

    /// <summary>A flag that has to be set for what follows; in a half-made object it is not, whatever it is called.</summary>
    private static bool IsRaised(IOperation condition) => condition switch
    {
        IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd } both =>
            IsRaised(both.LeftOperand) || IsRaised(both.RightOperand),
        IFieldReferenceOperation { Instance: IInstanceReferenceOperation, Field: { Type.SpecialType: SpecialType.System_Boolean } field } =>
            Members.InitializerOf(field) is not { RawKind: (int)SyntaxKind.TrueLiteralExpression },
        _ => false,
    };

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
