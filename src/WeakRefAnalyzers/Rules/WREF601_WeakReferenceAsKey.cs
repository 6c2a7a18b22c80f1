using Microsoft.CodeAnalysis;
using WeakRefAnalyzers.Collections;

namespace WeakRefAnalyzers.Rules;

internal sealed class WREF601_WeakReferenceAsKey() : Rule(Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = new(
        "WREF601",
        "Weak reference as key",
        "'{0}' compares the keys themselves and not their targets, so '{1}' equals no other key; use a ConditionalWeakTable, or give the collection a comparer",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "Two weak references to one object are two different keys: a lookup with a new one never finds what another stored, and adding with a new one never replaces.",
        helpLinkUri: HelpLink("WREF601"));

    public override void Start(Subscriptions on) => on.OnField((field, context) =>
    {
        if (!field.IsImplicitlyDeclared && WeakKeys.Hashes(field.Type, on.Roles)
            && WeakKeys.FreshKey(field, CollectionUses.Of(field, context.Compilation, context.CancellationToken), context.Compilation, on.Roles, context.CancellationToken) is { } wrapper)
        {
            context.ReportDiagnostic(Diagnostic.Create(Descriptor, field.Locations[0], [wrapper.GetLocation()], field.Name, wrapper.ToString()));
        }
    });
}
