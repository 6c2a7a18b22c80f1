using Microsoft.CodeAnalysis;

namespace WeakRefAnalyzers.Code;

/// <summary>Source in messages.</summary>
internal static class Text
{
    /// <summary>The expression in one short line.</summary>
    public static string Of(SyntaxNode node)
    {
        var text = node.ToString();
        var end = text.IndexOfAny(['\r', '\n']);
        text = end < 0 ? text : text.Substring(0, end).TrimEnd() + " …";
        return text.Length <= 60 ? text : text.Substring(0, 59) + "…";
    }

    /// <summary>The same in quotation marks; a string literal has its own.</summary>
    public static string Quoted(SyntaxNode node) =>
        node.ChildNodesAndTokens() is { Count: 1 } parts && parts[0].IsToken
            && parts[0].AsToken().Text.EndsWith("\"", StringComparison.Ordinal) ? Of(node) : $"'{Of(node)}'";
}
