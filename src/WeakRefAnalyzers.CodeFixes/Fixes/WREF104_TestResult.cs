using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WeakRefAnalyzers.Fixes;

/// <summary>Puts the statements that use the target under <c>if (reference.TryGetTarget(out var target))</c>.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class WREF104_TestResult() : WeakFix("Use the target only if TryGetTarget gave one", "WREF104")
{
    private protected override FixEdit? Edit(FixSite site)
    {
        var call = site.Related(Place.Read)?.FirstAncestorOrSelf<InvocationExpressionSyntax>();
        if (call is null || NameOf(call) is not { } name || site.Node.FirstAncestorOrSelf<ExpressionSyntax>() is not { } use)
        {
            return null;
        }

        return ByResult(site, call, name, use) ?? WREF101_GuardTarget.OfVariable(site, use);
    }

    /// <summary>The call, or the variable that has its result, becomes the condition of what follows at once.</summary>
    private static FixEdit? ByResult(FixSite site, InvocationExpressionSyntax call, string name, ExpressionSyntax use)
    {
        var expression = call.Parent is AssignmentExpressionSyntax { Left: IdentifierNameSyntax { Identifier.ValueText: "_" } } discard
            ? (ExpressionSyntax)discard : call;
        var result = call.Parent is EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax
        {
            Parent: VariableDeclarationSyntax { Variables.Count: 1 },
            Identifier.Text: { } local
        } }
            ? local
            : null;
        var statement = result is null ? expression.Parent as ExpressionStatementSyntax
            : call.FirstAncestorOrSelf<LocalDeclarationStatementSyntax>() as StatementSyntax;
        var first = statement is null ? null : GuardedStatements.Following(statement).Skip(1).FirstOrDefault();
        if (statement is null || first is null || site.Model.GetTypeInfo(call, site.Cancel)
            .Type is not { SpecialType: SpecialType.System_Boolean }
            || use.FirstAncestorOrSelf<StatementSyntax>() != first
            || use.Ancestors().TakeWhile(node => node != first).Any(static node => node is AnonymousFunctionExpressionSyntax))
        {
            return null;
        }

        var guarded = GuardedStatements.From(site, first, later =>
            later.DescendantNodes().Any(node => node is IdentifierNameSyntax identifier && identifier.Identifier.ValueText == name));
        var condition = result is null ? call.WithoutTrivia() : (ExpressionSyntax)SyntaxFactory.IdentifierName(result);
        return guarded?.Under(condition, guardedOne => ReadSyntax.WithoutSuppression(guardedOne, name), result is null ? statement : null);
    }

    private static string? NameOf(InvocationExpressionSyntax call) =>
        call.ArgumentList.Arguments.FirstOrDefault(static argument =>
            argument.RefKindKeyword.IsKind(SyntaxKind.OutKeyword))?.Expression switch
    {
        DeclarationExpressionSyntax { Designation: SingleVariableDesignationSyntax single } => single.Identifier.ValueText,
        IdentifierNameSyntax name => name.Identifier.ValueText,
        _ => null,
    };
}
