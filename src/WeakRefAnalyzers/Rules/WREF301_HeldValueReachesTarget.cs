using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Holding;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

internal sealed class WREF301_HeldValueReachesTarget() : Rule(Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = new(
        "WREF301",
        "Held value keeps its target alive",
        "{0}; hold a key or a handle instead",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "A registry keeps the held value strongly for as long as the target lives. A held value that is, contains "
            + "or otherwise reaches the target makes the target immortal, and the cleanup callback never runs.",
        helpLinkUri: HelpLink("WREF301"), customTags: Tags("WREF301"));

    public override void Start(Subscriptions on)
    {
        var retention = new Retention(on.Compilation, on.Known);
        on.OnTarget((registration, context) => Analyze(registration, retention, on.Known, context));
        on.OnCacheEntry((entry, context) => Analyze(entry, retention, on.Known, context));
    }

    private static void Analyze(WeakTarget registration, Retention retention, KnownFacts known, OperationAnalysisContext context)
    {
        if (registration.HeldValue is not { } held || Reference.Of(registration.Value, known) is not { } target
            || retention.Find(held, target) is not { } hold)
        {
            return;
        }

        // The held value itself is no cause; then the target is what the reader has to compare it with.
        var cause = hold.Cause.Syntax.Span == Operations.ObjectOf(held)?.Syntax.Span ? registration.Value : hold.Cause;
        context.ReportDiagnostic(Related.Report(
            Descriptor,
            held.Syntax.GetLocation(),
            [(Place.Cause, cause.Syntax)],
            What(registration, held, target, hold.Cause, known)));
    }

    private static string What(WeakTarget registration, IOperation held, Reference target, IOperation cause, KnownFacts known)
    {
        var name = Text.Of(registration.Value.Syntax);
        if (registration.Kind == WeakTargetKind.CacheEntry)
        {
            return $"The cache holds this key for as long as the value '{name}' lives, and the key "
                + (target.Equals(Reference.Of(held, known)) ? "is the value itself" : $"keeps it alive through '{Text.Of(cause.Syntax)}'")
                + ", so the entry never goes";
        }

        if (!target.Equals(Reference.Of(held, known)))
        {
            return $"The registry holds this value until '{name}' dies, and the value keeps '{name}' alive through "
                + $"'{Text.Of(cause.Syntax)}', so '{name}' never dies and the cleanup never runs";
        }

        return registration.Holder?.Type is { Name: "FinalizationRegistry",
            ContainingNamespace: { Name: "WeakRefs", ContainingNamespace.IsGlobalNamespace: true } }
            ? $"'Register' throws an ArgumentException here, because the held value is the target '{name}' itself"
            : $"The registry holds this value until '{name}' dies, and the value is '{name}' itself, so '{name}' never dies and "
                + $"the cleanup never runs";
    }
}
