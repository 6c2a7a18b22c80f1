using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WeakRefAnalyzers.Finalizing;

/// <summary>
/// Types whose objects nobody owns who could release them: values of a ConditionalWeakTable, made to notice that the key
/// died; objects whose references native code counts; those of which others see only the delegate bound to them.
/// </summary>
internal static class Ownerless
{
    /// <summary>The names of the types that a file makes values of weak tables; lives as long as the file's tree.</summary>
    private static readonly ConditionalWeakTable<SyntaxTree, HashSet<string>> Known = new();

    public static bool Is(INamedTypeSymbol type, Compilation compilation) =>
        type.GetAttributes().Any(static attribute => attribute.AttributeClass?.Name == "GeneratedComClassAttribute") || IsCallback(type)
        || compilation.SyntaxTrees.Any(tree => Known.GetValue(tree, AttachedIn).Contains(type.Name));

    private static bool IsCallback(INamedTypeSymbol type)
    {
        var visible = type.GetMembers().Where(static member => member is not IMethodSymbol { MethodKind: not MethodKind.Ordinary }
            && member is { IsStatic: false, DeclaredAccessibility: not (Accessibility.Private or Accessibility.Protected) }).ToList();
        return visible.Count > 0
            && visible.All(static member => member is IPropertySymbol { Type.TypeKind: TypeKind.Delegate, SetMethod: null });
    }

    private static HashSet<string> AttachedIn(SyntaxTree tree)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        if (!tree.GetText().ToString().Contains("ConditionalWeakTable<"))
        {
            return names;
        }

        foreach (var node in tree.GetRoot().DescendantNodes())
        {
            if (node is GenericNameSyntax { Identifier.ValueText: "ConditionalWeakTable",
                TypeArgumentList.Arguments: { Count: 2 } arguments }
                && (arguments[1] is QualifiedNameSyntax qualified ? qualified.Right : arguments[1]) is SimpleNameSyntax value)
            {
                names.Add(value.Identifier.ValueText);
            }
        }

        return names;
    }
}
