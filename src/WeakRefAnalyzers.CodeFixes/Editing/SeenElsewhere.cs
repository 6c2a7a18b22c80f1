using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WeakRefAnalyzers.Fixes;

/// <summary>Whether a change of a variable's type reaches further than its file.</summary>
internal static class SeenElsewhere
{
    /// <summary>Another assembly may name it, or another file does.</summary>
    public static bool Is(ISymbol dictionary, FixSite site)
    {
        var isPrivate = dictionary is ILocalSymbol
            || site.Model.Compilation.Options.OutputKind is OutputKind.ConsoleApplication or OutputKind.WindowsApplication;
        for (var symbol = dictionary; !isPrivate && symbol is not (null or INamespaceSymbol); symbol = symbol.ContainingSymbol)
        {
            isPrivate |= symbol.DeclaredAccessibility
                is Accessibility.Private or Accessibility.Internal or Accessibility.ProtectedAndInternal;
        }

        return !isPrivate || (dictionary is not ILocalSymbol
            && site.Model.Compilation.SyntaxTrees.Any(tree => tree != site.Root.SyntaxTree
            && tree.GetText(site.Cancel).ToString().Contains(dictionary.Name)
            && tree.GetRoot(site.Cancel).DescendantNodes().OfType<IdentifierNameSyntax>().Any(name =>
                name.Identifier.ValueText == dictionary.Name
                && SymbolEqualityComparer.Default.Equals(site.Model.Compilation.GetSemanticModel(tree).GetSymbolInfo(name,
                    site.Cancel).Symbol, dictionary))));
    }
}
