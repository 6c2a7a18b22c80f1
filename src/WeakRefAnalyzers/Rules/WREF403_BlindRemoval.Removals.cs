using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Finalizing;
using WeakRefAnalyzers.Holding;
using WeakRefAnalyzers.Reading;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

/// <summary>A removal by key alone that late code makes.</summary>
/// <param name="Call">The removal.</param>
/// <param name="Site">The removal, or what leads to it where the late code is analyzed.</param>
/// <param name="Map">The dictionary.</param>
/// <param name="Replacement">What may have given the key a new entry by then.</param>
internal readonly record struct LateRemoval(SyntaxNode Call, SyntaxNode Site, ISymbol Map, SyntaxNode Replacement);

/// <summary>
/// Finds removals by key alone in code that runs some time after an object died. They are harmless where the entry is
/// looked at first, where keys are never used again, and where the dictionary is the dead object's own.
/// </summary>
/// <param name="reach">The late code.</param>
/// <param name="reads">Tells what looks at a target.</param>
/// <param name="retention">Tells what keeps an object alive.</param>
/// <param name="ofDeadObject">It is a finalizer: what only the dead object holds is of no interest.</param>
/// <param name="cancel">Ends the search.</param>
internal sealed class Removals(FinalizerReach reach, WeakReadFlow reads, Retention retention, bool ofDeadObject, CancellationToken cancel)
{
    private const int MaxHops = 4;

    private Dictionary<IOperation, bool>? _entered;

    private Dictionary<IOperation, bool> Entered => _entered ??= FindEntered();

    public LateRemoval? Find()
    {
        foreach (var reached in reach.Operations)
        {
            if (reached.Operation is IInvocationOperation call && RemovedFrom(call) is { } map
                && !(IsPointer(call.Arguments[0].Value.Type) && MayFree())
                && !DependsOnEntry(reached, call) && !(ofDeadObject && (IsItsOwn(map) || ReleasesKey(call))) && !reach.Rearms
                && !(ofDeadObject && IsNeverRun(reached))
                && Replacement(map, reached.CallFrame.Body.Syntax) is { } replacement)
            {
                return new LateRemoval(call.Syntax, reach.SiteOf(reached).Syntax, map, replacement);
            }
        }

        return null;
    }

    /// <summary>The dictionary holds the object itself, so that the finalizer never comes to remove it.</summary>
    private bool IsNeverRun(Reached reached) =>
        new StaticHolds(reach, retention, cancel).Awaited(reached) is not null;

    /// <summary>The dictionary that the call removes a key from.</summary>
    private static ISymbol? RemovedFrom(IInvocationOperation call)
    {
        if (!Vocabulary.IsKeyRemoval(call.TargetMethod.Name) || call.Arguments.IsEmpty || call.Instance is not { } receiver
            || !IsDictionary(receiver.Type)
            || call.Arguments[0].Value.Type is { Name: "KeyValuePair" or "DictionaryEntry" } or { Name: "Guid" }
            || Operations.Inner(call.Arguments[0].Value) is IInvocationOperation
                { TargetMethod.Name: "ToString", Instance.Type.Name: "Guid" })
        {
            return null;
        }

        // What was taken out is looked at: it may be put back.
        if (call.Arguments.Length > 1 && call.Arguments[1].Value is not IDiscardOperation
            && call.Arguments[1].Value is var taken
                && (taken is IDeclarationExpressionOperation { Expression: ILocalReferenceOperation local }
                ? local : taken as ILocalReferenceOperation) is { } variable
            && Operations.FunctionOf(call).Descendants().Any(use =>
                use is ILocalReferenceOperation reference && reference != variable
                && SymbolEqualityComparer.Default.Equals(reference.Local, variable.Local)))
        {
            return null;
        }

        return Operations.SymbolOf(receiver);
    }

    /// <summary>An instance field that the type, or a base of it, makes the dictionary for.</summary>
    private bool IsItsOwn(ISymbol map) => map is IFieldSymbol { IsStatic: false } or IPropertySymbol { IsStatic: false }
        && OwnTables.IsOf(reach.Type, map.ContainingType)
        && Members.ValuesOf(map, reads.Known).Any(static value => value is BaseObjectCreationExpressionSyntax);

    /// <summary>The number is given up only here, after the entry: until then nobody else gets it.</summary>
    private bool ReleasesKey(IInvocationOperation removal)
    {
        if (Operations.Inner(removal.Arguments[0].Value) is not IFieldReferenceOperation { Type: { IsValueType: true }, Field: { } key })
        {
            return false;
        }

        foreach (var reached in reach.Operations)
        {
            if (reached.Operation is IFieldReferenceOperation { Parent: { } parent } use
                && SymbolEqualityComparer.Default.Equals(use.Field, key)
                && (parent is IConversionOperation ? parent.Parent : parent) is IArgumentOperation { Parent: IInvocationOperation call }
                    && call != removal && !IsDictionary(call.Instance?.Type)
                    && call.TargetMethod.ContainingNamespace is not { Name: "System" })
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsDictionary(ITypeSymbol? type) => type is not null && (IsIt(type) || type.AllInterfaces.Any(IsIt));

    private static bool IsIt(ITypeSymbol type) =>
        type is { Name: "IDictionary", ContainingNamespace: { Name: "Generic" or "Collections" } };

    /// <summary>A pointer, a struct around one, or what one cannot tell.</summary>
    private static bool IsPointer(ITypeSymbol? type)
    {
        if (type is null or IPointerTypeSymbol or { TypeKind: TypeKind.Error }
            or { SpecialType: SpecialType.System_IntPtr or SpecialType.System_UIntPtr })
        {
            return true;
        }

        if (type is not { IsValueType: true, SpecialType: SpecialType.None })
        {
            return false;
        }

        IFieldSymbol? only = null;
        foreach (var member in type.GetMembers())
        {
            if (member is IFieldSymbol { IsStatic: false } field)
            {
                if (only is not null)
                {
                    return false;
                }

                only = field;
            }
        }

        return only?.Type is IPointerTypeSymbol or { SpecialType: SpecialType.System_IntPtr or SpecialType.System_UIntPtr };
    }

    /// <summary>
    /// Some call gives the pointer back to the code that gave it out, as far as one can tell: until then no other object has it.
    /// </summary>
    private bool MayFree()
    {
        foreach (var reached in reach.Operations)
        {
            if (reached.Operation is IInvocationOperation { TargetMethod: var method } call && !Entered.ContainsKey(call)
                && !IsDictionary(call.Instance?.Type) && reads.ReadOf(call) is null
                && method.ContainingNamespace is not { Name: "System" or "Threading" or "Diagnostics" or "Linq" })
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Whether it depends on the entry that is there by then, and not only on there being one: a condition on the way here looks at
    /// the target or compares the entry, or the key was found by such a look.
    /// </summary>
    private bool DependsOnEntry(Reached removal, IInvocationOperation call)
    {
        var (site, frame) = ((IOperation)call, removal.CallFrame);
        if (IsLook(call.Arguments[0].Value, frame, 0))
        {
            return true;
        }

        while (true)
        {
            for (var part = site; part.Parent is { } around && part != frame.Body; part = around)
            {
                var condition = around switch
                {
                    IConditionalOperation choice when choice.Condition != part => choice.Condition,
                    IWhileLoopOperation loop when loop.Condition != part => loop.Condition,
                    IBinaryOperation both when both.RightOperand == part => both.LeftOperand,
                    ISwitchOperation choice when choice.Value != part => choice.Value,
                    IForEachLoopOperation loop when loop.Collection != part => loop.Collection,
                    _ => null,
                };
                if ((condition is not null && IsLook(condition, frame, 0))
                    || (around is IBlockOperation block && EndsBefore(part, block, frame)))
                {
                    return true;
                }
            }

            if (frame is not { Call: { } caller, Caller: { } outer })
            {
                return false;
            }

            (site, frame) = (caller, outer);
        }
    }

    /// <summary><c>if (entry.IsAlive) return;</c> further up in the block.</summary>
    private bool EndsBefore(IOperation part, IBlockOperation block, CallFrame frame)
    {
        foreach (var statement in block.Operations)
        {
            if (statement == part)
            {
                break;
            }

            if (statement is IConditionalOperation { Condition: var condition } test && (Ends(test.WhenTrue) || Ends(test.WhenFalse))
                && IsLook(condition, frame, 0))
            {
                return true;
            }
        }

        return false;

        static bool Ends(IOperation? branch) =>
            branch is IReturnOperation or IBranchOperation or IThrowOperation
            || (branch is IBlockOperation { Operations: { IsEmpty: false } operations } && Ends(operations[operations.Length - 1]));
    }

    /// <summary>Whether the value rests on a look at the target of an entry, or at an entry that was found.</summary>
    private bool IsLook(IOperation value, CallFrame frame, int hops)
    {
        foreach (var part in value.DescendantsAndSelf())
        {
            var looks = part switch
            {
                IInvocationOperation { TargetMethod.Name: "ContainsValue" or "Contains", Instance: { } receiver } =>
                    IsDictionary(receiver.Type),
                IInvocationOperation call => reads.ReadOf(call) is not null || LooksIn(call),
                IPropertyReferenceOperation property => reads.ReadOf(property) is not null
                    || (property is { Property.IsIndexer: true, Instance: { } indexed } && IsDictionary(indexed.Type)) || LooksIn(property),
                ILocalReferenceOperation local => hops < MaxHops && IsFoundEntry(local, frame, hops),
                IParameterReferenceOperation parameter => hops < MaxHops && frame is { Caller: { } caller }
                    && frame.ArgumentOf(parameter.Parameter) is { } argument && IsLook(argument, caller, hops + 1),
                _ => false,
            };
            if (looks)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The method that is called looks at a target.</summary>
    private bool LooksIn(IOperation call) => Entered.TryGetValue(call, out var looks) && looks;

    /// <summary>The calls whose methods were gone into, and whether these, or what they call, look at a target.</summary>
    private Dictionary<IOperation, bool> FindEntered()
    {
        var entered = new Dictionary<IOperation, bool>();
        foreach (var reached in reach.Operations)
        {
            var looks = reached.Operation switch
            {
                IInvocationOperation read => reads.ReadOf(read) is not null,
                IPropertyReferenceOperation read => reads.ReadOf(read) is not null,
                _ => false,
            };
            for (var frame = reached.CallFrame; frame?.Call is { } call; frame = frame.Caller)
            {
                entered[call] = looks || (entered.TryGetValue(call, out var known) && known);
            }
        }

        return entered;
    }

    /// <summary>What a dictionary gave out, asked for what it is; or a value that rests on a look.</summary>
    private bool IsFoundEntry(ILocalReferenceOperation local, CallFrame frame, int hops)
    {
        if (Operations.WriteTo(local) is not null)
        {
            return false;
        }

        foreach (var (_, given) in Values.In(local, reads.Known).Of(local.Local))
        {
            if (given is not null && IsLook(given, frame, hops + 1))
            {
                return true;
            }
        }

        foreach (var use in Values.In(local, reads.Known).UsesOf(local.Local))
        {
            if (Operations.WriteTo(use) is IArgumentOperation { Parent: IInvocationOperation { TargetMethod.Name: "TryGetValue",
                Instance: { } map } } && IsDictionary(map.Type))
            {
                return true;
            }
        }

        return Values.In(local, reads.Known).LoopOf(local.Local) is { } loop && IsLook(loop.Collection, frame, hops + 1);
    }

    /// <summary>Where a key that may be in the map gets a new entry: set by index, updated, or removed and added again.</summary>
    private SyntaxNode? Replacement(ISymbol map, SyntaxNode cleanup)
    {
        SyntaxNode? added = null, removed = null;
        foreach (var scope in Scopes(map, cleanup))
        {
            foreach (var use in Members.Named(map.Name, scope, reads.Known))
            {
                if (cleanup.Span.Contains(use.Span) && cleanup.SyntaxTree == use.SyntaxTree)
                {
                    continue;
                }

                var value = Syntaxes.Outer(Syntaxes.Qualified(use));
                if (value.Parent is ElementAccessExpressionSyntax { ArgumentList.Arguments: { Count: 1 } keys,
                    Parent: AssignmentExpressionSyntax set } element && set.Left == element
                    && !IsUniqueKey(keys[0].Expression, scope))
                {
                    if (!ofDeadObject || !OwnTables.AddsWhereMissing(set, map, reach.Type))
                    {
                        return set;
                    }

                    added = set;
                }

                if (Syntaxes.CallOn(value) is not { ArgumentList.Arguments: { Count: > 0 } arguments } call)
                {
                    continue;
                }

                switch (Syntaxes.NameOf(call.Expression))
                {
                    case "AddOrUpdate":
                        return call;
                    case "Add" or "TryAdd" or "GetOrAdd" when !IsUniqueKey(arguments[0].Expression, scope):
                        added = call;
                        break;
                    case var called when Vocabulary.IsKeyRemoval(called):
                        removed = call;
                        break;
                }
            }
        }

        return removed is null ? null : added;
    }

    private IEnumerable<SyntaxNode> Scopes(ISymbol map, SyntaxNode cleanup)
    {
        if (map is ILocalSymbol or IParameterSymbol)
        {
            yield return cleanup.FirstAncestorOrSelf<MemberDeclarationSyntax>(member => member is not GlobalStatementSyntax)
                ?? cleanup.SyntaxTree.GetRoot(cancel);
            yield break;
        }

        foreach (var part in Members.Outermost(reach.Type).DeclaringSyntaxReferences)
        {
            yield return part.GetSyntax(cancel);
        }

        if (!SymbolEqualityComparer.Default.Equals(Members.Outermost(map.ContainingType), Members.Outermost(reach.Type)))
        {
            foreach (var part in Members.Outermost(map.ContainingType).DeclaringSyntaxReferences)
            {
                yield return part.GetSyntax(cancel);
            }
        }
    }

    /// <summary>The key is made anew for each entry: a counter, a Guid, or a variable that was given one.</summary>
    private bool IsUniqueKey(ExpressionSyntax key, SyntaxNode scope) => MakesUnique(key)
        || (Syntaxes.NameOf(Syntaxes.Strip(key)) is { } name
            && (Members.Named(name, scope, reads.Known).Any(static use =>
                Members.AssignmentTo(use) is { Right: var value } && MakesUnique(value))
            || scope.DescendantNodes().Any(node =>
                node is VariableDeclaratorSyntax { Initializer.Value: { } value } declarator && declarator.Identifier.ValueText == name
                && MakesUnique(value))));

    private static bool MakesUnique(ExpressionSyntax value) =>
        value.IsKind(SyntaxKind.PostIncrementExpression) || value.IsKind(SyntaxKind.PreIncrementExpression)
        || (value is InvocationExpressionSyntax call && Syntaxes.NameOf(Syntaxes.Strip(call.Expression)) is "Increment" or "NewGuid");
}
