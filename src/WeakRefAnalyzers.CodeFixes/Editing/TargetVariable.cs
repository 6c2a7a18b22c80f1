using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WeakRefAnalyzers.Fixes;

/// <summary>The variable that a fix gives to a weak read, so that the read happens once and what was checked is what is used.</summary>
internal sealed class TargetVariable
{
    private readonly FixSite _site;
    private readonly ExpressionSyntax _read;

    private TargetVariable(FixSite site, ExpressionSyntax read, TypeSyntax? type, string name)
    {
        _site = site;
        _read = read;
        Type = type;
        Name = name;
    }

    public string Name { get; }

    /// <summary>What the read is cast to; null where it is used as it is.</summary>
    public TypeSyntax? Type { get; }

    public SameReads Reads => new(_read);

    /// <summary>For the weak read at that place; null where the code has no pattern for it, or no name for its type.</summary>
    public static TargetVariable? For(FixSite site, ExpressionSyntax node)
    {
        var read = ReadSyntax.Widest(node);
        if (!site.Language.HasPatterns || read is MemberBindingExpressionSyntax || read.Parent is ConditionalAccessExpressionSyntax
            || site.Model.GetTypeInfo(read, site.Cancel)
                .Type is not { IsValueType: false, TypeKind: not (TypeKind.Error or TypeKind.Dynamic) } type)
        {
            return null;
        }

        var cast = ReadSyntax.CastOf(ReadSyntax.Whole(read));
        if (cast is not null && (site.Model.GetTypeInfo(cast, site.Cancel)
            .Type is not { IsValueType: false, TypeKind: not TypeKind.Dynamic } to
            || !((CSharpCompilation)site.Model.Compilation).ClassifyConversion(type, to).IsReference
            && !type.Equals(to, SymbolEqualityComparer.Default)))
        {
            return null;
        }

        // No `is { }` yet: name the type.
        cast ??= site.Language.HasPropertyPatterns ? null
            : SyntaxFactory.ParseTypeName(type.ToMinimalDisplayString(site.Model, read.SpanStart));
        return new TargetVariable(site, read, cast, NumberedName.For(site, read, Stem(read)));
    }

    public TargetVariable Named(string name) => new(_site, _read, Type, name);

    /// <summary>Of the read's own type.</summary>
    public TargetVariable Untyped() => new(_site, _read, null, Name);

    /// <summary><c>read is T name</c>, or its negation.</summary>
    public ExpressionSyntax Pattern(bool negated = false, ExpressionSyntax? subject = null)
    {
        UnusedName.Take(_site, _read, Name);
        var read = (subject ?? _read).WithoutTrivia().ToString();
        var pattern = Type is null ? "{ } " + Name : Type.WithoutTrivia() + " " + Name;
        return SyntaxFactory.ParseExpression(!negated ? $"{read} is {pattern}" : _site.Language.HasNotPatterns ? $"{read} is not {pattern}"
            : $"!({read} is {pattern})");
    }

    /// <summary>Every read of the same reference in that place, casts included that the variable's type makes unnecessary.</summary>
    public IEnumerable<ExpressionSyntax> ReadsIn(SyntaxNode place) => Reads.In(place).Select(Covered);

    /// <summary>
    /// A local that is given the read and nothing else happens to, so that the pattern's variable can take its place; null where the
    /// type would not fit.
    /// </summary>
    public LocalDeclarationStatementSyntax? DeclarationIn(IReadOnlyList<SyntaxNode> places)
    {
        foreach (var statement in places.OfType<StatementSyntax>()
            .SelectMany(static place => place is BlockSyntax block ? block.Statements : Enumerable.Repeat(place, 1)))
        {
            if (statement is LocalDeclarationStatementSyntax { UsingKeyword.RawKind: 0,
                Declaration: { Variables: { Count: 1 } variables } declaration } local
                && variables[0].Initializer is { Value: { } value } && Reads.Contain(ReadSyntax.Core(value))
                && Covered(ReadSyntax.Core(value)) == value)
            {
                return Fits(declaration.Type) && GuardedStatements.Following(local).Count > 1 ? local : null;
            }
        }

        return null;
    }

    /// <summary>Whether the pattern, whose scope is wider than the block's, can declare that name.</summary>
    public bool CanBeNamed(string name) => !UnusedName.IsTaken(_site, _read, name)
        && UnusedName.MemberOf(_site, _read).DescendantTokens().Count(token => token.ValueText == name
        && token.Parent is VariableDeclaratorSyntax or SingleVariableDesignationSyntax or ParameterSyntax or ForEachStatementSyntax
            or CatchDeclarationSyntax) == 1;

    private bool Fits(TypeSyntax declared)
    {
        var type = declared is NullableTypeSyntax nullable ? nullable.ElementType : declared;
        return type.IsVar || (Type is not null && SyntaxFactory.AreEquivalent(type, Type))
            || (Type is null && SymbolEqualityComparer.Default.Equals(_site.Model.GetTypeInfo(type, _site.Cancel)
                .Type, _site.Model.GetTypeInfo(_read, _site.Cancel).Type));
    }

    public ExpressionSyntax Use(SyntaxNode read) => SyntaxFactory.IdentifierName(Name).WithTriviaFrom(read);

    /// <summary>The read with its cast, as far as the variable's type makes the cast unnecessary.</summary>
    private ExpressionSyntax Covered(ExpressionSyntax read)
    {
        var whole = ReadSyntax.Whole(read);
        return ReadSyntax.CastOf(whole) is { } cast && (Type is null || !SyntaxFactory.AreEquivalent(cast, Type)) ? read : whole;
    }

    private static string Stem(ExpressionSyntax read)
    {
        var member = read switch
        {
            MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
            IdentifierNameSyntax name => name.Identifier.ValueText,
            _ => "target",
        };
        return UnusedName.LocalOf(member) is { } stem && stem != member ? stem : "target";
    }
}
