using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WeakRefAnalyzers.Fixes;

/// <summary>Holds a delegate that only a weak reference holds.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class WREF204_KeepDelegate() : WeakFix("Keep the delegate in a field", "WREF204")
{
    private protected override FixEdit? Edit(FixSite site)
    {
        var info = site.Model.GetTypeInfo(site.Node, site.Cancel);
        var type = info.Type ?? info.ConvertedType;
        var symbol = site.Model.GetSymbolInfo(site.Node, site.Cancel).Symbol;

        // A group of this object's own method, or of a static one, does the same whenever it is made.
        var isSame = symbol is IMethodSymbol { MethodKind: MethodKind.Ordinary }
            && site.Node is IdentifierNameSyntax or MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax };
        return type is { TypeKind: TypeKind.Delegate }
            ? KeepInField.Of(
                site,
                type,
                symbol is ILocalSymbol or IMethodSymbol { MethodKind: MethodKind.Ordinary } ? symbol.Name : "handler",
                isSame)
            : null;
    }
}
