using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Finalizing;
using WeakRefAnalyzers.Holding;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

internal sealed class WREF302_CallbackCapturesTarget() : Rule(Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = new(
        "WREF302",
        "Cleanup callback keeps its target alive",
        "This cleanup callback {1}, so it never runs for '{0}'; make the callback static and pass what it needs as the held value",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "A registry keeps its cleanup callback, and the callback keeps what it captures: a target among it cannot "
            + "be collected while the registry is in use. All lambdas and local functions of one scope share one closure "
            + "object, so another function's capture counts as well.",
        helpLinkUri: HelpLink("WREF302"), customTags: Tags("WREF302"));

    public override Mention Needs => Mention.Registry;

    public override void Start(Subscriptions on)
    {
        var (roles, retention) = (on.Roles, new Retention(on.Compilation, on.Known));
        on.OnCleanup((cleanup, context) => Analyze(cleanup, roles, retention, on.Known, context));
    }

    private static void Analyze(
        CleanupCallback cleanup,
        RoleTable roles,
        Retention retention,
        KnownFacts known,
        OperationAnalysisContext context)
    {
        HashSet<Reference> asked = [];
        foreach (var registration in Registrations.With(cleanup, roles, context.Compilation, known, context.CancellationToken))
        {
            if (Reference.Of(registration.Value, known) is { } target && asked.Add(target)
                && retention.Find(cleanup.Callback, target) is { } hold)
            {
                // What must not wait for a collection does not belong here at all; that is said first.
                if (TimelyCall.Find(cleanup, context.ContainingSymbol.ContainingType, known, context.CancellationToken) is not null)
                {
                    return;
                }

                context.ReportDiagnostic(Diagnostic.Create(
                    Descriptor,
                    cleanup.Callback.Syntax.GetLocation(),
                    [hold.Cause.Syntax.GetLocation(), registration.Operation.Syntax.GetLocation()],
                    Text.Of(registration.Value.Syntax),
                    How(Text.Of(registration.Value.Syntax), hold)));
                return;
            }
        }
    }

    private static string How(string target, Hold hold) =>
        hold.Shared ? $"shares its closure with the use of '{Text.Of(hold.Cause.Syntax)}' and so keeps its target alive"
        : Text.Of(hold.Cause.Syntax) is var cause && cause == target ? $"captures its own target '{target}'"
        : $"keeps its target alive through '{cause}'";
}
