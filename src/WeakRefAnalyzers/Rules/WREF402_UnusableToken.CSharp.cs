using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.CollectorTests;
using WeakRefAnalyzers.Holding;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

internal sealed partial class WREF402_UnusableToken
{
    partial void StartUnregister(Subscriptions on, SelfRooting rooting) =>
        on.OnCallInBody("Unregister", (call, context) =>
        {
            if (on.Roles.IsRegistryType(call.TargetMethod.ContainingType) && RoleTable.ArgumentFor(call.Arguments, 0) is { } token
                && !IsToldAtRegister(token, context.OwningSymbol.ContainingType, on.Known)
                && (Told(token.Value, rooting, on.Known) ?? NeverGiven(call, token, on.Known)) is { } report)
            {
                context.ReportDiagnostic(report);
            }
        });

    /// <summary>A registration of the type is given the same expression, and is told of it.</summary>
    private static bool IsToldAtRegister(IArgumentOperation token, INamedTypeSymbol? type, KnownFacts known)
    {
        foreach (var name in type is null ? [] : Members.Named("Register", type, known))
        {
            if (Syntaxes.CallOf(name) is { ArgumentList.Arguments: { Count: > 2 } arguments }
                && arguments[2].Expression.IsEquivalentTo(token.Value.Syntax))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The registry is its type's own, and no registration there has a token.</summary>
    private static Diagnostic? NeverGiven(IInvocationOperation call, IArgumentOperation token, KnownFacts known)
    {
        if (Operations.Inner(call.Instance) is not IFieldReferenceOperation { Field: { DeclaredAccessibility: Accessibility.Private,
            DeclaringSyntaxReferences.IsEmpty: false } registry })
        {
            return null;
        }

        var registrations = 0;
        foreach (var use in Members.UsesOf(registry, known))
        {
            var access = Syntaxes.Outer(Syntaxes.Qualified(use));
            switch (Syntaxes.CallOn(access))
            {
                case { ArgumentList.Arguments.Count: 2 } registration when Syntaxes.NameOf(registration.Expression) == "Register":
                    registrations++;
                    break;
                case { } other when Syntaxes.NameOf(other.Expression) is "Unregister" or "Dispose" or "CleanupSome":
                    break;
                case null when Members.AssignmentTo(use) is not null:
                    break;
                default:
                    return null;
            }
        }

        return registrations == 0 ? null : Diagnostic.Create(Descriptor, token.Syntax.GetLocation(), Text.Quoted(token.Value.Syntax),
            $"the token of no registration with '{registry.Name}'");
    }
}
