using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace WeakRefAnalyzers.Fixes;

/// <summary>How new code is spelled: as the project's .editorconfig says, and where it says nothing, as the file does.</summary>
internal static class CodeStyle
{
    /// <summary><c>var</c>, or the type's name.</summary>
    /// <param name="site">Where the variable is declared.</param>
    /// <param name="type">Its type.</param>
    /// <param name="isApparent">The value shows the type, as a creation or a cast does.</param>
    public static string Local(FixSite site, ITypeSymbol type, bool isApparent = false)
    {
        var key = isApparent ? "csharp_style_var_when_type_is_apparent"
            : type.SpecialType is not (SpecialType.None or SpecialType.System_Nullable_T) ? "csharp_style_var_for_built_in_types"
            : "csharp_style_var_elsewhere";
        var isSayable = type is { TypeKind: not TypeKind.Error } and not INamedTypeSymbol { IsAnonymousType: true };
        return Read(site, key) ?? !IsWrittenOut(site.Root) || !isSayable ? "var" : Parsed.NameOf(type);
    }

    /// <summary>The field with <c>this.</c> where the project or the type writes that.</summary>
    public static string Field(FixSite site, TypeDeclarationSyntax owner, string name) => QualifiesFields(site, owner) ? "this." + name
        : name;

    /// <summary>The method with <c>this.</c> where the project writes that.</summary>
    public static string Method(FixSite site, string name) => Read(site, "dotnet_style_qualification_for_method") == true ? "this." + name
        : name;

    /// <summary>What the project says of an option; null where it says nothing.</summary>
    public static bool? Read(FixSite site, string key)
    {
        var options = OptionsOf(site);
        return options.TryGetValue(key, out var value) ? value.Split(':')[0].Trim() switch { "true" => true, "false" => false, _ => null }
            : null;
    }

    public static AnalyzerConfigOptions OptionsOf(FixSite site) =>
        site.Document.Project.AnalyzerOptions.AnalyzerConfigOptionsProvider.GetOptions(site.Root.SyntaxTree);

    /// <summary>The file has locals with a value, and none of them is a <c>var</c>.</summary>
    private static bool IsWrittenOut(SyntaxNode root)
    {
        var isWritten = false;
        foreach (var node in root.DescendantNodes())
        {
            switch (node)
            {
                case VariableDeclarationSyntax { Type.IsVar: true } or DeclarationExpressionSyntax { Type.IsVar: true }
                    or ForEachStatementSyntax { Type.IsVar: true }:
                    return false;
                case VariableDeclarationSyntax { Parent: LocalDeclarationStatementSyntax { IsConst: false },
                    Variables: { Count: 1 } variables } when variables[0].Initializer is not null:
                case ForEachStatementSyntax:
                    isWritten = true;
                    break;
            }
        }

        return isWritten;
    }

    private static bool QualifiesFields(FixSite site, TypeDeclarationSyntax owner)
    {
        if (Read(site, "dotnet_style_qualification_for_field") is { } said)
        {
            return said;
        }

        var fields = new HashSet<string>(owner.Members.OfType<FieldDeclarationSyntax>()
            .SelectMany(static field => field.Declaration.Variables).Select(static variable => variable.Identifier.ValueText));
        var isQualified = false;
        foreach (var name in owner.DescendantNodes().OfType<IdentifierNameSyntax>())
        {
            if (!fields.Contains(name.Identifier.ValueText))
            {
                continue;
            }

            if (name.Parent is MemberAccessExpressionSyntax access && access.Name == name)
            {
                isQualified |= access.Expression is ThisExpressionSyntax;
            }
            else if (site.Model.GetSymbolInfo(name, site.Cancel).Symbol is IFieldSymbol { IsStatic: false })
            {
                return false;
            }
        }

        return isQualified;
    }
}
