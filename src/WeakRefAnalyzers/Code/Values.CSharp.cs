using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace WeakRefAnalyzers.Code;

internal sealed partial class Values
{
    /// <summary>
    /// What the local is for certain where it is used: given to it last, by a statement that every way here passes. Null where that
    /// cannot be told.
    /// </summary>
    public static IOperation? ValueAt(ILocalReferenceOperation use, KnownFacts known)
    {
        var given = In(use, known).Of(use.Local);
        var place = use.Syntax;
        var next = FirstFrom(given, place.SpanStart);
        if (next == 0 || given[next - 1] is not { Value: { } value, Where: var where }
            || where.FirstAncestorOrSelf<StatementSyntax>() is not { Parent: { } block } statement
            || statement is not (ExpressionStatementSyntax { Expression: AssignmentExpressionSyntax } or LocalDeclarationStatementSyntax)
            || statement.Span.Contains(place.Span) || !block.Span.Contains(place.Span)
            || Operations.FunctionOf(value) != Operations.FunctionOf(use))
        {
            return null;
        }

        // A loop that begins behind the statement may come here again with what it gives the local further down.
        var end = 0;
        for (var around = place; around != block && around is not null; around = around.Parent)
        {
            end = Syntaxes.IsLoop(around) ? around.Span.End : end;
        }

        next += next < given.Count && given[next].Where == place ? 1 : 0;
        return next < given.Count && given[next].Where.SpanStart < end ? null : value;
    }
}
