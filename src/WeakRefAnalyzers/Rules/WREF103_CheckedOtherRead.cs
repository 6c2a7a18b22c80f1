using Microsoft.CodeAnalysis;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Reading;

namespace WeakRefAnalyzers.Rules;

internal sealed class WREF103_CheckedOtherRead() : Rule(Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = new(
        "WREF103",
        "Checked one read, used another",
        "'{0}' can be null although the earlier read '{1}' was not: the target may be collected between the two; read the "
            + "target once into a variable, and check and use that",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "Every read of a weak reference asks the collector again. A check of one read says nothing about the next; "
            + "only the value that was checked can be used safely.",
        helpLinkUri: HelpLink("WREF103"), customTags: Tags("WREF103"));

    public override void Start(Subscriptions on) =>
        on.OnFinding(WeakFindingKind.CheckedThenRead, static (finding, context) => context.ReportDiagnostic(Related.Report(
        Descriptor,
        finding.Read.Syntax.GetLocation(),
        [(Place.Test, finding.Read.Guard!.Cause)],
        Text.Of(finding.Read.Syntax),
        Text.Of(finding.Read.Guard.Cause))));
}
