using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace WeakRefAnalyzers.Fixes;

/// <summary>
/// What a new private field is called: as the project's naming rule says, or as most fields of its kind in the type, then in the file.
/// </summary>
internal static class FieldName
{
    private static readonly string[] Prefixes = ["_", "s_", "m_", "t_"];

    /// <summary>The name that the hint becomes; it may be taken.</summary>
    public static string For(TypeDeclarationSyntax owner, string hint, bool isStatic, bool isReadOnly, AnalyzerConfigOptions? options)
    {
        var stem = UnusedName.LocalOf(hint) ?? "field";
        var (prefix, isUpper) = Rule(options, isStatic, isReadOnly)
            ?? Prevailing(owner.Members, isStatic)
            ?? Prevailing(owner.SyntaxTree.GetRoot().DescendantNodes(static node => node is not FieldDeclarationSyntax)
                .OfType<MemberDeclarationSyntax>(), isStatic)
            ?? (isStatic ? "s_" : "_", false);
        return prefix + (isUpper ? char.ToUpperInvariant(stem[0]) + stem.Substring(1) : stem);
    }

    /// <summary>A naming rule of the .editorconfig for private fields; of several the one that asks for most modifiers.</summary>
    private static (string Prefix, bool IsUpper)? Rule(AnalyzerConfigOptions? options, bool isStatic, bool isReadOnly)
    {
        const string Start = "dotnet_naming_rule.", End = ".symbols";
        (string, bool)? found = null;
        var best = -1;
        foreach (var key in options?.Keys ?? [])
        {
            if (!key.StartsWith(Start, StringComparison.Ordinal) || !key.EndsWith(End, StringComparison.Ordinal)
                || key.Length <= Start.Length + End.Length)
            {
                continue;
            }

            var symbols = $"dotnet_naming_symbols.{Text(key)}.";
            var style = Text(Start + key.Substring(Start.Length, key.Length - Start.Length - End.Length) + ".style");
            var modifiers = List(symbols + "required_modifiers");
            if (!List(symbols + "applicable_kinds").Contains("field")
                || !(List(symbols + "applicable_accessibilities") is var accessible
                    && (accessible.Contains("private") || accessible.Contains("*")))
                || modifiers.Any(modifier => modifier switch { "static" => !isStatic, "readonly" => !isReadOnly, _ => true })
                || modifiers.Length <= best || style.Length == 0)
            {
                continue;
            }

            best = modifiers.Length;
            found = (Text($"dotnet_naming_style.{style}.required_prefix"),
                Text($"dotnet_naming_style.{style}.capitalization") == "pascal_case");
        }

        return found;

        string Text(string key) => options!.TryGetValue(key, out var value) ? value.Trim() : "";

        string[] List(string key) => [.. Text(key).Split(',').Select(static part => part.Trim()).Where(static part => part.Length > 0)];
    }

    private static (string Prefix, bool IsUpper)? Prevailing(IEnumerable<MemberDeclarationSyntax> members, bool isStatic) =>
        members.OfType<FieldDeclarationSyntax>()
        .Where(field => field.Modifiers.Any(SyntaxKind.StaticKeyword) == isStatic
            && !field.Modifiers.Any(static modifier =>
                modifier.Kind() is SyntaxKind.ConstKeyword or SyntaxKind.PublicKeyword or SyntaxKind.InternalKeyword
                    or SyntaxKind.ProtectedKeyword))
        .SelectMany(static field => field.Declaration.Variables)
        .Select(static variable => ((string Prefix, bool IsUpper)?)KindOf(variable.Identifier.ValueText))
        .GroupBy(static kind => kind)
        .OrderByDescending(static group => group.Count())
        .FirstOrDefault()?.Key;

    private static (string Prefix, bool IsUpper) KindOf(string name)
    {
        var prefix = Prefixes.FirstOrDefault(prefix => name.StartsWith(prefix, StringComparison.Ordinal) && name.Length > prefix.Length)
            ?? "";
        return (prefix, name.Length > 0 && char.IsUpper(name[prefix.Length]));
    }
}
