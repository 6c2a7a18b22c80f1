using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using Microsoft.CodeAnalysis.Formatting;

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

    /// <summary>The type as the user wrote it.</summary>
    public TypeSyntax? Spelled { get; init; }

    /// <summary>What stands behind it on its line.</summary>
    public IEnumerable<SyntaxTrivia> Comment { get; init; } = [];

    /// <summary>The member to stand before; by default the first that is no field.</summary>
    public MemberDeclarationSyntax? Before { get; init; }

    /// <summary>Whether source can say the field: its type has a name, and none that only a method knows.</summary>
    public bool IsPossible
        => IsSayable(Type)
            && (IsStatic
                || (Owner is ClassDeclarationSyntax
                    or RecordDeclarationSyntax { ClassOrStructKeyword.RawKind: not (int)SyntaxKind.StructKeyword }
                    && !Owner.Modifiers.Any(SyntaxKind.StaticKeyword)));

    /// <summary>Adds the field and returns its name, which no other edit of the same editor took.</summary>
    public ExpressionSyntax Insert(FixSite site, SyntaxEditor editor)
    {
        var name = UnusedName.In(Owner, FieldName.For(Owner, Hint, IsStatic, IsReadOnly, CodeStyle.OptionsOf(site)), site);
        site.Taken.Add((Owner.SpanStart, name));
        var type = StartsNull
            ? Parsed.Type(Type.WithNullableAnnotation(NullableAnnotation.Annotated))
            : Spelled?.WithoutTrivia() ?? Parsed.Type(Type.WithNullableAnnotation(NullableAnnotation.NotAnnotated));
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
        variable = Value is null
            ? variable
            : variable.WithInitializer(SyntaxFactory.EqualsValueClause(MovedLines.To(Owner, Value).WithoutTrivia()));
        var field = SyntaxFactory.FieldDeclaration(SyntaxFactory.VariableDeclaration(type).AddVariables(variable))
            .WithModifiers(SyntaxFactory.TokenList(modifiers))
            .WithLeadingTrivia(SyntaxFactory.Whitespace(MovedLines.IndentOf(Owner.Members[0])))
            .WithAdditionalAnnotations(Formatter.Annotation);
        // After the fields: there the order is the same whether several fixes run one by one or at once.
        var before = Before ?? Owner.Members.FirstOrDefault(member => member is not FieldDeclarationSyntax) ?? Owner.Members[0];
        var end = LineBreak.Of(Owner);
        var isFirst = before is not FieldDeclarationSyntax && !before.GetLeadingTrivia().Any(SyntaxKind.EndOfLineTrivia);
        field = field.WithTrailingTrivia(Comment.Concat(isFirst ? [end, end] : [end]));
        editor.InsertBefore(before, field);
        return SyntaxFactory.ParseExpression(IsStatic ? name : CodeStyle.Field(site, Owner, name));
    }

    private static bool IsSayable(ITypeSymbol type) => type switch
    {
        ITypeParameterSymbol parameter => parameter.TypeParameterKind == TypeParameterKind.Type,
        IArrayTypeSymbol array => IsSayable(array.ElementType),
        INamedTypeSymbol named => !named.IsAnonymousType && named.TypeKind != TypeKind.Error && named.TypeArguments.All(IsSayable),
        _ => false,
    };
}
