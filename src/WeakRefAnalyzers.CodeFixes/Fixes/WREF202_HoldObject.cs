using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace WeakRefAnalyzers.Fixes;

/// <summary>Holds what is never collected without a weak reference, which never becomes empty.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class WREF202_HoldObject() : WeakFix("Hold the object itself", "WREF202")
{
    private protected override FixEdit? Edit(FixSite site) => StrongInstead.Of(site);
}
