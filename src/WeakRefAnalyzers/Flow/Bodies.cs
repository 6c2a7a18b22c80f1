using Microsoft.CodeAnalysis;

namespace WeakRefAnalyzers.Flow;

/// <summary>Reads code of another declaration than the one that is analyzed.</summary>
internal static class Bodies
{
    /// <summary>The operation of a body; callers ask only for the few bodies that a candidate makes them look into.</summary>
    public static IOperation? OperationOf(Compilation compilation, SyntaxNode node)
    {
#pragma warning disable RS1030 // A body elsewhere has no model in the context of the analyzed one; asked only behind a found candidate.
        return compilation.ContainsSyntaxTree(node.SyntaxTree) ? compilation.GetSemanticModel(node.SyntaxTree).GetOperation(node) : null;
#pragma warning restore RS1030
    }
}
