using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WeakRefAnalyzers.Fixes;

/// <summary>Code over several lines that moves to another depth keeps its shape.</summary>
internal static class MovedLines
{
    /// <summary>As a member of that type, where its lines start with as many blanks less as the member does than the line it comes
    /// from.</summary>
    public static T To<T>(TypeDeclarationSyntax owner, T node)
        where T : SyntaxNode
    {
        var text = node.SyntaxTree.GetText();
        var from = IndentOf(node);
        var to = IndentOf(owner.Members[0]);
        return from.Length <= to.Length || !from.StartsWith(to, StringComparison.Ordinal) ? node
            : node.ReplaceTrivia(node.DescendantTrivia().Where(trivia => trivia.IsKind(SyntaxKind.WhitespaceTrivia)
                && trivia.SpanStart == text.Lines.GetLineFromPosition(trivia.SpanStart).Start), (trivia, _) =>
                trivia.ToString() is var blanks && blanks.StartsWith(from, StringComparison.Ordinal)
                    ? SyntaxFactory.Whitespace(to + blanks.Substring(from.Length)) : trivia);
    }

    /// <summary>The blanks that the line starts with on which the node does.</summary>
    public static string IndentOf(SyntaxNode node)
    {
        var line = node.SyntaxTree.GetText().Lines.GetLineFromPosition(node.SpanStart).ToString();
        return line.Substring(0, line.Length - line.TrimStart().Length);
    }
}
