using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace WeakRefAnalyzers.Holding;

internal static partial class Delegates
{
    private static partial bool IsCachedHere(IDelegateCreationOperation creation)
    {
        var syntax = creation.Syntax;
        if (syntax is BaseObjectCreationExpressionSyntax
            || syntax.SyntaxTree.Options is not CSharpParseOptions { LanguageVersion: >= LanguageVersion.CSharp11 })
        {
            return false;
        }

        return syntax.FirstAncestorOrSelf<MemberDeclarationSyntax>() switch
        {
            ConstructorDeclarationSyntax or FieldDeclarationSyntax => !IsStatic(syntax),
            PropertyDeclarationSyntax { Initializer: { } initializer } when initializer.Span.Contains(syntax.Span) => !IsStatic(syntax),
            _ => true,
        };

        static bool IsStatic(SyntaxNode syntax) =>
            syntax.FirstAncestorOrSelf<MemberDeclarationSyntax>()!.Modifiers.Any(SyntaxKind.StaticKeyword);
    }
}
