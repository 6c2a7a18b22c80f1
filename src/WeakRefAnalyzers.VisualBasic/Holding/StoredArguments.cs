using Microsoft.CodeAnalysis;
using WeakRefAnalyzers.Code;

namespace WeakRefAnalyzers.Holding;

internal sealed partial class StoredArguments
{
    /// <summary>There are no primary constructors.</summary>
    private partial bool StoresInPrimary(IMethodSymbol constructor, IParameterSymbol parameter, Inquiry asking) => false;
}
