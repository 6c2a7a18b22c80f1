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
                Report(reach.Operations.Select(reached => (reached, reach.SiteOf(reached).Syntax)), reach, gates);
            }

            // At the wait itself, whoever leads there.
            Report(
                reach.Elsewhere.Select(static reached => (reached, reached.Operation.Syntax)).Where(wait =>
                    wait.reached.Operation is ILockOperation or IInvocationOperation or IPropertyReferenceOperation
                    && wait.Syntax.SyntaxTree == context.Node.SyntaxTree
                    && wait.Syntax.FirstAncestorOrSelf<TypeDeclarationSyntax>() == context.Node
                    && !FinalizerReach.IsOfFinalizable(wait.reached, context.CancellationToken)),
                reach,
                gates);
        }

        void Report(IEnumerable<(Reached, SyntaxNode)> sites, FinalizerReach reach, Gates gates)
        {
            (Reached Reached, SyntaxNode Site, string Name)? last = null;
            foreach (var (reached, site) in sites)
            {
                if (Blocking.NameOf(reached, gates) is { } name && !reach.IsInherited(reached)
                    && !reach.NeverRuns(context.CancellationToken))
                {
                    // What is waited for under a lock takes longer than the lock: one defect.
                    if (last is { } before && !(before.Reached.Operation is ILockOperation { Body: var body }
                        && reached.Operation is not ILockOperation && body.Syntax.Contains(reached.Operation.Syntax)
                        && !Blocking.IsBrief(reached, gates)))
                    {
                        Tell(before.Reached, before.Site, before.Name, reach, gates);
                    }

                    last = (reached, site, name);
                }
            }

            if (last is { } one)
            {
                Tell(one.Reached, one.Site, one.Name, reach, gates);
            }
        }

        void Tell(Reached reached, SyntaxNode site, string name, FinalizerReach reach, Gates gates)
        {
            var location = site is LockStatementSyntax @lock ? @lock.LockKeyword.GetLocation() : site.GetLocation();
            if (told.Add(location))
            {
                context.ReportDiagnostic(Diagnostic.Create(Descriptor, location,
                    Blocking.IsBrief(reached, gates) || reach.IsOfLastingObject ? DiagnosticSeverity.Info : Descriptor.DefaultSeverity,
                    [reach.Name.GetLocation()], properties: null, name));
            }
        }
    }
}
