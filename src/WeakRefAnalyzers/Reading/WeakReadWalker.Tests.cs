using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;

namespace WeakRefAnalyzers.Reading;

/// <summary>Conditions that are asked twice: where they turned out the same, so did what was found out with them.</summary>
internal sealed partial class WeakReadWalker
{
    /// <summary>What a local or parameter holds; if a bool, it is known what it was once it was asked.</summary>
    private Value Variable(ISymbol variable, ITypeSymbol type)
    {
        var value = Load(variable, new Reference(null, variable));
        if (type.SpecialType != SpecialType.System_Boolean)
        {
            return value;
        }

        var number = _body.Numbers.Of(variable);
        return value with { WhenTrue = value.WhenTrue?.With(number, true), WhenFalse = value.WhenFalse?.With(number, false) };
    }

    /// <summary>The same; one that null is the default of is null for some callers.</summary>
    private Value Parameter(IParameterSymbol parameter)
    {
        var given = Variable(parameter, parameter.Type);
        return parameter is { HasExplicitDefaultValue: true, ExplicitDefaultValue: null }
            && ReferenceEquals(_state[parameter], Value.Unknown) ? given with { IsNullAnyway = true } : given;
    }

    private Value Field(IFieldReferenceOperation field)
    {
        if (!IsPartOfTuple(field))
        {
            return At(Member(field.Instance, field.Field), field.Type);
        }

        var whole = Eval(field.Instance);
        var index = field.Field.ContainingType.TupleElements.IndexOf(field.Field);
        return index >= 0 && index < whole.Parts.Length ? Load(whole.Parts[index], null)
            : At(whole.Path is { } path ? new Reference(path, field.Field) : null, field.Type);
    }

    private static bool IsPartOfTuple(IMemberReferenceOperation member) =>
        member is { Member: IFieldSymbol { ContainingType.IsTupleType: true }, Instance: not null };

    /// <summary>What stands in a member.</summary>
    private Value At(Reference? path, ITypeSymbol? type)
    {
        var value = new Value { Path = path };
        return type?.SpecialType == SpecialType.System_Boolean ? AskedBefore(value, path, BinaryOperatorKind.Equals, true) : value;
    }

    /// <summary>A member gets this value.</summary>
    private void Remember(Reference? path, ITypeSymbol? type, Value value)
    {
        if (value.IsCondition && type?.SpecialType == SpecialType.System_Boolean
            && TestOf(path, BinaryOperatorKind.Equals, true) is { } test)
        {
            _state.Set(test, new Value { WhenTrue = value.WhenTrue, WhenFalse = value.WhenFalse });
        }
    }

    /// <summary>
    /// The condition with what came to be known together with it. Others may write to what it asks: that it turned out so once does
    /// not exclude that it turns out otherwise.
    /// </summary>
    private Value AskedBefore(Value condition, Reference? path, BinaryOperatorKind kind, object? than)
    {
        if (TestOf(path, kind, than) is not { } test)
        {
            return condition;
        }

        var number = _body.Numbers.Of(test);
        var known = _state.At(number);
        return condition with
        {
            WhenTrue = condition.WhenTrue?.And(known.WhenTrue ?? Delta.Empty).With(number, true),
            WhenFalse = condition.WhenFalse?.And(known.WhenFalse ?? Delta.Empty).With(number, false),
        };
    }

    /// <summary>Whoever reads through a reference has one, whatever was tested before: <c>w?.IsAlive</c>.</summary>
    private void ReachedBy(Reference? reference)
    {
        if (TestOf(reference, BinaryOperatorKind.Equals, null) is { } test && _state[test].WhenFalse is { IsEmpty: false } known)
        {
            _state.Apply(known);
        }
    }

    /// <summary>The condition that the value is of a type, or is there at all.</summary>
    private Value TypeTest(Value condition, Value value, ITypeSymbol? type, ITypeSymbol? given) => value.Read is not null ? condition
        : SymbolEqualityComparer.Default.Equals(type, given)
            ? Negate(AskedBefore(Negate(condition), value.Path, BinaryOperatorKind.Equals, null))
        : AskedBefore(condition, value.Path, BinaryOperatorKind.Equals, type);

    private Test? TestOf(Reference? path, BinaryOperatorKind kind, object? than)
    {
        if (path?.Segment is not ISymbol asked || !_body.IsAskedTwice(asked))
        {
            return null;
        }

        for (var step = path.Parent; step is not null; step = step.Parent)
        {
            if (step.Segment is not ISymbol && !step.Equals(Reference.This))
            {
                return null; // What is written to elements is not followed.
            }
        }

        return new Test(path, kind, than);
    }
}
