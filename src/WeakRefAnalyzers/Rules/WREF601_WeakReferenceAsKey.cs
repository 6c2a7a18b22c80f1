using Microsoft.CodeAnalysis;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Collections;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

internal sealed class WREF601_WeakReferenceAsKey() : Rule(Descriptor)
{
    private const string ForKeys = "use a ConditionalWeakTable, or give the collection a comparer";
    private const string ForSearches = "look for the reference whose target it is";

    private static readonly DiagnosticDescriptor Descriptor = new(
        "WREF601",
        "Weak reference as key",
        "'{0}' compares weak references themselves and not their targets, so '{1}' equals no other; {2}",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "Two weak references to one object are two different keys: a lookup with a new one never finds what "
            + "another stored, and adding with a new one never replaces.",
        helpLinkUri: HelpLink("WREF601"), customTags: Tags("WREF601"));

    public override void Start(Subscriptions on)
    {
        on.OnField((field, context) =>
        {
            if (field.IsImplicitlyDeclared || !WeakKeys.Hashes(field.Type, on.Roles))
            {
                return;
            }

            var uses = CollectionUses.Of(field, context.Compilation, on.Known, context.CancellationToken);
            if (WeakKeys.FreshKey(field, uses, context.Compilation, on.Roles, on.Known, context.CancellationToken) is { } wrapper)
            {
                context.ReportDiagnostic(Diagnostic.Create(Descriptor, field.Locations[0], [wrapper.GetLocation()], field.Name,
                    wrapper.ToString(), ForKeys));
            }
        });

        var keys = new FreshKey(on.Compilation, on.Roles, on.Known);
        on.OnTarget((target, context) =>
        {
            if (target is { Kind: WeakTargetKind.Reference, Holder: null }
                && keys.Find(target.Operation, context.CancellationToken) is var (collection, searched))
            {
                context.ReportDiagnostic(Diagnostic.Create(
                    Descriptor, target.Operation.Syntax.GetLocation(), collection, Text.Of(target.Operation.Syntax), searched
                        ? ForSearches : ForKeys));
            }
        });
    }
}
