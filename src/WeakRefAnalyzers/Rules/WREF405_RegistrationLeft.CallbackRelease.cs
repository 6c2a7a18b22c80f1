using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Finalizing;
using WeakRefAnalyzers.Holding;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

/// <summary>What a cleanup callback releases of an object that is registered with it for good.</summary>
/// <param name="Registered">The call that registers.</param>
/// <param name="Registry">What it is called on.</param>
/// <param name="Methods">The methods that are given the held value on the way to its release, that one last.</param>
/// <param name="Held">The expressions whose values are held.</param>
/// <param name="Static">What is released, where that is a static member and not the held value.</param>
internal sealed record CallbackRelease(IOperation Registered, string Registry, HashSet<ISymbol> Methods, List<IOperation> Held,
    ISymbol? Static)
{
    /// <summary>What the callbacks release of this type's objects; nothing where the type takes registrations back.</summary>
    public static IReadOnlyList<CallbackRelease> Of(INamedTypeSymbol type, Subscriptions on, CancellationToken cancel)
    {
        List<CallbackRelease> releases = [];
        if (!HasEnding(type) || TakesBack(type, on.Known))
        {
            return releases;
        }

        foreach (var call in RegistrationsIn(type))
        {
            if (Operations.Of(on.Compilation, call, cancel) is IInvocationOperation invocation
                && RegistrationOf(invocation, on, cancel) is var (target, held, token, inner)
                && Operations.Same((Operations.Inner(target).Type as INamedTypeSymbol)?.OriginalDefinition, type.OriginalDefinition)
                && !IsKept(invocation, token, on.Known) && !IsCounted(call) && CleanupOf(inner, on, cancel) is { } cleanup)
            {
                releases.AddRange(Find(invocation, held, cleanup, type, on.Known, cancel));
            }
        }

        return releases;
    }

    /// <summary>Whether the type, one around it or a base of source names what takes a registration back.</summary>
    private static bool TakesBack(INamedTypeSymbol type, KnownFacts known)
    {
        for (var current = type; current is { DeclaringSyntaxReferences.IsEmpty: false }; current = current.BaseType)
        {
            if (Members.Named("Unregister", Members.Outermost(current), known).Any())
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the body hands the object to somebody who takes the registration back.</summary>
    public static bool IsTakenBackIn(IOperation body, Subscriptions on, CancellationToken cancel)
    {
        foreach (var part in body.Descendants())
        {
            if (part is IInvocationOperation { TargetMethod: { MethodKind: not MethodKind.DelegateInvoke } method } call
                && (method.DeclaringSyntaxReferences.IsEmpty ? on.Roles.IsUnregistering(method)
                    : Members.Named("Unregister", method.DeclaringSyntaxReferences[0].GetSyntax(cancel), on.Known).Any()
                        || on.Roles.IsUnregistering(method)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What is registered and held: by the call itself, or by the method of source that is given both.</summary>
    private static (IOperation Target, IOperation Held, IOperation? Token, IInvocationOperation Inner)? RegistrationOf(
        IInvocationOperation call, Subscriptions on, CancellationToken cancel)
    {
        if (on.Roles.TargetOf(call) is { } target)
        {
            return target is { Kind: WeakTargetKind.Registration, HeldValue: { } held } ? (target.Value, held, target.Token, call) : null;
        }

        var method = call.TargetMethod.OriginalDefinition;
        if (!CallWalk.IsFixed(method, call.Instance)
            || Operations.Of(on.Compilation, method.DeclaringSyntaxReferences[0].GetSyntax(cancel), cancel) is not { } body)
        {
            return null;
        }

        foreach (var part in body.Descendants())
        {
            if (part is IInvocationOperation inner
                && on.Roles.TargetOf(inner) is { Kind: WeakTargetKind.Registration, HeldValue: { } passed } registered
                && Operations.Inner(registered.Value) is IParameterReferenceOperation { Parameter.Ordinal: var watched }
                && Operations.Inner(passed) is IParameterReferenceOperation { Parameter.Ordinal: var kept }
                && RoleTable.ArgumentFor(call.Arguments, watched) is { Value: var given }
                && RoleTable.ArgumentFor(call.Arguments, kept) is { Value: var value })
            {
                return (given, value, null, inner);
            }
        }

        return null;
    }

    /// <summary>The callback has a reference of its own to give back.</summary>
    private static bool IsCounted(InvocationExpressionSyntax registration) =>
        registration.FirstAncestorOrSelf<MemberDeclarationSyntax>()!.DescendantNodes().Any(static node =>
            node is InvocationExpressionSyntax { Expression: var called } && Syntaxes.NameOf(called) is { } name
            && (name.EndsWith("_ref", StringComparison.Ordinal) || name.EndsWith("AddRef", StringComparison.Ordinal)
                || name.IndexOf("retain", StringComparison.OrdinalIgnoreCase) >= 0
                || name.IndexOf("duplicate", StringComparison.OrdinalIgnoreCase) >= 0));

    /// <summary>Whether the call releases the same: by the same method, or one that the callback goes through.</summary>
    public bool IsRepeatedBy(IInvocationOperation call) => Methods.Contains(call.TargetMethod.OriginalDefinition)
        && (Static is null ? ValuesOf(call).Any(IsHeld)
            : Operations.Same(Operations.SymbolOf(call.Instance)?.OriginalDefinition, Static)) && !IsOtherwise(call) && !Empties(call);

    /// <summary>What is held is a box that is emptied here: the callback finds nothing in it.</summary>
    private bool Empties(IInvocationOperation call) => Operations.RootOf(call).Descendants().Any(part =>
        part is ISimpleAssignmentOperation { Target: IMemberReferenceOperation { Instance: { } box } }
        && Operations.SymbolOf(box) is { } emptied && Held.Any(held => Operations.Same(Operations.SymbolOf(held), emptied)));

    /// <summary>The object is registered where a flag says so, which is asked here too.</summary>
    private bool IsOtherwise(IInvocationOperation call)
    {
        var asked = MembersIn(Conditions.Of(Registered, Operations.RootOf(Registered)));
        return asked.Count > 0 && MembersIn(Conditions.Of(call, Operations.RootOf(call))).Overlaps(asked);
    }

    private static HashSet<ISymbol> MembersIn(List<IOperation> conditions)
    {
        HashSet<ISymbol> members = new(SymbolEqualityComparer.Default);
        foreach (var part in conditions.SelectMany(static condition => condition.DescendantsAndSelf()))
        {
            if (Operations.SymbolOf(part) is { Kind: SymbolKind.Field or SymbolKind.Property } member)
            {
                members.Add(member);
            }
        }

        return members;
    }

    private static IEnumerable<IOperation> ValuesOf(IInvocationOperation call) =>
        call.Arguments.Select(static argument => argument.Value).Concat(call.Instance is { } instance ? [instance] : []);

    /// <summary>A member of the object that was held: named in the registration, or given the same value there.</summary>
    private bool IsHeld(IOperation value)
    {
        if (Provenance.OwnMember(value) is not { Member: { } member })
        {
            return false;
        }

        foreach (var held in Held)
        {
            if (Operations.Same(Operations.SymbolOf(held), member) || Provenance.OwnMember(held)?.Member is { } own
                && (Operations.Same(own, member) || Members.Behind(own).Equals(Members.Behind(member), SymbolEqualityComparer.Default)))
            {
                return true;
            }

            foreach (var part in member is IParameterSymbol ? [] : member.ContainingType.DeclaringSyntaxReferences.ToArray())
            {
                if (Given(member, part.GetSyntax()).Any(given => given.IsEquivalentTo(held.Syntax)))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static IEnumerable<ExpressionSyntax> Given(ISymbol member, SyntaxNode type) =>
        type.DescendantNodes().OfType<AssignmentExpressionSyntax>()
            .Where(assignment => Syntaxes.OwnNameOf(assignment.Left) == member.Name)
            .Select(static assignment => assignment.Right);

    private static IEnumerable<CallbackRelease> Find(IInvocationOperation registration, IOperation held, CleanupCallback cleanup,
        INamedTypeSymbol type, KnownFacts known, CancellationToken cancel)
    {
        if (FinalizerReach.OfCallback(cleanup.Callback, type, known, cancel) is not { } reach)
        {
            yield break;
        }

        var registry = (registration.Instance?.Syntax ?? registration.Syntax).ToString();
        List<IOperation> parts = [];
        AddParts(held, parts, 0);
        foreach (var reached in reach.Operations.Concat(reach.Elsewhere))
        {
            if (reached.Operation is IMethodReferenceOperation { Method: { } group } && reached.CallFrame.Body == reached.Operation)
            {
                // The callback is the method: its body follows, if it has one to be seen.
                if (IsOnce(group.Name) && (ReleaseCall.IsRelease(group) || IsReturn(group)))
                {
                    yield return new(registration, registry, MethodsOf(reached, group), parts, null);
                }
            }
            else if (ReleaseIn(reached) is var (method, values) && IsOnce(method.Name) && !IsGuarded(reached, held))
            {
                if (values.Any(value => IsOfCallback(value, reached.CallFrame)))
                {
                    yield return new(registration, registry, MethodsOf(reached, method), parts, null);
                }
                else if (values.Count > 0 && !IsUndone(values[0], reach)
                    && Operations.SymbolOf(values[0]) is { IsStatic: true, Kind: SymbolKind.Field or SymbolKind.Property } gate)
                {
                    yield return new(registration, registry, MethodsOf(reached, method), parts, gate.OriginalDefinition);
                }
            }
        }
    }

    /// <summary>The lock or slot was taken by the callback itself.</summary>
    private static bool IsUndone(IOperation gate, FinalizerReach reach) => reach.Operations.Any(reached =>
        reached.Operation is IInvocationOperation { TargetMethod.Name: var name, Instance: { } instance }
        && Vocabulary.IsAcquire(name) && Operations.Same(Operations.SymbolOf(instance), Operations.SymbolOf(gate)));

    private static (IMethodSymbol Method, IReadOnlyList<IOperation> Values)? ReleaseIn(Reached reached) =>
        reached.Operation is not IInvocationOperation { TargetMethod: var method } call ? null
        : ReleaseCall.InFinalizer(reached) is { } release ? (method, release.Values)
        : IsReturn(method) ? (method, ValuesOf(call).ToArray()) : null;

    /// <summary>ArrayPool and its like hand out again what they are given back.</summary>
    private static bool IsReturn(IMethodSymbol method) => method.Name == "Return" && method.ContainingType.Name.Contains("Pool");

    /// <summary>To be called once only: one may dispose and close twice, and delete what is gone.</summary>
    private static bool IsOnce(string method) =>
        method is not ("Dispose" or "DisposeAsync" or "Close" or "CloseAsync" or "Delete" or "SuppressFinalize");

    private static HashSet<ISymbol> MethodsOf(Reached reached, IMethodSymbol release)
    {
        HashSet<ISymbol> methods = new(SymbolEqualityComparer.Default) { release.OriginalDefinition };
        for (var frame = reached.CallFrame; frame is not null; frame = frame.Caller)
        {
            methods.Add(frame.Method.OriginalDefinition);
        }

        return methods;
    }

    /// <summary>The value, or what it is part of, is the parameter that the callback gets.</summary>
    private static bool IsOfCallback(IOperation value, CallFrame? frame)
    {
        for (var steps = 0; steps < 8; steps++)
        {
            switch (Provenance.Of(value, ref frame))
            {
                case IParameterReferenceOperation:
                    return frame?.Caller is null;
                case IMemberReferenceOperation { Instance: { } owner }:
                    value = owner;
                    break;
                default:
                    return false;
            }
        }

        return false;
    }

    /// <summary>
    /// The callback asks first whether it is still to be done: of a thing that both know, or of the box that is held. That the value
    /// is something at all says nothing.
    /// </summary>
    private static bool IsGuarded(Reached reached, IOperation held)
    {
        var isShared = Operations.Inner(held).Type is { IsReferenceType: true, SpecialType: not SpecialType.System_String };
        for (var (operation, frame) = reached; frame is not null; (operation, frame) = (frame.Call!, frame.Caller))
        {
            if (Conditions.Of(operation, frame.Body).Any(condition => isShared || condition.DescendantsAndSelf().Any(AsksOthers))
                || (isShared && frame.Body.Descendants().Any(Empties)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool AsksOthers(IOperation part) => part is IInvocationOperation
        or IFieldReferenceOperation { Field: { IsStatic: true, IsReadOnly: false, IsConst: false } };

    private static bool Empties(IOperation part) => part is IAssignmentOperation { Target: IMemberReferenceOperation }
        or IInvocationOperation { TargetMethod: { Name: "Exchange" or "CompareExchange", ContainingType.Name: "Interlocked" } };

    /// <summary>The values that are in what is held.</summary>
    private static void AddParts(IOperation held, List<IOperation> parts, int depth)
    {
        var value = Operations.ObjectOf(held);
        if (value is null || depth > 4)
        {
            return;
        }

        parts.Add(value);
        var inner = value switch
        {
            ITupleOperation tuple => tuple.Elements.AsEnumerable(),
            IObjectCreationOperation creation => creation.Arguments.Select(static argument => argument.Value)
                .Concat(creation.Initializer?.Initializers.OfType<ISimpleAssignmentOperation>().Select(static set => set.Value) ?? []),
            _ => [],
        };
        foreach (var part in inner)
        {
            AddParts(part, parts, depth + 1);
        }
    }

    /// <summary>The registration can be taken back otherwise: it is kept and used, or its token is, or the registry ends.</summary>
    private static bool IsKept(IInvocationOperation registration, IOperation? token, KnownFacts known)
    {
        var result = Operations.Outer(registration);
        var isKept = result.Parent switch
        {
            IExpressionStatementOperation or ISimpleAssignmentOperation { Target: IDiscardOperation } => false,
            ISimpleAssignmentOperation { Target: IMemberReferenceOperation { Member: var member } } => IsUsed(member, known),
            _ => true,
        };
        return isKept || (Operations.SymbolOf(token) is { Kind: SymbolKind.Field or SymbolKind.Property } kept && IsUsed(kept, known))
            || (registration.Instance is IMemberReferenceOperation { Member: { IsStatic: false } own } && IsEnded(own, known));
    }

    /// <summary>Anything is done with the member but to fill it and to register.</summary>
    private static bool IsUsed(ISymbol member, KnownFacts known) => Members.UsesOf(member, known).Any(static use =>
        Members.AssignmentTo(use) is null && use.FirstAncestorOrSelf<MemberDeclarationSyntax>() is not ConstructorDeclarationSyntax);

    /// <summary>The registry is the object's own and ends with it.</summary>
    private static bool IsEnded(ISymbol registry, KnownFacts known) => Members.UsesOf(registry, known).Any(static use =>
        Syntaxes.CallOn(Syntaxes.Qualified(use)) is not { } call || Syntaxes.NameOf(call.Expression) != "Register");

    private static CleanupCallback? CleanupOf(IInvocationOperation registration, Subscriptions on, CancellationToken cancel)
    {
        if (on.Roles.CleanupOf(registration) is { } own)
        {
            return own;
        }

        if (registration.Instance is not IMemberReferenceOperation { Member: var named } || named.DeclaringSyntaxReferences.IsEmpty)
        {
            return null;
        }

        var registry = Members.Behind(named);
        foreach (var value in Members.ValuesOf(registry, on.Known))
        {
            var made = Operations.Inner(Operations.Of(on.Compilation, value, cancel));
            if ((made is IObjectCreationOperation creation ? on.Roles.CleanupOf(creation)
                : made is IInvocationOperation call ? on.Roles.CleanupOf(call) : null) is { } cleanup)
            {
                return cleanup;
            }
        }

        return null;
    }

    /// <summary>Calls named so, and others that are given the object itself and something else.</summary>
    private static IEnumerable<InvocationExpressionSyntax> RegistrationsIn(INamedTypeSymbol type)
    {
        foreach (var part in type.DeclaringSyntaxReferences)
        {
            foreach (var node in part.GetSyntax().DescendantNodes())
            {
                if (node is InvocationExpressionSyntax { ArgumentList.Arguments: { Count: >= 2 } arguments } call
                    && (Syntaxes.NameOf(call.Expression) == "Register"
                        || arguments.Any(static argument => argument.Expression is ThisExpressionSyntax)))
                {
                    yield return call;
                }
            }
        }
    }

    private static bool HasEnding(INamedTypeSymbol type)
    {
        foreach (var member in type.GetMembers())
        {
            if (member is IMethodSymbol { IsStatic: false, MethodKind: MethodKind.Ordinary or MethodKind.ExplicitInterfaceImplementation }
                && Vocabulary.IsEnding(member.Name))
            {
                return true;
            }
        }

        return false;
    }
}
