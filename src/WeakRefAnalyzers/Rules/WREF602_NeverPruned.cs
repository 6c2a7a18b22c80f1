using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using WeakRefAnalyzers.Collections;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

internal sealed class WREF602_NeverPruned() : Rule(Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = new(
        "WREF602",
        "Dead entries never pruned",
        "Nothing removes dead references from '{0}', so it grows with every '{1}'; remove those whose target is gone",
        Category,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        description: "A weak reference stays in its collection after its target died. Unless dead entries are removed at some "
            + "point, the collection grows for as long as it lives.",
        helpLinkUri: HelpLink("WREF602"), customTags: Tags("WREF602"));

    public override void Start(Subscriptions on) => on.OnField((field, context) =>
    {
        if (field is not { DeclaredAccessibility: Accessibility.Private, Type: INamedTypeSymbol { TypeArguments.Length: > 0 } type })
        {
            return;
        }

        var inner = WeakElements.InnerOf(type, on.Roles);
        if (inner is null && !WeakElements.AreIn(type, on.Roles))
        {
            return;
        }

        // Most are looked after, which one use tells.
        if (CollectionUses.Any(
            field, use => !Growth.Adds(use, type) && !Growth.Keeps(use), context.Compilation, on.Known, context.CancellationToken))
        {
            return;
        }

        var uses = CollectionUses.Of(field, context.Compilation, on.Known, context.CancellationToken);
        if (!CollectionUses.AreNew(field, uses, [], context.CancellationToken))
        {
            return;
        }

        SyntaxNode? addition = null;
        foreach (var use in uses)
        {
            var adds = Growth.Adds(use, type);
            if ((!adds || use.Member == "GetOrAdd")
                && Growth.ReusesSlots(use, context.Compilation, on.Roles, context.CancellationToken))
            {
                return;
            }

            addition ??= adds && !use.RunsOnceFor(field) ? use.Node : null;
        }

        addition = inner is null ? addition : InnerCollections.Addition(uses, inner, context.Compilation, context.CancellationToken);

        // A key that never matches is the worse defect, and its fix ends this one.
        if (addition is not null
            && !(WeakKeys.Hashes(type, on.Roles)
            && WeakKeys.FreshKey(field, uses, context.Compilation, on.Roles, on.Known, context.CancellationToken) is not null))
        {
            var member = field.AssociatedSymbol ?? field;
            var call = (addition as InvocationExpressionSyntax)?.Expression ?? addition;
            context.ReportDiagnostic(Related.Report(
                Descriptor, member.Locations[0], [(Place.Addition, addition)], member.Name, call.ToString()));
        }
    });
}
