using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Simplification;

namespace WeakRefAnalyzers.Fixes;

/// <summary>Adds IDisposable to a class.</summary>
internal static class Disposable
{
    public static ClassDeclarationSyntax Implement(ClassDeclarationSyntax type)
    {
        var disposable = SyntaxFactory.SimpleBaseType(Parsed.Type("global::System.IDisposable"));
        if (type.BaseList is { } bases)
        {
            var end = bases.Types.Last().GetTrailingTrivia();
            var types = bases.Types.Replace(bases.Types.Last(), bases.Types.Last().WithoutTrailingTrivia());
            return type.WithBaseList(bases.WithTypes(types.Add(disposable.WithTrailingTrivia(end))));
        }

        // The base list comes on the line of the name, so what ended that line now ends the list.
        var last = type.ChildNodes().OfType<ParameterListSyntax>().FirstOrDefault()?.CloseParenToken
            ?? type.TypeParameterList?.GreaterThanToken ?? type.Identifier;
        var colon = SyntaxFactory.Token(SyntaxKind.ColonToken).WithTrailingTrivia(SyntaxFactory.Space);
        return type
            .ReplaceToken(last, last.WithTrailingTrivia(SyntaxFactory.Space))
            .WithBaseList(SyntaxFactory.BaseList(
                colon,
                SyntaxFactory.SingletonSeparatedList<BaseTypeSyntax>(disposable.WithTrailingTrivia(last.TrailingTrivia))));
    }
}
