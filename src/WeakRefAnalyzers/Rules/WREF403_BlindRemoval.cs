using Microsoft.CodeAnalysis;
using WeakRefAnalyzers.Finalizing;
using WeakRefAnalyzers.Holding;
using WeakRefAnalyzers.Reading;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

internal sealed class WREF403_BlindRemoval() : Rule(Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = new(
        "WREF403",
        "Cleanup removes an entry that may have been replaced",
        "This cleanup runs some time after its object died and removes whatever '{0}' holds for the key by then, the entry of a "
            + "living successor too; remove the entry only if it is the dead one's",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "Between the death of an object and its cleanup, somebody may have looked in vain and put a new entry "
            + "under the same key. A removal by key alone takes that one.",
        helpLinkUri: HelpLink("WREF403"), customTags: Tags("WREF403"));

    public override Mention Needs => Mention.Registry | Mention.Finalizer;

    public override void Start(Subscriptions on)
    {
        var retention = new Retention(on.Compilation, on.Known);
        on.OnCleanup((cleanup, context) =>
        {
            if (context.ContainingSymbol.ContainingType is { } type
                && FinalizerReach.OfCallback(cleanup.Callback, type, on.Known, context.CancellationToken) is { } reach)
            {
                Analyze(reach, on.Reads, retention, ofDeadObject: false, context.ReportDiagnostic, context.CancellationToken);
            }
        });
        on.OnFinalizer((reach, context) =>
            Analyze(reach, on.Reads, retention, ofDeadObject: true, context.ReportDiagnostic, context.CancellationToken));
    }

    private static void Analyze(FinalizerReach reach, WeakReadFlow reads, Retention retention, bool ofDeadObject, Action<Diagnostic> report,
        CancellationToken cancel)
    {
        if (new Removals(reach, reads, retention, ofDeadObject, cancel).Find() is { } removal)
        {
            report(Related.Report(
                Descriptor,
                removal.Site.GetLocation(),
                [(Place.Removal, removal.Site == removal.Call ? null : removal.Call), (Place.Replacement, removal.Replacement)],
                removal.Map.Name));
        }
    }
}
