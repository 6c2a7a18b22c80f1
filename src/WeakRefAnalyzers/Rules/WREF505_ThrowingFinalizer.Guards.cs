using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Finalizing;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

/// <summary>
/// Throws that guard a method against wrong use, which the finalizer's own call is not: a disposed object (its finalizer is
/// suppressed), a bad argument, a state that a property needs, a case that does not exist, two callers at once.
/// </summary>
internal static class Guards
{
    public static bool Is(ITypeSymbol? exception, Reached reached)
    {
        // What a helper that only throws is for, its caller says.
        while (reached.CallFrame is { Call: IInvocationOperation call, Caller: { } caller } frame
            && OnlyThrown(frame.Body) is { } thrown && thrown == reached.Operation)
        {
            reached = new Reached(call, caller);
        }

        if (reached.Operation.Syntax.Ancestors().Any(node => node is SwitchStatementSyntax or SwitchExpressionArmSyntax))
        {
            return true;
        }

        var place = reached.Operation.Parent is IExpressionStatementOperation statement ? statement.Parent : reached.Operation.Parent;
        var conditional = place is not IBlockOperation { Parent: not IConditionalOperation } || place.Parent is IConditionalOperation;
        if (conditional && reached.CallFrame.Method.AssociatedSymbol is IPropertySymbol)
        {
            return true;
        }

        if (Conditions.Of(reached.Operation, reached.CallFrame.Body).Any(condition => IsOfTypeArgument(condition)
            || IsForFinalizer(condition, reached.CallFrame)))
        {
            return true;
        }

        if (reached.Operation.Syntax.FirstAncestorOrSelf<IfStatementSyntax>() is { } test && IsAnswered(test.Condition, reached.CallFrame))
        {
            return true;
        }

        return exception is not null && ((conditional && Vocabulary.IsUsageError(exception.Name)
                && (reached.CallFrame.Depth > 0 || exception.Name == "ObjectDisposedException"))
            || Vocabulary.IsUsageError(exception.Name) && reached.CallFrame.HopsAway > 0
            || Conditions.Of(reached.Operation, reached.CallFrame.Body).Any(condition => IsForCallersAtOnce(condition)
                || (reached.CallFrame.HopsAway == 0 && IsHeldElsewhere(condition))));
    }

    /// <summary>
    /// <c>if (_back == null) { _back = Make(); if (_back == null) throw … }</c>: what is made at its first use has been made by then.
    /// </summary>
    public static bool IsOfFirstUse(Reached reached)
    {
        var thrown = reached.Operation;
        var first = reached.CallFrame.Depth > 0 && thrown is IThrowOperation ? thrown.Parent : null;
        for (var parent = first; parent is not null; parent = parent.Parent)
        {
            if (parent is IConditionalOperation { Condition: var asked, WhenTrue: var branch }
                && asked.Syntax.SpanStart < thrown.Syntax.SpanStart
                && asked.DescendantsAndSelf().Any(part => part is IMemberReferenceOperation
                {
                    Instance: IInstanceReferenceOperation, Type.IsReferenceType: true, Member: var member,
                } && branch.Descendants().Any(other => other is ISimpleAssignmentOperation
                {
                    Target: IMemberReferenceOperation { Member: var set },
                } && other.Syntax.Span.End <= thrown.Syntax.SpanStart && Operations.Same(set, member))))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary><c>if (!disposing) throw</c>: who forgets to dispose of the object shall hear of it.</summary>
    private static bool IsForFinalizer(IOperation condition, CallFrame frame) => condition.DescendantsAndSelf().Any(part =>
        part is IUnaryOperation { OperatorKind: UnaryOperatorKind.Not, Operand: IParameterReferenceOperation { Parameter: var parameter } }
        && frame.ConstantOf(parameter) is { HasValue: true, Value: false });

    public static IOperation? OnlyThrown(IOperation body) => body switch
    {
        IBlockOperation { Operations: { Length: 1 } only } => OnlyThrown(only[0]),
        IMethodBodyOperation { BlockBody: { } block } => OnlyThrown(block),
        IMethodBodyOperation { ExpressionBody: { } block } => OnlyThrown(block),
        ILocalFunctionOperation { Body: { } block } => OnlyThrown(block),
        IExpressionStatementOperation { Operation: var inner } => OnlyThrown(inner),
        IConversionOperation { Operand: var inner } => OnlyThrown(inner),
        IThrowOperation thrown => thrown,
        _ => null,
    };

    /// <summary>
    /// Whether to end the process is what the finalizer is for: whoever disposes of the object takes it off the queue, who
    /// forgets shall hear of it, and the finalizer releases nothing that the throw would keep it from.
    /// </summary>
    public static bool IsDemand(Reached reached, FinalizerReach reach) =>
        reached.CallFrame is { Caller: null, Method.ContainingType: var type } && ExplicitRelease.Suppresses(type, reach.Known)
        && !reach.Operations.Any(static other => ReleaseCall.Of(other.Operation) is not null)
        && !Conditions.Of(reached.Operation, reached.CallFrame.Body).Any(static condition =>
            condition.DescendantsAndSelf().Any(static part => part is IInvocationOperation));

    /// <summary><c>if (typeof(T) == typeof(int)) return; throw</c>: no object is made of a type that there is no case for.</summary>
    private static bool IsOfTypeArgument(IOperation condition) => condition.DescendantsAndSelf().Any(static part =>
        part is ITypeOfOperation { TypeOperand.TypeKind: TypeKind.TypeParameter });

    /// <summary>
    /// <c>if (Interlocked.Increment(ref _users) != 1) throw</c>: the finalizer is alone. Of what a native call answered nothing
    /// is known.
    /// </summary>
    private static bool IsForCallersAtOnce(IOperation condition) => condition.DescendantsAndSelf().Any(static part =>
        part is IInvocationOperation { TargetMethod: { ContainingType.Name: "Interlocked" } or { ContainingType.Name: "Monitor",
            Name: "IsEntered" or "TryEnter" } }
        or IPropertyReferenceOperation { Property: { Name: "IsHeldByCurrentThread" or "IsWriteLockHeld" or "IsReadLockHeld" } });

    /// <summary><c>if (_device.Current == this) throw</c>: what others still hold is not finalized.</summary>
    private static bool IsHeldElsewhere(IOperation condition) => condition.DescendantsAndSelf().Any(static part =>
        part is IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals } equals
            && Operations.IsThis(Operations.Inner(equals.LeftOperand)) != Operations.IsThis(Operations.Inner(equals.RightOperand)));

    /// <summary>Whether a caller has asked what the guard asks: <c>if (_open) Flush();</c>, or an early return before the call.</summary>
    private static bool IsAnswered(ExpressionSyntax condition, CallFrame? frame)
    {
        var asked = condition.ToString();
        for (; frame?.Call is { } call; frame = frame.Caller)
        {
            for (var node = call.Syntax; node?.Parent is not (null or MemberDeclarationSyntax
                or AnonymousFunctionExpressionSyntax); node = node.Parent)
            {
                if ((node.Parent is IfStatementSyntax @if && @if.Statement == node
                    && @if.Condition.ToString().Split(["&&"], StringSplitOptions.None).Any(part => Contradicts(part.Trim(), asked)))
                    || (node.Parent is BlockSyntax block
                        && block.Statements.TakeWhile(statement => statement != node).Any(statement =>
                        statement is IfStatementSyntax { Else: null } early && early.Condition.ToString() == asked
                        && Leaves(early.Statement))))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool Leaves(StatementSyntax statement) =>
        (statement is BlockSyntax { Statements: { Count: > 0 } inner } ? inner.Last() : statement) is ReturnStatementSyntax
        or ThrowStatementSyntax;

    private static bool Contradicts(string one, string other) =>
        one == "!" + other || other == "!" + one || (one.Contains(" != ") && one.Replace(" != ", " == ") == other)
            || (one.Contains(" == ") && one.Replace(" == ", " != ") == other);
}
