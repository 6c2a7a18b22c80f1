using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WeakRefAnalyzers.Fixes;

/// <summary>What stands around a weak read and changes nothing of its value: casts, parentheses and <c>!</c>.</summary>
internal static class ReadSyntax
{
    /// <summary>The read with the casts, parentheses and <c>!</c> around it.</summary>
    public static ExpressionSyntax Whole(ExpressionSyntax read)
    {
        while (true)
        {
            switch (Widest(read).Parent)
            {
                case ParenthesizedExpressionSyntax parenthesized:
                    read = parenthesized;
                    break;
                case CastExpressionSyntax cast:
                    read = cast;
                    break;
                case PostfixUnaryExpressionSyntax suppression when suppression.IsKind(SyntaxKind.SuppressNullableWarningExpression):
                    read = suppression;
                    break;
                case BinaryExpressionSyntax binary when binary.IsKind(SyntaxKind.AsExpression) && binary.Left == Widest(read):
                    read = binary;
                    break;
                default:
                    return Widest(read);
            }
        }
    }

    /// <summary>What is left of the expression without the casts, parentheses and <c>!</c> around it.</summary>
    public static ExpressionSyntax Core(ExpressionSyntax whole) => whole switch
    {
        ParenthesizedExpressionSyntax parenthesized => Core(parenthesized.Expression),
        CastExpressionSyntax cast => Core(cast.Expression),
        PostfixUnaryExpressionSyntax suppression when suppression.IsKind(SyntaxKind.SuppressNullableWarningExpression) =>
            Core(suppression.Operand),
        BinaryExpressionSyntax binary when binary.IsKind(SyntaxKind.AsExpression) => Core(binary.Left),
        _ => whole,
    };

    /// <summary><c>w?.Target</c> is one read.</summary>
    public static ExpressionSyntax Widest(ExpressionSyntax read) =>
        read.Parent is ConditionalAccessExpressionSyntax access && access.WhenNotNull == read ? Widest(access) : read;

    /// <summary>The type of the outermost cast.</summary>
    public static TypeSyntax? CastOf(ExpressionSyntax whole) => whole switch
    {
        ParenthesizedExpressionSyntax parenthesized => CastOf(parenthesized.Expression),
        PostfixUnaryExpressionSyntax suppression when suppression.IsKind(SyntaxKind.SuppressNullableWarningExpression) =>
            CastOf(suppression.Operand),
        CastExpressionSyntax { Type: NullableTypeSyntax nullable } => nullable.ElementType,
        CastExpressionSyntax cast => cast.Type,
        BinaryExpressionSyntax { Right: NullableTypeSyntax nullable } binary when binary.IsKind(SyntaxKind.AsExpression) =>
            nullable.ElementType,
        BinaryExpressionSyntax { Right: TypeSyntax type } binary when binary.IsKind(SyntaxKind.AsExpression) => type,
        _ => null,
    };

    /// <summary>It is compared with null, or with a pattern or type that null does not match.</summary>
    public static bool IsTestedForNull(ExpressionSyntax read)
    {
        var whole = Whole(read);
        return whole.Parent switch
        {
            IsPatternExpressionSyntax => true,
            BinaryExpressionSyntax { RawKind: (int)SyntaxKind.EqualsExpression or (int)SyntaxKind.NotEqualsExpression } binary =>
                (binary.Left == whole ? binary.Right : binary.Left).IsKind(SyntaxKind.NullLiteralExpression),
            BinaryExpressionSyntax { RawKind: (int)SyntaxKind.IsExpression or (int)SyntaxKind.CoalesceExpression } binary =>
                binary.Left == whole,
            _ => false,
        };
    }

    /// <summary>Without the <c>!</c> behind the variable, once it is known to be something.</summary>
    public static StatementSyntax WithoutSuppression(StatementSyntax statement, string variable)
    {
        var suppressed = statement.DescendantNodes().OfType<PostfixUnaryExpressionSyntax>().Where(node =>
            node.IsKind(SyntaxKind.SuppressNullableWarningExpression) && node.Operand is IdentifierNameSyntax name
                && name.Identifier.ValueText == variable);
        return statement.ReplaceNodes(suppressed, static (_, node) => ((PostfixUnaryExpressionSyntax)node).Operand.WithTriviaFrom(node));
    }

    /// <summary>Null there throws.</summary>
    public static bool IsDereferenced(ExpressionSyntax read)
    {
        var whole = Whole(read);
        return whole.Parent is AwaitExpressionSyntax or CommonForEachStatementSyntax or LockStatementSyntax
            || (whole.Parent is MemberAccessExpressionSyntax or ElementAccessExpressionSyntax or InvocationExpressionSyntax
                && whole.Parent.ChildNodes().First() == whole);
    }

    /// <summary>What a dereference goes to.</summary>
    public static ExpressionSyntax ReceiverOf(ExpressionSyntax use) => use switch
    {
        InvocationExpressionSyntax invocation => ReceiverOf(invocation.Expression),
        MemberAccessExpressionSyntax access => access.Expression,
        ElementAccessExpressionSyntax element => element.Expression,
        AwaitExpressionSyntax await => await.Expression,
        _ => use,
    };
}
