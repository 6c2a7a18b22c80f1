using System.Collections.Concurrent;
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

    private readonly IReadOnlyList<OfFile> _files;
    private readonly HashSet<(string Type, string Name)> _members = [];
    private readonly Dictionary<string, HashSet<string>> _bases = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string[]> _families = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _reading = new(StringComparer.Ordinal);

    private Search? _sought;

    private WrapperNames(IReadOnlyList<OfFile> files, HashSet<string> annotated)
    {
        _files = files;
        Annotated = annotated;
        foreach (var file in files)
        {
            foreach (var (type, name) in file.Naming)
            {
                _members.Add((type, name));
                All.Add(name);
                Add(_reading, type, name);
            }

            foreach (var (type, @base) in file.Bases)
            {
                Add(_bases, type, @base);
            }
        }

        All.UnionWith(Annotated);

        // Whose value it is that another object gives is not known here: the names of what certainly reads will do.
        All.UnionWith(Vocabulary.Reads);
        var reads = new HashSet<string>(All, StringComparer.Ordinal);
        var before = -1; // What is annotated may be all that reads.
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

    /// <summary>
    /// The members that name a weak read, or give back what such a member gave. An editor asks at each keystroke, which seldom
    /// changes any of it: the last answer stands until a file says otherwise.
    /// </summary>
    public static WrapperNames Of(Compilation compilation, RoleTable roles, KnownFacts known)
    {
        var files = new List<OfFile>();
        foreach (var tree in compilation.SyntaxTrees)
        {
            files.Add(OfFile.In(tree, known));
        }

        var annotated = new HashSet<string>(StringComparer.Ordinal);
        roles.Annotations.AddReadNames(annotated, known);
        AddAnnotatedElsewhere(annotated, compilation, roles, known);
        var last = known.Of(known, static _ => new ConcurrentDictionary<string, WrapperNames>(StringComparer.Ordinal));
        var project = compilation.AssemblyName ?? "";
        if (!last.TryGetValue(project, out var names) || !names.IsMadeOf(files, annotated))
        {
            last[project] = names = new WrapperNames(files, annotated);
        }

        return names;
    }

    /// <summary>Their names alone.</summary>
    public HashSet<string> All { get; } = new(StringComparer.Ordinal);

    /// <summary>The names of the annotated reads of other assemblies.</summary>
    public HashSet<string> Annotated { get; }

    /// <summary>A type of that name has members that name a weak read.</summary>
    public bool IsReading(string type) => _reading.ContainsKey(type);

    /// <summary>The names of the members of such a type that do.</summary>
    public IEnumerable<string> ReadingIn(string type) => _reading[type];

    public bool Contains(string type, string name) => _members.Contains((type, name));

    /// <summary>All of them and some others, to be looked for in the text.</summary>
    public SoughtNames With(ICollection<string> others)
    {
        var sought = _sought;
        if (sought is null || !sought.Others.SequenceEqual(others))
        {
            _sought = sought = new Search(others.ToArray(), new SoughtNames(All.Concat(others)));
        }

        return sought.Names;
    }

    private bool IsMadeOf(List<OfFile> files, HashSet<string> annotated)
    {
        if (files.Count != _files.Count || !annotated.SetEquals(Annotated))
        {
            return false;
        }

        for (var i = 0; i < files.Count; i++)
        {
            if (!files[i].SaysSame(_files[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The member is one of the type, of its bases or of the types around it.</summary>
    private bool IsOf(string type, string name) =>
        Array.IndexOf(Vocabulary.Reads, name) >= 0 || Array.Exists(FamilyOf(type), one => _members.Contains((one, name)));

    /// <summary>The type, its bases and the types around it.</summary>
    private string[] FamilyOf(string type)
    {
        if (_families.TryGetValue(type, out var known))
        {
            return known;
        }

        List<string> family = [type];
        for (var i = 0; i < family.Count; i++)
        {
            if (_bases.TryGetValue(family[i], out var bases))
            {
                foreach (var @base in bases)
                {
                    if (!family.Contains(@base))
                    {
                        family.Add(@base);
                    }
                }
            }
        }

        _families.Add(type, known = [.. family]);
        return known;
    }

    private static void Add(Dictionary<string, HashSet<string>> to, string type, string name)
    {
        if (!to.TryGetValue(type, out var names))
        {
            to.Add(type, names = new(StringComparer.Ordinal));
        }

        names.Add(name);
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

    private sealed record Search(string[] Others, SoughtNames Names);

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

        public bool SaysSame(OfFile other) => ReferenceEquals(this, other)
            || (Naming.SequenceEqual(other.Naming) && Bases.SequenceEqual(other.Bases)
                && Hops.Count == other.Hops.Count && Hops.Zip(other.Hops, static (one, two) => one.Type == two.Type && one.Name == two.Name
                    && one.Own.SequenceEqual(two.Own) && one.OfOthers.SequenceEqual(two.OfOthers)).All(static same => same));

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
