using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Flow;

/// <summary>What a condition or a pattern says once it turned out true, or false.</summary>
internal sealed partial class WeakReadWalker
{
    private static Value Constant(object? constant) => constant switch
    {
        null => Value.NullConstant,
        true => new Value { WhenFalse = null },
        false => new Value { WhenTrue = null },
        _ => Value.Unknown,
    };

    private Value Negate(Value value) => value with { WhenTrue = value.WhenFalse, WhenFalse = value.WhenTrue, Read = null, Null = Nullness.Unknown };

    /// <summary>The condition "the value is null".</summary>
    private Value NullTest(Value value, SyntaxNode cause)
    {
        if (value.Null == Nullness.Null && value.Read is null)
        {
            return new Value { WhenFalse = null };
        }

        return new Value { WhenTrue = Found(value, Nullness.Null, cause), WhenFalse = Found(value, Nullness.NotNull, cause) };
    }

    private Delta Found(Value value, Nullness nullness, SyntaxNode cause)
    {
        var variables = ImmutableDictionary<object, Nullness>.Empty;
        if (nullness == Nullness.NotNull || value.Read is not null)
        {
            foreach (var holder in value.Holders)
            {
                variables = variables.SetItem(holder, nullness);
            }
        }

        var guards = ImmutableDictionary<Path, Guard>.Empty;
        if (nullness == Nullness.NotNull && value.Read is { Reference: { } reference } read)
        {
            // An earlier read of a reference that is alive now gave its target.
            var holder = value.Holders.OfType<ISymbol>().FirstOrDefault();
            guards = guards.SetItem(reference, new Guard(GuardKind.Checked, read.Syntax, holder));
            variables = variables.SetItems(ReadEarlier(reference));
        }

        var found = new Delta(variables, guards);
        return nullness == Nullness.NotNull && value.WhenNotNull is { } more ? more.And(found) : found;
    }

    private IEnumerable<KeyValuePair<object, Nullness>> ReadEarlier(Path reference)
    {
        foreach (var entry in _state.Variables)
        {
            if (entry.Value is { Null: Nullness.MaybeNull, Read.Reference: { } other } && other.Equals(reference))
            {
                yield return new KeyValuePair<object, Nullness>(entry.Key, Nullness.NotNull);
            }
        }
    }

    private Value Binary(IBinaryOperation binary)
    {
        if (binary.Syntax.Kind() is SyntaxKind.LogicalAndExpression or SyntaxKind.LogicalOrExpression)
        {
            // Not lowered where an operand does not bind.
            return ShortCircuit(binary.LeftOperand, binary.RightOperand, binary.Syntax.IsKind(SyntaxKind.LogicalAndExpression));
        }

        var left = Eval(binary.LeftOperand);
        var right = Eval(binary.RightOperand);
        switch (binary.OperatorKind)
        {
            case BinaryOperatorKind.Equals:
                return Equality(binary, left, right);
            case BinaryOperatorKind.NotEquals:
                return Negate(Equality(binary, left, right));
            case BinaryOperatorKind.LessThan or BinaryOperatorKind.LessThanOrEqual or BinaryOperatorKind.GreaterThan or BinaryOperatorKind.GreaterThanOrEqual
                when binary.OperatorMethod is null || binary.IsLifted:
                return NeitherIsNull(left, right, binary.Syntax);
            case BinaryOperatorKind.And when binary.Type?.SpecialType == SpecialType.System_Boolean:
                return new Value { WhenTrue = left.WhenTrue is null || right.WhenTrue is null ? null : left.WhenTrue.And(right.WhenTrue) };
            case BinaryOperatorKind.Or when binary.Type?.SpecialType == SpecialType.System_Boolean:
                return new Value { WhenFalse = left.WhenFalse is null || right.WhenFalse is null ? null : left.WhenFalse.And(right.WhenFalse) };
            default:
                return Value.Unknown;
        }
    }

    private Value ShortCircuit(IOperation left, IOperation right, bool and)
    {
        var first = Eval(left);
        var before = _state.Clone();
        if (_state.Assuming(and ? first.WhenTrue : first.WhenFalse) is { } further)
        {
            _state = further;
        }

        var second = Eval(right);
        _state = before;
        return and
            ? new Value { WhenTrue = first.WhenTrue is null || second.WhenTrue is null ? null : first.WhenTrue.And(second.WhenTrue) }
            : new Value { WhenFalse = first.WhenFalse is null || second.WhenFalse is null ? null : first.WhenFalse.And(second.WhenFalse) };
    }

    private Value Equality(IBinaryOperation binary, Value left, Value right)
    {
        foreach (var (value, other, operand) in new[] { (left, right, binary.RightOperand), (right, left, binary.LeftOperand) })
        {
            switch (Keepers.Unwrap(operand).ConstantValue)
            {
                case { HasValue: true, Value: null }:
                    return NullTest(value, binary.Syntax);
                case { HasValue: true, Value: true }:
                    return value;
                case { HasValue: true, Value: false }:
                    return Negate(value);
            }

            if (other.Null == Nullness.Null && other.Read is null)
            {
                return NullTest(value, binary.Syntax);
            }
        }

        // Equal to an object that somebody holds: as good as found alive.
        return NeitherIsNull(left, right, binary.Syntax);
    }

    /// <summary>A condition that does not hold for null.</summary>
    private Value NeitherIsNull(Value left, Value right, SyntaxNode cause) =>
        new() { WhenTrue = Found(left, Nullness.NotNull, cause).And(Found(right, Nullness.NotNull, cause)) };

    private Value Match(Value value, IPatternOperation pattern, SyntaxNode cause)
    {
        switch (pattern)
        {
            case INegatedPatternOperation negated:
                return Negate(Match(value, negated.Pattern, cause));
            case IConstantPatternOperation constant when Keepers.Unwrap(constant.Value).ConstantValue is { HasValue: true } known:
                return known.Value switch
                {
                    null => NullTest(value, cause),
                    true => value,
                    false => Negate(value),
                    _ => new Value { WhenTrue = Found(value, Nullness.NotNull, cause) },
                };
            case IBinaryPatternOperation { OperatorKind: BinaryOperatorKind.Or } or:
                var (first, second) = (Match(value, or.LeftPattern, cause), Match(value, or.RightPattern, cause));
                return new Value
                {
                    WhenTrue = first.WhenTrue is null ? second.WhenTrue : second.WhenTrue is null ? first.WhenTrue : Common(first.WhenTrue, second.WhenTrue),
                    WhenFalse = first.WhenFalse is null || second.WhenFalse is null ? null : first.WhenFalse.And(second.WhenFalse),
                };
            case IBinaryPatternOperation { OperatorKind: BinaryOperatorKind.And } and:
                var (one, two) = (Match(value, and.LeftPattern, cause), Match(value, and.RightPattern, cause));
                return new Value { WhenTrue = one.WhenTrue is null || two.WhenTrue is null ? null : one.WhenTrue.And(two.WhenTrue) };
            case IDiscardPatternOperation:
                return new Value { WhenFalse = null };
            case IDeclarationPatternOperation { MatchesNull: true } any:
                if (any.DeclaredSymbol is { } alias)
                {
                    Assign(alias, value);
                }

                return new Value { WhenFalse = null };
            default:
                var matched = Found(value, Nullness.NotNull, cause);
                if (DeclaredBy(pattern) is { } declared)
                {
                    _state.Forget(declared);
                    matched = new Delta(matched.Variables.SetItem(declared, Nullness.NotNull), matched.Guards.ToImmutableDictionary(g => g.Key, g => g.Value with { Holder = declared }));
                }

                if (pattern is IRecursivePatternOperation recursive)
                {
                    matched = matched.And(SubpatternProbes(recursive, value.Path));
                }

                var narrow = pattern is IRecursivePatternOperation { DeconstructionSubpatterns.IsEmpty: true, PropertySubpatterns.IsEmpty: true } properties
                    && SymbolEqualityComparer.Default.Equals(properties.MatchedType, properties.InputType);
                return new Value { WhenTrue = matched, WhenFalse = narrow ? Found(value, Nullness.Null, cause) : Delta.Empty };
        }
    }

    /// <summary><c>w is { IsAlive: true }</c> is a probe as well.</summary>
    private Delta SubpatternProbes(IRecursivePatternOperation pattern, Path? path)
    {
        var found = Delta.Empty;
        foreach (var property in pattern.PropertySubpatterns)
        {
            if (path is not null && property is { Member: IPropertyReferenceOperation member, Pattern: IConstantPatternOperation { Value.ConstantValue: { HasValue: true, Value: true } } }
                && _flow.ReadOf(member) is { Kind: WeakReadKind.Probe or WeakReadKind.Allocated })
            {
                found = found.And(Alive(path, new Guard(GuardKind.Probed, member.Syntax, null), WeakReadKind.Probe));
            }
        }

        return found;
    }

    private static ISymbol? DeclaredBy(IPatternOperation pattern) => pattern switch
    {
        IDeclarationPatternOperation declaration => declaration.DeclaredSymbol,
        IRecursivePatternOperation recursive => recursive.DeclaredSymbol,
        _ => null,
    };

    private static Delta Common(Delta a, Delta b) => new(
        a.Variables.Where(v => b.Variables.TryGetValue(v.Key, out var other) && other == v.Value).ToImmutableDictionary(),
        a.Guards.Where(g => b.Guards.ContainsKey(g.Key)).ToImmutableDictionary());
}
