using Microsoft.CodeAnalysis;

namespace WeakRefAnalyzers.Roles;

/// <summary>Tells which GCHandles are weak: here only those that are allocated on the spot, which are told without it.</summary>
internal sealed class WeakHandles
{
    public WeakHandles(INamedTypeSymbol? gcHandle) => _ = gcHandle;

    public bool IsWeak(IOperation? handle, ITypeSymbol memberOwner) => false;
}
