using Microsoft.CodeAnalysis;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Reading;

namespace WeakRefAnalyzers.Rules;

internal sealed class WREF102_ProbeThenRead() : Rule(Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = new(
        "WREF102",
        "Liveness probe, then a second read",
        "'{0}' can be null although '{1}' was true: the target may be collected between the two; read the target once into a "
            + "variable and check that",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "A liveness probe says that the target is alive now and promises nothing for the next line. Only a strong "
            + "reference keeps the target alive: read the target once into a local variable and check the variable.",
        helpLinkUri: HelpLink("WREF102"), customTags: Tags("WREF102"));

    public override void Start(Subscriptions on) =>
        on.OnFinding(WeakFindingKind.ProbedThenRead, static (finding, context) => context.ReportDiagnostic(Related.Report(
        Descriptor,
        finding.Read.Syntax.GetLocation(),
        [(Place.Test, finding.Read.Guard!.Cause)],
        Text.Of(finding.Read.Syntax),
        Text.Of(finding.Read.Guard.Cause))));
}
