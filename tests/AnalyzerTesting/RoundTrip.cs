namespace Microsoft.CodeAnalysis.Testing;

/// <summary>Compares a tree that a fix built with the one its text parses to.</summary>
internal static class RoundTrip
{
    /// <summary>The first difference, or null.</summary>
    public static string? Compare(SyntaxNodeOrToken built, SyntaxNodeOrToken parsed, bool compareTrivia)
    {
        if (built.RawKind != parsed.RawKind)
        {
            return Difference();
        }

        if (built.AsToken() is var token && built.IsToken)
        {
            var other = parsed.AsToken();
            return token.Text != other.Text
                || (compareTrivia && !(SameTrivia(token.LeadingTrivia, other.LeadingTrivia) && SameTrivia(token.TrailingTrivia, other.TrailingTrivia)))
                ? Difference()
                : null;
        }

        var children = built.ChildNodesAndTokens();
        var others = parsed.ChildNodesAndTokens();
        if (children.Count != others.Count)
        {
            return Difference();
        }

        for (var i = 0; i < children.Count; i++)
        {
            if (Compare(children[i], others[i], compareTrivia) is { } difference)
            {
                return difference;
            }
        }

        return null;

        string Difference() => $"built:  {Describe(built)}{Environment.NewLine}parsed: {Describe(parsed)}";
    }

    private static bool SameTrivia(SyntaxTriviaList built, SyntaxTriviaList parsed)
        => built.Count == parsed.Count
            && built.Zip(parsed).All(pair => pair.First.RawKind == pair.Second.RawKind && pair.First.ToFullString() == pair.Second.ToFullString());

    private static string Describe(SyntaxNodeOrToken part) => $"{(CSharp.SyntaxKind)part.RawKind} '{part.ToFullString()}'";
}
