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
}
