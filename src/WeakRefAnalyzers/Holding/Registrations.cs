using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Holding;

/// <summary>Which objects are registered with the registry that was given a cleanup callback.</summary>
internal static class Registrations
{
    /// <summary>The registrations in sight: of the same call, on the same local, or on the same member of <c>this</c>.</summary>
    public static IEnumerable<WeakTarget> With(
        CleanupCallback cleanup,
        RoleTable roles,
        Compilation compilation,
        KnownFacts known,
        CancellationToken cancel)
    {
        var registry = cleanup.Operation;
        if (WeakTargets.TargetOf(registry, roles) is { } own)
        {
            // Callback and target in one call.
            return [own];
        }

        registry = Operations.Outer(registry);
        switch (registry.Parent)
        {
            case IInvocationOperation call when call.Instance == registry:
                return WeakTargets.TargetOf(call, roles) is { } chained ? [chained] : [];
            case IVariableInitializerOperation initializer when Operations.DeclaratorOf(initializer) is { } declarator:
                return OnLocal(declarator.Symbol, registry, roles);
            case IAssignmentOperation { Target: ILocalReferenceOperation local }:
                return OnLocal(local.Local, registry, roles);
            case IAssignmentOperation { Target: IMemberReferenceOperation { Instance: null or IInstanceReferenceOperation } assigned }:
                return OnMember(assigned.Member, roles, compilation, known, cancel);
            case IFieldInitializerOperation field:
                return OnMember(field.InitializedFields[0], roles, compilation, known, cancel);
            case IPropertyInitializerOperation property:
                return OnMember(property.InitializedProperties[0], roles, compilation, known, cancel);
            default:
                return [];
        }
    }

    private static IEnumerable<WeakTarget> OnLocal(ILocalSymbol registry, IOperation near, RoleTable roles)
    {
        foreach (var operation in Operations.RootOf(near).Descendants())
        {
            if (operation is IInvocationOperation call
                && WeakTargets.TargetOf(call, roles) is { Holder: ILocalReferenceOperation holder } target
                && Operations.Same(holder.Local, registry))
            {
                yield return target;
            }
        }
    }

    private static IEnumerable<WeakTarget> OnMember(
        ISymbol registry,
        RoleTable roles,
        Compilation compilation,
        KnownFacts known,
        CancellationToken cancel)
    {
        foreach (var call in Members.CallsOn(registry, compilation, known, cancel))
        {
            if (WeakTargets.TargetOf(call, roles) is { } target && IsMember(target.Holder, registry))
            {
                yield return target;
            }
        }
    }

    private static bool IsMember(IOperation? holder, ISymbol registry) =>
        (holder is IConditionalAccessInstanceOperation access
            ? Operations.ReceiverOf(access) : holder) is IMemberReferenceOperation { Instance: null or IInstanceReferenceOperation } member
        && Operations.Same(member.Member, registry);
}
