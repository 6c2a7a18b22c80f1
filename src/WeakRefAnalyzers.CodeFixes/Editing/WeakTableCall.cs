using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using WeakRefAnalyzers.Collections;

namespace WeakRefAnalyzers.Fixes;

/// <summary>What an operation on a dictionary with weak keys is on a ConditionalWeakTable.</summary>
internal static class WeakTableCall
{
    public const string Table = "System.Runtime.CompilerServices.ConditionalWeakTable`2";

    /// <summary>The same operation with the target itself as the key.</summary>
    public static (SyntaxNode Place, Action<SyntaxEditor> Apply)? Of(FixSite site, CollectionUse use, ExpressionSyntax target)
    {
        switch (use.Node)
        {
            case InvocationExpressionSyntax { ArgumentList.Arguments: var arguments } call when use.Member
                is "Add" or "TryGetValue" or "Remove" or "TryAdd"
                && Has(site, use.Member) && arguments.Count == (use.Member == "Remove" ? 1 : 2):
                return (call, editor => editor.ReplaceNode(arguments[0].Expression, target.WithTriviaFrom(arguments[0].Expression)));
            case InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access } call when use.Member == "ContainsKey"
                && site.Language.HasPatterns:
                return (call, editor =>
                    editor.ReplaceNode(
                        call,
                        call.WithExpression(access.WithName(SyntaxFactory.IdentifierName("TryGetValue")))
                            .WithArgumentList(SyntaxFactory.ParseArgumentList($"({target}, out _)"))
                                .WithTriviaFrom(call)));
            case InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access,
                ArgumentList.Arguments: { Count: 2 } arguments } call when use.Member == "GetOrAdd"
                && IsUnaware(site, arguments[1].Expression):
                return (call, editor =>
                {
                    editor.ReplaceNode(access.Name, SyntaxFactory.IdentifierName("GetValue").WithTriviaFrom(access.Name));
                    editor.ReplaceNode(arguments[0].Expression, target.WithTriviaFrom(arguments[0].Expression));
                });
            case ElementAccessExpressionSyntax
            {
                Parent: AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression } assignment
            } element when use.Member == "[]=" && IsStatement(site, assignment):
                return Assignment(site, element, assignment, target);
            default:
                return null;
        }
    }

    private static (SyntaxNode Place, Action<SyntaxEditor> Apply)? Assignment(FixSite site, ElementAccessExpressionSyntax element,
        AssignmentExpressionSyntax assignment, ExpressionSyntax target)
    {
        if (Has(site, "AddOrUpdate"))
        {
            return (assignment, editor =>
                editor.ReplaceNode(
                    assignment,
                    SyntaxFactory
                        .ParseExpression($"{element.Expression}.AddOrUpdate({target}, {assignment.Right})")
                        .WithTriviaFrom(assignment)));
        }

        // Older frameworks: out with the old entry, in with the new one. The key is named twice.
        return assignment.Parent is ExpressionStatementSyntax { Parent: BlockSyntax } statement
            && target is IdentifierNameSyntax or ThisExpressionSyntax
            ? (statement, editor =>
            {
                editor.InsertBefore(
                    statement,
                    Parsed.Statement($"{element.Expression}.Remove({target});")
                        .WithLeadingTrivia(statement.GetLeadingTrivia())
                        .WithTrailingTrivia(LineBreak.Of(statement)));
                editor.ReplaceNode(
                    statement,
                    Parsed
                        .Statement($"{element.Expression}.Add({target}, {assignment.Right});")
                        .WithTrailingTrivia(statement.GetTrailingTrivia()));
            })
            : null;
    }

    /// <summary>Whether the table has a public member of that name on this framework.</summary>
    public static bool Has(FixSite site, string member) =>
        site.Model.Compilation.GetTypeByMetadataName(Table)?.GetMembers(member).Any(static found =>
            found.DeclaredAccessibility == Accessibility.Public) == true;

    /// <summary>Its value is not used.</summary>
    private static bool IsStatement(FixSite site, AssignmentExpressionSyntax assignment) =>
        assignment.Parent is ExpressionStatementSyntax || (assignment.Parent is ArrowExpressionClauseSyntax arrow
            && ArrowBody.IsVoid(site, arrow));

    /// <summary>A lambda that does not ask for which key it makes a value.</summary>
    private static bool IsUnaware(FixSite site, ExpressionSyntax factory) => factory is SimpleLambdaExpressionSyntax lambda
        && site.Model.GetDeclaredSymbol(lambda.Parameter, site.Cancel) is { } parameter
        && !lambda.Body.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Any(name =>
            SymbolEqualityComparer.Default.Equals(site.Model.GetSymbolInfo(name, site.Cancel).Symbol, parameter));
}
