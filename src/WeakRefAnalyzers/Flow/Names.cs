using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WeakRefAnalyzers.Flow;

/// <summary>The last name of an expression: cheap to compare before a symbol is asked for.</summary>
internal static class Names
{
    public static string? Of(ExpressionSyntax? expression) => expression switch
    {
        SimpleNameSyntax name => name.Identifier.ValueText,
        MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
        MemberBindingExpressionSyntax binding => binding.Name.Identifier.ValueText,
        AliasQualifiedNameSyntax alias => alias.Name.Identifier.ValueText,
        DeclarationExpressionSyntax { Designation: SingleVariableDesignationSyntax designation } => designation.Identifier.ValueText,
        _ => null,
    };

    /// <summary>Whether the expression is <c>null</c> or <c>default</c>.</summary>
    public static bool IsNull(ExpressionSyntax? expression) => Strip(expression) is LiteralExpressionSyntax { Token.ValueText: "null" or "default" } or DefaultExpressionSyntax;

    /// <summary>The expression without parentheses, casts and <c>!</c>.</summary>
    public static ExpressionSyntax? Strip(ExpressionSyntax? expression) => expression switch
    {
        ParenthesizedExpressionSyntax parenthesized => Strip(parenthesized.Expression),
        CastExpressionSyntax cast => Strip(cast.Expression),
        PostfixUnaryExpressionSyntax { OperatorToken.ValueText: "!" } suppressed => Strip(suppressed.Operand),
        _ => expression,
    };
}
