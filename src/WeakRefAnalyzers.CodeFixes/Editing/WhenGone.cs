using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WeakRefAnalyzers.Fixes;

/// <summary>
/// What a member does that has to return something of a target that is gone: return null, where its type may say so, or throw.
/// </summary>
internal static class WhenGone
{
    public const string NullTitle = "Return null once the target is gone";
    public const string ThrowTitle = "Throw ObjectDisposedException once the target is gone";

    /// <summary><c>T M() => target.P</c> becomes <c>T? M() => target?.P</c>.</summary>
    public static FixEdit? ReturnNull(FixSite site, ExpressionSyntax receiver)
    {
        var chain = ConditionalAccess.ChainOf(receiver);
        return TypeToReturn(site, chain) is { } type && ConditionalAccess.Write(site, receiver) is { } access
            ? access with
            {
                Title = NullTitle,
                Apply = editor =>
                {
                    access.Apply(editor);
                    editor.ReplaceNode(type, static (current, _) => current is NullableTypeSyntax ? current
                        : SyntaxFactory.NullableType(((TypeSyntax)current).WithoutTrailingTrivia())
                            .WithTrailingTrivia(current.GetTrailingTrivia()));
                },
            }
            : null;
    }

    /// <summary><c>target.P</c> becomes <c>(target ?? throw new ObjectDisposedException(nameof(Target))).P</c>.</summary>
    public static FixEdit? Throw(FixSite site, ExpressionSyntax receiver)
    {
        if (!site.Language.HasPatterns || !IsReturned(ConditionalAccess.ChainOf(receiver))
            || site.Model.GetTypeInfo(receiver, site.Cancel)
                .Type is not { IsReferenceType: true, TypeKind: not (TypeKind.Dynamic or TypeKind.Error) } type)
        {
            return null;
        }

        var value = Bare(receiver);
        if (value is CastExpressionSyntax { Type: not NullableTypeSyntax } cast
            && site.Model.GetNullableContext(receiver.SpanStart).AnnotationsEnabled())
        {
            value = cast.WithType(SyntaxFactory.NullableType(cast.Type));
        }

        var name = type is INamedTypeSymbol { SpecialType: SpecialType.None, IsGenericType: false } or ITypeParameterSymbol
            ? type.WithNullableAnnotation(NullableAnnotation.NotAnnotated).ToMinimalDisplayString(site.Model, receiver.SpanStart)
            : NameOf(ReadSyntax.Core(receiver));
        return new FixEdit(receiver, editor => editor.ReplaceNode(
            receiver, Parsed.Expression($"({value.WithoutTrivia()} ?? throw new global::System.ObjectDisposedException(nameof({name})))")
                .WithTriviaFrom(receiver)))
        {
            Title = ThrowTitle,
        };
    }

    private static bool IsReturned(ExpressionSyntax chain) => chain.FirstAncestorOrSelf<SyntaxNode>(static node =>
            node is StatementSyntax or AnonymousFunctionExpressionSyntax or QueryExpressionSyntax or ArrowExpressionClauseSyntax
                or MemberDeclarationSyntax) switch
        {
            ArrowExpressionClauseSyntax or ReturnStatementSyntax =>
                !chain.Ancestors().TakeWhile(static node => node is not MemberDeclarationSyntax)
                    .Any(static node => node is AnonymousFunctionExpressionSyntax),
            _ => false,
        };

    /// <summary>The type that the member around the returned expression is declared with, where it may become nullable.</summary>
    private static TypeSyntax? TypeToReturn(FixSite site, ExpressionSyntax chain)
    {
        if (chain.Parent is not (ArrowExpressionClauseSyntax or ReturnStatementSyntax)
            || site.Model.GetTypeInfo(chain, site.Cancel).Type is not { IsReferenceType: true })
        {
            return null;
        }

        var member = chain.FirstAncestorOrSelf<SyntaxNode>(static node =>
            node is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax or MemberDeclarationSyntax);
        var type = member switch
        {
            MethodDeclarationSyntax method => method.ReturnType,
            LocalFunctionStatementSyntax function => function.ReturnType,
            PropertyDeclarationSyntax property when property.AccessorList?.Accessors.Any(static accessor =>
                !accessor.IsKind(SyntaxKind.GetAccessorDeclaration)) != true => property.Type,
            _ => null,
        };
        return type is not null and not (NullableTypeSyntax or RefTypeSyntax)
            && site.Model.GetTypeInfo(type, site.Cancel).Type is { IsReferenceType: true }
            && site.Model.GetNullableContext(type.SpanStart).AnnotationsEnabled()
            && site.Model.GetDeclaredSymbol(member!, site.Cancel) is { } symbol && IsFree(symbol)
            ? type : null;
    }

    /// <summary>No base type or interface says what it returns.</summary>
    private static bool IsFree(ISymbol symbol) =>
        symbol is { IsOverride: false, IsVirtual: false, IsAbstract: false } and not IMethodSymbol { IsAsync: true }
        && (symbol is IMethodSymbol { MethodKind: MethodKind.LocalFunction }
            || !symbol.ContainingType.AllInterfaces.Any(type =>
                type.GetMembers(symbol.Name).Any(member => symbol.Equals(symbol.ContainingType.FindImplementationForInterfaceMember(member),
                    SymbolEqualityComparer.Default)))
                && symbol is not IMethodSymbol { ExplicitInterfaceImplementations.IsEmpty: false }
                    and not IPropertySymbol { ExplicitInterfaceImplementations.IsEmpty: false });

    /// <summary>Without the parentheses and <c>!</c> around it.</summary>
    private static ExpressionSyntax Bare(ExpressionSyntax receiver) => receiver switch
    {
        ParenthesizedExpressionSyntax parenthesized => Bare(parenthesized.Expression),
        PostfixUnaryExpressionSyntax suppression when suppression.IsKind(SyntaxKind.SuppressNullableWarningExpression) =>
            Bare(suppression.Operand),
        _ => receiver,
    };

    /// <summary>What the code calls the reference.</summary>
    private static string NameOf(ExpressionSyntax read) => read switch
    {
        InvocationExpressionSyntax call => NameOf(call.Expression),
        MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax or MemberAccessExpressionSyntax } access =>
            access.Expression.ToString(),
        IdentifierNameSyntax name => name.ToString(),
        _ => "System.WeakReference",
    };
}
