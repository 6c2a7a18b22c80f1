using Microsoft.CodeAnalysis;

namespace WeakRefAnalyzers.Code;

/// <summary>Where each name of a file stands, in the order of the text.</summary>
internal sealed class NamesOfFile
{
    private NamesOfFile()
    {
    }

    public Dictionary<string, List<SyntaxToken>> At { get; } = new(StringComparer.OrdinalIgnoreCase);

    public static NamesOfFile Read(SyntaxTree tree)
    {
        var names = new NamesOfFile();
        foreach (var token in tree.GetRoot().DescendantTokens())
        {
            if (token.ValueText is { Length: > 0 } name && (char.IsLetter(name[0]) || name[0] == '_'))
            {
                if (!names.At.TryGetValue(name, out var tokens))
                {
                    names.At.Add(name, tokens = []);
                }

                tokens.Add(token);
            }
        }

        return names;
    }
}
