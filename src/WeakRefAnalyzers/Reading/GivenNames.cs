using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using WeakRefAnalyzers.Code;

namespace WeakRefAnalyzers.Reading;

/// <summary>
/// The names of members whose values a body may give back, or rest its answer on: what is returned, yielded, put into variables or
/// asked, and not what only leads to it.
/// </summary>
internal readonly struct GivenNames
{
    /// <summary>Deeper code is no wrapper.</summary>
    private const int MaxDepth = 12;

    private readonly HashSet<string> _own = new(StringComparer.Ordinal);
    private readonly HashSet<string> _others = new(StringComparer.Ordinal);

    public GivenNames(SyntaxNode body)
    {
        switch (body)
        {
            case ArrowExpressionClauseSyntax arrow:
                Add(arrow.Expression, 0);
                break;
            case StatementSyntax statement:
                Add(statement, 0);
                break;
        }
    }

    /// <summary>Those of the type itself, or of a variable.</summary>
    public string[] Own => _own.ToArray();

    /// <summary>Those of some other object.</summary>
    public string[] OfOthers => _others.ToArray();

    private void Add(StatementSyntax? statement, int depth)
    {
        if (depth > MaxDepth)
        {
            return;
        }

        switch (statement)
        {
            case BlockSyntax block:
                foreach (var inner in block.Statements)
                {
                    Add(inner, depth + 1);
                }

                break;
            case ReturnStatementSyntax returned:
                Add(returned.Expression, depth + 1);
                break;
            case YieldStatementSyntax yielded:
                Add(yielded.Expression, depth + 1);
                break;
            case ExpressionStatementSyntax expression:
                Add(expression.Expression, depth + 1);
                break;
            case LocalDeclarationStatementSyntax declaration:
                foreach (var variable in declaration.Declaration.Variables)
                {
                    Add(variable.Initializer?.Value, depth + 1);
                }

                break;
            case IfStatementSyntax condition:
                Add(condition.Condition, depth + 1);
                Add(condition.Statement, depth + 1);
                Add(condition.Else?.Statement, depth + 1);
                break;
            case CommonForEachStatementSyntax loop:
                Add(loop.Expression, depth + 1);
                Add(loop.Statement, depth + 1);
                break;
            case LockStatementSyntax locked:
                Add(locked.Statement, depth + 1);
                break;
            case UsingStatementSyntax used:
                Add(used.Statement, depth + 1);
                break;
            case TryStatementSyntax attempt:
                Add(attempt.Block, depth + 1);
                break;
        }
    }

    private void Add(ExpressionSyntax? expression, int depth)
    {
        if (depth > MaxDepth)
        {
            return;
        }

        switch (expression)
        {
            case CastExpressionSyntax cast:
                Add(cast.Expression, depth + 1);
                break;
            case ParenthesizedExpressionSyntax parenthesized:
                Add(parenthesized.Expression, depth + 1);
                break;
            case PostfixUnaryExpressionSyntax suppression:
                Add(suppression.Operand, depth + 1);
                break;
            case PrefixUnaryExpressionSyntax negation:
                Add(negation.Operand, depth + 1);
                break;
            case AwaitExpressionSyntax wait:
                Add(wait.Expression, depth + 1);
                break;
            case AssignmentExpressionSyntax assignment:
                Add(assignment.Right, depth + 1);
                break;
            case BinaryExpressionSyntax binary:
                Add(binary.Left, depth + 1);
                Add(binary.Right, depth + 1);
                break;
            case IsPatternExpressionSyntax pattern:
                Add(pattern.Expression, depth + 1);
                break;
            case ConditionalExpressionSyntax conditional:
                Add(conditional.Condition, depth + 1);
                Add(conditional.WhenTrue, depth + 1);
                Add(conditional.WhenFalse, depth + 1);
                break;
            case ConditionalAccessExpressionSyntax access:
                Add(access.WhenNotNull, depth + 1);
                break;
            case SwitchExpressionSyntax choice:
                Add(choice.GoverningExpression, depth + 1);
                foreach (var arm in choice.Arms)
                {
                    Add(arm.Expression, depth + 1);
                }

                break;
            case TupleExpressionSyntax tuple:
                foreach (var argument in tuple.Arguments)
                {
                    Add(argument.Expression, depth + 1);
                }

                break;
            case InvocationExpressionSyntax invocation:
                Add(invocation.Expression, depth + 1);
                break;
            case ElementAccessExpressionSyntax element:
                (element.Expression is ThisExpressionSyntax or BaseExpressionSyntax ? _own : _others).Add(SoughtNames.Indexer);
                break;
            default:
                if (Syntaxes.NameOf(expression) is { } name)
                {
                    var isOwn = expression is SimpleNameSyntax
                        or MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax or BaseExpressionSyntax };
                    (isOwn ? _own : _others).Add(name);
                }

                break;
        }
    }
}
