using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WeakRefAnalyzers.Fixes;

/// <summary>What a moved or removed line must not take with it.</summary>
internal static class Comments
{
    /// <summary>Anything but blanks and line ends: a directive too.</summary>
    public static bool AreIn(IEnumerable<SyntaxTrivia> trivia) => trivia.Any(IsComment);

    /// <summary>Between the braces of the body.</summary>
    public static bool AreInside(BaseMethodDeclarationSyntax method) => method.Body is { } body
        && AreIn(body.OpenBraceToken.TrailingTrivia.Concat(body.Statements.SelectMany(static statement => statement.DescendantTrivia()))
            .Concat(body.CloseBraceToken.LeadingTrivia));

    public static bool IsComment(SyntaxTrivia trivia) => !trivia.IsKind(SyntaxKind.WhitespaceTrivia)
        && !trivia.IsKind(SyntaxKind.EndOfLineTrivia);

    /// <summary>The next statement takes the place of the declaration, under its comments and its own.</summary>
    public static IEnumerable<SyntaxTrivia> Above(LocalDeclarationStatementSyntax declaration, SyntaxTriviaList next)
    {
        var above = declaration.GetLeadingTrivia();
        if (AreIn(declaration.GetTrailingTrivia()))
        {
            var indentation = above.Where(static trivia => trivia.IsKind(SyntaxKind.WhitespaceTrivia)).Reverse().Take(1);
            above = above.AddRange(declaration.GetTrailingTrivia().SkipWhile(static trivia => trivia.IsKind(SyntaxKind.WhitespaceTrivia)))
                .AddRange(indentation);
        }

        return !AreIn(next) ? above
            : AreIn(above) ? above.Take(above.Count - 1).Concat(next)
            : next.SkipWhile(static trivia => trivia.IsKind(SyntaxKind.EndOfLineTrivia));
    }
}
