using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.CollectorTests;
using WeakRefAnalyzers.Holding;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

internal sealed class WREF402_UnusableToken() : Rule(Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = new(
        "WREF402",
        "Unusable unregister token",
        "Unregister finds registrations by the identity of their token, but {0} is {1}; pass an object that you keep, or no token",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "A token is found again by identity only. A boxed value, a constant string or an object that nobody keeps "
            + "cannot be presented again, or is shared with strangers: the registration cannot be revoked.",
        helpLinkUri: HelpLink("WREF402"), customTags: Tags("WREF402"));

    public override Mention Needs => Mention.Registry;

    public override void Start(Subscriptions on)
    {
        var rooting = new SelfRooting(on.Compilation);
        on.OnTarget((target, context) =>
        {
            if (target.Token is { } token && !CollectorTest.Watches(target, on.Known) && Told(token, rooting, on.Known) is { } report)
            {
                context.ReportDiagnostic(report);
            }
        });
        on.OnCallInBody("Unregister", (call, context) =>
        {
            if (on.Roles.IsRegistryType(call.TargetMethod.ContainingType) && RoleTable.ArgumentFor(call.Arguments, 0) is { } token
                && !IsToldAtRegister(token, context.OwningSymbol.ContainingType, on.Known)
                && (Told(token.Value, rooting, on.Known) ?? NeverGiven(call, token, on.Known)) is { } report)
            {
                context.ReportDiagnostic(report);
            }
        });
    }

    private static Diagnostic? Told(IOperation token, SelfRooting rooting, KnownFacts known)
    {
        var value = Operations.Inner(token);
        var origin = Fate.OnlyHere(token, known) ?? value;
        var flaw = origin switch
        {
            { ConstantValue: { HasValue: true, Value: null } } => null,
            { Type.IsValueType: true } => "boxed anew at each call",
            { ConstantValue: { HasValue: true, Value: string } } => "a constant string that any other code may pass too",
            IObjectCreationOperation or IArrayCreationOperation or IAnonymousObjectCreationOperation
                when !rooting.IsPossible(origin) => "a new object that nobody keeps", // One that hands itself to others may come back.
            IInterpolatedStringOperation or IBinaryOperation { OperatorMethod: null, Type.SpecialType: SpecialType.System_String } =>
                "a text made anew at each call",
            IInvocationOperation call when Vocabulary.MakesText(call.TargetMethod) => "a text made anew at each call",
            _ => null,
        };
        return flaw is null ? null : Related.Report(
            Descriptor,
            value.Syntax.GetLocation(),
            [(Place.Creation, origin == value ? null : origin.Syntax)],
            Text.Quoted(value.Syntax),
            flaw);
    }

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
