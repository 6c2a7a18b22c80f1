using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Simplification;

namespace WeakRefAnalyzers.Fixes;

/// <summary>The variable that a fix gives to a weak read, so that the read happens once and what was checked is what is used.</summary>
internal sealed class TargetVariable
{
    private readonly FixSite _site;
    private readonly ExpressionSyntax _read;
    private readonly TypeSyntax? _cast;

    private TargetVariable(FixSite site, ExpressionSyntax read, TypeSyntax? cast, string name)
    {
        _site = site;
        _read = read;
        _cast = cast;
        Name = name;
    }

    public string Name { get; }

    /// <summary>For the weak read at that place; null where the code has no name for its type.</summary>
    public static TargetVariable? For(FixSite site, SyntaxNode node)
    {
        if (node is not ExpressionSyntax read || site.Model.GetTypeInfo(read, site.Cancel).Type is not { TypeKind: not TypeKind.Error } type)
        {
            return null;
        }

        var cast = CastOf(Whole(read));
        if (cast is null && LanguageOf(read) < LanguageVersion.CSharp8)
        {
            // No `is { }` yet: name the type.
            cast = SyntaxFactory.ParseTypeName(type.ToMinimalDisplayString(site.Model, read.SpanStart));
        }

        return cast is not null && site.Model.GetTypeInfo(cast, site.Cancel).Type?.IsValueType == true ? null : new TargetVariable(site, read, cast, Unused(site, read));
    }

    /// <summary>The read with the casts, parentheses and <c>!</c> around it.</summary>
    public static ExpressionSyntax Whole(ExpressionSyntax read)
    {
        while (true)
        {
            switch (read.Parent)
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
                case BinaryExpressionSyntax binary when binary.IsKind(SyntaxKind.AsExpression) && binary.Left == read:
                    read = binary;
                    break;
                default:
                    return read;
            }
        }
    }

    /// <summary><c>read is T name</c>, or its negation.</summary>
    public ExpressionSyntax Pattern(bool negated = false)
    {
        var read = _read.WithoutTrivia().ToString();
        var pattern = _cast is null ? "{ } " + Name : _cast.WithoutTrivia() + " " + Name;
        var text = !negated ? $"{read} is {pattern}" : LanguageOf(_read) >= LanguageVersion.CSharp9 ? $"{read} is not {pattern}" : $"!({read} is {pattern})";
        return SyntaxFactory.ParseExpression(text);
    }

    /// <summary>Every read of the same reference in that place, casts included.</summary>
    public IEnumerable<ExpressionSyntax> ReadsIn(SyntaxNode place) =>
        place.DescendantNodesAndSelf().OfType<ExpressionSyntax>().Where(node => node.RawKind == _read.RawKind && SyntaxFactory.AreEquivalent(node, _read)).Select(Covered);

    /// <summary>The place with each of these reads replaced by the variable.</summary>
    public T Replace<T>(T place, IEnumerable<ExpressionSyntax> reads)
        where T : SyntaxNode =>
        place.ReplaceNodes(reads, (read, _) => SyntaxFactory.IdentifierName(Name).WithTriviaFrom(read));

    /// <summary>The statement under <c>if (read is T name)</c>, its own trivia outside.</summary>
    public static StatementSyntax Guard(StatementSyntax statement, ExpressionSyntax condition) =>
        SyntaxFactory.IfStatement(condition, SyntaxFactory.Block(statement.WithLeadingTrivia().WithTrailingTrivia(SyntaxFactory.ElasticCarriageReturnLineFeed)))
            .WithLeadingTrivia(statement.GetLeadingTrivia()).WithTrailingTrivia(statement.GetTrailingTrivia())
            .WithAdditionalAnnotations(Formatter.Annotation, Simplifier.Annotation);

    private static LanguageVersion LanguageOf(SyntaxNode node) => ((CSharpParseOptions)node.SyntaxTree.Options).LanguageVersion;

    /// <summary>The read with its cast, as far as the variable's type makes the cast unnecessary.</summary>
    private ExpressionSyntax Covered(ExpressionSyntax read)
    {
        var whole = Whole(read);
        return CastOf(whole) is { } cast && (_cast is null || !SyntaxFactory.AreEquivalent(cast, _cast)) ? read : whole;
    }

    private static TypeSyntax? CastOf(ExpressionSyntax whole) => whole switch
    {
        ParenthesizedExpressionSyntax parenthesized => CastOf(parenthesized.Expression),
        PostfixUnaryExpressionSyntax suppression => CastOf(suppression.Operand),
        CastExpressionSyntax { Type: NullableTypeSyntax nullable } => nullable.ElementType,
        CastExpressionSyntax cast => cast.Type,
        BinaryExpressionSyntax { Right: NullableTypeSyntax nullable } binary when binary.IsKind(SyntaxKind.AsExpression) => nullable.ElementType,
        BinaryExpressionSyntax { Right: TypeSyntax type } binary when binary.IsKind(SyntaxKind.AsExpression) => type,
        _ => null,
    };

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

        var body = read.FirstAncestorOrSelf<MemberDeclarationSyntax>() ?? site.Root;
        var taken = new HashSet<string>(body.DescendantTokens().Where(token => token.IsKind(SyntaxKind.IdentifierToken)).Select(token => token.ValueText));
        var unused = stem;
        for (var i = 2; taken.Contains(unused); i++)
        {
            unused = stem + i;
        }

        return unused;
    }
}
