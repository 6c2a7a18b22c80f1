using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Simplification;

namespace WeakRefAnalyzers.Fixes;

/// <summary>
/// New code from its text, laid out by the formatter; names that start with <c>global::</c> become as short as the file's usings allow.
/// </summary>
internal static class Parsed
{
    public static TypeSyntax Type(string text) => Simplified(SyntaxFactory.ParseTypeName(text));

    /// <summary>The type's name, nullable or not as the symbol says.</summary>
    public static TypeSyntax Type(ITypeSymbol type) => Type(NameOf(type));

    /// <summary>The text of the type's name, for code that is parsed here.</summary>
    public static string NameOf(ITypeSymbol type) =>
        type.ToDisplayString(
            SymbolDisplayFormat.FullyQualifiedFormat.AddMiscellaneousOptions(
                SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier));

    public static ExpressionSyntax Expression(string text) => Formatted(SyntaxFactory.ParseExpression(text));

    public static StatementSyntax Statement(string text) => Formatted(SyntaxFactory.ParseStatement(text));

    /// <summary>Members of a class.</summary>
    public static MemberDeclarationSyntax[] Members(string text) =>
        [.. ((TypeDeclarationSyntax)SyntaxFactory.ParseMemberDeclaration("class C\n{\n" + text + "\n}")!).Members.Select(Formatted)];

    private static T Formatted<T>(T node)
        where T : SyntaxNode => Simplified(node).WithAdditionalAnnotations(Formatter.Annotation);

    private static T Simplified<T>(T node)
        where T : SyntaxNode
    {
        var names = node.DescendantNodesAndSelf()
            .Where(static name => name is AliasQualifiedNameSyntax { Alias.Identifier.RawKind: (int)SyntaxKind.GlobalKeyword })
                .Select(Whole).ToList();
        return names.Count == 0 ? node : node.ReplaceNodes(names, static (_, name) =>
            name.WithAdditionalAnnotations(Simplifier.Annotation));
    }

    /// <summary>
    /// All of the name that begins with <c>global::</c>; of an expression no member behind the type is known here, so each step may
    /// shorten.
    /// </summary>
    private static SyntaxNode Whole(SyntaxNode name)
    {
        while (name.Parent is QualifiedNameSyntax qualified && qualified.Left == name)
        {
            name = qualified;
        }

        // global::System.GC.KeepAlive(…): the type is what stands before the last name.
        while (name.Parent is MemberAccessExpressionSyntax { Parent: MemberAccessExpressionSyntax } access && access.Expression == name)
        {
            name = access;
        }

        return name;
    }
}
