using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace WeakRefAnalyzers.Fixes;

/// <summary><c>target.M()</c> becomes <c>target?.M()</c>, where nothing is done with the value, or null is as good as any.</summary>
internal static class ConditionalAccess
{
    /// <summary>Where the value may be skipped.</summary>
    public static FixEdit? On(FixSite site, ExpressionSyntax receiver) => MayBeSkipped(site, ChainOf(receiver)) ? Write(site, receiver)
        : null;

    /// <summary>Whatever becomes of the value; null where the code has no <c>?.</c> there.</summary>
    public static FixEdit? Write(FixSite site, ExpressionSyntax receiver)
    {
        var (token, mark) = receiver.Parent switch
        {
            MemberAccessExpressionSyntax access when access.Expression == receiver => (access.OperatorToken, "?"),
            ElementAccessExpressionSyntax element when element.Expression == receiver => (element.ArgumentList.OpenBracketToken, "?"),
            InvocationExpressionSyntax call when call.Expression == receiver => (call.ArgumentList.OpenParenToken, "?.Invoke"),
            _ => default,
        };
        if (token == default || !site.Language.HasNullConditional
            || site.Model.GetTypeInfo(receiver, site.Cancel).Type is not { IsReferenceType: true, TypeKind: not TypeKind.Dynamic })
        {
            return null;
        }

        var chain = ChainOf(receiver);
        return new FixEdit(chain, editor =>
        {
            var text = chain.ToString().Insert(token.SpanStart - chain.SpanStart, mark);
            if (receiver is PostfixUnaryExpressionSyntax suppression)
            {
                text = text.Remove(suppression.OperatorToken.SpanStart - chain.SpanStart, 1);
            }

            editor.ReplaceNode(chain, SyntaxFactory.ParseExpression(text, options: chain.SyntaxTree.Options).WithTriviaFrom(chain));
        });
    }

    /// <summary>The member accesses, calls and indices that hang on the expression.</summary>
    public static ExpressionSyntax ChainOf(ExpressionSyntax expression) => expression.Parent switch
    {
        MemberAccessExpressionSyntax access when access.Expression == expression => ChainOf(access),
        InvocationExpressionSyntax invocation when invocation.Expression == expression => ChainOf(invocation),
        ElementAccessExpressionSyntax element when element.Expression == expression => ChainOf(element),
        ConditionalAccessExpressionSyntax conditional => ChainOf(conditional),
        PostfixUnaryExpressionSyntax suppression when suppression.IsKind(SyntaxKind.SuppressNullableWarningExpression) =>
            ChainOf(suppression),
        _ => expression,
    };

    private static bool MayBeSkipped(FixSite site, ExpressionSyntax chain)
    {
        if (chain.Parent is ExpressionStatementSyntax)
        {
            return true;
        }

        var type = site.Model.GetTypeInfo(chain, site.Cancel).Type;
        var method = site.Model.GetEnclosingSymbol(chain.SpanStart, site.Cancel) as IMethodSymbol;
        switch (chain.Parent)
        {
            case ArrowExpressionClauseSyntax or AnonymousFunctionExpressionSyntax when method is { ReturnsVoid: true }:
                return true;
            case ArrowExpressionClauseSyntax or ReturnStatementSyntax when method is { IsAsync: false,
                MethodKind: not MethodKind.AnonymousFunction }:
                return TakesNull(method.ReturnType, type);
            case EqualsValueClauseSyntax { Parent.Parent: VariableDeclarationSyntax { Type: NullableTypeSyntax declared } }:
                return TakesNull(site.Model.GetTypeInfo(declared, site.Cancel).Type, type);
            case BinaryExpressionSyntax coalesce when coalesce.IsKind(SyntaxKind.CoalesceExpression):
                return coalesce.Left == chain && type is { IsReferenceType: true };
            case ArgumentSyntax argument when site.Model.GetOperation(argument,
                site.Cancel) is IArgumentOperation { ArgumentKind: ArgumentKind.Explicit, Parameter: { RefKind: RefKind.None } parameter }:
                return type is { IsReferenceType: true } && TakesNull(parameter.Type, type);
            default:
                return false;
        }
    }

    private static bool TakesNull(ITypeSymbol? target, ITypeSymbol? value) =>
        target?.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T ? value is { IsValueType: true, IsRefLikeType: false }
            : target is { IsReferenceType: true, NullableAnnotation: NullableAnnotation.Annotated } && value is { IsReferenceType: true };
}
