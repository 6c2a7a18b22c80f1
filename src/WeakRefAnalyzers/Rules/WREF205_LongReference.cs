using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.CollectorTests;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

internal sealed partial class WREF205_LongReference() : Rule(Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = new(
        "WREF205",
        "Long weak reference",
        "Because of '{1}' this weak reference still returns '{0}' after the finalizer of '{0}' ran; use a short weak reference "
            + "unless the code handles finalized objects",
        Category,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        description: "A long weak reference tracks an object through finalization, so that code can get hold of an object whose "
            + "finalizer already ran and whose resources are gone.",
        helpLinkUri: HelpLink("WREF205"), customTags: Tags("WREF205"));

    public override void Start(Subscriptions on) => on.OnTarget((target, context) => Analyze(target, on.Known, context));

    private static void Analyze(WeakTarget target, KnownFacts known, OperationAnalysisContext context)
    {
        if (target.Long is { } argument && !IsIdentity(context.ContainingSymbol.ContainingType)
            && !CollectorTest.IsTestCode(target.Operation, known) && !Returns(Operations.Inner(target.Value).Type, known))
        {
            context.ReportDiagnostic(Diagnostic.Create(Descriptor, argument.Syntax.GetLocation(), Text.Of(target.Value.Syntax),
                Text.Of(argument.Syntax)));
        }
    }

    /// <summary>The finalizer of the target's type puts the object back into use, and only a long reference sees it then.</summary>
    private static bool Returns(ITypeSymbol? type, KnownFacts known)
    {
        for (; type is INamedTypeSymbol { DeclaringSyntaxReferences.IsEmpty: false } named; type = type.BaseType)
        {
            if (Members.Named("ReRegisterForFinalize", named, known).Any())
            {
                return true;
            }

            foreach (var member in named.GetMembers(WellKnownMemberNames.DestructorName))
            {
                if (member.DeclaringSyntaxReferences.Any(static finalizer => HandsOut(finalizer.GetSyntax())))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>The object is a value there, and does not stand before a dot: it is handed out again.</summary>
    private static partial bool HandsOut(SyntaxNode finalizer);

    /// <summary>
    /// A type with its own hash code wraps the target as a key: it must match until the target is really gone, as it may come
    /// back.
    /// </summary>
    private static bool IsIdentity(INamedTypeSymbol? type) =>
        type is not null && type.GetMembers("GetHashCode").Any(member => member.IsOverride);
}
