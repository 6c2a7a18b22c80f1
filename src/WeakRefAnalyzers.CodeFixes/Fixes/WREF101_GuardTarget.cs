using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace WeakRefAnalyzers.Fixes;

/// <summary>Skips the use of a target that has been collected: by <c>?.</c> where nothing is done with the value, by an <c>if</c> around the statement elsewhere.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class WREF101_GuardTarget() : WeakFix("Use the target only while it is alive", "WREF101")
{
    private protected override FixEdit? Edit(FixSite site)
    {
        var read = site.Root.FindNode(site.Diagnostic.AdditionalLocations[0].SourceSpan, getInnermostNodeForTie: true);
        var use = site.Node.FirstAncestorOrSelf<ExpressionSyntax>();
        if (use is null || read is not ExpressionSyntax expression)
        {
            return null;
        }

        var direct = use.Span.Contains(read.Span);
        var receiver = direct ? TargetVariable.Whole(expression) : ReceiverOf(use) as IdentifierNameSyntax;
        return receiver is null ? null : ByConditionalAccess(receiver) ?? ByGuard(site, use, direct ? expression : null, receiver);
    }

    /// <summary><c>target.M();</c> becomes <c>target?.M();</c>.</summary>
    private static FixEdit? ByConditionalAccess(ExpressionSyntax receiver)
    {
        var chain = ChainOf(receiver);
        if (chain is not InvocationExpressionSyntax || receiver.Parent is not (MemberAccessExpressionSyntax or ElementAccessExpressionSyntax)
            || chain.Parent is not (ExpressionStatementSyntax or ArrowExpressionClauseSyntax { Parent: MethodDeclarationSyntax { ReturnType: PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.VoidKeyword } } }))
        {
            return null;
        }

        // Arguments that read the reference again would race with the check.
        if (chain.DescendantNodes().Any(node => node.RawKind == receiver.RawKind && node != receiver && SyntaxFactory.AreEquivalent(node, receiver)))
        {
            return null;
        }

        return new FixEdit(chain, editor =>
        {
            var rest = chain.ToFullString().Substring(receiver.Span.End - chain.FullSpan.Start);
            var guarded = SyntaxFactory.ParseExpression(receiver + "?" + rest.TrimStart());
            editor.ReplaceNode(chain, guarded.WithTriviaFrom(chain));
        });
    }

    private static FixEdit? ByGuard(FixSite site, ExpressionSyntax use, ExpressionSyntax? read, ExpressionSyntax receiver)
    {
        var statement = use.FirstAncestorOrSelf<StatementSyntax>();
        var inCondition = statement is IfStatementSyntax { Else: null } branch && branch.Condition.Span.Contains(use.Span);
        if (statement is null or { Parent: LabeledStatementSyntax } || !(inCondition || statement is ExpressionStatementSyntax or ForEachStatementSyntax or LockStatementSyntax)
            || statement.DescendantNodes().Any(static node => node is DeclarationExpressionSyntax or DeclarationPatternSyntax)
            || use.FirstAncestorOrSelf<AnonymousFunctionExpressionSyntax>() is { } lambda && statement.Span.Contains(lambda.Span))
        {
            return null;
        }

        if (statement is ForEachStatementSyntax each && !each.Expression.Span.Contains(use.Span) && each.Expression != use)
        {
            return null;
        }

        if (read is null)
        {
            var check = SyntaxFactory.ParseExpression(receiver.WithoutTrivia() + " != null");
            return Wrap(statement, statement, check, inCondition);
        }

        return TargetVariable.For(site, read) is { } variable
            ? Wrap(statement, variable.Replace(statement, variable.ReadsIn(statement)), variable.Pattern(), inCondition)
            : null;
    }

    private static FixEdit Wrap(StatementSyntax statement, StatementSyntax inner, ExpressionSyntax check, bool inCondition) => new(statement, editor =>
    {
        if (inCondition)
        {
            var branch = (IfStatementSyntax)inner;
            var condition = branch.Condition is BinaryExpressionSyntax binary && binary.Kind() is SyntaxKind.LogicalOrExpression or SyntaxKind.CoalesceExpression || branch.Condition is ConditionalExpressionSyntax or AssignmentExpressionSyntax
                ? SyntaxFactory.ParenthesizedExpression(branch.Condition) : branch.Condition;
            editor.ReplaceNode(statement, branch.WithCondition(SyntaxFactory.BinaryExpression(SyntaxKind.LogicalAndExpression, check, condition).WithAdditionalAnnotations(Formatter.Annotation)));
        }
        else
        {
            editor.ReplaceNode(statement, TargetVariable.Guard(inner, check));
        }
    });

    private static ExpressionSyntax? ReceiverOf(ExpressionSyntax use) => use switch
    {
        InvocationExpressionSyntax invocation => ReceiverOf(invocation.Expression),
        MemberAccessExpressionSyntax access => access.Expression,
        ElementAccessExpressionSyntax element => element.Expression,
        _ => use,
    };

    /// <summary>The member accesses, calls and indices that hang on the expression.</summary>
    private static ExpressionSyntax ChainOf(ExpressionSyntax expression) => expression.Parent switch
    {
        MemberAccessExpressionSyntax access when access.Expression == expression => ChainOf(access),
        InvocationExpressionSyntax invocation when invocation.Expression == expression => ChainOf(invocation),
        ElementAccessExpressionSyntax element when element.Expression == expression => ChainOf(element),
        _ => expression,
    };
}
