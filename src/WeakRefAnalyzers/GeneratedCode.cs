using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using WeakRefAnalyzers.Code;

namespace WeakRefAnalyzers;

/// <summary>
/// What a person has written of the files of a compilation. Generated is what the compiler takes for it; where <c>#line</c> leads from
/// there to a file that is not, somebody wrote the code into that one (a component in Razor, a template, a grammar).
/// </summary>
internal sealed class GeneratedCode
{
    private static readonly string[] Endings = [".designer", ".generated", ".g", ".g.i"];

    /// <summary>Only files of which not all is written: a file like most has one look-up.</summary>
    private readonly Dictionary<SyntaxTree, Share> _shares = [];

    public GeneratedCode(Compilation compilation, KnownFacts known, CancellationToken cancel)
    {
        foreach (var tree in compilation.SyntaxTrees)
        {
            var share = ShareOf(tree, known.Of(tree, static tree => new Facts(tree)), compilation, cancel);
            if (share != Share.Written)
            {
                _shares.Add(tree, share);
            }
        }
    }

    /// <summary>How much of a file is a person's.</summary>
    private enum Share
    {
        Written,

        /// <summary>Written, but for what is hidden or has the attribute.</summary>
        WithGeneratedParts,

        /// <summary>Generated, and some of it out of a file that a person writes.</summary>
        WithWrittenParts,

        Generated,
    }

    /// <summary>All files are written from the first line to the last.</summary>
    public bool IsNone => _shares.Count == 0;

    /// <summary>Whether a report in the file has to ask where it stands.</summary>
    public bool IsIn(SyntaxTree tree) => _shares.ContainsKey(tree);

    /// <summary>Whether nothing in the file is a person's.</summary>
    public bool IsAllOf(SyntaxTree tree) => _shares.TryGetValue(tree, out var share) && share == Share.Generated;

    public bool IsWritten(Location location, CancellationToken cancel) =>
        location.SourceTree is not { } tree || !_shares.TryGetValue(tree, out var share)
        || IsMapped(location, cancel)
        || (share == Share.WithGeneratedParts && IsPlain(location, cancel));

    /// <summary>Whether the text at the place is a person's, and no copy of it.</summary>
    public static bool MayEdit(Location location, Compilation compilation, CancellationToken cancel) =>
        location.SourceTree is { } tree
        && ShareOf(tree, new Facts(tree), compilation, cancel) is Share.Written or Share.WithGeneratedParts
        && !IsMapped(location, cancel) && IsPlain(location, cancel);

    private static Share ShareOf(SyntaxTree tree, Facts facts, Compilation compilation, CancellationToken cancel)
    {
        var kind = compilation.Options.SyntaxTreeOptionsProvider?.IsGenerated(tree, cancel) ?? GeneratedKind.Unknown;
        return kind == GeneratedKind.MarkedGenerated || (kind == GeneratedKind.Unknown && facts.LooksGenerated)
            ? facts.IsMapped ? Share.WithWrittenParts : Share.Generated
            : facts.HasGeneratedParts ? Share.WithGeneratedParts : Share.Written;
    }

    /// <summary>Whether <c>#line</c> says that the code stands in another file, which a person writes.</summary>
    private static bool IsMapped(Location location, CancellationToken cancel)
    {
        var tree = location.SourceTree!;
        return tree.GetLineVisibility(location.SourceSpan.Start, cancel) == LineVisibility.Visible
            && IsOfPerson(tree.GetMappedLineSpan(location.SourceSpan, cancel), tree);
    }

    private static bool IsOfPerson(FileLinePositionSpan mapped, SyntaxTree tree) =>
        mapped.HasMappedPath && mapped.Path.Length > 0 && mapped.Path != tree.FilePath && !IsNamedGenerated(mapped.Path);

    /// <summary>Neither hidden nor inside something that has the attribute.</summary>
    private static bool IsPlain(Location location, CancellationToken cancel)
    {
        var tree = location.SourceTree!;
        if (tree.GetLineVisibility(location.SourceSpan.Start, cancel) == LineVisibility.Hidden)
        {
            return false;
        }

        for (var node = tree.GetRoot(cancel).FindToken(location.SourceSpan.Start).Parent; node is not null; node = node.Parent)
        {
            var lists = node switch
            {
                MemberDeclarationSyntax member => member.AttributeLists,
                AccessorDeclarationSyntax accessor => accessor.AttributeLists,
                _ => default,
            };
            if (lists.Any(static list => list.Attributes.Any(SaysGenerated)))
            {
                return false;
            }
        }

        return true;
    }

    private static bool SaysGenerated(AttributeSyntax attribute) =>
        (attribute.Name is QualifiedNameSyntax qualified ? qualified.Right : attribute.Name as SimpleNameSyntax)
            ?.Identifier.ValueText is "GeneratedCode" or "GeneratedCodeAttribute";

    private static bool IsNamedGenerated(string path)
    {
        var start = path.LastIndexOfAny(['/', '\\']) + 1;
        var dot = path.LastIndexOf('.');
        return path.IndexOf("TemporaryGeneratedFile_", start, StringComparison.OrdinalIgnoreCase) == start
            || (dot > start && Array.Exists(Endings, ending => dot - start >= ending.Length
                && string.Compare(path, dot - ending.Length, ending, 0, ending.Length, StringComparison.OrdinalIgnoreCase) == 0));
    }

    /// <summary>What the file itself says of its origin.</summary>
    private sealed class Facts
    {
        public Facts(SyntaxTree tree)
        {
            var root = tree.GetRoot();
            LooksGenerated = IsNamedGenerated(tree.FilePath)
                || root.GetLeadingTrivia().Any(static trivia => !trivia.HasStructure && SaysGenerated(trivia.ToString()));
            HasGeneratedParts = tree.HasHiddenRegions()
                || tree.GetText().ToString().IndexOf("GeneratedCode", StringComparison.Ordinal) >= 0;
            IsMapped = root.ContainsDirectives
                && tree.GetLineMappings().Any(line => !line.IsHidden && IsOfPerson(line.MappedSpan, tree));
        }

        public bool LooksGenerated { get; }

        /// <summary>Or may have, where it is written otherwise.</summary>
        public bool HasGeneratedParts { get; }

        public bool IsMapped { get; }

        private static bool SaysGenerated(string comment) =>
            comment.IndexOf("<autogenerated", StringComparison.Ordinal) >= 0
            || comment.IndexOf("<auto-generated", StringComparison.Ordinal) >= 0;
    }
}
