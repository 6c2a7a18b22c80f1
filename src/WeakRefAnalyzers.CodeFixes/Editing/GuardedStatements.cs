using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace WeakRefAnalyzers.Fixes;

/// <summary>
/// Statements of one block that a check goes around together: from the first use of a target to the last one, and what hangs on them.
/// </summary>
internal sealed class GuardedStatements
{
    private readonly List<StatementSyntax> _statements;

    private GuardedStatements(List<StatementSyntax> statements) => _statements = statements;

    public int Count => _statements.Count;

    public IEnumerable<StatementSyntax> All => _statements;

    /// <summary>That statement and those behind it.</summary>
    public static List<StatementSyntax> Following(StatementSyntax first) => first.Parent switch
    {
        BlockSyntax block => block.Statements.Where(statement => statement.SpanStart >= first.SpanStart).ToList(),
        SwitchSectionSyntax section => section.Statements.Where(statement => statement.SpanStart >= first.SpanStart).ToList(),
        _ => [first],
    };

    /// <summary>From that statement on; null where the code cannot do without them once the target is gone.</summary>
    public static GuardedStatements? From(FixSite site, StatementSyntax first, Func<StatementSyntax, bool> isUsedIn)
    {
        var following = Following(first);
        var last = Math.Max(0, following.FindLastIndex(statement => isUsedIn(statement)));
        while (true)
        {
            var statements = following.GetRange(0, last + 1);
            if (first.Parent is LabeledStatementSyntax
                || statements.Any(static statement =>
                    statement is LocalFunctionStatementSyntax or LabeledStatementSyntax
                        or LocalDeclarationStatementSyntax { UsingKeyword.RawKind: not 0 }))
            {
                return null;
            }

            var data = site.Model.AnalyzeDataFlow(first, following[last]);
            var flow = site.Model.AnalyzeControlFlow(first, following[last]);
            if (data is not { Succeeded: true } || flow is not { Succeeded: true, EndPointIsReachable: true, EntryPoints.IsEmpty: true })
            {
                return null;
            }

            // What a variable declared among them is used for comes along; what is assigned must have had a value before.
            var declared = data.VariablesDeclared.Where(variable => data.ReadOutside.Contains(variable)
                || data.WrittenOutside.Contains(variable)).ToList();
            var further = following.FindLastIndex(statement => declared.Any(variable => Mentions(statement, variable.Name)));
            if (further > last)
            {
                last = further;
                continue;
            }

            return declared.Count > 0 || data.DataFlowsOut.Any(variable => !data.DefinitelyAssignedOnEntry.Contains(variable)) ? null
                : new GuardedStatements(statements);
        }
    }

    /// <summary>The check becomes part of the condition: a dead target skips the branch, or takes it where it leaves.</summary>
    public static FixEdit? InCondition(IfStatementSyntax branch, Func<bool, ExpressionSyntax> check, Func<StatementSyntax,
        StatementSyntax> rewrite)
    {
        var last = branch.Statement is BlockSyntax { Statements: { Count: > 0 } statements } ? statements.Last() : branch.Statement;
        if (last is ThrowStatementSyntax or GotoStatementSyntax or YieldStatementSyntax
            or ReturnStatementSyntax { Expression: not (null or LiteralExpressionSyntax) })
        {
            return null;
        }

        return new FixEdit(branch, editor =>
        {
            var leaves = last is ReturnStatementSyntax or ContinueStatementSyntax or BreakStatementSyntax;
            var inner = (IfStatementSyntax)rewrite(branch);
            var isLooser = inner.Condition is ConditionalExpressionSyntax or AssignmentExpressionSyntax
                or BinaryExpressionSyntax { RawKind: (int)SyntaxKind.CoalesceExpression }
                || (!leaves && inner.Condition.IsKind(SyntaxKind.LogicalOrExpression));
            var condition = isLooser ? SyntaxFactory.ParenthesizedExpression(inner.Condition) : inner.Condition;
            var both = SyntaxFactory.BinaryExpression(leaves ? SyntaxKind.LogicalOrExpression
                : SyntaxKind.LogicalAndExpression, check(leaves), condition);
            editor.ReplaceNode(branch, inner.WithCondition(both.WithAdditionalAnnotations(Formatter.Annotation)));
        });
    }

    /// <summary>
    /// Puts them under an <c>if</c>, which stands where the first of them stood, or in place of a statement that became the condition.
    /// </summary>
    public FixEdit Under(ExpressionSyntax condition, Func<StatementSyntax, StatementSyntax>? rewrite = null,
        StatementSyntax? instead = null)
    {
        var head = instead ?? _statements[0];
        var last = _statements[_statements.Count - 1];
        return new FixEdit(head.Parent!, editor =>
        {
            var body = _statements.Select(rewrite ?? (static statement => statement)).ToList();
            body[0] = instead is null ? body[0].WithLeadingTrivia() : body[0];
            body[body.Count - 1] = body[body.Count - 1].WithTrailingTrivia(SyntaxFactory.ElasticCarriageReturnLineFeed);
            var guard = SyntaxFactory.IfStatement(condition, SyntaxFactory.Block(body))
                .WithLeadingTrivia(head.GetLeadingTrivia()).WithTrailingTrivia(last.GetTrailingTrivia())
                    .WithAdditionalAnnotations(Formatter.Annotation);
            if (instead is not null && Comments.AreIn(instead.GetTrailingTrivia()))
            {
                guard = guard.WithCloseParenToken(guard.CloseParenToken.WithTrailingTrivia(instead.GetTrailingTrivia()));
            }

            foreach (var moved in _statements.Where(statement => statement != head))
            {
                editor.RemoveNode(moved, SyntaxRemoveOptions.KeepNoTrivia);
            }

            editor.ReplaceNode(head, guard);
        })
        {
            Nodes = instead is null ? _statements : [instead, .. _statements],
        };
    }

    private static bool Mentions(SyntaxNode node, string name) =>
        node.DescendantTokens().Any(token => token.IsKind(SyntaxKind.IdentifierToken) && token.ValueText == name);
}
