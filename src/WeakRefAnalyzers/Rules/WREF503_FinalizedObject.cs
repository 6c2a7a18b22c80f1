using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Finalizing;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

internal sealed class WREF503_FinalizedObject() : Rule(Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = new(
        "WREF503",
        "Finalizer uses an object that may already be finalized",
        "'{0}' has a finalizer of its own ('{1}'), which may have run before this one; leave '{0}' alone here and use it only "
            + "where the object is being disposed",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "Objects that become unreachable together are finalized in no particular order. What a finalizer calls on "
            + "another finalizable object may find it closed, emptied or freed.",
        helpLinkUri: HelpLink("WREF503"), customTags: Tags("WREF503"));

    public override Mention Needs => Mention.Finalizer | Mention.Disposal;

    public override void Start(Subscriptions on) => on.OnAnyFinalizer((reach, context) => Analyze(reach, on.Roles, context));

    private static void Analyze(FinalizerReach reach, RoleTable roles, SyntaxNodeAnalysisContext context)
    {
        HashSet<SyntaxNode> sites = [];
        List<Found> all = [];
        var tolerance = new Tolerance(reach.Model.Compilation, reach.Known, context.CancellationToken);
        var damage = new Damage(reach.Model.Compilation, tolerance, context.CancellationToken);
        foreach (var reached in reach.Operations.Concat(reach.Elsewhere))
        {
            if (OwnUse.Of(reached) is { } use
                && Finalizable.Declaring(use.Type, context.CancellationToken) is { } finalizable
                && !reach.IsInherited(reached) && !use.IsWeakSelf(reach.Known) && !use.IsWeakAnswer(reached, reach)
                && !use.IsAsked(reached, finalizable)
                && !tolerance.Of(use.Method))
            {
                var same = all.FindIndex(found => Operations.Same(found.Use.Member, use.Member));
                if (same >= 0 && all[same].IsHarm)
                {
                    continue;
                }

                var harm = damage.Harms(use, reached.Operation, reach);
                if (same < 0)
                {
                    all.Add(new Found(use, finalizable, reach.SiteOf(reached).Syntax, harm));
                }
                else if (harm)
                {
                    all[same] = new Found(use, finalizable, reach.SiteOf(reached).Syntax, IsHarm: true);
                }
            }
        }

        // A finalizer that should not be there at all is told so, once.
        if (all.Count == 0 || FinalizerRelease.Of(reach, roles, context.CancellationToken) is { Held: not null })
        {
            return;
        }

        foreach (var (use, finalizable, site, harm) in all)
        {
            if (sites.Add(site))
            {
                context.ReportDiagnostic(Diagnostic.Create(
                    Descriptor,
                    site.GetLocation(),
                    harm && !reach.IsOfLastingObject ? Descriptor.DefaultSeverity : DiagnosticSeverity.Info,
                    [reach.Name.GetLocation()],
                    properties: null,
                    use.Member.Name,
                    "~" + finalizable.Name));
            }
        }
    }

    private sealed record Found(OwnUse Use, INamedTypeSymbol Finalizer, SyntaxNode Site, bool IsHarm);
}
