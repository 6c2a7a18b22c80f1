using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Simplification;

namespace WeakRefAnalyzers.Fixes;

/// <summary>A private field that a fix adds to keep something alive.</summary>
/// <param name="Owner">The type that gets it.</param>
/// <param name="Type">What it holds.</param>
/// <param name="Hint">What its name is made of.</param>
internal sealed record NewField(TypeDeclarationSyntax Owner, ITypeSymbol Type, string Hint)
{
    public bool IsStatic { get; init; }

    public bool IsReadOnly { get; init; }

    /// <summary>It has no value yet when a constructor ends.</summary>
    public bool StartsNull { get; init; }

    public ExpressionSyntax? Value { get; init; }

    /// <summary>The member to stand before; by default the first that is no field.</summary>
    public MemberDeclarationSyntax? Before { get; init; }

    /// <summary>Whether source can say the field: its type has a name, and none that only a method knows.</summary>
    public bool IsPossible => IsSayable(Type) && (IsStatic || Owner is ClassDeclarationSyntax or RecordDeclarationSyntax { ClassOrStructKeyword.RawKind: not (int)SyntaxKind.StructKeyword });

    /// <summary>Adds the field and returns its name, which no other edit of the same editor took.</summary>
    public IdentifierNameSyntax Insert(SyntaxEditor editor)
    {
        var taken = new HashSet<string>(editor.GetChangedRoot().DescendantTokens().Where(token => token.IsKind(SyntaxKind.IdentifierToken)).Select(token => token.ValueText), StringComparer.Ordinal);
        var plain = Owner.Members.OfType<FieldDeclarationSyntax>().Any(field => !field.Modifiers.Any(SyntaxKind.ConstKeyword) && field.Declaration.Variables[0].Identifier.ValueText is { Length: > 0 } other && char.IsLower(other[0]) && !other.Contains('_'));
        var stem = Hint.TrimStart('_', '@');
        stem = (plain ? "" : "_") + char.ToLowerInvariant(stem[0]) + stem.Substring(1);
        var name = stem;
        for (var number = 2; taken.Contains(name) || SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None; number++)
        {
            name = stem + number;
        }

        var type = (TypeSyntax)editor.Generator.TypeExpression(StartsNull ? Type.WithNullableAnnotation(NullableAnnotation.Annotated) : Type.WithNullableAnnotation(NullableAnnotation.NotAnnotated));
        var modifiers = new List<SyntaxToken> { SyntaxFactory.Token(SyntaxKind.PrivateKeyword) };
        if (IsStatic)
        {
            modifiers.Add(SyntaxFactory.Token(SyntaxKind.StaticKeyword));
        }

        if (IsReadOnly)
        {
            modifiers.Add(SyntaxFactory.Token(SyntaxKind.ReadOnlyKeyword));
        }

        var variable = SyntaxFactory.VariableDeclarator(name);
        variable = Value is null ? variable : variable.WithInitializer(SyntaxFactory.EqualsValueClause(Value.WithoutTrivia()));
        var field = SyntaxFactory.FieldDeclaration(SyntaxFactory.VariableDeclaration(type.WithAdditionalAnnotations(Simplifier.Annotation)).AddVariables(variable))
            .WithModifiers(SyntaxFactory.TokenList(modifiers))
            .WithAdditionalAnnotations(Formatter.Annotation);
        // After the fields: there the order is the same whether several fixes run one by one or at once.
        var before = Before ?? Owner.Members.FirstOrDefault(member => member is not FieldDeclarationSyntax) ?? Owner.Members[0];
        var end = LineBreak.Of(Owner);
        var isFirst = before is not FieldDeclarationSyntax && !before.GetLeadingTrivia().Any(SyntaxKind.EndOfLineTrivia);
        field = isFirst ? field.WithTrailingTrivia(end, end) : field.WithTrailingTrivia(end);
        editor.InsertBefore(before, field);
        return SyntaxFactory.IdentifierName(name);
    }

    private static bool IsSayable(ITypeSymbol type) => type switch
    {
        ITypeParameterSymbol parameter => parameter.TypeParameterKind == TypeParameterKind.Type,
        IArrayTypeSymbol array => IsSayable(array.ElementType),
        INamedTypeSymbol named => !named.IsAnonymousType && named.TypeArguments.All(IsSayable),
        _ => false,
    };
}

internal static class LineBreak
{
    /// <summary>What the lines of the node end with.</summary>
    public static SyntaxTrivia Of(SyntaxNode node) =>
        SyntaxFactory.ElasticEndOfLine(node.SyntaxTree.GetText().ToString().Contains("\r\n") ? "\r\n" : "\n");
}
