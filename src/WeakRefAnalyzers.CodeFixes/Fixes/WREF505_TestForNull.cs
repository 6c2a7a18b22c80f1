using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WeakRefAnalyzers.Fixes;

/// <summary>Calls through <c>?.</c> a field that a half-made object may not have.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class WREF505_TestForNull() : WeakFix("Call it only if it is not null", "WREF505")
{
    private protected override FixEdit? Edit(FixSite site)
    {
        // Only a call whose value nobody uses, made directly on the field: what throws by intent stays.
        if (!site.Language.HasNullConditional
            || site.Node is not InvocationExpressionSyntax
            {
                Expression: MemberAccessExpressionSyntax { RawKind: (int)SyntaxKind.SimpleMemberAccessExpression } access,
                Parent: ExpressionStatementSyntax
            } call
                || site.Model.GetSymbolInfo(
                    access.Expression,
                    site.Cancel).Symbol is not IFieldSymbol { IsStatic: false, Type.IsReferenceType: true })
        {
            return null;
        }

        var binding = SyntaxFactory.MemberBindingExpression(access.OperatorToken.WithLeadingTrivia(), access.Name);
        var conditional = SyntaxFactory.ConditionalAccessExpression(
            access.Expression,
            SyntaxFactory.Token(SyntaxKind.QuestionToken).WithLeadingTrivia(access.OperatorToken.LeadingTrivia),
            call.WithExpression(binding).WithoutLeadingTrivia());
        return new FixEdit(call, editor => editor.ReplaceNode(call, conditional));
    }
}
