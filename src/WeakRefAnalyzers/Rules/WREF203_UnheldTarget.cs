using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.CollectorTests;
using WeakRefAnalyzers.Holding;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

internal sealed class WREF203_UnheldTarget() : Rule(Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = new(
        "WREF203",
        "Nothing else holds the weak target",
        "Nothing but a weak reference holds this new '{0}', so the next collection takes it; hold it strongly for as long as it is needed",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "An object that is created for a weak reference and held by nothing else is dead from the start: it is "
            + "there until the next collection, which may come before the next line.",
        helpLinkUri: HelpLink("WREF203"));

    public override void Start(Subscriptions on)
    {
        var rooting = new SelfRooting(on.Compilation);
        on.OnTarget((target, context) => Analyze(target, rooting, context));
    }

    private static void Analyze(WeakTarget target, SelfRooting rooting, OperationAnalysisContext context)
    {
        if (Fate.OnlyHere(target.Value) is not { Type: { IsReferenceType: true } type } made
            || !IsFresh(made)
            || rooting.IsPossible(made)
            || CollectorTest.Watches(target))
        {
            return;
        }

        var value = Operations.Inner(target.Value);
        context.ReportDiagnostic(Diagnostic.Create(
            Descriptor,
            value.Syntax.GetLocation(),
            made == value ? null : new[] { made.Syntax.GetLocation() },
            type.ToMinimalDisplayString(target.Operation.SemanticModel!, value.Syntax.SpanStart)));
    }

    // Not a bare object: it has no use but to be watched while it dies.
    private static bool IsFresh(IOperation made) =>
        made is IArrayCreationOperation or IAnonymousObjectCreationOperation or IObjectCreationOperation
        && made.Type is { SpecialType: not SpecialType.System_Object };
}
