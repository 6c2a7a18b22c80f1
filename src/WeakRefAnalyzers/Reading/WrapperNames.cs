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
internal sealed class WrapperNames
{
    /// <summary>Conversion operators have no name to be called by.</summary>
    public const string Conversion = "operator";

    private const int LongestBody = 800;

    private readonly HashSet<(string Type, string Name)> _members = [];
    private readonly Dictionary<string, HashSet<string>> _bases = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _reading = new(StringComparer.Ordinal);

    /// <summary>The members that name a weak read, or give back what such a member gave.</summary>
    public WrapperNames(Compilation compilation, RoleTable roles, KnownFacts known)
    {
        var files = compilation.SyntaxTrees.Select(tree => OfFile.In(tree, known)).ToList();
        foreach (var file in files)
        {
            foreach (var (type, name) in file.Naming)
            {
                _members.Add((type, name));
                All.Add(name);
                if (!_reading.TryGetValue(type, out var names))
                {
                    _reading.Add(type, names = new(StringComparer.Ordinal));
                }

                names.Add(name);
            }

            foreach (var (type, @base) in file.Bases)
            {
                if (!_bases.TryGetValue(type, out var bases))
                {
                    _bases.Add(type, bases = new(StringComparer.Ordinal));
                }

                bases.Add(@base);
            }
        }

        roles.Annotations.AddReadNames(Annotated, known);
        AddAnnotatedElsewhere(Annotated, compilation, roles, known);
        All.UnionWith(Annotated);

        // Whose value it is that another object gives is not known here: the names of what certainly reads will do.
        All.UnionWith(Vocabulary.Reads);
        var reads = new HashSet<string>(All, StringComparer.Ordinal);
        var before = 0;
        for (var hop = 1; hop < Wrappers.MaxHops && _members.Count != before; hop++)
        {
            before = _members.Count;
            foreach (var file in files)
            {
                foreach (var (type, name, own, others) in file.Hops)
                {
                    if (Array.Exists(others, reads.Contains) || Array.Exists(own, one => All.Contains(one) && IsOf(type, one)))
                    {
                        _members.Add((type, name));
                        All.Add(name);
                    }
                }
            }
        }
    }

    /// <summary>Their names alone.</summary>
    public HashSet<string> All { get; } = new(StringComparer.Ordinal);

    /// <summary>The names of the annotated reads of other assemblies.</summary>
    public HashSet<string> Annotated { get; } = new(StringComparer.Ordinal);

    /// <summary>A type of that name has members that name a weak read.</summary>
    public bool IsReading(string type) => _reading.ContainsKey(type);

    /// <summary>The names of the members of such a type that do.</summary>
    public IEnumerable<string> ReadingIn(string type) => _reading[type];

    public bool Contains(string type, string name) => _members.Contains((type, name));

    /// <summary>The member is one of the type, of its bases or of the types around it.</summary>
    private bool IsOf(string type, string name)
    {
        if (Array.IndexOf(Vocabulary.Reads, name) >= 0)
        {
            return true;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal) { type };
        var left = new Stack<string>(seen);
        while (left.Count > 0)
        {
            var next = left.Pop();
            if (_members.Contains((next, name)))
            {
                return true;
            }

            if (_bases.TryGetValue(next, out var bases))
            {
                foreach (var @base in bases)
                {
                    if (seen.Add(@base))
                    {
                        left.Push(@base);
                    }
                }
            }
        }

        return false;
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
                    names.UnionWith(OfFile.In(tree, known).Naming.Select(static member => member.Name));
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
    public static GivenNames? HopsOf(SyntaxNode body) => body.Span.Length > LongestBody ? null : new GivenNames(body);

    private sealed class OfFile
    {
        private OfFile(SyntaxTree tree, KnownFacts known)
        {
            foreach (var node in tree.GetRoot().DescendantNodes(static node =>
                node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax or TypeDeclarationSyntax))
            {
                if (node is TypeDeclarationSyntax declared)
                {
                    AddBases(declared);
                }

                if (NameOf(node) is not { } name)
                {
                    continue;
                }

                var type = TypeOf(node);

                if (IsAnnotated((MemberDeclarationSyntax)node))
                {
                    Naming.Add((type, name));
                }
                else if (!MayGive(node) || BodyOf(node) is not { } body)
                {
                    continue;
                }
                else if (NamesRead(body, known))
                {
                    Naming.Add((type, name));
                }
                else if (HopsOf(body) is { Own: var own, OfOthers: var others } && own.Length + others.Length > 0)
                {
                    Hops.Add((type, name, own, others));
                }
            }

            foreach (var place in Mentions.In(tree, known).Reads)
            {
                for (var node = tree.GetRoot().FindToken(place).Parent; node is not (null or MemberDeclarationSyntax); node = node.Parent)
                {
                    if (node is LocalFunctionStatementSyntax function)
                    {
                        Naming.Add((TypeOf(function), function.Identifier.ValueText));
                    }
                }
            }
        }

        public List<(string Type, string Name)> Naming { get; } = [];

        public List<(string Type, string Name, string[] Own, string[] OfOthers)> Hops { get; } = [];

        public List<(string Type, string Base)> Bases { get; } = [];

        public static OfFile In(SyntaxTree tree, KnownFacts known) => known.Of(tree, tree => new OfFile(tree, known));

        /// <summary>The type that the member belongs to; an extension block has no name of its own.</summary>
        private static string TypeOf(SyntaxNode node) => node.Ancestors().OfType<TypeDeclarationSyntax>()
            .FirstOrDefault(static type => type.Identifier.ValueText.Length > 0)?.Identifier.ValueText ?? "";

        private void AddBases(TypeDeclarationSyntax type)
        {
            foreach (var @base in type.BaseList?.Types ?? default)
            {
                var name = @base.Type is QualifiedNameSyntax qualified ? qualified.Right : @base.Type;
                if (Syntaxes.NameOf(name) is { } text)
                {
                    Bases.Add((type.Identifier.ValueText, text));
                }
            }

            if (type.Parent is TypeDeclarationSyntax outer)
            {
                Bases.Add((type.Identifier.ValueText, outer.Identifier.ValueText));
            }
        }

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
