using System.Text;

namespace Microsoft.CodeAnalysis.Testing;

internal static class TextDiff
{
    /// <summary>Line by line; what a line of text cannot show (carriage returns, a missing last line end) is spelled out.</summary>
    public static string Render(string expected, string actual)
    {
        var (a, b) = (Lines(expected), Lines(actual));

        // Length of the longest common subsequence of what follows line i of the one and line j of the other.
        var common = new int[a.Length + 1, b.Length + 1];
        for (var i = a.Length - 1; i >= 0; i--)
        {
            for (var j = b.Length - 1; j >= 0; j--)
            {
                common[i, j] = a[i] == b[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
            }
        }

        var text = new StringBuilder();
        for (int i = 0, j = 0; i < a.Length || j < b.Length;)
        {
            if (i < a.Length && j < b.Length && a[i] == b[j])
            {
                text.Append(' ').AppendLine(a[i++]);
                j++;
            }
            else if (j == b.Length || (i < a.Length && common[i + 1, j] >= common[i, j + 1]))
            {
                text.Append('-').AppendLine(a[i++]);
            }
            else
            {
                text.Append('+').AppendLine(b[j++]);
            }
        }

        return text.ToString();
    }

    private static string[] Lines(string text)
    {
        var lines = text.Replace("\r", "<CR>", StringComparison.Ordinal).Split('\n');
        if (lines[^1].Length == 0)
        {
            return lines[..^1];
        }

        lines[^1] += "<no line end>";
        return lines;
    }
}
