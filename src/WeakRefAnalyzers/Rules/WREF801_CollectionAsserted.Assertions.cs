using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

/// <summary>
/// Tells whether code asserts that a target is dead. Judged by syntax: xunit, NUnit, MSTest, the fluent libraries and
/// <c>Debug.Assert</c> agree on the words, and half-built code has no symbols for them.
/// </summary>
internal static class Assertions
{
    /// <summary>What an expression says of the target.</summary>
    public enum Answer
    {
        /// <summary>The target, null when dead.</summary>
        Target,

        /// <summary>True while it lives.</summary>
        Alive,

        /// <summary>True once it is dead.</summary>
        Dead,
    }

    /// <summary>Whether the expression ends up in an assertion, or in a plain return, that the target is dead.</summary>
    public static bool SayDead(ExpressionSyntax expression, Answer answer, KnownFacts known, int hops = 2)
    {
        for (var node = expression; ;)
        {
            switch (node.Parent)
            {
                case PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalNotExpression } not:
                    answer = Not(answer);
                    node = not;
                    break;
                case BinaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalAndExpression or (int)SyntaxKind.LogicalOrExpression } both:
                    node = both;
                    break;
                case BinaryExpressionSyntax { RawKind: (int)SyntaxKind.EqualsExpression or (int)SyntaxKind.NotEqualsExpression } comparison:
                    if (Compared(answer, comparison.Left == node ? comparison.Right : comparison.Left) is not { } equal)
                    {
                        return false;
                    }

                    answer = comparison.IsKind(SyntaxKind.EqualsExpression) ? equal : Not(equal);
                    node = comparison;
                    break;
                case IsPatternExpressionSyntax { Pattern: var pattern } match:
                    var inner = pattern is UnaryPatternSyntax negated ? negated.Pattern : pattern;
                    var says = inner is ConstantPatternSyntax { Expression: var constant } ? Compared(answer, constant) : Answer.Alive;
                    if (says is not { } matched)
                    {
                        return false;
                    }

                    answer = pattern == inner ? matched : Not(matched);
                    node = match;
                    break;
                case BinaryExpressionSyntax { RawKind: (int)SyntaxKind.IsExpression } type:
                    answer = Answer.Alive;
                    node = type;
                    break;
                case ConditionalAccessExpressionSyntax access when access.WhenNotNull == node:
                    node = access;
                    break;
                case ParenthesizedExpressionSyntax or CastExpressionSyntax
                    or BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AsExpression } or PostfixUnaryExpressionSyntax:
                    node = (ExpressionSyntax)node.Parent;
                    break;
                case LambdaExpressionSyntax lambda when lambda.ExpressionBody == node:
                    node = lambda;
                    break;
                case ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax query } over }
                    when node is LambdaExpressionSyntax && query.Name.Identifier.ValueText is "All" or "Any" or "Count" or "Where"
                    && !Vocabulary.IsAsserter(Syntaxes.NameOf(query.Expression)):
                    node = over; // What is said of one element is said of them all.
                    break;
                case ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax call } argument:
                    return Asserts(call, argument, answer);
                case MemberAccessExpressionSyntax { Name.Identifier.ValueText: var name } access when access.Expression == node
                    && name.StartsWith("Should", StringComparison.Ordinal):
                    return Says(Chain(access), answer);
                case EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax declarator }:
                    return SaysLocal(declarator.Identifier.ValueText, declarator, answer, known, hops);
                case AssignmentExpressionSyntax { Left: IdentifierNameSyntax local,
                    Parent: ExpressionStatementSyntax } assignment when assignment.Right == node:
                    return SaysLocal(local.Identifier.ValueText, assignment, answer, known, hops);
                case IfStatementSyntax branch:
                    return answer == Answer.Alive && Fails(branch.Statement);
                case ReturnStatementSyntax:
                    return answer != Answer.Target;
                default:
                    return false;
            }
        }
    }

    /// <summary>Whether a local that was given the answer is asserted later in the same function, before it gets another.</summary>
    public static bool SaysLocal(string name, SyntaxNode after, Answer answer, KnownFacts known, int hops = 2)
    {
        if (hops == 0 || Syntaxes.FunctionOf(after) is not { } body)
        {
            return false;
        }

        foreach (var use in Members.Named(name, body, known, after.Span.End))
        {
            if (SayDead(use, answer, known, hops - 1))
            {
                return true;
            }

            if (use.Parent is AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression } again && again.Left == use
                && Syntaxes.FunctionOf(use) == body)
            {
                return false;
            }
        }

        return false;
    }

    /// <summary>Whether the function is handed to an assertion, or to a query over a collection, which runs it in place.</summary>
    public static bool RunsIn(SyntaxNode function) =>
        function.Parent is ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax call }
            && call.Expression is MemberAccessExpressionSyntax { Expression: var receiver }
            && (Vocabulary.IsAsserter(Syntaxes.NameOf(receiver))
                || call.Expression is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "All" or "Any" or "Count" or "Where" });

    private static bool Asserts(InvocationExpressionSyntax call, ArgumentSyntax argument, Answer answer)
    {
        var receiver = call.Expression is MemberAccessExpressionSyntax access ? Syntaxes.NameOf(access.Expression) ?? "" : null;
        if (receiver is not null && !Vocabulary.IsAsserter(receiver))
        {
            return false;
        }

        var arguments = call.ArgumentList.Arguments;
        var other = arguments.Count > 1 ? arguments[arguments[0] == argument ? 1 : 0].Expression : null;
        switch (Syntaxes.NameOf(call.Expression))
        {
            case "True" or "IsTrue" or "Assert" or "Assume":
                return answer == Answer.Dead;
            case "False" or "IsFalse" or "Empty" or "IsEmpty" or "DoesNotContain":
                return answer == Answer.Alive;
            case "Null" or "IsNull":
                return answer == Answer.Target;
            case "Equal" or "AreEqual" or "Same" or "AreSame":
                return Compared(answer, other) == Answer.Dead;
            case "NotEqual" or "AreNotEqual" or "NotSame" or "AreNotSame":
                return Compared(answer, other) == Answer.Alive;
            case "That" or "Expect" when call.Parent is MemberAccessExpressionSyntax chain:
                return Says(Chain(chain), answer);
            case "That" when other is null or LiteralExpressionSyntax or InterpolatedStringExpressionSyntax:
                return answer == Answer.Dead;
            case "That":
                return Says(other.DescendantTokens(), answer);
            default:
                return false;
        }
    }

    /// <summary>What comparing with the constant for equality says; null where it says nothing.</summary>
    private static Answer? Compared(Answer answer, ExpressionSyntax? constant) => Syntaxes.Strip(constant)?.Kind() switch
    {
        SyntaxKind.NullLiteralExpression when answer == Answer.Target => Answer.Dead,
        SyntaxKind.TrueLiteralExpression when answer != Answer.Target => answer,
        SyntaxKind.FalseLiteralExpression when answer != Answer.Target => Not(answer),
        SyntaxKind.NumericLiteralExpression when answer == Answer.Alive && constant!.ToString() == "0" => Answer.Dead, // How many live.
        _ => null,
    };

    private static Answer Not(Answer answer) => answer == Answer.Alive ? Answer.Dead : Answer.Alive;

    /// <summary>The tokens of the calls that follow: <c>.Should().BeFalse()</c>.</summary>
    private static IEnumerable<SyntaxToken> Chain(MemberAccessExpressionSyntax access)
    {
        SyntaxNode end = access;
        while (end.Parent is MemberAccessExpressionSyntax or InvocationExpressionSyntax)
        {
            end = end.Parent;
        }

        var start = access.OperatorToken.SpanStart;
        return end.DescendantTokens().Where(token => token.SpanStart > start);
    }

    /// <summary>Reads the words of a constraint or a fluent chain: Is.Not.True, Should().BeNull().</summary>
    private static bool Says(IEnumerable<SyntaxToken> words, Answer answer)
    {
        bool? result = null;
        var (target, not) = (false, false);
        foreach (var word in words)
        {
            if (word.IsKind(SyntaxKind.StringLiteralToken))
            {
                continue;
            }

            var text = word.ValueText;
            not |= text.Contains("Not");
            target |= text.EndsWith("Null", StringComparison.Ordinal) || text == "null";
            result = text.EndsWith("True", StringComparison.Ordinal) || text == "true"
                ? true : text.EndsWith("False", StringComparison.Ordinal) || text == "false" ? false : result;
        }

        return answer == Answer.Target ? target && !not : result is { } value && (value ^ not) == (answer == Answer.Dead);
    }

    private static bool Fails(StatementSyntax statement)
    {
        var last = statement is BlockSyntax block ? block.Statements.LastOrDefault() : statement;
        return last is ThrowStatementSyntax or ReturnStatementSyntax { Expression: LiteralExpressionSyntax or PrefixUnaryExpressionSyntax }
            || (last is ExpressionStatementSyntax { Expression: InvocationExpressionSyntax call }
                && Syntaxes.NameOf(call.Expression) == "Fail");
    }
}
