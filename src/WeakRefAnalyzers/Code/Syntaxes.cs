using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WeakRefAnalyzers.Code;

/// <summary>What syntax says before a symbol is asked for.</summary>
internal static class Syntaxes
{
    /// <summary>The last name of an expression, whatever stands before it.</summary>
    public static string? NameOf(ExpressionSyntax? expression) => expression switch
    {
        SimpleNameSyntax name => name.Identifier.ValueText,
        MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
        MemberBindingExpressionSyntax binding => binding.Name.Identifier.ValueText,
        AliasQualifiedNameSyntax alias => alias.Name.Identifier.ValueText,
        DeclarationExpressionSyntax { Designation: SingleVariableDesignationSyntax designation } => designation.Identifier.ValueText,
        _ => null,
    };

    /// <summary>The name of a member of <c>this</c>, or of a variable.</summary>
    public static string? OwnNameOf(ExpressionSyntax? expression) => expression switch
    {
        IdentifierNameSyntax name => name.Identifier.ValueText,
        MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax } access => access.Name.Identifier.ValueText,
        _ => null,
    };

    /// <summary>Whether the expression is <c>null</c> or <c>default</c>.</summary>
    public static bool IsNull(ExpressionSyntax? expression) =>
        Strip(expression) is LiteralExpressionSyntax { Token.ValueText: "null" or "default" } or DefaultExpressionSyntax;

    /// <summary>Whether the expression is <c>[]</c>, for which the oldest Roslyn has no name.</summary>
    public static bool IsEmptyCollection(ExpressionSyntax expression) => expression.Span.Length == 2 && expression.ToString() == "[]";

    /// <summary>The expression without parentheses, casts and <c>!</c>.</summary>
    public static ExpressionSyntax? Strip(ExpressionSyntax? expression) => expression switch
    {
        ParenthesizedExpressionSyntax parenthesized => Strip(parenthesized.Expression),
        CastExpressionSyntax cast => Strip(cast.Expression),
        PostfixUnaryExpressionSyntax { OperatorToken.ValueText: "!" } suppressed => Strip(suppressed.Operand),
        _ => expression,
    };

    /// <summary>The member access that the name is the last part of, or the name alone.</summary>
    public static ExpressionSyntax Qualified(IdentifierNameSyntax name) =>
        name.Parent is MemberAccessExpressionSyntax access && access.Name == name ? access : name;

    /// <summary>The call of the method that the name is the last part of.</summary>
    public static InvocationExpressionSyntax? CallOf(IdentifierNameSyntax name)
    {
        var called = name.Parent is MemberBindingExpressionSyntax binding ? binding : Qualified(name);
        return called.Parent is InvocationExpressionSyntax call && call.Expression == called ? call : null;
    }

    /// <summary>The call of a member of the value: <c>x.M()</c>, <c>x!.M()</c>, <c>x?.M()</c>.</summary>
    public static InvocationExpressionSyntax? CallOn(ExpressionSyntax value)
    {
        while (value.Parent is ParenthesizedExpressionSyntax or CastExpressionSyntax or PostfixUnaryExpressionSyntax)
        {
            value = (ExpressionSyntax)value.Parent;
        }

        return value.Parent switch
        {
            MemberAccessExpressionSyntax access when access.Expression == value => access.Parent as InvocationExpressionSyntax,
            ConditionalAccessExpressionSyntax access when access.Expression == value =>
                access.WhenNotNull.DescendantNodesAndSelf().FirstOrDefault(static node =>
                    node is InvocationExpressionSyntax { Expression: MemberBindingExpressionSyntax }) as InvocationExpressionSyntax,
            _ => null,
        };
    }

    /// <summary>The expression with the parentheses and <c>!</c> around it: its parent says what is done with the value.</summary>
    public static ExpressionSyntax Outer(ExpressionSyntax expression)
    {
        while (expression.Parent is ParenthesizedExpressionSyntax or PostfixUnaryExpressionSyntax { OperatorToken.ValueText: "!" })
        {
            expression = (ExpressionSyntax)expression.Parent;
        }

        return expression;
    }

    public static bool IsLoop(SyntaxNode node) =>
        node is ForStatementSyntax or CommonForEachStatementSyntax or WhileStatementSyntax or DoStatementSyntax;

    public static bool IsFunction(SyntaxNode node) => node is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax;

    /// <summary>The lambda, local function, accessor or member whose code the node is part of: what one stack frame runs.</summary>
    public static SyntaxNode? FunctionOf(SyntaxNode node)
    {
        for (var current = node.Parent; current is not null; current = current.Parent)
        {
            if (IsFunction(current)
                || current is BaseMethodDeclarationSyntax or AccessorDeclarationSyntax or PropertyDeclarationSyntax
                or IndexerDeclarationSyntax or CompilationUnitSyntax)
            {
                return current;
            }
        }

        return null;
    }
}
