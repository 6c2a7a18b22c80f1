using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Finalizing;

/// <summary>The finalizers of a file, and what each of them runs: found once for all types of the file.</summary>
internal static class Finalizers
{
    /// <summary>As many as people write into one file, where they may lead into one another's types.</summary>
    public const int Few = 32;

    public static IReadOnlyList<DestructorDeclarationSyntax> In(SyntaxTree tree, KnownFacts known, CancellationToken cancel) =>
        Mentions.In(tree, known).Any.HasFlag(Mention.Finalizer)
            ? known.Of(tree, tree => new OfFile(Find(tree.GetRoot(cancel)))).All : [];

    public static FinalizerReach? ReachOf(
        DestructorDeclarationSyntax finalizer,
        SemanticModel model,
        KnownFacts known,
        CancellationToken cancel) =>
        known.Of(model, static _ => new Reaches()).Of.GetOrAdd(finalizer, _ => FinalizerReach.Of(finalizer, model, known, cancel));

    private static IReadOnlyList<DestructorDeclarationSyntax> Find(SyntaxNode root)
    {
        List<DestructorDeclarationSyntax> found = [];
        HashSet<SyntaxNode?> types = [];
        foreach (var node in root.DescendantNodes(static node =>
            node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax or TypeDeclarationSyntax))
        {
            if (node is DestructorDeclarationSyntax finalizer)
            {
                // Of two in one type, the second one is a mistake.
                if (!types.Add(finalizer.Parent))
                {
                    found.RemoveAll(other => other.Parent == finalizer.Parent);
                }

                found.Add(finalizer);
            }
        }

        return found;
    }

    private sealed class OfFile(IReadOnlyList<DestructorDeclarationSyntax> all)
    {
        public IReadOnlyList<DestructorDeclarationSyntax> All => all;
    }

    private sealed class Reaches
    {
        public ConcurrentDictionary<DestructorDeclarationSyntax, FinalizerReach?> Of { get; } = new();
    }
}
