using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WeakRefAnalyzers.Reading;

/// <summary>Where null is one of the answers that callers get anyway: a target found dead is no surprise to them.</summary>
internal sealed class NullAnswers
{
    private readonly Dictionary<SyntaxNode, bool> _known = [];

    /// <summary>Whoever gets the out parameter has to expect null, by its declaration.</summary>
    public static bool CanBeNull(IParameterSymbol parameter) => parameter.NullableAnnotation == NullableAnnotation.Annotated
        && !parameter.GetAttributes().Any(static attribute => attribute.AttributeClass?.Name == "NotNullWhenAttribute");

    /// <summary>The method whose answer this is may answer null.</summary>
    public bool CanBeNull(SyntaxNode returned)
    {
        foreach (var node in returned.AncestorsAndSelf())
        {
            switch (node)
            {
                case MethodDeclarationSyntax { ReturnType: var type } method when IsNullable(type) || IsMarked(method.AttributeLists):
                case BasePropertyDeclarationSyntax { Type: var given } property when IsNullable(given) || IsMarked(property.AttributeLists):
                case AccessorDeclarationSyntax { Parent.Parent: BasePropertyDeclarationSyntax whole }
                    when IsNullable(whole.Type) || IsMarked(whole.AttributeLists):
                case LocalFunctionStatementSyntax { ReturnType: var local } when IsNullable(local):
                case ConversionOperatorDeclarationSyntax { Type: NullableTypeSyntax }
                    or OperatorDeclarationSyntax { ReturnType: NullableTypeSyntax }:
                    return true;
                case AnonymousFunctionExpressionSyntax { Parent: ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax step } }
                    when step.Parent is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "OfType" or "Where" }:
                    return true; // The next step of the pipeline drops nulls.
                case BaseMethodDeclarationSyntax or AccessorDeclarationSyntax or LocalFunctionStatementSyntax
                    or AnonymousFunctionExpressionSyntax or PropertyDeclarationSyntax:
                    if (!_known.TryGetValue(node, out var may))
                    {
                        _known.Add(node, may = node.DescendantNodes().Any(static inner =>
                            inner.Kind() is SyntaxKind.NullLiteralExpression or SyntaxKind.DefaultLiteralExpression
                                or SyntaxKind.DefaultExpression && IsResult((ExpressionSyntax)inner)));
                    }

                    return may;
            }
        }

        return false;
    }

    /// <summary>Of a task or a sequence, what it gives.</summary>
    private static bool IsNullable(TypeSyntax type) => type is NullableTypeSyntax
        || (type is GenericNameSyntax { TypeArgumentList.Arguments: { Count: 1 } arguments } && arguments[0] is NullableTypeSyntax);

    private static bool IsMarked(SyntaxList<AttributeListSyntax> lists)
    {
        foreach (var list in lists)
        {
            foreach (var attribute in list.Attributes)
            {
                if (attribute.Name.ToString().Contains("MaybeNull"))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>A literal that is what the body gives back, or what it falls back to.</summary>
    private static bool IsResult(ExpressionSyntax literal)
    {
        SyntaxNode node = literal;
        while (node.Parent is CastExpressionSyntax or ParenthesizedExpressionSyntax
            || (node.Parent is ConditionalExpressionSyntax conditional && conditional.Condition != node)
            || (node.Parent is BinaryExpressionSyntax coalesce && coalesce.IsKind(SyntaxKind.CoalesceExpression))
            || node.Parent is SwitchExpressionArmSyntax { Parent: SwitchExpressionSyntax })
        {
            node = node.Parent is SwitchExpressionArmSyntax arm ? arm.Parent! : node.Parent!;
        }

        return node.Parent is ReturnStatementSyntax or ArrowExpressionClauseSyntax or AnonymousFunctionExpressionSyntax;
    }
}
