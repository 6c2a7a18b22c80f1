using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WeakRefAnalyzers.Fixes;

/// <summary>
/// <c>Where(w => w.IsAlive).Select(w => (T)w.Target)</c> becomes <c>Select(w => w.Target).OfType&lt;T&gt;()</c>: the target is read
/// first, and what is null drops out.
/// </summary>
internal static class LivePipeline
{
    public static FixEdit? Reorder(FixSite site, ExpressionSyntax cause, ExpressionSyntax read)
    {
        if (ReadSyntax.Whole(read) is not { Parent: SimpleLambdaExpressionSyntax map } whole
            || cause.Parent is not SimpleLambdaExpressionSyntax filter
            || CallOf(map, "Select") is not { } select || CallOf(filter, "Where") is not { } where
            || ((MemberAccessExpressionSyntax)select.Expression).Expression != where || map.Body != whole
            || TargetVariable.For(site, read) is not { } variable
            || site.Model.GetTypeInfo(read, site.Cancel).Type is not { } type)
        {
            return null;
        }

        var name = variable.Type?.WithoutTrivia().ToString()
            ?? type.WithNullableAnnotation(NullableAnnotation.NotAnnotated).ToMinimalDisplayString(site.Model, read.SpanStart);
        var ofType = SyntaxFactory.GenericName(SyntaxFactory.Identifier("OfType"),
            SyntaxFactory.TypeArgumentList(SyntaxFactory.SingletonSeparatedList(SyntaxFactory.ParseTypeName(name))));
        return new FixEdit(select, editor =>
        {
            // Each call keeps its dot and its line: the filter's place takes the read, the read's place the filter.
            var mapping = (MemberAccessExpressionSyntax)where.Expression;
            var reading = where.WithExpression(mapping.WithName(((MemberAccessExpressionSyntax)select.Expression)
                .Name.WithTriviaFrom(mapping.Name)))
                .WithArgumentList(select.ArgumentList.ReplaceNode(whole, read.WithTriviaFrom(whole)).WithTriviaFrom(where.ArgumentList));
            var filtering = (MemberAccessExpressionSyntax)select.Expression;
            editor.ReplaceNode(select, select.WithExpression(filtering.WithExpression(reading)
                .WithName(ofType.WithTriviaFrom(filtering.Name)))
                .WithArgumentList(SyntaxFactory.ArgumentList().WithTriviaFrom(select.ArgumentList)));
        });
    }

    private static InvocationExpressionSyntax? CallOf(LambdaExpressionSyntax lambda, string name) =>
        lambda.Parent is ArgumentSyntax { Parent: ArgumentListSyntax { Arguments.Count: 1,
            Parent: InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: { } called } } call
            } }
                && called == name
                ? call
                : null;
}
