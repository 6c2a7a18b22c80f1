using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace WeakRefAnalyzers.Rules;

/// <summary>The catch clauses around an operation.</summary>
internal static class Handlers
{
    /// <summary>Whether a handler in the same body takes the exception; one with a filter that cannot be read may, and so does.</summary>
    public static bool Take(IOperation operation, ITypeSymbol? exception) =>
        Around(operation).Any(handler => Takes(handler.ExceptionType, exception)
            && (handler.Filter is null || Holds(handler.Filter, exception) != false));

    /// <summary>Whether a handler in the same body swallows whatever is thrown, of what it is meant for.</summary>
    public static bool Swallow(IOperation operation) => Around(operation).Any(static handler =>
        !handler.Handler.Descendants().Any(static part => part is IThrowOperation));

    private static IEnumerable<ICatchClauseOperation> Around(IOperation operation)
    {
        var child = operation;
        for (var parent = operation.Parent; parent is not null; (child, parent) = (parent, parent.Parent))
        {
            if (parent is ITryOperation @try && @try.Body == child)
            {
                foreach (var handler in @try.Catches)
                {
                    yield return handler;
                }
            }
        }
    }

    private static bool Takes(ITypeSymbol handled, ITypeSymbol? exception) =>
        handled.SpecialType == SpecialType.System_Object || handled is { Name: "Exception", ContainingNamespace.Name: "System" }
        || IsA(exception, handled);

    private static bool IsA(ITypeSymbol? exception, ITypeSymbol? of)
    {
        for (var type = exception; type is not null; type = type.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(type, of))
            {
                return true;
            }
        }

        return false;
    }

    private static bool? Holds(IOperation filter, ITypeSymbol? exception) => exception is null ? null : filter switch
    {
        IIsTypeOperation test => IsA(exception, test.TypeOperand),
        IIsPatternOperation { Pattern: var pattern } => Matches(pattern, exception),
        IUnaryOperation { OperatorKind: UnaryOperatorKind.Not } not => !Holds(not.Operand, exception),
        IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalOr } or =>
            Holds(or.LeftOperand, exception) | Holds(or.RightOperand, exception),
        IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd } and =>
            Holds(and.LeftOperand, exception) & Holds(and.RightOperand, exception),
        _ => null,
    };

    private static bool? Matches(IPatternOperation pattern, ITypeSymbol exception) => pattern switch
    {
        ITypePatternOperation type => IsA(exception, type.MatchedType),
        IDeclarationPatternOperation declaration => IsA(exception, declaration.MatchedType),
        INegatedPatternOperation negated => !Matches(negated.Pattern, exception),
        IBinaryPatternOperation { OperatorKind: BinaryOperatorKind.Or } or =>
            Matches(or.LeftPattern, exception) | Matches(or.RightPattern, exception),
        _ => null,
    };
}
