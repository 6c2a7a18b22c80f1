using System.Collections.Immutable;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;

namespace WeakRefAnalyzers.Reading;

/// <summary>What a condition or a pattern says once it turned out true, or false.</summary>
internal sealed partial class WeakReadWalker
{
    private static Value Constant(object? constant) => constant switch
    {
        null => Value.NullConstant,
        true => new Value { WhenFalse = null },
        false => new Value { WhenTrue = null },
        _ => new Value { Constant = constant },
    };

    private static Value Negate(Value value) =>
        value with { WhenTrue = value.WhenFalse, WhenFalse = value.WhenTrue, Read = null, Null = Nullness.Unknown };

    /// <summary>The condition "the value is null".</summary>
    private Value NullTest(Value value, SyntaxNode cause)
    {
        if (value.Null == Nullness.Null && value.Read is null)
        {
            return new Value { WhenFalse = null };
        }

        if (value is { Null: Nullness.NotNull, Read: not null })
        {
            return new Value { WhenTrue = null }; // Found alive before.
        }

        var test = new Value
        {
            WhenTrue = value.WhenNone(static constant => constant != Value.NoObject).And(Found(value, Nullness.Null, cause)),
            WhenFalse = Found(value, Nullness.NotNull, cause),
        };
        return value.Read is null ? AskedBefore(test, value.Path, BinaryOperatorKind.Equals, null) : test;
    }

    /// <summary>The condition that the bool is false: not the same as not true where it may be null.</summary>
    private Value FalseTest(Value value, ITypeSymbol? type, SyntaxNode cause) =>
        type?.OriginalDefinition.SpecialType != SpecialType.System_Nullable_T ? Negate(value) : new Value
        {
            WhenTrue = value.WhenFalse is { } whenFalse && value.WhenNot(Value.NoObject) is { } whenSome
                ? whenFalse.And(whenSome).And(Found(value, Nullness.NotNull, cause)) : null,

            // True, or there was nothing to ask, and then there is nothing to read: `w?.IsAlive == false`.
            WhenFalse = value.WhenTrue?.OnlyGuards() ?? Delta.Empty,
        };

    /// <summary>The condition that the value is this constant, which is neither null nor a bool.</summary>
    private Value ConstantTest(Value value, object constant, SyntaxNode cause) => AskedBefore(
        new()
        {
            WhenTrue = value.WhenNone(other => !Same(other, constant)).And(Found(value, Nullness.NotNull, cause)),
            WhenFalse = value.WhenNot(constant) ?? Delta.Empty,
        },
        value.Path,
        BinaryOperatorKind.Equals,
        constant);

    /// <summary>The condition <c>value &gt; bound</c>, or <c>&lt;</c> and so on; an unknown bound is taken for no less than 0.</summary>
    private Value Comparison(Value value, BinaryOperatorKind kind, object? bound, SyntaxNode cause)
    {
        var test = new Value
        {
            WhenTrue = value.WhenNone(constant => Holds(constant, kind, bound) == false).And(Found(value, Nullness.NotNull, cause)),
            WhenFalse = value.WhenNone(constant => bound is not null && Holds(constant, kind, bound) == true),
        };
        return kind switch
        {
            _ when bound is null => test,
            BinaryOperatorKind.LessThan => Negate(AskedBefore(Negate(test), value.Path, BinaryOperatorKind.GreaterThanOrEqual, bound)),
            BinaryOperatorKind.LessThanOrEqual => Negate(AskedBefore(Negate(test), value.Path, BinaryOperatorKind.GreaterThan, bound)),
            _ => AskedBefore(test, value.Path, kind, bound),
        };
    }

    private static bool Same(object a, object b) => a.Equals(b) || (Number(a) is { } x && x == Number(b));

    private static bool? Holds(object constant, BinaryOperatorKind kind, object? bound) =>
        (Number(constant), Number(bound ?? 0)) is not ({ } x, { } y) ? null : kind switch
    {
        BinaryOperatorKind.LessThan => x < y,
        BinaryOperatorKind.LessThanOrEqual => x <= y,
        BinaryOperatorKind.GreaterThan => x > y,
        BinaryOperatorKind.GreaterThanOrEqual => x >= y,
        _ => null,
    };

    private static double? Number(object? constant) =>
        constant is IConvertible number and not (string or bool or char) ? number.ToDouble(CultureInfo.InvariantCulture) : null;

    private Delta Found(Value value, Nullness nullness, SyntaxNode cause)
    {
        var found = Delta.Empty;
        if (nullness == Nullness.NotNull || value.Read is not null)
        {
            foreach (var holder in value.Holders)
            {
                found = found.With(_body.Numbers.Of(holder), nullness);
            }
        }

        if (nullness != Nullness.NotNull)
        {
            return found;
        }

        if (value.Read is { } read)
        {
            if (read.Reference is { } reference)
            {
                // An earlier read of a reference that is alive now gave its target.
                var holder = value.IsDerived ? null : value.Holders.OfType<ISymbol>().FirstOrDefault();
                found = ReadEarlier(found, reference).With(_body.Numbers.Of(reference), new Guard(GuardKind.Checked, read.Syntax, holder));
            }

            foreach (var variable in value.IsDerived ? [] : _body.Numbers.ReadAt(read.Syntax))
            {
                if (_state.At(variable) is { Null: Nullness.MaybeNull, IsDerived: true, Read.Syntax: var from } && from == read.Syntax)
                {
                    found = found.With(variable, Nullness.Unknown);
                }
            }
        }

        return value.WhenNot(Value.NoObject) is { } more ? more.And(found) : found;
    }

    private Delta ReadEarlier(Delta found, Reference reference)
    {
        foreach (var variable in _body.Numbers.ReadFrom(reference))
        {
            if (_state.At(variable) is { Null: Nullness.MaybeNull, Read.Reference: { } other } && other.Equals(reference))
            {
                found = found.With(variable, Nullness.NotNull);
            }
        }

        return found;
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
            case BinaryOperatorKind.LessThan or BinaryOperatorKind.LessThanOrEqual or BinaryOperatorKind.GreaterThan
                or BinaryOperatorKind.GreaterThanOrEqual
                when binary.OperatorMethod is null || binary.IsLifted:
                var (low, high) = (Operations.Inner(binary.LeftOperand).ConstantValue, Operations.Inner(binary.RightOperand).ConstantValue);
                return high.HasValue ? Comparison(left, binary.OperatorKind, high.Value, binary.Syntax)
                    : low.HasValue ? Comparison(right, Mirrored(binary.OperatorKind), low.Value, binary.Syntax)
                    : Both(Comparison(left, binary.OperatorKind, null, binary.Syntax),
                        Comparison(right, Mirrored(binary.OperatorKind), null, binary.Syntax));
            default:
                return Combine(binary.OperatorKind, binary.Type, left, right);
        }
    }

    /// <summary><c>&amp;</c> and <c>|</c> of two conditions.</summary>
    private static Value Combine(BinaryOperatorKind kind, ITypeSymbol? type, Value left, Value right) => (kind, type?.SpecialType) switch
    {
        (BinaryOperatorKind.And, SpecialType.System_Boolean) => Both(left, right),
        (BinaryOperatorKind.Or, SpecialType.System_Boolean) => Negate(Both(Negate(left), Negate(right))),
        _ => Value.Unknown,
    };

    private static BinaryOperatorKind Mirrored(BinaryOperatorKind kind) => kind switch
    {
        BinaryOperatorKind.LessThan => BinaryOperatorKind.GreaterThan,
        BinaryOperatorKind.LessThanOrEqual => BinaryOperatorKind.GreaterThanOrEqual,
        BinaryOperatorKind.GreaterThan => BinaryOperatorKind.LessThan,
        _ => BinaryOperatorKind.LessThanOrEqual,
    };

    /// <summary>Both hold. Where one cannot fail, the failure is the other's.</summary>
    private static Value Both(Value a, Value b) => new()
    {
        WhenTrue = a.WhenTrue is null || b.WhenTrue is null ? null : a.WhenTrue.And(b.WhenTrue),
        WhenFalse = a.WhenFalse is null ? b.WhenFalse : b.WhenFalse is null ? a.WhenFalse : Delta.Empty,
    };

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
        return and ? Both(first, second) : Negate(Both(Negate(first), Negate(second)));
    }

    /// <summary>Where an operand does not bind and the other has branches of its own, the left one is put by first.</summary>
    private void AssumeLeft(IFlowCaptureOperation capture)
    {
        var operand = capture.Value.Syntax;
        while (operand.Parent is ParenthesizedExpressionSyntax)
        {
            operand = operand.Parent;
        }

        if (operand.Parent is BinaryExpressionSyntax both && both.Left == operand
            && both.Kind() is SyntaxKind.LogicalAndExpression or SyntaxKind.LogicalOrExpression)
        {
            var left = _state[capture.Id];
            _state = _state.Assuming(both.IsKind(SyntaxKind.LogicalAndExpression) ? left.WhenTrue : left.WhenFalse) ?? _state;
        }
    }

    private Value Equality(IBinaryOperation binary, Value left, Value right)
    {
        foreach (var (value, other, operand) in new[] { (left, right, binary.RightOperand), (right, left, binary.LeftOperand) })
        {
            switch (Operations.Inner(operand).ConstantValue)
            {
                case { HasValue: true, Value: null }:
                    return NullTest(value, binary.Syntax);
                case { HasValue: true, Value: true }:
                    return value;
                case { HasValue: true, Value: false }:
                    return FalseTest(value, binary.LeftOperand.Type, binary.Syntax);
                case { HasValue: true, Value: { } constant }:
                    return ConstantTest(value, constant, binary.Syntax);
            }

            if (other.Null == Nullness.Null && other.Read is null)
            {
                return NullTest(value, binary.Syntax);
            }
        }

        // Equal to an object that somebody holds: as good as found alive.
        return NeitherIsNull(left, right, binary.Syntax);
    }

    /// <summary>A condition that does not hold for null. What equals an object that somebody holds is held as well.</summary>
    private Value NeitherIsNull(Value left, Value right, SyntaxNode cause)
    {
        var (one, two) = (Found(left, Nullness.NotNull, cause), Found(right, Nullness.NotNull, cause));
        var (leftIsTarget, rightIsTarget) = (left is { Read: not null, IsDerived: false }, right is { Read: not null, IsDerived: false });
        one = leftIsTarget && !rightIsTarget ? one.Asserted() : one;
        two = rightIsTarget && !leftIsTarget ? two.Asserted() : two;
        return new Value { WhenTrue = one.And(two) };
    }

    private Value Match(Value value, IPatternOperation pattern, SyntaxNode cause)
    {
        if (!_body.Effort.Enter())
        {
            return Value.Unknown;
        }

        var matched = MatchOf(value, pattern, cause);
        _body.Effort.Leave();
        return matched;
    }

    private Value MatchOf(Value value, IPatternOperation pattern, SyntaxNode cause)
    {
        switch (pattern)
        {
            case INegatedPatternOperation negated:
                return Negate(Match(value, negated.Pattern, cause));
            case IConstantPatternOperation constant when Operations.Inner(constant.Value).ConstantValue is { HasValue: true } known:
                return known.Value switch
                {
                    null => NullTest(value, cause),
                    true => value,
                    false => FalseTest(value, pattern.InputType, cause),
                    _ => ConstantTest(value, known.Value, cause),
                };
            case IBinaryPatternOperation { OperatorKind: BinaryOperatorKind.Or } or:
                var (first, second) = (Match(value, or.LeftPattern, cause), Match(value, or.RightPattern, cause));
                return new Value
                {
                    WhenTrue = first.WhenTrue is null ? second.WhenTrue : second.WhenTrue is null ? first.WhenTrue
                        : first.WhenTrue.Common(second.WhenTrue),
                    WhenFalse = first.WhenFalse is null || second.WhenFalse is null ? null : first.WhenFalse.And(second.WhenFalse),
                };
            case IRelationalPatternOperation relational:
                return Comparison(value, relational.OperatorKind, relational.Value.ConstantValue.Value, cause);
            case IBinaryPatternOperation { OperatorKind: BinaryOperatorKind.And } and:
                return Both(Match(value, and.LeftPattern, cause), Match(value, and.RightPattern, cause));
            case IDiscardPatternOperation:
                return new Value { WhenFalse = null };
            case IDeclarationPatternOperation { MatchesNull: true } any:
                if (any.DeclaredSymbol is { } alias)
                {
                    Assign(alias, value);
                }

                return new Value { WhenFalse = null };
            default:
                return MatchObject(value, pattern, cause);
        }
    }

    /// <summary>A pattern that null does not match: of a type, of properties, of parts, of a list.</summary>
    private Value MatchObject(Value value, IPatternOperation pattern, SyntaxNode cause)
    {
        var matched = Found(value, Nullness.NotNull, cause);
        var tested = new Value();
        var declared = DeclaredBy(pattern);
        if (declared is not null)
        {
            var isSame = value is { Read: not null, IsDerived: false }
                || declared is ILocalSymbol { Type.SpecialType: SpecialType.System_Boolean };
            Assign(declared, isSame ? value : Value.Unknown);
        }

        if (pattern is IRecursivePatternOperation recursive)
        {
            tested = Subpatterns(recursive, value.Path is null && declared is not null
                ? value with { Path = new Reference(null, declared) } : value, cause);
            if (!value.Parts.IsEmpty)
            {
                return tested; // A tuple is there for certain.
            }

            if (!SymbolEqualityComparer.Default.Equals(recursive.MatchedType, recursive.InputType))
            {
                tested = tested with { WhenFalse = Delta.Empty };
            }
        }

        if (declared is not null)
        {
            matched = matched.With(_body.Numbers.Of(declared), Nullness.NotNull).HeldBy(declared);
            matched = (value.Path is { } path && tested.WhenTrue is { } known ? Renamed(known, path, new Reference(null, declared))
                : Delta.Empty).And(matched);
        }

        var whole = Both(new Value { WhenTrue = matched, WhenFalse = Found(value, Nullness.Null, cause) }, tested);
        return pattern switch
        {
            IDeclarationPatternOperation { MatchedType: var type } => TypeTest(whole, value, type, pattern.InputType),
            ITypePatternOperation { MatchedType: var type } => TypeTest(whole, value, type, pattern.InputType),
            _ => whole,
        };
    }

    /// <summary>What is known of references behind one path, as of those behind another path to the same object.</summary>
    private Delta Renamed(Delta known, Reference from, Reference to)
    {
        var renamed = Delta.Empty;
        foreach (var guard in known.Guards.Entries())
        {
            if (_body.Numbers.Reference(guard.Key).Behind(from, to) is { } other)
            {
                renamed = renamed.With(_body.Numbers.Of(other), guard.Value);
            }
        }

        return renamed;
    }

    /// <summary><c>w is { IsAlive: true }</c> is a probe as well, and <c>(w.Target, b) is (T t, true)</c> a check.</summary>
    private Value Subpatterns(IRecursivePatternOperation pattern, Value value, SyntaxNode cause)
    {
        var result = new Value { WhenFalse = null };
        foreach (var property in pattern.PropertySubpatterns)
        {
            result = Both(result, Match(PartOf(value, property.Member), property.Pattern, cause));
        }

        for (var i = 0; i < pattern.DeconstructionSubpatterns.Length; i++)
        {
            result = Both(result,
                Match(i < value.Parts.Length ? Load(value.Parts[i], null) : Value.Unknown, pattern.DeconstructionSubpatterns[i], cause));
        }

        return result;
    }

    private Value PartOf(Value owner, IOperation member) => member switch
    {
        IPropertyReferenceOperation property when _flow.ReadOf(property, _inquiry) is { } read => Read(read, owner),
        IMemberReferenceOperation { Member: IFieldSymbol or IPropertySymbol } reference when owner.Path is { } path =>
            new Value { Path = new Reference(path, reference.Member) },
        _ => Value.Unknown,
    };

    private static ISymbol? DeclaredBy(IPatternOperation pattern) => pattern switch
    {
        IDeclarationPatternOperation declaration => declaration.DeclaredSymbol,
        IRecursivePatternOperation recursive => recursive.DeclaredSymbol,
        _ => null,
    };
}
