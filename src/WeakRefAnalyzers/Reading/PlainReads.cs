using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Reading;

/// <summary>
/// Reads with which nothing can go wrong, as their syntax shows: null is asked for before anything else is done with what they give, in
/// the ways that nearly all code has. A body with no other read needs no flow graph, which costs more than all else.
/// </summary>
internal static class PlainReads
{
    public static bool Is(WeakRead read, BodyFacts body)
    {
        if (read.Operation.Syntax is not ExpressionSyntax syntax)
        {
            return false;
        }

        if (read.Kind == WeakReadKind.Try)
        {
            return read.Out?.Syntax is DeclarationExpressionSyntax { Designation: SingleVariableDesignationSyntax variable }
                && new Guards(syntax, isAlive: true) is var guards && AreAsked(variable.Identifier, ScopeOf(syntax), guards, body);
        }

        if (read.Kind != WeakReadKind.Value)
        {
            return false;
        }

        var value = Whole(syntax);
        return value.Parent switch
        {
            _ when IsNullTest(value.Parent, out var isAlive) => IsClear(new Guards((ExpressionSyntax)value.Parent!, isAlive), body),
            EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent.Parent: LocalDeclarationStatementSyntax } declared } =>
                AreAsked(declared.Identifier, ScopeOf(declared), default, body),
            IsPatternExpressionSyntax { Pattern: DeclarationPatternSyntax or RecursivePatternSyntax or UnaryPatternSyntax } test
                when DeclaredBy(test.Pattern, out var matches) is { } declared =>
                AreAsked(declared.Identifier, ScopeOf(test), new Guards(test, matches), body),
            _ => IsAsked(value),
        };
    }

    /// <summary>The variable that is the object if the pattern matches, or does not.</summary>
    private static SingleVariableDesignationSyntax? DeclaredBy(PatternSyntax pattern, out bool isAlive)
    {
        isAlive = pattern is not UnaryPatternSyntax;
        return (pattern is UnaryPatternSyntax { Pattern: var inner } ? inner : pattern) switch
        {
            DeclarationPatternSyntax { Designation: SingleVariableDesignationSyntax declared } => declared,
            RecursivePatternSyntax { Designation: SingleVariableDesignationSyntax declared } => declared,
            _ => null,
        };
    }

    /// <summary>Each use of the variable asks for null, or stands where that was asked.</summary>
    private static bool AreAsked(SyntaxToken variable, SyntaxNode? scope, Guards guards, BodyFacts body)
    {
        if (scope is null || !IsClear(guards, body))
        {
            return false;
        }

        foreach (var use in body.Named(variable.ValueText, TextSpan.FromBounds(variable.Span.End, scope.Span.End)))
        {
            if (use.Parent is MemberAccessExpressionSyntax access && access.Name == use)
            {
                continue; // Somebody else's member of that name.
            }

            if (Callees.IsAssigned(use))
            {
                return false;
            }

            if (guards.Contain(use))
            {
                // Handed on, the object may meet the null of the other way.
                if (!IsUsedUp(use))
                {
                    return false;
                }
            }
            else if (IsNullTest(Whole(use).Parent, out var isAlive))
            {
                guards = new Guards((ExpressionSyntax)Whole(use).Parent!, isAlive);
                if (!IsClear(guards, body))
                {
                    return false;
                }
            }
            else if (!IsAsked(use))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Nothing else becomes null where the test goes badly.</summary>
    private static bool IsClear(Guards guards, BodyFacts body) => !guards.MakesValue && !body.IsAnyAssignedIn(guards.MayJoin);

    /// <summary>With what is null where the expression is: casts, <c>as</c>, and the conditional access that it ends.</summary>
    private static ExpressionSyntax Whole(ExpressionSyntax value)
    {
        while (value.Parent is ParenthesizedExpressionSyntax or CastExpressionSyntax
            or PostfixUnaryExpressionSyntax { OperatorToken.ValueText: "!" }
            || (value.Parent is BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AsExpression } cast && cast.Left == value)
            || (value.Parent is ConditionalAccessExpressionSyntax access && access.WhenNotNull == value))
        {
            value = (ExpressionSyntax)value.Parent;
        }

        return value;
    }

    /// <summary>Whatever the value is, this goes well, and nothing rests on the answer but what stands here.</summary>
    private static bool IsAsked(ExpressionSyntax value)
    {
        value = Whole(value);
        return value.Parent switch
        {
            ConditionalAccessExpressionSyntax access => access.Expression == value && Whole(access).Parent
                is ExpressionStatementSyntax or ArrowExpressionClauseSyntax,
            BinaryExpressionSyntax { RawKind: (int)SyntaxKind.CoalesceExpression } or => or.Left == value && !Syntaxes.IsNull(or.Right),
            BinaryExpressionSyntax { RawKind: (int)SyntaxKind.IsExpression } => true,
            IsPatternExpressionSyntax { Pattern: var pattern } => IsOfObjects(pattern),
            _ => false,
        };
    }

    /// <summary>It declares nothing that would have to be looked after.</summary>
    private static bool IsOfObjects(PatternSyntax pattern) => pattern is ConstantPatternSyntax or TypePatternSyntax
        || (pattern is UnaryPatternSyntax { Pattern: var inner } && IsOfObjects(inner));

    /// <summary>Something is done with the object here: it is called, asked, or given away.</summary>
    private static bool IsUsedUp(ExpressionSyntax use) => Whole(use) is var value && value.Parent switch
    {
        MemberAccessExpressionSyntax or ConditionalAccessExpressionSyntax or ElementAccessExpressionSyntax or CommonForEachStatementSyntax
            or LockStatementSyntax or ExpressionStatementSyntax => true,
        InvocationExpressionSyntax call => call.Expression == value,
        ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax or BaseObjectCreationExpressionSyntax } => true,
        _ => IsAsked(use) || IsNullTest(value.Parent, out _),
    };

    private static bool IsNullTest(SyntaxNode? test, out bool isAlive)
    {
        isAlive = test is BinaryExpressionSyntax { RawKind: (int)SyntaxKind.NotEqualsExpression }
            or IsPatternExpressionSyntax { Pattern: UnaryPatternSyntax };
        return test switch
        {
            BinaryExpressionSyntax { RawKind: (int)SyntaxKind.NotEqualsExpression or (int)SyntaxKind.EqualsExpression } compared =>
                compared.Right.IsKind(SyntaxKind.NullLiteralExpression) || compared.Left.IsKind(SyntaxKind.NullLiteralExpression),
            IsPatternExpressionSyntax { Pattern: UnaryPatternSyntax { Pattern: var pattern } } => IsNull(pattern),
            IsPatternExpressionSyntax { Pattern: var pattern } => IsNull(pattern),
            _ => false,
        };
    }

    private static bool IsNull(PatternSyntax pattern) =>
        pattern is ConstantPatternSyntax { Expression: var constant } && constant.IsKind(SyntaxKind.NullLiteralExpression);

    private static SyntaxNode? ScopeOf(SyntaxNode node) => node.Ancestors().FirstOrDefault(static ancestor =>
        ancestor is BlockSyntax or SwitchSectionSyntax or ArrowExpressionClauseSyntax);

    /// <summary>The code that runs only where a test went well.</summary>
    private readonly struct Guards
    {
        private readonly TextSpan _inCondition;
        private readonly TextSpan _behind;

        /// <param name="test">The test.</param>
        /// <param name="isAlive">It is true where the object is there.</param>
        public Guards(ExpressionSyntax test, bool isAlive)
        {
            var condition = test;
            while (true)
            {
                if (condition.Parent is ParenthesizedExpressionSyntax)
                {
                    condition = (ExpressionSyntax)condition.Parent;
                }
                else if (condition.Parent is PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalNotExpression } not
                    && condition == test)
                {
                    (condition, test, isAlive) = (not, not, !isAlive);
                }
                else if (condition.Parent is BinaryExpressionSyntax both
                    && both.IsKind(isAlive ? SyntaxKind.LogicalAndExpression : SyntaxKind.LogicalOrExpression))
                {
                    condition = both;
                }
                else
                {
                    break;
                }
            }

            _inCondition = TextSpan.FromBounds(test.Span.End, condition.Span.End);
            if (condition.Parent is IfStatementSyntax choice)
            {
                var leaves = !isAlive && Leaves(choice.Statement);
                _behind = isAlive ? choice.Statement.Span
                    : leaves && choice.Parent is BlockSyntax or SwitchSectionSyntax
                        ? TextSpan.FromBounds(choice.Statement.Span.End, choice.Parent.Span.End)
                    : choice.Else?.Span ?? default;
                MayJoin = leaves ? default : choice.Span;
            }
            else if (condition.Parent is ConditionalExpressionSyntax value && value.Condition == condition)
            {
                MakesValue = true;
            }
        }

        /// <summary>The value of an expression rests on the test.</summary>
        public bool MakesValue { get; }

        /// <summary>What is assigned here is not assigned where the test went badly.</summary>
        public TextSpan MayJoin { get; }

        public bool Contain(SyntaxNode use) => _inCondition.Contains(use.Span) || _behind.Contains(use.Span);

        private static bool Leaves(StatementSyntax statement) => statement switch
        {
            ReturnStatementSyntax or ThrowStatementSyntax or ContinueStatementSyntax or BreakStatementSyntax => true,
            YieldStatementSyntax { RawKind: (int)SyntaxKind.YieldBreakStatement } => true,
            BlockSyntax { Statements: { Count: > 0 } statements } => Leaves(statements[statements.Count - 1]),
            _ => false,
        };
    }
}
