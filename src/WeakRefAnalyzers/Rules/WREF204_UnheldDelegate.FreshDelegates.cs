using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Holding;

namespace WeakRefAnalyzers.Rules;

/// <summary>Delegates that are made where they are given away, so that nobody else has them.</summary>
internal static class FreshDelegates
{
    /// <summary>What makes the delegate, or a part of one that is put together; null where somebody may keep it.</summary>
    public static IDelegateCreationOperation? Of(IOperation value, KnownFacts known)
    {
        var made = Fate.OnlyHere(value, known);
        return made switch
        {
            IDelegateCreationOperation creation =>
                Delegates.LifeOf(creation) == DelegateLife.UntilNextCollection ? creation : null,
            IBinaryOperation { OperatorKind: BinaryOperatorKind.Add, Type.TypeKind: TypeKind.Delegate } both =>
                PartOf(both.LeftOperand, known) ?? PartOf(both.RightOperand, known),
            _ when Operations.Inner(value) is ILocalReferenceOperation { Type.TypeKind: TypeKind.Delegate } local =>
                Collected(local, known),
            _ => null,
        };
    }

    private static IDelegateCreationOperation? PartOf(IOperation operand, KnownFacts known) =>
        Fate.Origin(operand, known) as IDelegateCreationOperation;

    /// <summary><c>a += M;</c> makes another delegate; the local is used for nothing else.</summary>
    private static IDelegateCreationOperation? Collected(ILocalReferenceOperation read, KnownFacts known)
    {
        IDelegateCreationOperation? added = null;
        foreach (var use in Values.In(read, known).UsesOf(read.Local))
        {
            if (use == read || Operations.WriteTo(use) is ISimpleAssignmentOperation { Parent: IExpressionStatementOperation })
            {
                continue;
            }

            if (Operations.WriteTo(use) is not ICompoundAssignmentOperation { OperatorKind: BinaryOperatorKind.Add,
                    Parent: IExpressionStatementOperation } addition
                || Operations.FunctionOf(use) != Operations.FunctionOf(read) || use.Syntax.SpanStart > read.Syntax.SpanStart
                || Operations.Inner(addition.Value) is not IDelegateCreationOperation part)
            {
                return null;
            }

            added = part;
        }

        // What it was given first is held by what is made of it.
        return added is not null && Values.In(read, known).Of(read.Local).All(given => given.Value is null
            || Operations.ObjectOf(given.Value) is IDelegateCreationOperation or { ConstantValue: { HasValue: true, Value: null } })
            ? added : null;
    }
}
