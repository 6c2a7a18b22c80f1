using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;

namespace WeakRefAnalyzers.Finalizing;

/// <summary>
/// What a flag or a mode is in one call, where constants decide it, however the code asks: <c>!disposing</c>,
/// <c>disposing is false</c>, <c>mode is Mode.A or Mode.B</c>, a local that keeps the parameter.
/// </summary>
internal static class Constants
{
    private const int MaxDepth = 32;

    /// <summary>Of a type whose values may each mean another way through the method.</summary>
    public static bool IsMode(ITypeSymbol type) => type is { TypeKind: TypeKind.Enum }
        or { SpecialType: SpecialType.System_Boolean or (>= SpecialType.System_SByte and <= SpecialType.System_Double) }
        || (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable
            && IsMode(nullable.TypeArguments[0]));

    public static Optional<object?> Of(IOperation? value, CallFrame frame) => Of(value, frame, 0);

    /// <summary>Whether the pattern takes the value; null where that cannot be told.</summary>
    public static bool? Matches(IPatternOperation pattern, object? value, CallFrame frame) => pattern switch
    {
        IDiscardPatternOperation => true,
        IDeclarationPatternOperation { MatchesNull: true } => true,
        IConstantPatternOperation constant =>
            Of(constant.Value, frame) is { HasValue: true, Value: var other } ? Equals(value, other) : null,
        INegatedPatternOperation negated => !Matches(negated.Pattern, value, frame),
        IBinaryPatternOperation { OperatorKind: BinaryOperatorKind.Or } or =>
            Matches(or.LeftPattern, value, frame) | Matches(or.RightPattern, value, frame),
        IBinaryPatternOperation and => Matches(and.LeftPattern, value, frame) & Matches(and.RightPattern, value, frame),
        _ => null,
    };

    /// <summary>Whether a section of a switch is taken for the value; null where that cannot be told.</summary>
    public static bool? Takes(ISwitchCaseOperation section, object? value, CallFrame frame)
    {
        bool? taken = false;
        foreach (var clause in section.Clauses)
        {
            taken |= clause switch
            {
                ISingleValueCaseClauseOperation single when Of(single.Value, frame) is { HasValue: true, Value: var other } =>
                    Equals(value, other),
                IPatternCaseClauseOperation pattern =>
                    Matches(pattern.Pattern, value, frame) & (pattern.Guard is null ? true : frame.ValueOf(pattern.Guard)),
                _ => null,
            };
        }

        return taken;
    }

    private static Optional<object?> Of(IOperation? value, CallFrame frame, int depth)
    {
        if (value is null || depth > MaxDepth)
        {
            return default;
        }

        if (value.ConstantValue.HasValue)
        {
            return value.ConstantValue;
        }

        if (frame.Knows?.Invoke(value) is { } told)
        {
            return told;
        }

        switch (value)
        {
            case IParameterReferenceOperation reference:
                return frame.ConstantOf(reference.Parameter);
            case ILocalReferenceOperation { Local.Type: { } type } reference when IsMode(type):
                return Of(Values.OnlyValueOf(reference.Local, reference, frame.Known), frame, depth + 1);
            case IConversionOperation { OperatorMethod: null } conversion when !conversion.Conversion.IsNumeric:
                return Of(conversion.Operand, frame, depth + 1);
            case ICoalesceOperation coalesce when Of(coalesce.Value, frame, depth + 1) is { HasValue: true } left:
                return left.Value is null ? Of(coalesce.WhenNull, frame, depth + 1) : left;
            case IConditionalOperation { WhenFalse: { } other } conditional:
                return Truth(conditional.Condition) is { } first ? Of(first ? conditional.WhenTrue : other, frame, depth + 1) : default;
            case IPropertyReferenceOperation { Property: { Name: "Value" or "HasValue", ContainingType.OriginalDefinition.SpecialType:
                SpecialType.System_Nullable_T }, Instance: { } nullable } property
                when Of(nullable, frame, depth + 1) is { HasValue: true } known:
                return property.Property.Name == "Value" ? known : known.Value is not null;
            case IUnaryOperation { OperatorKind: UnaryOperatorKind.Not } not:
                return From(!Truth(not.Operand));
            case IIsPatternOperation match when Of(match.Value, frame, depth + 1) is { HasValue: true, Value: var known }:
                return From(Matches(match.Pattern, known, frame));
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals } equals:
                return Of(equals.LeftOperand, frame, depth + 1) is { HasValue: true, Value: var l }
                    && Of(equals.RightOperand, frame, depth + 1) is { HasValue: true, Value: var r }
                    ? Equals(l, r) == (equals.OperatorKind == BinaryOperatorKind.Equals) : default(Optional<object?>);
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.GreaterThan or BinaryOperatorKind.LessThan
                or BinaryOperatorKind.GreaterThanOrEqual or BinaryOperatorKind.LessThanOrEqual } compared:
                return Of(compared.LeftOperand, frame, depth + 1) is { HasValue: true, Value: IComparable less }
                    && Of(compared.RightOperand, frame, depth + 1) is { HasValue: true, Value: { } more }
                    && less.GetType() == more.GetType() ? Holds(compared.OperatorKind, less.CompareTo(more)) : default(Optional<object?>);
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd or BinaryOperatorKind.And } and:
                return From(Truth(and.LeftOperand) & Truth(and.RightOperand));
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalOr or BinaryOperatorKind.Or } or:
                return From(Truth(or.LeftOperand) | Truth(or.RightOperand));
            default:
                return default;
        }

        bool? Truth(IOperation operation) => Of(operation, frame, depth + 1) is { HasValue: true, Value: bool truth } ? truth : null;
    }

    private static bool Holds(BinaryOperatorKind comparison, int order) => comparison switch
    {
        BinaryOperatorKind.GreaterThan => order > 0,
        BinaryOperatorKind.LessThan => order < 0,
        BinaryOperatorKind.GreaterThanOrEqual => order >= 0,
        _ => order <= 0,
    };

    private static Optional<object?> From(bool? value) => value is { } known ? known : default(Optional<object?>);
}
