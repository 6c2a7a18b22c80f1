using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Flow;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

internal sealed class WREF403_BlindRemoval() : Rule(Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = new(
        "WREF403",
        "Cleanup removes an entry that may have been replaced",
        "This cleanup runs some time after its object died and removes whatever '{0}' holds for the key by then, the entry of a living successor too; remove the entry only if it is the dead one's",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "Between the death of an object and its cleanup, somebody may have looked in vain and put a new entry under the same key. A removal by key alone takes that one.",
        helpLinkUri: HelpLink("WREF403"));

    public override void Start(Subscriptions on)
    {
        on.OnCleanup(AnalyzeCallback);
        on.OnFinalizer(AnalyzeFinalizer);
    }

    private static void AnalyzeCallback(CleanupCallback cleanup, OperationAnalysisContext context)
    {
        if (Keepers.Origin(cleanup.Callback) is not IDelegateCreationOperation creation || context.ContainingSymbol.ContainingType is not { } type)
        {
            return;
        }

        var body = creation.Target switch
        {
            IAnonymousFunctionOperation lambda => lambda,
            IMethodReferenceOperation { Method.DeclaringSyntaxReferences: { Length: 1 } references } when references[0].SyntaxTree == creation.Syntax.SyntaxTree =>
                Bodies.OperationOf(context.Compilation, references[0].GetSyntax(context.CancellationToken), context.CancellationToken),
            _ => null,
        };
        if (body is not null && new Removals(context.Compilation, type, ofDeadObject: false, context.CancellationToken).In(body) is { } removal)
        {
            // An editor shows only what is reported inside the member that was analyzed: there the group stands for its method.
            context.ReportDiagnostic(Create(removal, body is IAnonymousFunctionOperation ? removal.Site.Syntax : creation.Target.Syntax));
        }
    }

    private static void AnalyzeFinalizer(DestructorDeclarationSyntax finalizer, SyntaxNodeAnalysisContext context)
    {
        if (context.ContainingSymbol?.ContainingType is { } type && context.SemanticModel.GetOperation(finalizer, context.CancellationToken) is { } body
            && new Removals(context.Compilation, type, ofDeadObject: true, context.CancellationToken).In(body) is { } removal)
        {
            context.ReportDiagnostic(Create(removal, removal.Site.Syntax));
        }
    }

    private static Diagnostic Create(LateRemoval removal, SyntaxNode site) => Diagnostic.Create(
        Descriptor,
        site.GetLocation(),
        site == removal.Call.Syntax ? new[] { removal.Replacement.GetLocation() } : new[] { removal.Call.Syntax.GetLocation(), removal.Replacement.GetLocation() },
        removal.Map.Name);
}
