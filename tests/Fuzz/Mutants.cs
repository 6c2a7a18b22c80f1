using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Fuzz;

/// <summary>What is done to a file.</summary>
internal enum MutantKind
{
    Token,
    Statement,
    Member,
    File,
}

/// <summary>A file as somebody may have it who is typing, merging or moving code.</summary>
/// <param name="Kind">What was done.</param>
/// <param name="Text">The result.</param>
internal sealed record Mutant(MutantKind Kind, string Text)
{
    /// <summary>One change or a few to one of the sources; the same random numbers give the same.</summary>
    public static Mutant Of(IReadOnlyList<SyntaxTree> sources, Random random)
    {
        var tree = sources[random.Next(sources.Count)];
        var other = sources[random.Next(sources.Count)];
        var kind = (MutantKind)random.Next(4);
        var text = tree.GetText();
        for (var left = 1 + random.Next(3); left > 0; left--)
        {
            var root = CSharpSyntaxTree.ParseText(text, (CSharpParseOptions)tree.Options).GetRoot();
            text = kind switch
            {
                MutantKind.Token => Token(root, text, random),
                MutantKind.Statement => Part<StatementSyntax>(root, other.GetRoot(), text, random),
                MutantKind.Member => Part<MemberDeclarationSyntax>(root, other.GetRoot(), text, random),
                _ => File(text, other.GetText(), random),
            };
        }

        return new Mutant(kind, text.ToString());
    }

    /// <summary>A token goes, comes twice, changes places with another or is written like another.</summary>
    private static SourceText Token(SyntaxNode root, SourceText text, Random random)
    {
        var tokens = root.DescendantTokens().Where(static token => token.Span.Length > 0).ToList();
        if (tokens.Count == 0)
        {
            return text;
        }

        var (one, two) = (tokens[random.Next(tokens.Count)], tokens[random.Next(tokens.Count)]);
        return random.Next(4) switch
        {
            0 => text.Replace(one.Span, ""),
            1 => text.Replace(one.Span, one.Text + " " + one.Text),
            2 => text.Replace(one.Span, two.Text),
            _ => Swapped(text, one.Span, two.Span),
        };
    }

    /// <summary>A statement or member goes, comes twice, changes places with another, or comes from elsewhere.</summary>
    private static SourceText Part<T>(SyntaxNode root, SyntaxNode other, SourceText text, Random random)
        where T : SyntaxNode
    {
        var parts = root.DescendantNodes().OfType<T>().ToList();
        var foreign = other.DescendantNodes().OfType<T>().ToList();
        if (parts.Count == 0 || foreign.Count == 0)
        {
            return text;
        }

        var (one, two) = (parts[random.Next(parts.Count)], parts[random.Next(parts.Count)]);
        return random.Next(4) switch
        {
            0 => text.Replace(one.Span, ""),
            1 => text.Replace(one.Span, one + "\n" + one),
            2 => Swapped(text, one.Span, two.Span),
            _ => text.Replace(one.Span, foreign[random.Next(foreign.Count)].ToString()),
        };
    }

    /// <summary>A file that is cut off, lacks its middle, or is joined with another.</summary>
    private static SourceText File(SourceText text, SourceText other, Random random)
    {
        var (from, to) = (random.Next(text.Length + 1), random.Next(text.Length + 1));
        return random.Next(3) switch
        {
            0 => text.GetSubText(new TextSpan(0, from)),
            1 => text.Replace(TextSpan.FromBounds(Math.Min(from, to), Math.Max(from, to)), ""),
            _ => text.Replace(new TextSpan(from, 0), other.ToString()),
        };
    }

    private static SourceText Swapped(SourceText text, TextSpan one, TextSpan two) => one.IntersectsWith(two) ? text
        : text.WithChanges(new[] { new TextChange(one, text.ToString(two)), new TextChange(two, text.ToString(one)) }
            .OrderBy(static change => change.Span.Start));
}
