using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.CollectorTests;
using WeakRefAnalyzers.Holding;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

internal sealed partial class WREF402_UnusableToken() : Rule(Descriptor)
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
        StartUnregister(on, rooting);
    }

    /// <summary>Tokens that are asked with.</summary>
    partial void StartUnregister(Subscriptions on, SelfRooting rooting);

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
}
