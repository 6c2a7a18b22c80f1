using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace WeakRefAnalyzers.Fixes;

/// <summary>What the lines of a file end with.</summary>
internal static class LineBreak
{
    public static SyntaxTrivia Of(SyntaxNode node) => SyntaxFactory.ElasticEndOfLine(In(node.SyntaxTree.GetText().ToString()) ?? "\n");

    /// <summary>The first one; null where there is but one line.</summary>
    public static string? In(string text)
    {
        var end = text.IndexOf('\n');
        return end < 0 ? null : end > 0 && text[end - 1] == '\r' ? "\r\n" : "\n";
    }

    /// <summary>The changed text with the ends that all lines of the original have; where those differ, as it is.</summary>
    public static string Restore(string original, string changed)
    {
        var unix = changed.Replace("\r\n", "\n");
        switch (In(original))
        {
            case "\r\n":
                return original.Replace("\r\n", "").IndexOf('\n') < 0 ? unix.Replace("\n", "\r\n") : changed;
            case "\n":
                return original.Contains("\r\n") ? changed : unix;
            default:
                return changed;
        }
    }
}
