using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

internal sealed class WREF205_LongReference() : Rule(Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = new(
        "WREF205",
        "Long weak reference",
        "This weak reference still returns '{0}' after its finalizer ran; drop '{1}' unless the code handles finalized objects",
        Category,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        description: "A long weak reference tracks an object through finalization, so that code can get hold of an object whose finalizer already ran and whose resources are gone.",
        helpLinkUri: HelpLink("WREF205"));

    public override void Start(Subscriptions on) => on.OnTarget(Analyze);

    private static void Analyze(WeakTarget target, OperationAnalysisContext context)
    {
        if (target.Long is { } argument)
        {
            context.ReportDiagnostic(Diagnostic.Create(Descriptor, argument.Syntax.GetLocation(), target.Value.Syntax.ToString(), argument.Value.Syntax.ToString()));
        }
    }
}
