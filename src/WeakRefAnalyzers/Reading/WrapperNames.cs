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
    /// <summary>Conversion operators have no name to be called by.</summary>
    public const string Conversion = "operator";

    private const int LongestBody = 800;

    /// <summary>The names of all members that name a weak read, or give back what such a member gave.</summary>
    public static HashSet<string> In(Compilation compilation, RoleTable roles, KnownFacts known)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var tree in compilation.SyntaxTrees)
        {
            if (roles.Annotations.Any || Mentions.In(tree, known).Any.HasFlag(Mention.WeakRead))
            {
                names.UnionWith(OfFile.In(tree, known).Naming);
            }
        }

        roles.Annotations.AddReadNames(names, known);
        AddAnnotatedElsewhere(names, compilation, roles, known);

        var before = 0;
        for (var hop = 1; hop < Wrappers.MaxHops && names.Count > before; hop++)
        {
            before = names.Count;
            foreach (var tree in compilation.SyntaxTrees)
            {
                foreach (var (name, others) in OfFile.In(tree, known).Hops)
                {
                    if (Array.Exists(others, names.Contains))
                    {
                        names.Add(name);
                    }
                }
            }
        }

        return names;
    }

    /// <summary>An editor compiles against the sources of the other projects.</summary>
    private static void AddAnnotatedElsewhere(HashSet<string> names, Compilation compilation, RoleTable roles, KnownFacts known)
    {
        foreach (var assembly in compilation.SourceModule.ReferencedAssemblySymbols)
        {
            if (assembly is ISourceAssemblySymbol source && roles.Annotations.MayBeOn(source.GlobalNamespace))
            {
                foreach (var tree in source.Compilation.SyntaxTrees)
                {
                    names.UnionWith(OfFile.In(tree, known).Naming);
                }
            }
        }
    }

    /// <summary>The body by which a member or local function gives its value.</summary>
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
            case BaseMethodDeclarationSyntax method:
                return (SyntaxNode?)method.Body ?? method.ExpressionBody;
            case LocalFunctionStatementSyntax function:
                return (SyntaxNode?)function.Body ?? function.ExpressionBody;
            default:
                return null;
        }
    }

    /// <summary>Short enough to be a wrapper, and names a weak read.</summary>
    public static bool NamesRead(SyntaxNode body, KnownFacts known) =>
        body.Span.Length <= LongestBody && Mentions.In(body.SyntaxTree, known).ReadIn(body.Span);

    /// <summary>The names of the members whose values a short body may give back.</summary>
    public static string[] HopsOf(SyntaxNode body) => body.Span.Length > LongestBody ? [] : new GivenNames(body).ToArray();

    private sealed class OfFile
    {
        private OfFile(SyntaxTree tree, KnownFacts known)
        {
            foreach (var node in tree.GetRoot().DescendantNodes(static node =>
                node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax or TypeDeclarationSyntax))
            {
                if (NameOf(node) is not { } name)
                {
                    continue;
                }

                if (IsAnnotated((MemberDeclarationSyntax)node))
                {
                    Naming.Add(name);
                }
                else if (!MayGive(node) || BodyOf(node) is not { } body)
                {
                    continue;
                }
                else if (NamesRead(body, known))
                {
                    Naming.Add(name);
                }
                else if (HopsOf(body) is { Length: > 0 } others)
                {
                    Hops.Add((name, others));
                }
            }

            foreach (var place in Mentions.In(tree, known).Reads)
            {
                for (var node = tree.GetRoot().FindToken(place).Parent; node is not (null or MemberDeclarationSyntax); node = node.Parent)
                {
                    if (node is LocalFunctionStatementSyntax function)
                    {
                        Naming.Add(function.Identifier.ValueText);
                    }
                }
            }
        }

        public List<string> Naming { get; } = [];

        public List<(string Name, string[] Others)> Hops { get; } = [];

        public static OfFile In(SyntaxTree tree, KnownFacts known) => known.Of(tree, tree => new OfFile(tree, known));

        private static string? NameOf(SyntaxNode node) => node switch
        {
            PropertyDeclarationSyntax property => property.Identifier.ValueText,
            IndexerDeclarationSyntax => SoughtNames.Indexer,
            MethodDeclarationSyntax method => method.Identifier.ValueText,
            ConversionOperatorDeclarationSyntax => Conversion,
            _ => null,
        };

        /// <summary>A member that gives an object, or says of one whether it is there.</summary>
        private static bool MayGive(SyntaxNode node) => node switch
        {
            BasePropertyDeclarationSyntax property => MayGive(property.Type),
            MethodDeclarationSyntax method => MayGive(method.ReturnType),
            _ => true,
        };

        private static bool MayGive(TypeSyntax type) => type is not PredefinedTypeSyntax
        {
            Keyword.RawKind: not ((int)SyntaxKind.BoolKeyword or (int)SyntaxKind.ObjectKeyword or (int)SyntaxKind.StringKeyword),
        };

        /// <summary>The role may stand on an out parameter.</summary>
        private static bool IsAnnotated(MemberDeclarationSyntax member) => HasRole(member.AttributeLists)
            || (member is MethodDeclarationSyntax { ParameterList.Parameters: var parameters }
                && parameters.Any(static parameter => HasRole(parameter.AttributeLists)));

        private static bool HasRole(SyntaxList<AttributeListSyntax> lists)
        {
            foreach (var list in lists)
            {
                foreach (var attribute in list.Attributes)
                {
                    var name = attribute.Name is QualifiedNameSyntax qualified ? qualified.Right : attribute.Name;
                    if (name is SimpleNameSyntax { Identifier.ValueText: var text } && Vocabulary.IsReadingRole(text))
                    {
                        return true;
                    }
                }
            }

            return false;
        }
    }
}
