using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace WeakRefAnalyzers.Fixes;

/// <summary>Makes the check and the use one read: the probe, or the null test of another read, becomes a pattern that names the target.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class WREF102_WREF103_ReadOnce() : WeakFix("Read the target once into a variable", "WREF102", "WREF103")
{
    private protected override FixEdit? Edit(FixSite site)
    {
        var cause = site.Root.FindNode(site.Diagnostic.AdditionalLocations[0].SourceSpan, getInnermostNodeForTie: true) as ExpressionSyntax;
        if (cause is null || site.Node is not ExpressionSyntax read || Check.Of(cause) is not { } check || TargetVariable.For(site, read) is not { } variable)
        {
            return null;
        }

        // A lambda that captured the variable would keep the target alive.
        if (read.FirstAncestorOrSelf<AnonymousFunctionExpressionSyntax>() != cause.FirstAncestorOrSelf<AnonymousFunctionExpressionSyntax>() || Region.Of(check) is not { } region)
        {
            return null;
        }

        var reads = region.Places.SelectMany(variable.ReadsIn).Where(found => !check.Expression.Span.Contains(found.Span)).ToList();
        if (!reads.Any(found => found.Span.Contains(read.Span)) || reads.Any(found => IsWritten(found) || found.Ancestors().TakeWhile(node => node != region.Scope).Any(static node => node is AnonymousFunctionExpressionSyntax)))
        {
            return null;
        }

        return new FixEdit(region.Scope, editor =>
        {
            var pattern = variable.Pattern(check.Negated).WithTriviaFrom(check.Expression).WithAdditionalAnnotations(Formatter.Annotation);
            var replaced = region.Scope.ReplaceNodes(reads.Append(check.Expression), (node, _) => node == check.Expression ? pattern : SyntaxFactory.IdentifierName(variable.Name).WithTriviaFrom(node));
            editor.ReplaceNode(region.Scope, replaced);
        });
    }

    private static bool IsWritten(ExpressionSyntax read) => read.Parent is AssignmentExpressionSyntax assignment && assignment.Left == read || read.Parent is ArgumentSyntax { RefKindKeyword.RawKind: not 0 };

    /// <summary>The condition that asks about the reference, and whether it is true of a dead one.</summary>
    private sealed record Check(ExpressionSyntax Expression, bool Negated)
    {
        public static Check? Of(ExpressionSyntax cause)
        {
            var whole = TargetVariable.Whole(cause);
            switch (whole.Parent)
            {
                case BinaryExpressionSyntax binary when binary.IsKind(SyntaxKind.NotEqualsExpression) && IsNull(binary, whole):
                    return new Check(binary, false);
                case BinaryExpressionSyntax binary when binary.IsKind(SyntaxKind.EqualsExpression) && IsNull(binary, whole):
                    return new Check(binary, true);
                case IsPatternExpressionSyntax { Pattern: ConstantPatternSyntax { Expression.RawKind: (int)SyntaxKind.NullLiteralExpression } } pattern:
                    return new Check(pattern, true);
                case IsPatternExpressionSyntax { Pattern: UnaryPatternSyntax { Pattern: ConstantPatternSyntax { Expression.RawKind: (int)SyntaxKind.NullLiteralExpression } } } pattern:
                    return new Check(pattern, false);
                case PrefixUnaryExpressionSyntax not when not.IsKind(SyntaxKind.LogicalNotExpression):
                    return new Check(not, true);
                case BinaryExpressionSyntax binary when binary.IsKind(SyntaxKind.LogicalAndExpression) || binary.IsKind(SyntaxKind.LogicalOrExpression):
                case IfStatementSyntax or WhileStatementSyntax or ConditionalExpressionSyntax:
                    return IsProbe(cause) ? new Check(whole, false) : null;
                default:
                    return null;
            }
        }

        private static bool IsNull(BinaryExpressionSyntax binary, ExpressionSyntax operand) =>
            (binary.Left == operand ? binary.Right : binary.Left).IsKind(SyntaxKind.NullLiteralExpression);

        private static bool IsProbe(ExpressionSyntax cause) => cause is MemberAccessExpressionSyntax or IdentifierNameSyntax or InvocationExpressionSyntax;
    }

    /// <summary>Where a variable that the check declares is in scope and assigned, and the one node that holds it all.</summary>
    private sealed record Region(SyntaxNode Scope, IReadOnlyList<SyntaxNode> Places)
    {
        public static Region? Of(Check check)
        {
            var places = new List<SyntaxNode>();
            ExpressionSyntax condition = check.Expression;
            var chain = check.Negated ? SyntaxKind.LogicalOrExpression : SyntaxKind.LogicalAndExpression;
            while (condition.Parent is BinaryExpressionSyntax binary && binary.IsKind(chain) || condition.Parent is ParenthesizedExpressionSyntax)
            {
                if (condition.Parent is BinaryExpressionSyntax outer && outer.Left == condition)
                {
                    places.Add(outer.Right);
                }

                condition = (ExpressionSyntax)condition.Parent!;
            }

            switch (condition.Parent)
            {
                case IfStatementSyntax branch when !check.Negated:
                    return new Region(branch, [.. places, branch.Statement]);
                case IfStatementSyntax { Else: null, Parent: BlockSyntax block } exit when Exits(exit.Statement):
                    return new Region(block, [.. places, .. block.Statements.Where(statement => statement.SpanStart > exit.Span.End)]);
                case IfStatementSyntax { Else: { } @else } branch:
                    return new Region(branch, [.. places, @else.Statement]);
                case WhileStatementSyntax loop when !check.Negated:
                    return new Region(loop, [.. places, loop.Statement]);
                case ConditionalExpressionSyntax conditional when conditional.Condition == condition:
                    return new Region(conditional, [.. places, check.Negated ? conditional.WhenFalse : conditional.WhenTrue]);
                default:
                    return places.Count == 0 || condition.Parent is IfStatementSyntax ? null : new Region(condition, places);
            }
        }

        private static bool Exits(StatementSyntax statement) => statement switch
        {
            BlockSyntax { Statements: { Count: > 0 } statements } => Exits(statements.Last()),
            ReturnStatementSyntax or ThrowStatementSyntax or ContinueStatementSyntax or BreakStatementSyntax => true,
            _ => false,
        };
    }
}
