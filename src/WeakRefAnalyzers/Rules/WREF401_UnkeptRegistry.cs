using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.CollectorTests;
using WeakRefAnalyzers.Finalizing;
using WeakRefAnalyzers.Holding;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

internal sealed class WREF401_UnkeptRegistry() : Rule(Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = new(
        "WREF401",
        "The registry itself is not kept",
        "Nothing holds this '{0}' after its last registration: it is collected together with its cleanup callback, which then "
            + "never runs; keep the registry in a field",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "Registrations do not keep their registry alive. A registry that stands in a local or is used as a "
            + "temporary is garbage as soon as the method is done with it, and its callback with it.",
        helpLinkUri: HelpLink("WREF401"), customTags: Tags("WREF401"));

    public override Mention Needs => Mention.Registry;

    public override void Start(Subscriptions on)
    {
        var (roles, retention, rooting) = (on.Roles, new Retention(on.Compilation, on.Known), new SelfRooting(on.Compilation));
        on.OnCleanup((cleanup, context) => Analyze(cleanup, roles, retention, rooting, on.Known, context));
    }

    private static void Analyze(CleanupCallback cleanup, RoleTable roles, Retention retention, SelfRooting rooting,
        KnownFacts known, OperationAnalysisContext context)
    {
        if (cleanup.Operation is not IObjectCreationOperation creation || Fate.IsUsing(creation) || CollectorTest.Watches(cleanup, known))
        {
            return;
        }

        WeakTarget? registration = null;
        foreach (var use in Fate.Uses(creation, known))
        {
            switch (use.Parent)
            {
                // A registry that is made and dropped never had anything to lose.
                case IInvocationOperation call when call.Instance == use
                    && roles.TargetOf(call) is { Kind: WeakTargetKind.Registration } target && !IsRepeated(call, creation):
                    registration ??= target;
                    break;
                case IEventReferenceOperation:
                    break;
                default:
                    return;
            }
        }

        if (registration is null || (!roles.IsRegistryType(creation.Type) && rooting.IsPossible(creation)))
        {
            return;
        }

        // A field would make a leak of a callback that keeps its target alive, and what must not wait for the collector does not
        // belong here at all.
        if (TimelyCall.Find(cleanup, context.ContainingSymbol.ContainingType, known, context.CancellationToken) is not null
            || (Reference.Of(registration.Value, known) is { } registered && retention.Find(cleanup.Callback, registered) is not null))
        {
            return;
        }

        context.ReportDiagnostic(Diagnostic.Create(
            Descriptor,
            creation.Syntax.GetLocation(),
            [registration.Operation.Syntax.GetLocation()],
            creation.Type!.ToMinimalDisplayString(creation.SemanticModel!, creation.Syntax.SpanStart)));
    }

    /// <summary>A loop that registers keeps the registry while it runs; a delegate that registers keeps it as long as it lives.</summary>
    private static bool IsRepeated(IOperation call, IOperation creation)
    {
        if (Operations.FunctionOf(call) != Operations.FunctionOf(creation))
        {
            return true;
        }

        for (var parent = call.Parent; parent is not null && !parent.Syntax.Span.Contains(creation.Syntax.Span); parent = parent.Parent)
        {
            if (parent is ILoopOperation)
            {
                return true;
            }
        }

        return false;
    }
}
