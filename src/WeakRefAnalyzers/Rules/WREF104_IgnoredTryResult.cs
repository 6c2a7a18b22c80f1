using Microsoft.CodeAnalysis;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Reading;

namespace WeakRefAnalyzers.Rules;

internal sealed class WREF104_IgnoredTryResult() : Rule(Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = new(
        "WREF104",
        "Result of TryGetTarget ignored",
        "'{0}' is null here when '{1}' found its target collected and returned false, and using it then throws; use it only "
            + "where the call returned true",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "TryGetTarget returns false and sets its out argument to null once the target has been collected. Code "
            + "that dereferences the out variable without regard to the result throws a NullReferenceException then.",
        helpLinkUri: HelpLink("WREF104"), customTags: Tags("WREF104"));

    public override void Start(Subscriptions on) =>
        on.OnFinding(WeakFindingKind.ResultIgnored, static (finding, context) => context.ReportDiagnostic(Related.Report(
        Descriptor,
        finding.Where.GetLocation(),
        [(Place.Read, finding.Read.Syntax)],
        finding.Read.Variable ?? "the out argument",
        Text.Of(finding.Read.Syntax))));
}
