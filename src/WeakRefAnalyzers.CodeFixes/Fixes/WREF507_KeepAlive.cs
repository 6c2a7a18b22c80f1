using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Simplification;

namespace WeakRefAnalyzers.Fixes;

/// <summary>
/// Puts the call and what follows it in a try block whose finally keeps the object alive: what the call returned may
/// point into the object's memory.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class WREF507_KeepAlive() : WeakFix("Keep the object alive until the native call is done", "WREF507")
{
    private protected override FixEdit? Edit(FixSite site)
    {
        if (site.Node.FirstAncestorOrSelf<ArrowExpressionClauseSyntax>() is { } arrow && !site.Node.Ancestors().TakeWhile(node => node != arrow).Any(node => node is AnonymousFunctionExpressionSyntax))
        {
            return OfArrow(arrow, site);
        }

        if (site.Node.FirstAncestorOrSelf<StatementSyntax>() is not { } statement)
        {
            return null;
        }

        if (statement.Parent is not BlockSyntax block)
        {
            return statement is ExpressionStatementSyntax or ReturnStatementSyntax && statement.Parent is IfStatementSyntax or ElseClauseSyntax
                ? new FixEdit(statement, editor => editor.ReplaceNode(statement, SyntaxFactory.Block(Kept(SyntaxFactory.SingletonList(statement.WithoutTrivia()))).WithTriviaFrom(statement).WithAdditionalAnnotations(Formatter.Annotation)))
                : null;
        }

        var index = block.Statements.IndexOf(statement);
        var rest = block.Statements.Skip(index).ToArray();
        if (rest.Any(part => part is LabeledStatementSyntax or LocalFunctionStatementSyntax))
        {
            return null;
        }

        var leading = statement.GetLeadingTrivia();
        rest[0] = statement.WithoutLeadingTrivia();
        var kept = Kept(SyntaxFactory.List(rest)).WithLeadingTrivia(leading).WithTrailingTrivia(SyntaxFactory.ElasticMarker).WithAdditionalAnnotations(Formatter.Annotation);
        return new FixEdit(block, editor => editor.ReplaceNode(block, block.WithStatements(SyntaxFactory.List(block.Statements.Take(index).Append(kept)))));
    }

    private static FixEdit? OfArrow(ArrowExpressionClauseSyntax arrow, FixSite site)
    {
        var expression = arrow.Expression.WithoutTrivia();
        StatementSyntax statement = ArrowBody.IsVoid(site, arrow) ? SyntaxFactory.ExpressionStatement(expression) : SyntaxFactory.ReturnStatement(expression);
        return ArrowBody.ToBlock(arrow, SyntaxFactory.Block(Kept(SyntaxFactory.SingletonList(statement))));
    }

    private static TryStatementSyntax Kept(SyntaxList<StatementSyntax> statements)
    {
        var keepAlive = Parsed.Statement("global::System.GC.KeepAlive(this);");
        return SyntaxFactory.TryStatement(SyntaxFactory.Block(statements), default, SyntaxFactory.FinallyClause(SyntaxFactory.Block(keepAlive)));
    }
}
