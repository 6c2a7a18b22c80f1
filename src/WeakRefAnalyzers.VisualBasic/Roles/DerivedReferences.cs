using Microsoft.CodeAnalysis;

namespace WeakRefAnalyzers.Roles;

/// <summary>Types that derive from a weak reference: here none hands its target on.</summary>
internal sealed class DerivedReferences
{
    public int TargetOf(IMethodSymbol constructor) => -1;
}
