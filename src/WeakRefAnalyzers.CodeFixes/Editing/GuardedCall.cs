using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WeakRefAnalyzers.Fixes;

/// <summary><c>Target?.M(Target.P);</c> becomes <c>if (Target is { } t) { t.M(t.P); }</c>.</summary>
internal static class GuardedCall
{
    public static FixEdit? Of(FixSite site, ConditionalAccessExpressionSyntax access, ExpressionSyntax read)
    {
        if (access.Parent is not ExpressionStatementSyntax statement || !statement.Span.Contains(read.Span)
            || ReadSyntax.CastOf(ReadSyntax.Whole(read)) is not null
            || !SyntaxFactory.AreEquivalent(access.Expression, read) || TargetVariable.For(site, read) is not { } variable
            || !variable.Reads.AreStableIn(statement))
        {
            return null;
        }

        var guarded = GuardedStatements.From(site, statement, static _ => false);
        return guarded?.Under(variable.Pattern(), _ =>
        {
            var text = statement.ToString();
            foreach (var found in variable.ReadsIn(statement).Append(access.Expression).OrderByDescending(static found => found.SpanStart))
            {
                // The receiver comes last, with its question mark.
                var end = found == access.Expression ? access.OperatorToken.Span.End : found.Span.End;
                text = text.Remove(found.SpanStart - statement.SpanStart, end - found.SpanStart)
                    .Insert(found.SpanStart - statement.SpanStart, variable.Name);
            }

            return SyntaxFactory.ParseStatement(text, options: statement.SyntaxTree.Options).WithTriviaFrom(statement);
        });
    }
}
