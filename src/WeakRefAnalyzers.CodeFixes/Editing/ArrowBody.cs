using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace WeakRefAnalyzers.Fixes;

/// <summary>A member's <c>=> expression</c> becomes a block.</summary>
internal static class ArrowBody
{
    /// <summary>The edit that gives the arrow's member that body; null where it has no block to have.</summary>
    public static FixEdit? ToBlock(ArrowExpressionClauseSyntax arrow, BlockSyntax body)
    {
        if (arrow.Parent is not { } member || arrow.ArrowToken.TrailingTrivia.Concat(arrow.ArrowToken.LeadingTrivia)
            .Any(Comments.IsComment))
        {
            return null;
        }

        // On the node as it is then: another fix of the round may have a field put before it.
        SyntaxNode? Change(SyntaxNode current) => current switch
        {
            BaseMethodDeclarationSyntax method => method.WithExpressionBody(null).WithSemicolonToken(default).WithBody(body),
            AccessorDeclarationSyntax accessor => accessor.WithExpressionBody(null).WithSemicolonToken(default).WithBody(body),
            LocalFunctionStatementSyntax function => function.WithExpressionBody(null).WithSemicolonToken(default).WithBody(body),
            PropertyDeclarationSyntax property => property.WithExpressionBody(null).WithSemicolonToken(default)
                .WithAccessorList(Getter(body)),
            IndexerDeclarationSyntax indexer => indexer.WithExpressionBody(null).WithSemicolonToken(default).WithAccessorList(Getter(body)),
            _ => null,
        };

        return Change(member) is null ? null : new FixEdit(member, editor => editor.ReplaceNode(member, (current, _) =>
            Change(current)!.WithTriviaFrom(current).WithAdditionalAnnotations(Formatter.Annotation)));
    }

    /// <summary>Whether the arrow's value is nobody's.</summary>
    public static bool IsVoid(FixSite site, ArrowExpressionClauseSyntax arrow) => arrow.Parent switch
    {
        AccessorDeclarationSyntax accessor => !accessor.IsKind(SyntaxKind.GetAccessorDeclaration),
        BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax =>
            site.Model.GetDeclaredSymbol(arrow.Parent, site.Cancel) is IMethodSymbol { ReturnsVoid: true },
        _ => false,
    };

    private static AccessorListSyntax Getter(BlockSyntax body) =>
        SyntaxFactory.AccessorList(SyntaxFactory.SingletonList(SyntaxFactory.AccessorDeclaration(SyntaxKind.GetAccessorDeclaration, body)));
}
