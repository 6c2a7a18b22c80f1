using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.CollectorTests;
using WeakRefAnalyzers.Finalizing;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

internal sealed class WREF501_FinalizerOnlyRelease() : Rule(Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = new(
        "WREF501",
        "The finalizer is the only way a resource is released",
        "'{0}' runs only when the collector finalizes '{1}', late or never; implement IDisposable and {2}",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "A finalizer runs some time after the object became unreachable, and not at all when the process exits "
            + "first. A resource that nothing else can release stays open until then.",
        helpLinkUri: HelpLink("WREF501"), customTags: Tags("WREF501"));

    public override Mention Needs => Mention.Finalizer;

    public override void Start(Subscriptions on) => on.OnFinalizer((reach, context) => Analyze(reach, on.Roles, on.Known, context));

    private static void Analyze(FinalizerReach reach, RoleTable roles, KnownFacts known, SyntaxNodeAnalysisContext context)
    {
        if (FinalizerRelease.Of(reach, roles, context.CancellationToken) is { } only && !reach.NeverRuns(context.CancellationToken))
        {
            context.ReportDiagnostic(Diagnostic.Create(
                Descriptor,
                reach.Name.GetLocation(),
                only.IsScarce ? Descriptor.DefaultSeverity : DiagnosticSeverity.Info,
                [reach.SiteOf(only.Reached).Syntax.GetLocation()],
                properties: null,
                only.Call.Name,
                reach.Type.Name,
                only.Held is null ? "keep the finalizer as the fallback"
                    : $"remove the finalizer, since '{only.Held}' has one of its own"));
        }
    }
}
