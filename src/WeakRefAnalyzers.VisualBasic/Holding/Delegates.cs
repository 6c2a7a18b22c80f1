using Microsoft.CodeAnalysis.Operations;

namespace WeakRefAnalyzers.Holding;

internal static partial class Delegates
{
    /// <summary>Measured: <c>AddressOf</c> makes a delegate each time, also of a shared method.</summary>
    private static partial bool IsCachedHere(IDelegateCreationOperation creation) => false;
}
