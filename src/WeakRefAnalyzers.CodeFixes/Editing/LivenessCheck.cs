using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WeakRefAnalyzers.Fixes;

/// <summary>The condition that asks about a reference, and where a variable that it declares would be in scope and assigned.</summary>
/// <param name="Expression">The condition.</param>
/// <param name="Negated">It is true of a dead reference.</param>
/// <param name="Asked">The probe or read in it.</param>
internal sealed record LivenessCheck(ExpressionSyntax Expression, bool Negated, ExpressionSyntax Asked)
{
    public static LivenessCheck? Of(ExpressionSyntax cause)
    {
        var whole = ReadSyntax.Whole(cause);
        var check = whole.Parent switch
        {
            BinaryExpressionSyntax binary when binary.IsKind(SyntaxKind.NotEqualsExpression) && IsNull(binary, whole) =>
                new LivenessCheck(binary, false, whole),
            BinaryExpressionSyntax binary when binary.IsKind(SyntaxKind.EqualsExpression) && IsNull(binary, whole) =>
                new LivenessCheck(binary, true, whole),
            BinaryExpressionSyntax binary when binary.IsKind(SyntaxKind.IsExpression) => new LivenessCheck(binary, false, whole),
            IsPatternExpressionSyntax { Pattern: UnaryPatternSyntax { Pattern: ConstantPatternSyntax constant } } pattern
                when constant.Expression.IsKind(SyntaxKind.NullLiteralExpression) =>
                new LivenessCheck(pattern, false, whole),
            IsPatternExpressionSyntax { Pattern: ConstantPatternSyntax constant } pattern when constant.Expression.IsKind(
                SyntaxKind.NullLiteralExpression) =>
                new LivenessCheck(pattern, true, whole),
            IsPatternExpressionSyntax { Pattern: RecursivePatternSyntax { Designation: null, PropertyPatternClause.Subpatterns.Count: 0,
                PositionalPatternClause: null } } pattern => new LivenessCheck(pattern, false, whole),
            _ => whole == cause ? new LivenessCheck(cause, false, cause) : null,
        };
        return check?.Outermost();
    }

    /// <summary>A condition that is true of a live reference.</summary>
    public static LivenessCheck Whole(ExpressionSyntax condition) => new LivenessCheck(condition, false, condition).Outermost();

    /// <summary>With the parentheses and negations around it.</summary>
    private LivenessCheck Outermost()
    {
        var check = this;
        while (check.Expression.Parent is ParenthesizedExpressionSyntax || check.Expression.Parent.IsKind(SyntaxKind.LogicalNotExpression))
        {
            var outer = (ExpressionSyntax)check.Expression.Parent!;
            check = check with { Expression = outer, Negated = check.Negated ^ outer is PrefixUnaryExpressionSyntax };
        }

        return check;
    }

    /// <summary>The places where the target is known to have been alive; null where no variable reaches them.</summary>
    public IReadOnlyList<SyntaxNode>? Places()
    {
        var places = new List<SyntaxNode>();
        var condition = Expression;
        var chain = Negated ? SyntaxKind.LogicalOrExpression : SyntaxKind.LogicalAndExpression;
        while (condition.Parent is ParenthesizedExpressionSyntax || condition.Parent.IsKind(chain))
        {
            if (condition.Parent is BinaryExpressionSyntax outer && outer.Left == condition)
            {
                places.Add(outer.Right);
            }

            condition = (ExpressionSyntax)condition.Parent;
        }

        switch (condition.Parent)
        {
            case IfStatementSyntax branch when !Negated:
                return [.. places, branch.Statement];
            case IfStatementSyntax { Else: null } exit when Leaves(exit.Statement):
                return [.. places, .. GuardedStatements.Following(exit).Skip(1)];
            case IfStatementSyntax { Else: { } otherwise }:
                return [.. places, otherwise.Statement];
            case WhileStatementSyntax loop when !Negated:
                return [.. places, loop.Statement];
            case ConditionalExpressionSyntax conditional when conditional.Condition == condition:
                return [.. places, Negated ? conditional.WhenFalse : conditional.WhenTrue];
            default:
                return places.Count == 0 ? null : places;
        }
    }

    /// <summary>The condition that also names the target; the old one is part of it where it asks for more than that.</summary>
    public ExpressionSyntax With(TargetVariable variable)
    {
        var asked = ReadSyntax.Core(Asked);
        var cast = ReadSyntax.CastOf(Asked) ?? ((Expression as BinaryExpressionSyntax)?.Right as TypeSyntax);
        if (variable.Reads.Ask(asked) && (cast is null || (variable.Type is { } type && SyntaxFactory.AreEquivalent(cast, type))))
        {
            return variable.Pattern(Negated, asked is ConditionalAccessExpressionSyntax ? asked : null);
        }

        return SyntaxFactory.BinaryExpression(Negated ? SyntaxKind.LogicalOrExpression
            : SyntaxKind.LogicalAndExpression, Expression.WithoutTrivia(), variable.Pattern(Negated));
    }

    private static bool IsNull(BinaryExpressionSyntax binary, ExpressionSyntax operand) =>
        (binary.Left == operand ? binary.Right : binary.Left).IsKind(SyntaxKind.NullLiteralExpression);

    private static bool Leaves(StatementSyntax statement) => statement switch
    {
        BlockSyntax { Statements: { Count: > 0 } statements } => Leaves(statements.Last()),
        ReturnStatementSyntax or ThrowStatementSyntax or ContinueStatementSyntax or BreakStatementSyntax => true,
        _ => false,
    };
}
