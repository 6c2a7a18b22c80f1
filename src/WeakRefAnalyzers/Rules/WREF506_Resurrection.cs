using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Finalizing;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

internal sealed class WREF506_Resurrection() : Rule(Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = new(
        "WREF506",
        "Finalizer resurrects the object",
        "After '{0}' this '{1}' is in use again, but its finalizer will not run a second time; call "
            + "GC.ReRegisterForFinalize(this), or hand over the state instead of the object",
        Category,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        description: "A finalizer that stores its object where code can reach it brings the object back to life. Its finalizer "
            + "has run and does not run again, weak references to it are already empty, and what it refers to may be finalized.",
        helpLinkUri: HelpLink("WREF506"), customTags: Tags("WREF506"));

    public override Mention Needs => Mention.Finalizer;

    public override void Start(Subscriptions on) => on.OnFinalizer(Analyze);

    private static void Analyze(FinalizerReach reach, SyntaxNodeAnalysisContext context)
    {
        if (reach.Rearms)
        {
            return;
        }

        foreach (var reached in reach.Operations)
        {
            // Once it is back, it is back: one report for the object, wherever else it goes.
            if (Escape.IsOfThis(reached, reach.Model.Compilation, context.CancellationToken) && !reach.IsInherited(reached)
                && reach.SiteOf(reached).Syntax is var site)
            {
                context.ReportDiagnostic(Diagnostic.Create(Descriptor, site.GetLocation(), [reach.Name.GetLocation()], site.ToString(),
                    reach.Type.Name));
                return;
            }
        }
    }
}
