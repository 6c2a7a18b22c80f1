using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace WeakRefAnalyzers;

/// <summary>
/// Whether only a part of a file is asked for. Since Roslyn 4.8 a host may do so; that is the version that tells the part, and this package
/// is built against an older one.
/// </summary>
internal static class PartialAnalysis
{
    private static readonly Getter? FilterSpan =
        typeof(OperationBlockAnalysisContext).GetProperty("FilterSpan")?.GetMethod?.CreateDelegate(typeof(Getter)) as Getter;

    private delegate TextSpan? Getter(ref OperationBlockAnalysisContext context);

    public static bool Is(ref OperationBlockAnalysisContext context) => FilterSpan?.Invoke(ref context) is not null;
}
