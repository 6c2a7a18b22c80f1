using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace WeakRefAnalyzers.Fixes;

/// <summary>Puts the statements that use the target under <c>if (reference.TryGetTarget(out var target))</c>.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class WREF104_TestResult() : WeakFix("Use the target only if TryGetTarget gave one", "WREF104")
{
    private protected override FixEdit? Edit(FixSite site)
    {
        var call = site.Root.FindNode(site.Diagnostic.AdditionalLocations[0].SourceSpan, getInnermostNodeForTie: true).FirstAncestorOrSelf<InvocationExpressionSyntax>();
        if (call is not { Parent: ExpressionStatementSyntax { Parent: BlockSyntax block } statement } || NameOf(call) is not { } name)
        {
            return null;
        }

        var rest = block.Statements.Skip(block.Statements.IndexOf(statement) + 1).ToList();
        var last = rest.FindLastIndex(candidate => Mentions(candidate, name));
        var guarded = rest.Take(last + 1).ToList();
        if (guarded.Count == 0 || !guarded.Any(candidate => candidate.Span.Contains(site.Node.Span)))
        {
            return null;
        }

        // A variable or label declared among them may be wanted behind them, and a result must be returned on the dead path too.
        var declares = guarded.Any(static candidate => candidate is LocalFunctionStatementSyntax or LabeledStatementSyntax)
            || guarded.SelectMany(static candidate => candidate.DescendantNodesAndSelf(static node => node is not AnonymousFunctionExpressionSyntax))
                .Any(node => node is ReturnStatementSyntax { Expression: not null } or YieldStatementSyntax
                    || node is VariableDeclaratorSyntax declarator && rest.Skip(last + 1).Any(later => Mentions(later, declarator.Identifier.ValueText)));
        return declares ? null : new FixEdit(block, editor =>
        {
            var body = SyntaxFactory.Block(guarded);
            var test = SyntaxFactory.IfStatement(call.WithoutTrivia(), body)
                .WithLeadingTrivia(statement.GetLeadingTrivia()).WithTrailingTrivia(guarded[guarded.Count - 1].GetTrailingTrivia())
                .WithAdditionalAnnotations(Formatter.Annotation);
            var comment = statement.GetTrailingTrivia();
            if (comment.Any(static trivia => !trivia.IsKind(SyntaxKind.WhitespaceTrivia) && !trivia.IsKind(SyntaxKind.EndOfLineTrivia)))
            {
                test = test.WithCloseParenToken(test.CloseParenToken.WithTrailingTrivia(comment));
            }

            foreach (var moved in guarded)
            {
                editor.RemoveNode(moved, SyntaxRemoveOptions.KeepNoTrivia);
            }

            editor.ReplaceNode(statement, test);
        });
    }

    private static string? NameOf(InvocationExpressionSyntax call) => call.ArgumentList.Arguments.FirstOrDefault(static argument => argument.RefKindKeyword.IsKind(SyntaxKind.OutKeyword))?.Expression switch
    {
        DeclarationExpressionSyntax { Designation: SingleVariableDesignationSyntax single } => single.Identifier.ValueText,
        IdentifierNameSyntax name => name.Identifier.ValueText,
        _ => null,
    };

    private static bool Mentions(SyntaxNode node, string name) =>
        node.DescendantNodesAndSelf().Any(inner => inner is IdentifierNameSyntax identifier && identifier.Identifier.ValueText == name);
}
