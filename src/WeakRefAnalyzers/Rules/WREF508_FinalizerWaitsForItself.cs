using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using WeakRefAnalyzers.Finalizing;
using WeakRefAnalyzers.Holding;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

internal sealed class WREF508_FinalizerWaitsForItself() : Rule(Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = new(
        "WREF508",
        "A finalizer that waits for itself",
        "'{0}' holds this '{1}' until its finalizer takes it out, so the object is never collected and the finalizer never runs; take it "
            + "out in Dispose, or let '{0}' hold it weakly",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "What a static collection or a static event refers to is never collected. A finalizer that is to end such a "
            + "reference to its own object waits for what only it would do: the object leaks and the code is dead.",
        helpLinkUri: HelpLink("WREF508"), customTags: Tags("WREF508"));

    public override Mention Needs => Mention.Finalizer;

    public override void Start(Subscriptions on)
    {
        var retention = new Retention(on.Compilation, on.Known);
        on.OnFinalizer((reach, context) => Analyze(reach, retention, context));
    }

    private static void Analyze(FinalizerReach reach, Retention retention, SyntaxNodeAnalysisContext context)
    {
        var holds = new StaticHolds(reach, retention, context.CancellationToken);
        HashSet<ISymbol> told = new(SymbolEqualityComparer.Default);
        foreach (var reached in reach.Operations)
        {
            if (holds.Awaited(reached) is var (holder, put) && !reach.IsInherited(reached) && told.Add(holder))
            {
                context.ReportDiagnostic(Related.Report(Descriptor, reach.SiteOf(reached).Syntax.GetLocation(),
                    [(Place.Addition, put)], holder.Name, reach.Type.Name));
            }
        }
    }
}
