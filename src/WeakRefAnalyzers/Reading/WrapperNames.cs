using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Reading;

/// <summary>
/// The names of the members of source that may wrap a weak read, told by syntax alone: whoever is called otherwise need not be looked
/// at. Each file is read once.
/// </summary>
internal static class WrapperNames
{
    private const int LongestBody = 800;

    /// <summary>The names of all members that name a weak read, or give back as it is what such a member gave.</summary>
    public static HashSet<string> In(Compilation compilation, KnownFacts known)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var tree in compilation.SyntaxTrees)
        {
            if (Mentions.In(tree, known).Any.HasFlag(Mention.WeakRead))
            {
                names.UnionWith(OfFile.In(tree, known).Naming);
            }
        }

        var before = 0;
        for (var hop = 1; hop < Wrappers.MaxHops && names.Count > before; hop++)
        {
            before = names.Count;
            foreach (var tree in compilation.SyntaxTrees)
            {
                foreach (var (name, other) in OfFile.In(tree, known).Hops)
                {
                    if (names.Contains(other))
                    {
                        names.Add(name);
                    }
                }
            }
        }

        return names;
    }

    /// <summary>The body by which a property or method gives its value.</summary>
    public static SyntaxNode? BodyOf(SyntaxNode? declaration)
    {
        switch (declaration)
        {
            case PropertyDeclarationSyntax { ExpressionBody: { } arrow }:
                return arrow;
            case IndexerDeclarationSyntax { ExpressionBody: { } arrow }:
                return arrow;
            case BasePropertyDeclarationSyntax { AccessorList: { } accessors }:
                foreach (var accessor in accessors.Accessors)
                {
                    if (accessor.IsKind(SyntaxKind.GetAccessorDeclaration))
                    {
                        return (SyntaxNode?)accessor.Body ?? accessor.ExpressionBody;
                    }
                }

                return null;
            case MethodDeclarationSyntax method:
                return (SyntaxNode?)method.Body ?? method.ExpressionBody;
            default:
                return null;
        }
    }

    /// <summary>Short enough to be a wrapper, and names a weak read.</summary>
    public static bool NamesRead(SyntaxNode body, KnownFacts known) =>
        body.Span.Length <= LongestBody && Mentions.In(body.SyntaxTree, known).ReadIn(body.Span);

    /// <summary>The name of the member of <c>this</c> whose value a short body gives back as it is.</summary>
    public static string? HopOf(SyntaxNode body)
    {
        var expression = body.Span.Length > LongestBody ? null : body switch
        {
            ArrowExpressionClauseSyntax arrow => arrow.Expression,
            BlockSyntax { Statements: { Count: 1 } statements } when statements[0] is ReturnStatementSyntax { Expression: { } returned } =>
                returned,
            _ => null,
        };
        while (true)
        {
            switch (expression)
            {
                case CastExpressionSyntax cast:
                    expression = cast.Expression;
                    break;
                case ParenthesizedExpressionSyntax parenthesized:
                    expression = parenthesized.Expression;
                    break;
                case PostfixUnaryExpressionSyntax suppression:
                    expression = suppression.Operand;
                    break;
                case BinaryExpressionSyntax binary when binary.IsKind(SyntaxKind.AsExpression)
                    || binary.IsKind(SyntaxKind.NotEqualsExpression):
                    expression = binary.Left;
                    break;
                case InvocationExpressionSyntax invocation:
                    expression = invocation.Expression;
                    break;
                case MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax or BaseExpressionSyntax } access:
                    return access.Name.Identifier.ValueText;
                case IdentifierNameSyntax name:
                    return name.Identifier.ValueText;
                default:
                    return null;
            }
        }
    }

    private sealed class OfFile
    {
        private OfFile(SyntaxTree tree, KnownFacts known)
        {
            foreach (var node in tree.GetRoot().DescendantNodes(static node =>
                node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax or TypeDeclarationSyntax))
            {
                var name = node switch
                {
                    PropertyDeclarationSyntax property => property.Identifier.ValueText,
                    IndexerDeclarationSyntax => "this[]",
                    MethodDeclarationSyntax method => method.Identifier.ValueText,
                    _ => null,
                };
                if (name is null || BodyOf(node) is not { } body)
                {
                    continue;
                }

                if (NamesRead(body, known))
                {
                    Naming.Add(name);
                }
                else if (HopOf(body) is { } other && other != name)
                {
                    Hops.Add((name, other));
                }
            }
        }

        public List<string> Naming { get; } = [];

        public List<(string Name, string Other)> Hops { get; } = [];

        public static OfFile In(SyntaxTree tree, KnownFacts known) => known.Of(tree, tree => new OfFile(tree, known));
    }
}
