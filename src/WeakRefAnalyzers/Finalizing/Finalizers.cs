using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WeakRefAnalyzers.Finalizing;

/// <summary>The finalizers of a file, and what each of them runs: found once for all types of the file.</summary>
internal static class Finalizers
{
    /// <summary>As many as people write into one file, where they may lead into one another's types.</summary>
    public const int Few = 32;

    /// <summary>Live as long as the file's tree, and its model.</summary>
    private static readonly ConditionalWeakTable<SyntaxTree, IReadOnlyList<DestructorDeclarationSyntax>> Known = new();
    private static readonly ConditionalWeakTable<SemanticModel,
        ConcurrentDictionary<DestructorDeclarationSyntax, FinalizerReach?>> Reaches = new();

    public static IReadOnlyList<DestructorDeclarationSyntax> In(SyntaxTree tree, CancellationToken cancel) =>
        Known.TryGetValue(tree, out var known) ? known : Known.GetValue(tree, _ => Find(tree.GetRoot(cancel)));

    public static FinalizerReach? ReachOf(DestructorDeclarationSyntax finalizer, SemanticModel model, CancellationToken cancel) =>
        Reaches.GetValue(model, static _ => new()).GetOrAdd(finalizer, _ => FinalizerReach.Of(finalizer, model, cancel));

    private static IReadOnlyList<DestructorDeclarationSyntax> Find(SyntaxNode root)
    {
        List<DestructorDeclarationSyntax>? found = null;
        foreach (var node in root.DescendantNodes(static node =>
            node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax or TypeDeclarationSyntax))
        {
            if (node is DestructorDeclarationSyntax finalizer)
            {
                // Of two in one type, the second one is a mistake.
                (found ??= []).RemoveAll(other => other.Parent == finalizer.Parent);
                found.Add(finalizer);
            }
        }

        return found ?? (IReadOnlyList<DestructorDeclarationSyntax>)[];
    }
}
