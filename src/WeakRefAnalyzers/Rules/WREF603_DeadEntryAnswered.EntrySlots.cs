using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;

namespace WeakRefAnalyzers.Rules;

/// <summary>Where the weak references of a cache are: a collection, an array, or the one field for the one value.</summary>
internal static class EntrySlots
{
    private const int MaxHops = 8;

    /// <summary>What the reference was taken out of, be it through a local.</summary>
    public static HashSet<ISymbol> Of(IOperation reference, KnownFacts known)
    {
        HashSet<ISymbol> slots = new(SymbolEqualityComparer.Default);
        Add(reference, slots, known, 0);
        return slots;
    }

    /// <summary>The collection that a call or an indexer is made on.</summary>
    public static ISymbol? CollectionOf(IOperation? access) => access switch
    {
        IInvocationOperation { Instance: { } instance } => Named(instance),
        IInvocationOperation { Arguments: { Length: > 1 } arguments, TargetMethod.IsStatic: true } => Named(arguments[0].Value),
        IPropertyReferenceOperation { Arguments.IsEmpty: false, Instance: { } instance } => Named(instance),
        IArrayElementReferenceOperation element => Named(element.ArrayReference),
        _ => null,
    };

    /// <summary>Whether the call may put something else in the place of an entry that is there: not if it answers the old one.</summary>
    public static bool Replaces(IInvocationOperation call) => call.TargetMethod.Name == "AddOrUpdate"
        && !(call.Arguments.Length > 2 && Operations.Inner(call.Arguments[2].Value) is IDelegateCreationOperation
            { Target: IAnonymousFunctionOperation { Body.Operations: { Length: 1 } body, Symbol.Parameters: { Length: > 1 } parameters } }
            && body[0] is IReturnOperation { ReturnedValue: { } returned }
            && Operations.Same(Operations.SymbolOf(returned), parameters[1]));

    /// <summary>The question whether there is an entry that the read depends on: true where there is one.</summary>
    public static SyntaxNode? TestOf(IOperation read, ISymbol slot)
    {
        IOperation? found = null;
        foreach (var condition in ConditionsBefore(read))
        {
            foreach (var part in condition.DescendantsAndSelf())
            {
                found = part switch
                {
                    IInvocationOperation { Type.SpecialType: SpecialType.System_Boolean } call
                        when Operations.Same(CollectionOf(call), slot) => part,
                    IBinaryOperation { OperatorKind: BinaryOperatorKind.NotEquals } compared
                        when Operations.Same(Named(compared.LeftOperand), slot) && IsNull(compared.RightOperand) => part,
                    IIsPatternOperation { Pattern: INegatedPatternOperation { Pattern: IConstantPatternOperation } } match
                        when Operations.Same(Named(match.Value), slot) => part,
                    _ => found,
                };
            }
        }

        return found?.Syntax;
    }

    /// <summary>The conditions around an operation, and those of the statements before it in its blocks.</summary>
    private static IEnumerable<IOperation> ConditionsBefore(IOperation operation)
    {
        for (var (child, parent) = (operation, operation.Parent); parent is not null && !Operations.IsFunction(child);
            (child, parent) = (parent, parent.Parent))
        {
            if (parent is IConditionalOperation conditional && conditional.Condition != child)
            {
                yield return conditional.Condition;
            }
            else if (parent is IBlockOperation block)
            {
                foreach (var statement in block.Operations)
                {
                    if (statement == child)
                    {
                        break;
                    }

                    if (statement is IConditionalOperation earlier)
                    {
                        yield return earlier.Condition;
                    }
                }
            }
        }
    }

    private static void Add(IOperation? value, HashSet<ISymbol> slots, KnownFacts known, int hops)
    {
        value = Operations.ObjectOf(value);
        if (value is null || hops > MaxHops)
        {
            return;
        }

        switch (value)
        {
            case ILocalReferenceOperation local when Values.In(local, known).LoopOf(local.Local) is { Collection: var all }:
                Add(all, slots, known, hops + 1);
                break;
            case ILocalReferenceOperation local:
                foreach (var (where, given) in Values.In(local, known).Of(local.Local))
                {
                    if (given is not null)
                    {
                        Add(given, slots, known, hops + 1);
                    }
                    else if (OutCall(local, where, known) is { } call && CollectionOf(call) is { } filled)
                    {
                        slots.Add(filled);
                    }
                }

                break;
            case IConditionalAccessInstanceOperation instance:
                Add(Operations.ReceiverOf(instance), slots, known, hops + 1);
                break;
            case IConditionalAccessOperation access:
                Add(access.WhenNotNull, slots, known, hops + 1);
                break;
            case ICoalesceAssignmentOperation coalesce:
                Add(coalesce.Target, slots, known, hops + 1);
                break;
            case ICoalesceOperation coalesce:
                Add(coalesce.Value, slots, known, hops + 1);
                Add(coalesce.WhenNull, slots, known, hops + 1);
                break;
            case IConditionalOperation choice:
                Add(choice.WhenTrue, slots, known, hops + 1);
                Add(choice.WhenFalse, slots, known, hops + 1);
                break;
            case IInvocationOperation or IArrayElementReferenceOperation or IPropertyReferenceOperation { Arguments.IsEmpty: false }:
                if (CollectionOf(value) is { } collection)
                {
                    slots.Add(collection);
                }

                break;
            case IMemberReferenceOperation member and (IFieldReferenceOperation or IPropertyReferenceOperation):
                if (member.Instance is null || Operations.IsThis(member.Instance))
                {
                    slots.Add(member.Member);
                }
                else
                {
                    Add(member.Instance, slots, known, hops + 1); // entry.Reference
                }

                break;
        }
    }

    /// <summary>The call that fills the local there: <c>TryGetValue(key, out local)</c>.</summary>
    private static IInvocationOperation? OutCall(ILocalReferenceOperation near, SyntaxNode where, KnownFacts known)
    {
        foreach (var use in Values.In(near, known).UsesOf(near.Local))
        {
            if (use.Syntax == where || where.Span.Contains(use.Syntax.Span))
            {
                return Operations.WriteTo(use) is IArgumentOperation { Parent: IInvocationOperation call } ? call : null;
            }
        }

        return null;
    }

    /// <summary>The field, property, local or parameter, whoever's it is.</summary>
    private static ISymbol? Named(IOperation? value) => Operations.SymbolOf(
        value is IConditionalAccessInstanceOperation instance ? Operations.ReceiverOf(instance) : value)?.OriginalDefinition;

    private static bool IsNull(IOperation value) => Operations.Inner(value).ConstantValue is { HasValue: true, Value: null };
}
