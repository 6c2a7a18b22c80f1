using Microsoft.CodeAnalysis;

namespace WeakRefAnalyzers.Flow;

/// <summary>Reads the operations of code other than the one under analysis: a called method, another part of a type.</summary>
internal static class Bodies
{
    /// <summary>The operation of a body, accessor or expression; null where it does not bind.</summary>
    /// <remarks>A new semantic model binds its tree again: come here only behind a cheap look at the syntax, once per declaration.</remarks>
    public static IOperation? OperationOf(Compilation compilation, SyntaxNode node, CancellationToken cancel)
    {
        if (!compilation.ContainsSyntaxTree(node.SyntaxTree))
        {
            return null;
        }

#pragma warning disable RS1030 // The body stands in another declaration, for which no analysis context offers a model.
        return compilation.GetSemanticModel(node.SyntaxTree).GetOperation(node, cancel);
#pragma warning restore RS1030
    }

    /// <summary>The operation of the whole member, initializer or accessor that holds this one.</summary>
    public static IOperation RootOf(IOperation operation)
    {
        while (operation.Parent is { } parent)
        {
            operation = parent;
        }

        return operation;
    }
}
