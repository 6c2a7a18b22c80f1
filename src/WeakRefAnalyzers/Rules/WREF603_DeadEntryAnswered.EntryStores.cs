using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Holding;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

/// <summary>A new entry that code puts into a cache.</summary>
/// <param name="Slot">The collection or field.</param>
/// <param name="Value">What the entry holds weakly; null where a factory makes it.</param>
/// <param name="Operation">What puts it in, where the method that asks does so itself, or the call of the method that does.</param>
/// <param name="IsAnswer">What the operation gives is the value itself: a method that makes, stores and returns it.</param>
internal sealed record EntryStore(ISymbol Slot, IOperation? Value, IOperation Operation, bool IsAnswer)
{
    /// <summary>What puts it in, in whatever method.</summary>
    public SyntaxNode Put { get; init; } = Operation.Syntax;

    /// <summary>
    /// The entry is made where there is none, and the method returns the value either way: this one, or what the read gives.
    /// </summary>
    public bool IsAnsweredBeside(IOperation read, SyntaxNode where)
    {
        if (Value is null)
        {
            return Operation.Syntax.SpanStart <= read.Syntax.Span.End;
        }

        return IsConditional(read, where) && (IsReturned() || (!IsAnswer && Operation.Syntax.Span.End <= read.Syntax.SpanStart));
    }

    /// <summary>Whether a question about the entries, or the lack of one, decides between the read and this.</summary>
    private bool IsConditional(IOperation read, SyntaxNode where)
    {
        for (var (child, parent) = (Operation, Operation.Parent); parent is not null; (child, parent) = (parent, parent.Parent))
        {
            if (parent is IConditionalOperation conditional && conditional.Condition != child
                && !child.Syntax.Span.Contains(read.Syntax.Span))
            {
                if (Mentions(conditional.Condition))
                {
                    return true;
                }
            }
            else if (parent is ICatchClauseOperation)
            {
                return true;
            }
            else if (parent is ISwitchExpressionOperation choice && choice.Value != child && !child.Syntax.Span.Contains(read.Syntax.Span)
                && Mentions(choice.Value))
            {
                return true;
            }
            else if (parent is IBlockOperation block && block.Syntax.Span.Contains(where.Span)
                && where.Span.End <= Operation.Syntax.SpanStart)
            {
                // if (…) return …; and what follows it.
                foreach (var statement in block.Operations)
                {
                    if (statement.Syntax.Span.Contains(where.Span))
                    {
                        return statement is not IConditionalOperation early || Mentions(early.Condition);
                    }
                }
            }
        }

        return false;
    }

    private bool Mentions(IOperation condition)
    {
        foreach (var part in condition.DescendantsAndSelf())
        {
            if (Operations.Same(Operations.SymbolOf(part)?.OriginalDefinition, Slot)
                || (part is ILocalReferenceOperation local && IsFilled(local)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The local was taken out of the slot: <c>var entry = _entries[key]; if (entry != null)</c>.</summary>
    private bool IsFilled(ILocalReferenceOperation local)
    {
        foreach (var given in Operations.RootOf(local).Descendants())
        {
            if (given is IVariableDeclaratorOperation declarator && Operations.Same(declarator.Symbol, local.Local))
            {
                return declarator.GetVariableInitializer() is { Value: var value }
                    && value.DescendantsAndSelf().Any(part => Operations.Same(Operations.SymbolOf(part)?.OriginalDefinition, Slot));
            }
        }

        return local.Local.Type.SpecialType == SpecialType.System_Boolean;
    }

    /// <summary>Whether the function that the operation stands in gives the value back.</summary>
    public bool IsReturned()
    {
        var function = Operations.FunctionOf(Operation);
        var variable = IsAnswer ? AssignedTo(Operation)
            : Operations.SymbolOf(Operations.Inner(Value) is ISimpleAssignmentOperation { Target: var target } ? target : Value);
        foreach (var part in function.Descendants())
        {
            if (part is IReturnOperation { ReturnedValue: { } returned } && Operations.FunctionOf(part) == function
                && Results(returned).Any(result => (IsAnswer && result.Syntax == Operation.Syntax)
                    || (variable is ILocalSymbol or IParameterSymbol && Operations.Same(Operations.SymbolOf(result), variable))))
            {
                return true;
            }
        }

        return false;
    }

    private static ISymbol? AssignedTo(IOperation made)
    {
        var outer = Operations.Outer(made);
        outer = outer.Parent is IAwaitOperation wait ? Operations.Outer(wait) : outer;
        return outer.Parent switch
        {
            ISimpleAssignmentOperation { Target: ILocalReferenceOperation local } => local.Local,
            IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator } => declarator.Symbol,
            _ => null,
        };
    }

    /// <summary>What a return gives back in one case or the other.</summary>
    private static IEnumerable<IOperation> Results(IOperation returned)
    {
        var value = Operations.ObjectOf(returned);
        value = value is IAwaitOperation wait ? Operations.ObjectOf(wait.Operation) : value;
        switch (value)
        {
            case IConditionalOperation { WhenFalse: { } other } choice:
                return Results(choice.WhenTrue).Concat(Results(other));
            case ICoalesceOperation coalesce:
                return Results(coalesce.Value).Concat(Results(coalesce.WhenNull));
            case ISwitchExpressionOperation choice:
                return choice.Arms.SelectMany(static arm => Results(arm.Value));
            case IInvocationOperation { TargetMethod.Name: "FromResult", Arguments: { Length: 1 } result }:
                return Results(result[0].Value);
            case IObjectCreationOperation { Type.Name: "ValueTask", Arguments: { Length: 1 } result }:
                return Results(result[0].Value);
            default:
                return value is null ? [] : [value];
        }
    }
}

/// <summary>The entries that code puts into caches, itself or by a method of its type.</summary>
internal sealed class EntryStores(Compilation compilation, RoleTable roles, KnownFacts known)
{
    private readonly ConcurrentDictionary<IMethodSymbol, IReadOnlyList<EntryStore>> _ofMethods = new(SymbolEqualityComparer.Default);

    public IEnumerable<EntryStore> In(IOperation function, CancellationToken cancel)
    {
        foreach (var store in known.Of(function, Find).All)
        {
            yield return store;
        }

        foreach (var part in function.Descendants())
        {
            if (part is IInvocationOperation { TargetMethod: { DeclaringSyntaxReferences: { Length: 1 } declaration } method } call
                && (method.MethodKind == MethodKind.LocalFunction || !(method.IsVirtual || method.IsAbstract || method.IsOverride))
                && Operations.FunctionOf(part) == function && !declaration[0].Span.Contains(part.Syntax.Span))
            {
                foreach (var store in OfMethod(method.OriginalDefinition, cancel))
                {
                    if (ValueFor(call, store) is { } value)
                    {
                        yield return new EntryStore(store.Slot, value, call, IsAnswer: value == call) { Put = store.Put };
                    }
                }
            }
        }
    }

    /// <summary>What the call gives the entry: its argument, or what it makes and returns itself.</summary>
    private static IOperation? ValueFor(IInvocationOperation call, EntryStore store) => Operations.ObjectOf(store.Value) switch
    {
        IParameterReferenceOperation { Parameter: var parameter } => RoleTable.ArgumentFor(call.Arguments, parameter.Ordinal)?.Value,
        null => null,
        _ => store.IsReturned() ? call : null,
    };

    private IReadOnlyList<EntryStore> OfMethod(IMethodSymbol method, CancellationToken cancel)
    {
        if (!_ofMethods.TryGetValue(method, out var stores))
        {
            var syntax = method.DeclaringSyntaxReferences[0].GetSyntax(cancel);
            stores = Roles.Mentions.In(syntax.SyntaxTree, known).Any.HasFlag(Mention.WeakType)
                && Operations.Of(compilation, syntax, cancel) is { } body ? known.Of(body, Find).All : [];
            _ofMethods.TryAdd(method, stores);
        }

        return stores;
    }

    private Found Find(IOperation function)
    {
        List<EntryStore> stores = [];
        foreach (var part in function.Descendants())
        {
            if (WeakTargets.TargetOf(part, roles) is { Kind: WeakTargetKind.Reference or WeakTargetKind.Handle, Holder: null } made
                && SlotFor(made.Operation, 0) is var (slot, operation, isFactory) && Operations.FunctionOf(operation) == function)
            {
                stores.Add(new EntryStore(slot.OriginalDefinition, isFactory ? null : made.Value, operation, IsAnswer: false));
            }
            else if (part is IObjectCreationOperation { Type: { DeclaringSyntaxReferences.IsEmpty: false } type, Arguments: var given }
                && HoldsWeakly(type) && SlotFor(part, 0) is var (place, put, isLazy) && !isLazy && Operations.FunctionOf(put) == function)
            {
                foreach (var argument in given)
                {
                    stores.Add(new EntryStore(place.OriginalDefinition, argument.Value, put, IsAnswer: false));
                }
            }
            else if (part is IInvocationOperation { TargetMethod.Name: "GetOrAdd" or "AddOrUpdate" } call && !EntrySlots.Replaces(call)
                && roles.IsReferenceType(call.Type)
                && EntrySlots.CollectionOf(call) is { } collection && Operations.FunctionOf(call) == function)
            {
                stores.Add(new EntryStore(collection, null, call, IsAnswer: false)); // Whoever makes the reference.
            }
        }

        return new Found(stores);
    }

    /// <summary>An entry of a type of one's own, which makes the weak reference itself.</summary>
    private bool HoldsWeakly(ITypeSymbol type)
    {
        foreach (var member in type.GetMembers())
        {
            if (member is IFieldSymbol { IsStatic: false } field && roles.IsReferenceType(field.Type))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Where a new reference goes, through the entry or the local that it is made for.</summary>
    private (ISymbol Slot, IOperation Operation, bool IsFactory)? SlotFor(IOperation made, int hops)
    {
        var value = Operations.Outer(made);
        switch (value.Parent)
        {
            case var _ when hops > 4:
                return null;
            case ISimpleAssignmentOperation { Parent: IObjectOrCollectionInitializerOperation { Parent: { } entry } }:
                return SlotFor(entry, hops + 1);
            case ITupleOperation entry:
                return SlotFor(entry, hops + 1);
            case ISimpleAssignmentOperation { Target: ILocalReferenceOperation { Local: { RefKind: not RefKind.None } local } } assignment:
                return EntrySlots.CollectionOf(Values.In(made, known).DeclaratorOf(local)?.GetVariableInitializer()?.Value) is { } referred
                    ? (referred, assignment, false) : null;
            case ISimpleAssignmentOperation { Target: ILocalReferenceOperation { Local: var local } } assignment:
                return SlotForLocal(local, assignment, hops) ?? SlotFor(assignment, hops + 1);
            case ISimpleAssignmentOperation assignment when assignment.Value == value:
                var slot = EntrySlots.CollectionOf(assignment.Target)
                    ?? (assignment.Target is IMemberReferenceOperation { Instance: null or IInstanceReferenceOperation } member
                        ? member.Member : null);
                return slot is null ? null : (slot, assignment, false);
            case ICoalesceAssignmentOperation { Target: { } target } assignment:
                return (EntrySlots.CollectionOf(target) ?? Operations.SymbolOf(target)) is { } filled ? (filled, assignment, true) : null;
            case IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol: var local } declarator }:
                return SlotForLocal(local, declarator, hops);
            case IArgumentOperation { Parent: IObjectCreationOperation entry }:
                return SlotFor(entry, hops + 1);
            case IArgumentOperation { Parent: IInvocationOperation call }:
                return Vocabulary.IsGrowth(call.TargetMethod.Name) || call.TargetMethod.Name is "Set" or "Put"
                    ? EntrySlots.CollectionOf(call) is { } grown ? (grown, call, call.TargetMethod.Name == "GetOrAdd") : null
                    : null;
            case IReturnOperation { Parent: IBlockOperation { Parent: IAnonymousFunctionOperation { Parent: IDelegateCreationOperation
                { Parent: IArgumentOperation { Parent: IInvocationOperation { TargetMethod.Name: "GetOrAdd" } call } } } } }:
                return EntrySlots.CollectionOf(call) is { } added ? (added, call, true) : null;
            default:
                return null;
        }
    }

    private (ISymbol Slot, IOperation Operation, bool IsFactory)? SlotForLocal(ILocalSymbol local, IOperation near, int hops)
    {
        foreach (var use in Values.In(near, known).UsesOf(local))
        {
            if (Operations.WriteTo(use) is null && use.Syntax.SpanStart > near.Syntax.SpanStart && SlotFor(use, hops + 1) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private sealed class Found(List<EntryStore> all)
    {
        public List<EntryStore> All => all;
    }
}
