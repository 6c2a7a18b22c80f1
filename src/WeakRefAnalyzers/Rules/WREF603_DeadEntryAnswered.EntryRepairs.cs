using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Collections;
using WeakRefAnalyzers.Holding;
using WeakRefAnalyzers.Reading;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

/// <summary>What makes a dead entry the author's own concern: entries that are replaced or taken out, and values held elsewhere.</summary>
internal static class EntryRepairs
{
    public static bool AreIn(IOperation function, EntryStore store, Subscriptions on, CancellationToken cancel)
    {
        if (store.Slot is IFieldSymbol field && on.Reads.IsMadeFromOwnField(field))
        {
            return true;
        }

        var value = Operations.ObjectOf(store.Value);
        foreach (var part in function.Descendants())
        {
            switch (part)
            {
                case IInvocationOperation call when (IsRemoval(call.TargetMethod.Name) || EntrySlots.Replaces(call))
                    && Operations.Same(EntrySlots.CollectionOf(call), store.Slot):
                case IInvocationOperation calling when RemovesElsewhere(calling.TargetMethod, store.Slot, on.Known, cancel):
                    return true;
                case IInvocationOperation or IPropertyReferenceOperation
                    when WeakTargets.TargetOf(part, on.Roles)
                        is { Holder: { } holder, Kind: WeakTargetKind.Reference or WeakTargetKind.Handle }
                        && EntrySlots.Of(holder, on.Known).Contains(store.Slot):
                    return true; // An entry gets another target.
                case ILocalReferenceOperation or IParameterReferenceOperation
                    when value is not null && Operations.Same(Operations.SymbolOf(part), Operations.SymbolOf(value)) && IsHeld(part, store):
                    return true;
            }
        }

        return false;
    }

    private static bool IsRemoval(string method) =>
        Vocabulary.IsRemoval(method) && Array.IndexOf(Vocabulary.Reads, method) < 0;

    /// <summary>A method of the same type that takes entries out: it is called first.</summary>
    private static bool RemovesElsewhere(IMethodSymbol method, ISymbol slot, KnownFacts known, CancellationToken cancel)
    {
        if (method.DeclaringSyntaxReferences.IsEmpty || !Operations.Same(method.ContainingType?.OriginalDefinition, slot.ContainingType))
        {
            return false;
        }

        foreach (var use in Members.Named(slot.Name, method.DeclaringSyntaxReferences[0].GetSyntax(cancel), known))
        {
            if (CollectionUses.UseOf(Syntaxes.Qualified(use)) is { Member: { } member } && (member == "AddOrUpdate" || IsRemoval(member)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The value is kept in a member as well, for how long nobody knows here.</summary>
    private static bool IsHeld(IOperation use, EntryStore store)
    {
        var value = Operations.Outer(use);
        return value.Parent switch
        {
            ISimpleAssignmentOperation { Target: IMemberReferenceOperation { Member: var member } } assignment =>
                assignment.Value == value && !Operations.Same(member.OriginalDefinition, store.Slot)
                    && !Operations.Same(EntrySlots.CollectionOf(assignment.Target), store.Slot),
            IArgumentOperation { Parent: IInvocationOperation { Instance: IMemberReferenceOperation } call } =>
                Vocabulary.IsAdd(call.TargetMethod.Name) && !Operations.Same(EntrySlots.CollectionOf(call), store.Slot),
            _ => false,
        };
    }
}
