using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace FieldTests;

/// <summary>Compares the text of a file with what a fix made of it.</summary>
internal static class Texts
{
    /// <summary>
    /// Whether the text before and after the span is as it was, but for using directives. A list of text changes would
    /// not tell: it need not be the shortest.
    /// </summary>
    public static bool KeepAllBut(TextSpan span, string before, string after)
    {
        // By whole lines: a type may begin in the middle of one.
        after = Plain(after);
        var start = before.LastIndexOf('\n', Math.Max(span.Start - 1, 0)) + 1;
        var end = before.IndexOf('\n', span.End);
        return after.StartsWith(Plain(before[..start]), StringComparison.Ordinal)
            && (end < 0 || after.EndsWith(Plain(before[end..]), StringComparison.Ordinal));

        static string Plain(string text) => string.Concat(text.Split('\n').Select(line => line.Trim())
            .Where(line => line.Length > 0 && !(line.StartsWith("using ", StringComparison.Ordinal) && line.EndsWith(';')))
            .Select(line => line + "\n"));
    }

    public static IEnumerable<string> Signatures(SyntaxNode root) =>
        root.DescendantNodes(static node => node is not (BlockSyntax or ExpressionSyntax))
            .OfType<MemberDeclarationSyntax>().Where(static member => member is not BaseNamespaceDeclarationSyntax)
            .Select(Signature);

    private static string Signature(MemberDeclarationSyntax member) => string.Concat(member.ChildNodesAndTokens()
        .Where(static part =>
            !part.IsKind(SyntaxKind.Block)
                && !part.IsKind(SyntaxKind.ArrowExpressionClause)
                && part.AsNode() is not MemberDeclarationSyntax)
        .Select(static part => part.ToString()));

    /// <summary>
    /// A comment or directive that is no longer there as often; null where all are, but for those of a member that is gone.
    /// </summary>
    public static string? LostRemark(SyntaxNode before, SyntaxNode after)
    {
        var left = Remarks(after).GroupBy(Text).ToDictionary(static same => same.Key, static same => same.Count());
        Dictionary<string, int>? gone = null;
        foreach (var remark in Remarks(before))
        {
            if (left.TryGetValue(Text(remark), out var count) && count > 0)
            {
                left[Text(remark)] = count - 1;
            }
            else if (remark.Token.Parent?.FirstAncestorOrSelf<MemberDeclarationSyntax>() is not { } member
                || (gone ??= Gone(before, after)).GetValueOrDefault(Signature(member)) <= 0)
            {
                return Text(remark);
            }
        }

        return null;

        static string Text(SyntaxTrivia trivia) => trivia.ToString().Trim();
    }

    /// <summary>How many members of a signature are no longer there.</summary>
    private static Dictionary<string, int> Gone(SyntaxNode before, SyntaxNode after)
    {
        var gone = Signatures(before).GroupBy(static text => text).ToDictionary(static same => same.Key, static same => same.Count());
        foreach (var signature in Signatures(after))
        {
            gone[signature] = gone.GetValueOrDefault(signature) - 1;
        }

        return gone;
    }

    /// <summary>Whether the same was done; a new variable is named after what is there at that time.</summary>
    public static bool AreSameButForNames(SourceText one, SourceText other)
    {
        if (one.ContentEquals(other))
        {
            return true;
        }

        var (tokens, others) = (Tokens(one), Tokens(other));
        return tokens.Count == others.Count && tokens.Zip(others).All(static pair =>
            pair.First.ToString() == pair.Second.ToString()
                || (pair.First.IsKind(SyntaxKind.IdentifierToken) && pair.Second.IsKind(SyntaxKind.IdentifierToken)));

        static List<SyntaxToken> Tokens(SourceText text) =>
            [.. CSharpSyntaxTree.ParseText(text, FieldRun.ParseOptions).GetRoot().DescendantTokens()];
    }

    private static IEnumerable<SyntaxTrivia> Remarks(SyntaxNode root) => root.DescendantTrivia().Where(static trivia =>
        trivia.IsDirective || trivia.Kind() is SyntaxKind.SingleLineCommentTrivia or SyntaxKind.MultiLineCommentTrivia);
}
