using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Finalizing;

namespace WeakRefAnalyzers.Rules;

internal sealed class WREF504_BlockingFinalizer() : Rule(Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = new(
        "WREF504",
        "Finalizer may block",
        "'{0}' can keep the finalizer thread waiting, and no other finalizer of the process runs until it goes on; do this "
            + "where the object is disposed, or hand the work to a queue",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "All finalizers of a process share one thread. One that waits for a lock or another thread holds up all "
            + "others: memory and handles pile up, and if the holder of the lock waits for a finalizer, the process hangs.",
        helpLinkUri: HelpLink("WREF504"));

    public override void Start(Subscriptions on) => on.OnFinalizer(Analyze);

    private static void Analyze(FinalizerReach reach, SyntaxNodeAnalysisContext context)
    {
        var gates = new Gates(reach, context.CancellationToken);
        HashSet<Location> told = [];
        foreach (var reached in reach.Operations.Concat(reach.Elsewhere))
        {
            if (Blocking.NameOf(reached, gates) is { } name && !reach.IsInherited(reached))
            {
                var site = reach.SiteOf(reached).Syntax;
                var location = site is LockStatementSyntax @lock ? @lock.LockKeyword.GetLocation() : site.GetLocation();
                if (told.Add(location))
                {
                    context.ReportDiagnostic(Diagnostic.Create(Descriptor, location, [reach.Name.GetLocation()], name));
                }
            }
        }
    }
}
