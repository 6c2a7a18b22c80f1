using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Finalizing;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

internal sealed class WREF404_TimelyCleanup() : Rule(Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = new(
        "WREF404",
        "Cleanup callback does what must not wait for the collector",
        "'{0}' runs only some time after a target was collected, or never; do it in an explicit Dispose of the target and keep "
            + "the registry as a safety net",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "A cleanup callback runs after some collection found the target dead, and not at all when the process "
            + "exits first or the target stays in use. Until then the resource stays open, the lock stays taken and the file "
            + "stays on the disk.",
        helpLinkUri: HelpLink("WREF404"), customTags: Tags("WREF404"));

    public override Mention Needs => Mention.Registry;

    public override void Start(Subscriptions on) => on.OnCleanup((cleanup, context) => Analyze(cleanup, on.Known, context));

    private static void Analyze(CleanupCallback cleanup, KnownFacts known, OperationAnalysisContext context)
    {
        if (TimelyCall.Find(cleanup, context.ContainingSymbol.ContainingType, known, context.CancellationToken) is var (name, site))
        {
            context.ReportDiagnostic(Related.Report(Descriptor, site.Syntax.GetLocation(), [(Place.Creation, cleanup.Operation.Syntax)],
                name));
        }
    }
}
