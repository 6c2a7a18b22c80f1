using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WeakRefAnalyzers.Fixes;

/// <summary>Holds a weak target that nothing else holds.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class WREF203_KeepTarget() : WeakFix("Keep the object in a field", "WREF203")
{
    private protected override FixEdit? Edit(FixSite site)
    {
        var type = site.Model.GetTypeInfo(site.Node, site.Cancel).Type;
        var hint = site.Node is IdentifierNameSyntax local
            ? local.Identifier.ValueText
            : type is INamedTypeSymbol { Name.Length: > 0 } named ? named.Name : "target";
        return KeepInField.Of(site, type, hint, isSameEachTime: false);
    }
}
