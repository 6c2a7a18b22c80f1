using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Finalizing;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

internal sealed class WREF509_ClosedHandlePassed() : Rule(Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = new(
        "WREF509",
        "ReleaseHandle passes the closed SafeHandle",
        "Inside ReleaseHandle this '{0}' is closed already, so '{1}' throws ObjectDisposedException, on the finalizer thread too; use "
            + "the field 'handle' instead of the SafeHandle",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "A SafeHandle is marked as closed before its ReleaseHandle runs. The marshaller takes a reference count of "
            + "each SafeHandle it passes, and throws for a closed one: what ReleaseHandle was to do does not happen.",
        helpLinkUri: HelpLink("WREF509"), customTags: Tags("WREF509"));

    public override Mention Needs => Mention.HandleRelease;

    public override void Start(Subscriptions on) => on.OnRelease(Analyze);

    private static void Analyze(FinalizerReach reach, SyntaxNodeAnalysisContext context)
    {
        // One defect: who mends the first call of a method sees the next.
        HashSet<SyntaxNode> told = [];
        foreach (var reached in reach.Operations)
        {
            if (reached.Operation is IInvocationOperation call
                && HandleCount.IsTaken(call, reached.CallFrame, reach.Model.Compilation, context.CancellationToken)
                && !IsToldElsewhere(reached)
                && !reach.Operations.Any(inner => inner.CallFrame.Call == call)
                && reach.SiteOf(reached).Syntax is var site
                && site.SyntaxTree == reach.Root.SyntaxTree
                && reach.Root.Span.Contains(site.Span)
                && told.Add((SyntaxNode?)site.FirstAncestorOrSelf<BaseMethodDeclarationSyntax>() ?? site))
            {
                Location[] cause = site == call.Syntax ? [] : [call.Syntax.GetLocation()];
                context.ReportDiagnostic(
                    Diagnostic.Create(Descriptor, site.GetLocation(), cause, reach.Type.Name, ReleaseCall.NameOf(call)));
            }
        }
    }

    /// <summary>Code that asks whether the object is closed knows what it does; a base's own <c>ReleaseHandle</c> is told there.</summary>
    private static bool IsToldElsewhere(Reached reached)
    {
        for (var frame = reached.CallFrame; frame is not null; frame = frame.Caller)
        {
            if ((frame.Caller is not null && frame.Method.Name == "ReleaseHandle")
                || Members.Named("IsClosed", frame.Body.Syntax, frame.Known).Any())
            {
                return true;
            }
        }

        return false;
    }
}
