using Microsoft.CodeAnalysis;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Flow;

namespace WeakRefAnalyzers.Rules;

internal sealed class WREF101_UncheckedTarget() : Rule(Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = new(
        "WREF101",
        "Target used without a check",
        "'{0}' is null once its target has been collected, and using it here then throws; read it once and check it first",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "A weak reference gives null as soon as its target has been collected, which can happen between any two instructions. Code that dereferences the value without a check works until the collector runs, and then throws a NullReferenceException.",
        helpLinkUri: HelpLink("WREF101"));

    public override void Start(Subscriptions on) => on.OnReadInBody((read, context) =>
    {
        foreach (var finding in on.Reads.FindingsOf(read, context))
        {
            if (finding.Kind == WeakFindingKind.Unchecked)
            {
                context.ReportDiagnostic(Related.Report(Descriptor, finding.Where.GetLocation(), [(Place.Read, finding.Read.Syntax)], Text.Of(finding.Read.Syntax)));
            }
        }
    });
}
