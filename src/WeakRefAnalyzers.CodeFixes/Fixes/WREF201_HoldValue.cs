using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace WeakRefAnalyzers.Fixes;

/// <summary>Holds the value, of which a weak reference only has a box.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class WREF201_HoldValue() : WeakFix("Hold the value itself", "WREF201")
{
    private protected override FixEdit? Edit(FixSite site) => StrongInstead.Of(site);
}
