using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace WeakRefAnalyzers.Code;

internal sealed partial class Values
{
    /// <summary>What the local is for certain where it is used; here its one value counts, and no order of several.</summary>
    public static IOperation? ValueAt(ILocalReferenceOperation use, KnownFacts known) => null;
}
