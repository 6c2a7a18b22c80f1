using Microsoft.CodeAnalysis;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Finalizing;

/// <summary>Whether an owner can release a resource without waiting for the collector.</summary>
internal static partial class ExplicitRelease
{
    /// <summary>Whether a base or an interface does not bind, so that nobody knows what the type has.</summary>
    public static bool IsUnknown(INamedTypeSymbol type)
    {
        for (var current = type; current is not null; current = current.BaseType)
        {
            if (current.TypeKind == TypeKind.Error || current.Interfaces.Any(@interface => @interface.TypeKind == TypeKind.Error))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the type has a member for it.</summary>
    public static bool IsOffered(INamedTypeSymbol type, KnownFacts known)
    {
        if (type.AllInterfaces.Any(@interface => @interface.Name is "IDisposable" or "IAsyncDisposable"))
        {
            return true;
        }

        for (var current = type; current is not null && current.SpecialType != SpecialType.System_Object; current = current.BaseType)
        {
            foreach (var member in current.GetMembers())
            {
                if (member is IMethodSymbol { MethodKind: MethodKind.Ordinary
                    or MethodKind.ExplicitInterfaceImplementation, IsStatic: false } method && IsReachable(method)
                    && Vocabulary.IsEnding(method.Name))
                {
                    return true;
                }
            }
        }

        return IsSuppressedBeside(type, known);
    }

    /// <summary>
    /// Whether a registry is the safety net of targets that can be released without it: its registrations are taken
    /// back, or every target registered with it in its type has a member for that.
    /// </summary>
    public static partial bool HasOtherWay(CleanupCallback cleanup, KnownFacts known, CancellationToken cancel);

    /// <summary>A nested holder of the resource, whose owner takes it off the finalizer queue when it releases it.</summary>
    private static bool IsSuppressedBeside(INamedTypeSymbol type, KnownFacts known)
    {
        for (var outer = type.ContainingType; outer is not null; outer = outer.ContainingType)
        {
            if (Suppresses(outer, known))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the type's own code takes an object off the finalizer queue.</summary>
    public static bool Suppresses(INamedTypeSymbol type, KnownFacts known) =>
        Members.Named("SuppressFinalize", type, known).Any();

    private static bool IsReachable(IMethodSymbol method) =>
        method.MethodKind is MethodKind.ExplicitInterfaceImplementation
            || method.DeclaredAccessibility is Accessibility.Public or Accessibility.Internal or Accessibility.ProtectedOrInternal;
}
