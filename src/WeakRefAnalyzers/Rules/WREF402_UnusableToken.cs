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
        helpLinkUri: HelpLink("WREF402"));

    public override void Start(Subscriptions on)
    {
        var rooting = new SelfRooting(on.Compilation);
        on.OnTarget((target, context) => Analyze(target, rooting, context));
    }

    private static void Analyze(WeakTarget target, SelfRooting rooting, OperationAnalysisContext context)
    {
        if (target.Token is not { } token || CollectorTest.Watches(target))
        {
            return;
        }

        var value = Operations.Inner(token);
        var origin = Fate.OnlyHere(token) ?? value;
        var flaw = origin switch
        {
            { ConstantValue: { HasValue: true, Value: null } } => null,
            { Type.IsValueType: true } => "boxed anew at each call",
            { ConstantValue: { HasValue: true, Value: string } } => "a constant string that any other code may pass too",
            IObjectCreationOperation or IArrayCreationOperation or IAnonymousObjectCreationOperation
                when made(origin) => "a new object that nobody keeps",
            _ => null,
        };
        if (flaw is not null)
        {
            context.ReportDiagnostic(Related.Report(
                Descriptor,
                value.Syntax.GetLocation(),
                [(Place.Creation, origin == value ? null : origin.Syntax)],
                Text.Quoted(value.Syntax),
                flaw));
        }

        // A token that hands itself to others may come back from them.
        bool made(IOperation origin) => !rooting.IsPossible(origin);
    }
}
