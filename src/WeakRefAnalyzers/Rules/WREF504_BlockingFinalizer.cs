using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Finalizing;
using WeakRefAnalyzers.Roles;

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
        helpLinkUri: HelpLink("WREF504"), customTags: Tags("WREF504"));

    public override Mention Needs => Mention.Finalizer;

    public override void Start(Subscriptions on) => on.OnFinalizers(Analyze);

    private static void Analyze(IReadOnlyList<FinalizerReach> reaches, SyntaxNodeAnalysisContext context)
    {
        HashSet<Location> told = [];
        foreach (var reach in reaches)
        {
            var gates = new Gates(reach, context.CancellationToken);
            if (reach.Root == context.Node)
            {
                foreach (var reached in reach.Operations)
                {
                    Report(reached, reach.SiteOf(reached).Syntax, reach, gates);
                }
            }

            // At the wait itself, whoever leads there.
            foreach (var reached in reach.Elsewhere)
            {
                if (reached.Operation is ILockOperation or IInvocationOperation or IPropertyReferenceOperation
                    && reached.Operation.Syntax is var wait && wait.SyntaxTree == context.Node.SyntaxTree
                    && wait.FirstAncestorOrSelf<TypeDeclarationSyntax>() == context.Node
                    && !FinalizerReach.IsOfFinalizable(reached, context.CancellationToken))
                {
                    Report(reached, wait, reach, gates);
                }
            }
        }

        void Report(Reached reached, SyntaxNode site, FinalizerReach reach, Gates gates)
        {
            var location = site is LockStatementSyntax @lock ? @lock.LockKeyword.GetLocation() : site.GetLocation();
            if (Blocking.NameOf(reached, gates) is { } name && !reach.IsInherited(reached)
                && !reach.NeverRuns(context.CancellationToken) && told.Add(location))
            {
                context.ReportDiagnostic(Diagnostic.Create(Descriptor, location,
                    Blocking.IsBrief(reached, gates) ? DiagnosticSeverity.Info : Descriptor.DefaultSeverity,
                    [reach.Name.GetLocation()], properties: null, name));
            }
        }
    }
}
