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
        helpLinkUri: HelpLink("WREF602"));

    public override void Start(Subscriptions on) => on.OnField((field, context) =>
    {
        if (field is not { DeclaredAccessibility: Accessibility.Private, IsImplicitlyDeclared: false,
            Type: INamedTypeSymbol { TypeArguments.Length: > 0 } type } || !HoldsReferences(type, on.Roles))
        {
            return;
        }

        var uses = CollectionUses.Of(field, context.Compilation, on.Known, context.CancellationToken);
        if (!CollectionUses.AreNew(field, uses, [], context.CancellationToken))
        {
            return;
        }

        CollectionUse? addition = null;
        foreach (var use in uses)
        {
            var adds = Growth.Adds(use, type);
            if (adds ? use.Member == "GetOrAdd"
                && Growth.ReusesSlots(use, context.Compilation, on.Roles, context.CancellationToken) : !Growth.Keeps(use)
                || Growth.ReusesSlots(use, context.Compilation, on.Roles, context.CancellationToken))
            {
                return;
            }

            addition ??= adds && !use.RunsOnceFor(field) ? use : null;
        }

        // A key that never matches is the worse defect, and its fix ends this one.
        if (addition is { Node: var node }
            && !(WeakKeys.Hashes(type, on.Roles)
            && WeakKeys.FreshKey(field, uses, context.Compilation, on.Roles, on.Known, context.CancellationToken) is not null))
        {
            var call = (node as InvocationExpressionSyntax)?.Expression ?? node;
            context.ReportDiagnostic(Related.Report(Descriptor, field.Locations[0], [(Place.Addition, node)], field.Name, call.ToString()));
        }
    });

    /// <summary>A mutable collection of weak references; not a dictionary with a handful of keys.</summary>
    private static bool HoldsReferences(INamedTypeSymbol type, RoleTable roles)
    {
        var holds = false;
        foreach (var argument in type.TypeArguments)
        {
            holds |= roles.IsReferenceType(argument);
        }

        return holds && WeakKeys.IsCollection(type) && type.ContainingNamespace.Name != "Immutable"
            && type.ContainingNamespace.Name != "Frozen" && !type.Name.StartsWith("IReadOnly", StringComparison.Ordinal)
            && type.TypeArguments[0] is not ({ TypeKind: TypeKind.Enum }
                or { SpecialType: SpecialType.System_Boolean or SpecialType.System_Char or SpecialType.System_Byte }
                or { Name: "Type", ContainingNamespace.Name: "System" });
    }
}
