using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Simplification;

namespace WeakRefAnalyzers.Fixes;

/// <summary>Has the resurrected object finalized again. Not offered for a delegate: it would be queued again each time.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class WREF506_ReRegister() : WeakFix("Register the object for finalization again", "WREF506")
{
    private protected override FixEdit? Edit(FixSite site)
    {
        if (site.Node.FirstAncestorOrSelf<ExpressionStatementSyntax>() is not { } statement || !HandsOverThis(site.Node))
        {
            return null;
        }

        var register = Parsed.Statement("global::System.GC.ReRegisterForFinalize(this);");
        var lineEnd = statement.GetTrailingTrivia()
            .Where(trivia => trivia.IsKind(SyntaxKind.EndOfLineTrivia))
            .DefaultIfEmpty(SyntaxFactory.ElasticMarker);
        register = register.WithTrailingTrivia(lineEnd);
        return statement.Parent switch
        {
            BlockSyntax block => new FixEdit(block, editor => editor.InsertAfter(statement, register)),
            IfStatementSyntax or ElseClauseSyntax =>
                new FixEdit(
                    statement,
                    editor =>
                        editor.ReplaceNode(
                            statement,
                            SyntaxFactory.Block(statement.WithoutTrivia().WithTrailingTrivia(lineEnd), register.WithTrailingTrivia(lineEnd))
                                .WithTriviaFrom(statement)
                                .WithAdditionalAnnotations(Formatter.Annotation))),
            _ => null,
        };
    }

    private static bool HandsOverThis(SyntaxNode node) => node switch
    {
        AssignmentExpressionSyntax assignment =>
            assignment.Right is ThisExpressionSyntax && assignment.IsKind(SyntaxKind.SimpleAssignmentExpression),
        InvocationExpressionSyntax call => call.ArgumentList.Arguments.Any(argument => argument.Expression is ThisExpressionSyntax),
        _ => false,
    };
}
