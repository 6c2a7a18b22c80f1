using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace WeakRefAnalyzers.Code;

/// <summary>An operation that is run, in one call of the method that holds it.</summary>
internal readonly record struct Reached(IOperation Operation, CallFrame CallFrame);

/// <summary>One call of a method on the way.</summary>
internal sealed class CallFrame(IMethodSymbol method, IOperation body, IOperation? call, CallFrame? caller,
    List<(IParameterSymbol Parameter, bool Value)> values, IReadOnlyList<IArgumentOperation> arguments)
{
    public IMethodSymbol Method { get; } = method;

    public IOperation Body { get; } = body;

    /// <summary>The call or accessor use that entered the method; null where the walk begins.</summary>
    public IOperation? Call { get; } = call;

    public CallFrame? Caller { get; } = caller;

    public int Depth { get; } = caller is null ? 0 : caller.Depth + 1;

    /// <summary>What the caller passed for a parameter.</summary>
    public IOperation? ArgumentOf(IParameterSymbol parameter)
    {
        foreach (var argument in arguments)
        {
            if (argument.Parameter?.Ordinal == parameter.Ordinal
                && SymbolEqualityComparer.Default.Equals(parameter.ContainingSymbol, Method))
            {
                return argument.Value;
            }
        }

        return null;
    }

    /// <summary>What a condition is in this call, where constants decide it.</summary>
    public bool? ValueOf(IOperation condition)
    {
        switch (condition)
        {
            case { ConstantValue: { HasValue: true, Value: bool constant } }:
                return constant;
            case IParameterReferenceOperation reference:
                foreach (var (parameter, value) in values)
                {
                    if (SymbolEqualityComparer.Default.Equals(parameter, reference.Parameter.OriginalDefinition))
                    {
                        return value;
                    }
                }

                return null;
            case IConversionOperation conversion:
                return ValueOf(conversion.Operand);
            case IUnaryOperation { OperatorKind: UnaryOperatorKind.Not } not:
                return !ValueOf(not.Operand);
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals } equals:
                return ValueOf(equals.LeftOperand) is { } l && ValueOf(equals.RightOperand) is { } r ? l == r : null;
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.NotEquals } differs:
                return ValueOf(differs.LeftOperand) is { } a && ValueOf(differs.RightOperand) is { } b ? a != b : null;
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd or BinaryOperatorKind.And } and:
                var (left, right) = (ValueOf(and.LeftOperand), ValueOf(and.RightOperand));
                return left == false || right == false ? false : left & right;
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalOr or BinaryOperatorKind.Or } or:
                var (first, second) = (ValueOf(or.LeftOperand), ValueOf(or.RightOperand));
                return first == true || second == true ? true : first | second;
            default:
                return null;
        }
    }
}
