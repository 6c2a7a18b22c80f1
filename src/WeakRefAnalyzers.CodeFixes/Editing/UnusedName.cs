using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WeakRefAnalyzers.Fixes;

/// <summary>Names for what a fix declares.</summary>
internal static class UnusedName
{
    /// <summary>
    /// The stem, or the first of stem2, stem3, … that nothing in that place is called and no fix of the same round took there.
    /// </summary>
    public static string In(SyntaxNode place, string stem, FixSite? site = null)
    {
        var taken = new HashSet<string>(place.DescendantTokens().Where(static token => token.IsKind(SyntaxKind.IdentifierToken))
            .Select(static token => token.ValueText), StringComparer.Ordinal);
        var name = stem;
        for (var number = 2; taken.Contains(name) || IsKeyword(name) || site?.Taken.Contains((place.SpanStart, name)) == true; number++)
        {
            name = stem + number;
        }

        return name;
    }

    /// <summary>The name for a local variable of the member around the node, and no longer free for the other fixes of the round.</summary>
    public static string ForLocal(FixSite site, SyntaxNode node, string stem)
    {
        var member = MemberOf(site, node);
        var name = In(member, stem, site);
        Take(site, node, name);
        return name;
    }

    /// <summary>The name for a local variable of the innermost function: two lambdas side by side may use the same.</summary>
    public static string ForFunction(FixSite site, SyntaxNode node, string stem)
    {
        var function = FunctionOf(site, node);
        var name = In(function, stem, site);
        if (site.Model.LookupSymbols(node.SpanStart, name: name).Any(static symbol => symbol is ILocalSymbol or IParameterSymbol))
        {
            return ForLocal(site, node, stem);
        }

        site.Taken.Add((function.SpanStart, name));
        return name;
    }

    /// <summary>The name is not free any more for the other fixes of the round in that member.</summary>
    public static void Take(FixSite site, SyntaxNode node, string name) => site.Taken.Add((MemberOf(site, node).SpanStart, name));

    public static bool IsTaken(FixSite site, SyntaxNode node, string name) => site.Taken.Contains((MemberOf(site, node).SpanStart, name));

    /// <summary>The member that the names of local variables must differ in.</summary>
    public static SyntaxNode MemberOf(FixSite site, SyntaxNode node) =>
        node.FirstAncestorOrSelf<MemberDeclarationSyntax>(static member => member is not GlobalStatementSyntax) ?? site.Root;

    /// <summary>The innermost lambda, local function or member.</summary>
    public static SyntaxNode FunctionOf(FixSite site, SyntaxNode node) =>
        node.FirstAncestorOrSelf<SyntaxNode>(static outer => outer is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax)
            ?? MemberOf(site, node);

    /// <summary>In lower case and without what marks a field; null where that is no name for a local.</summary>
    public static string? LocalOf(string member)
    {
        var stem = member.TrimStart('_', '@');
        stem = stem.Length > 2 && stem[1] == '_' && stem[0] is 's' or 'm' or 't' ? stem.Substring(2) : stem;
        stem = stem.Length == 0 ? stem : char.ToLowerInvariant(stem[0]) + stem.Substring(1);
        return SyntaxFacts.IsValidIdentifier(stem) && !IsKeyword(stem) ? stem : null;
    }

    private static bool IsKeyword(string name) => SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None;
}
