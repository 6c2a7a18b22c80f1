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

    /// <summary>For the weak read at that place; null where the code has no name for its type.</summary>
    public static TargetVariable? For(FixSite site, ExpressionSyntax node)
    {
        var read = Widest(node);
        if (read is MemberBindingExpressionSyntax || read.Parent is ConditionalAccessExpressionSyntax
            || site.Model.GetTypeInfo(read, site.Cancel).Type is not { IsValueType: false, TypeKind: not (TypeKind.Error or TypeKind.Dynamic) } type)
        {
            return null;
        }

        var cast = CastOf(Whole(read));
        if (cast is not null && (site.Model.GetTypeInfo(cast, site.Cancel).Type is not { IsValueType: false, TypeKind: not TypeKind.Dynamic } to || !((CSharpCompilation)site.Model.Compilation).ClassifyConversion(type, to).IsReference && !type.Equals(to, SymbolEqualityComparer.Default)))
        {
            return null;
        }

        if (cast is null && LanguageOf(read) < LanguageVersion.CSharp8)
        {
            // No `is { }` yet: name the type.
            cast = SyntaxFactory.ParseTypeName(type.ToMinimalDisplayString(site.Model, read.SpanStart));
        }

        return new TargetVariable(site, read, cast, Unused(site, read));
    }

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
        PostfixUnaryExpressionSyntax suppression when suppression.IsKind(SyntaxKind.SuppressNullableWarningExpression) => Core(suppression.Operand),
        BinaryExpressionSyntax binary when binary.IsKind(SyntaxKind.AsExpression) => Core(binary.Left),
        _ => whole,
    };

    /// <summary>Null there throws.</summary>
    public static bool IsDereferenced(ExpressionSyntax read)
    {
        var whole = Whole(read);
        return whole.Parent is AwaitExpressionSyntax or CommonForEachStatementSyntax or LockStatementSyntax
            || (whole.Parent is MemberAccessExpressionSyntax or ElementAccessExpressionSyntax or InvocationExpressionSyntax && whole.Parent.ChildNodes().First() == whole);
    }

    public static TypeSyntax? CastOf(ExpressionSyntax whole) => whole switch
    {
        ParenthesizedExpressionSyntax parenthesized => CastOf(parenthesized.Expression),
        PostfixUnaryExpressionSyntax suppression when suppression.IsKind(SyntaxKind.SuppressNullableWarningExpression) => CastOf(suppression.Operand),
        CastExpressionSyntax { Type: NullableTypeSyntax nullable } => nullable.ElementType,
        CastExpressionSyntax cast => cast.Type,
        BinaryExpressionSyntax { Right: NullableTypeSyntax nullable } binary when binary.IsKind(SyntaxKind.AsExpression) => nullable.ElementType,
        BinaryExpressionSyntax { Right: TypeSyntax type } binary when binary.IsKind(SyntaxKind.AsExpression) => type,
        _ => null,
    };

    public static LanguageVersion LanguageOf(SyntaxNode node) => ((CSharpParseOptions)node.SyntaxTree.Options).LanguageVersion;

    public TargetVariable Named(string name) => new(_site, _read, Type, name);

    /// <summary>Of the read's own type.</summary>
    public TargetVariable Untyped() => new(_site, _read, null, Name);

    /// <summary><c>read is T name</c>, or its negation.</summary>
    public ExpressionSyntax Pattern(bool negated = false, ExpressionSyntax? subject = null)
    {
        _site.Taken.Add((MemberOf(_site, _read).SpanStart, Name));
        var read = (subject ?? _read).WithoutTrivia().ToString();
        var pattern = Type is null ? "{ } " + Name : Type.WithoutTrivia() + " " + Name;
        var text = !negated ? $"{read} is {pattern}" : LanguageOf(_read) >= LanguageVersion.CSharp9 ? $"{read} is not {pattern}" : $"!({read} is {pattern})";
        return SyntaxFactory.ParseExpression(text);
    }

    public bool IsSameRead(ExpressionSyntax other) => IsSame(other, _read);

    /// <summary>A question about nothing but this read's reference: the read itself, or with or without <c>?.</c>, or its probe.</summary>
    public bool Asks(ExpressionSyntax asked)
    {
        var text = asked.ToString().Replace("?.", ".");
        var read = _read.ToString();
        var reference = read.Substring(0, read.LastIndexOf('.') + 1);
        return text == read || (reference.Length > 0 && asked is not ConditionalAccessExpressionSyntax && (text == reference + "IsAlive" || text == reference + "TryGetTarget(out _)"));
    }

    /// <summary>Every read of the same reference in that place, casts included; what a lambda reads is read later and stays.</summary>
    public IEnumerable<ExpressionSyntax> ReadsIn(SyntaxNode place) =>
        place.DescendantNodesAndSelf(static node => node is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax)).OfType<ExpressionSyntax>().Where(IsSameRead).Select(Covered);

    /// <summary>A local that is given the read first thing, so that the pattern can declare it instead; null where its name or type would not fit.</summary>
    public LocalDeclarationStatementSyntax? DeclarationIn(IReadOnlyList<SyntaxNode> places)
    {
        var first = places.OfType<StatementSyntax>().FirstOrDefault();
        first = first is BlockSyntax block ? block.Statements.FirstOrDefault() : first;
        if (first is not LocalDeclarationStatementSyntax { UsingKeyword.RawKind: 0, Declaration: { Variables: { Count: 1 } variables } declaration } local
            || GuardedStatements.HasComment(local.GetTrailingTrivia())
            || GuardedStatements.Following(local).Count == 1 || variables[0].Initializer is not { Value: { } value } || !IsSameRead(Core(value)) || Covered(Core(value)) != value)
        {
            return null;
        }

        var type = declaration.Type is NullableTypeSyntax nullable ? nullable.ElementType : declaration.Type;
        var fits = type.IsVar || (Type is not null && SyntaxFactory.AreEquivalent(type, Type))
            || (Type is null && SymbolEqualityComparer.Default.Equals(_site.Model.GetTypeInfo(type, _site.Cancel).Type, _site.Model.GetTypeInfo(_read, _site.Cancel).Type));

        // The pattern's scope is wider than the block's.
        var isOnly = MemberOf(_site, _read).DescendantTokens().Count(token => token.ValueText == variables[0].Identifier.ValueText && token.Parent is VariableDeclaratorSyntax or SingleVariableDesignationSyntax or ParameterSyntax or ForEachStatementSyntax or CatchDeclarationSyntax) == 1;
        return fits && isOnly && !_site.Taken.Contains((MemberOf(_site, _read).SpanStart, variables[0].Identifier.ValueText)) ? local : null;
    }

    public ExpressionSyntax Use(SyntaxNode read) => SyntaxFactory.IdentifierName(Name).WithTriviaFrom(read);

    /// <summary>Nothing in that place gives the reference, or what it hangs on, another value.</summary>
    public bool IsStableIn(SyntaxNode place)
    {
        var owners = _read.DescendantNodesAndSelf().OfType<ExpressionSyntax>().ToList();
        return !place.DescendantNodesAndSelf().Any(node => node switch
        {
            AssignmentExpressionSyntax assignment => Owns(assignment.Left),
            ArgumentSyntax { RefKindKeyword.RawKind: not 0 } argument => Owns(argument.Expression),
            MemberAccessExpressionSyntax { Name.Identifier.ValueText: "SetTarget" or "Free" or "Dispose" } access => Owns(access.Expression),
            _ => false,
        });

        bool Owns(ExpressionSyntax written) => owners.Any(owner => IsSame(owner, written));
    }

    private static bool IsSame(ExpressionSyntax node, ExpressionSyntax read) =>
        node.RawKind == read.RawKind && SyntaxFactory.AreEquivalent(node, read)
        && !(node.Parent is MemberAccessExpressionSyntax access && access.Name == node) && node.Parent is not (MemberBindingExpressionSyntax or NameColonSyntax or QualifiedNameSyntax or ConditionalAccessExpressionSyntax);

    /// <summary><c>w?.Target</c> is one read.</summary>
    private static ExpressionSyntax Widest(ExpressionSyntax read) => read.Parent is ConditionalAccessExpressionSyntax access && access.WhenNotNull == read ? Widest(access) : read;

    /// <summary>The read with its cast, as far as the variable's type makes the cast unnecessary.</summary>
    private ExpressionSyntax Covered(ExpressionSyntax read)
    {
        var whole = Whole(read);
        return CastOf(whole) is { } cast && (Type is null || !SyntaxFactory.AreEquivalent(cast, Type)) ? read : whole;
    }

    private static SyntaxNode MemberOf(FixSite site, SyntaxNode read) => read.FirstAncestorOrSelf<MemberDeclarationSyntax>() ?? site.Root;

    private static string Unused(FixSite site, ExpressionSyntax read)
    {
        var member = read switch
        {
            MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
            IdentifierNameSyntax name => name.Identifier.ValueText,
            _ => "target",
        };
        var stem = char.ToLowerInvariant(member[0]) + member.Substring(1);
        if (SyntaxFacts.GetKeywordKind(stem) != SyntaxKind.None || stem == member)
        {
            stem = "target";
        }

        var body = MemberOf(site, read);
        var taken = new HashSet<string>(body.DescendantTokens().Where(token => token.IsKind(SyntaxKind.IdentifierToken)).Select(token => token.ValueText));
        var unused = stem;
        for (var i = 2; taken.Contains(unused) || site.Taken.Contains((body.SpanStart, unused)); i++)
        {
            unused = stem + i;
        }

        return unused;
    }
}
