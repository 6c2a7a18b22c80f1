using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Finalizing;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

/// <summary>Operations of a finalizer that throw by intent and are not caught.</summary>
internal static class Throwing
{
    /// <summary>The exception, or the helper that throws it; null where nothing is thrown or something catches it.</summary>
    public static string? NameOf(Reached reached)
    {
        switch (reached.Operation)
        {
            case IThrowOperation { Exception: { } exception }:
                var type = exception is IConversionOperation conversion ? conversion.Operand.Type : exception.Type;
                return type is null or IErrorTypeSymbol || IsGuard(type, reached) || IsDemand(reached) || IsCaught(reached, type)
                    ? null : type.Name;
            case IInvocationOperation { TargetMethod: var method } when IsThrowHelper(method):
                return IsGuard(null, reached) || IsCaught(reached, null) ? null : method.Name;
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
            var child = operation;
            for (var parent = operation.Parent; parent is not null; (child, parent) = (parent, parent.Parent))
            {
                if (parent is ITryOperation @try && @try.Body == child
                    && @try.Catches.Any(handler => handler.Filter is null && Takes(handler.ExceptionType, exception)))
                {
                    return true;
                }
            }

            if (frame.Call is null)
            {
                return false;
            }

            operation = frame.Call;
        }

        return false;
    }

    /// <summary>
    /// Whether to end the process is all that the finalizer is for: whoever disposes of the object takes it off the
    /// queue, and who forgets shall hear of it.
    /// </summary>
    private static bool IsDemand(Reached reached) =>
        reached.CallFrame is { Caller: null, Method.ContainingType: var type,
        Body: IMethodBodyOperation { BlockBody: var block, ExpressionBody: var expression } }
        && (block ?? expression)?.Operations is { Length: 1 } operations && operations[0] is var only
            && (only == reached.Operation || only is IExpressionStatementOperation { Operation: var thrown } && thrown == reached.Operation)
        && ExplicitRelease.Suppresses(type);

    private static bool IsThrowHelper(IMethodSymbol method) =>
        (method.ContainingType.Name == "Marshal" && method.Name == "ThrowExceptionForHR")
        || (method.ContainingType.Name != "Environment"
            && method.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == "DoesNotReturnAttribute"));

    private static bool Takes(ITypeSymbol handled, ITypeSymbol? exception)
    {
        if (handled.SpecialType == SpecialType.System_Object || handled is { Name: "Exception", ContainingNamespace.Name: "System" })
        {
            return true;
        }

        for (var type = exception; type is not null; type = type.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(type, handled))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Whether the throw guards a method against wrong use, which the finalizer's own call is not: a disposed object
    /// (its finalizer is suppressed), a bad argument, a state that a property needs, a case that does not exist.
    /// </summary>
    private static bool IsGuard(ITypeSymbol? exception, Reached reached)
    {
        if (reached.Operation.Syntax.Ancestors().Any(node => node is SwitchStatementSyntax or SwitchExpressionArmSyntax))
        {
            return true;
        }

        var conditional = reached.Operation.Parent is not IBlockOperation { Parent: not IConditionalOperation }
            || reached.Operation.Parent.Parent is IConditionalOperation;
        if (conditional && reached.CallFrame.Method.AssociatedSymbol is IPropertySymbol)
        {
            return true;
        }

        if (reached.Operation.Syntax.FirstAncestorOrSelf<IfStatementSyntax>() is { } test && IsAnswered(test.Condition, reached.CallFrame))
        {
            return true;
        }

        return conditional
            && (exception is null || Vocabulary.IsUsageError(exception.Name))
            && (reached.CallFrame.Depth > 0 || exception?.Name == "ObjectDisposedException");
    }

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
