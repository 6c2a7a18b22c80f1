using Microsoft.CodeAnalysis;

namespace WeakRefAnalyzers.Finalizing;

internal readonly partial record struct ReleaseCall
{
    /// <summary>A method around a native one counts by its name alone.</summary>
    private static partial bool Forwards(IMethodSymbol method) => false;
}
