using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Finalizing;

internal static partial class ExplicitRelease
{
    /// <summary>
    /// Whether registrations are taken back in the type that makes the registry, or each target that is registered in it has a member to
    /// release it.
    /// </summary>
    public static partial bool HasOtherWay(CleanupCallback cleanup, KnownFacts known, CancellationToken cancel)
    {
        if (cleanup.Operation is not { SemanticModel: { } model, Syntax: var made }
            || model.GetEnclosingSymbol(made.SpanStart, cancel) is not { } around
            || (around as INamedTypeSymbol ?? around.ContainingType) is not { } owner)
        {
            return false;
        }

        var registered = false;
        foreach (var name in Members.Named("Register", owner, known))
        {
            if (Members.CallAt(name, model.Compilation, cancel) is { Arguments: { Length: > 0 } arguments })
            {
                if (Operations.Inner(arguments[0].Value).Type is not INamedTypeSymbol target
                    || !(IsUnknown(target) || IsOffered(target, known)))
                {
                    registered = false;
                    break;
                }

                registered = true;
            }
        }

        return registered || Members.Named("Unregister", owner, known).Any();
    }
}
