using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace WeakRefAnalyzers.Code;

/// <summary>
/// Who has a value, and where it goes? A fresh expression is kept by nobody but the operation it stands in; a local adds
/// its other uses. Whatever is returned, stored, passed, captured or used again counts as kept.
/// </summary>
internal static class Fate
{
    /// <summary>What made the value: through conversions, and through a local that is given a value once, where it is declared.</summary>
    public static IOperation Origin(IOperation value, KnownFacts known)
    {
        for (var hops = 0; hops < 4; hops++)
        {
            value = Operations.Inner(value);
            if (value is not ILocalReferenceOperation reference || Initializer(reference, known) is not { } initializer)
            {
                return value;
            }

            foreach (var use in Values.In(reference, known).UsesOf(reference.Local))
            {
                if (Operations.WriteTo(use) is not null)
                {
                    return value;
                }
            }

            value = initializer;
        }

        return value;
    }

    /// <summary>What made the value, provided that nobody has it but the operation it stands in; otherwise null.</summary>
    public static IOperation? OnlyHere(IOperation value, KnownFacts known)
    {
        // The value of an assignment can be used further: x = reference.Target = new X().
        if (value.Parent is ISimpleAssignmentOperation { Parent: not (IExpressionStatementOperation
            or IObjectOrCollectionInitializerOperation) })
        {
            return null;
        }

        var made = Operations.Inner(value);
        if (made is not ILocalReferenceOperation reference)
        {
            return made;
        }

        if (Initializer(reference, known) is not { } initializer)
        {
            return null;
        }

        foreach (var use in References(reference.Local, reference, known))
        {
            if (use != reference)
            {
                return null;
            }
        }

        // A capture keeps what it captures for as long as the delegate lives.
        return Operations.FunctionOf(reference) == Operations.FunctionOf(initializer) ? Operations.Inner(initializer) : null;
    }

    /// <summary>
    /// Where a made value goes: the expression itself, or every reference to the local it is assigned to. The parent of
    /// each says what is done with it.
    /// </summary>
    public static IEnumerable<IOperation> Uses(IOperation made, KnownFacts known)
    {
        var top = Operations.Outer(made);
        switch (top.Parent)
        {
            case IVariableInitializerOperation initializer when Operations.DeclaratorOf(initializer) is { } declarator:
                return References(declarator.Symbol, top, known);
            case ISimpleAssignmentOperation { Target: ILocalReferenceOperation { Local.RefKind: RefKind.None } target,
                Parent: IExpressionStatementOperation } assignment when assignment.Value == top:
                return References(target.Local, top, known).Where(use =>
                    !(Operations.WriteTo(use) is not null && use.Parent!.Parent is IExpressionStatementOperation));
            default:
                return [top];
        }
    }

    /// <summary>Whether a using statement or declaration ends the life of the local's value.</summary>
    public static bool IsUsing(IOperation made)
    {
        for (var parent = made.Parent; parent is not null and not IBlockOperation; parent = parent.Parent)
        {
            if (parent is IUsingOperation or IUsingDeclarationOperation)
            {
                return true;
            }
        }

        return false;
    }

    private static IOperation? Initializer(ILocalReferenceOperation reference, KnownFacts known) =>
        Values.In(reference, known).DeclaratorOf(reference.Local)?.GetVariableInitializer() is { } initializer && !IsUsing(initializer)
            ? initializer.Value : null;

    private static IEnumerable<IOperation> References(ILocalSymbol local, IOperation inside, KnownFacts known)
    {
        foreach (var reference in Values.In(inside, known).UsesOf(local))
        {
            if (reference.Parent is not INameOfOperation)
            {
                yield return reference;
            }
        }
    }
}
