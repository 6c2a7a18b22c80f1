using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WeakRefAnalyzers.Fixes;

/// <summary>A local that a fix takes the last use of: left behind it would be a warning.</summary>
internal static class SpareLocal
{
    /// <summary>
    /// The declaration that nobody misses once these uses are gone; null where there is none, or where it does or says more.
    /// </summary>
    /// <param name="site">Where the fix is made.</param>
    /// <param name="use">A use of the local.</param>
    /// <param name="uses">How many uses the fix takes away, this one among them.</param>
    public static LocalDeclarationStatementSyntax? Of(FixSite site, ExpressionSyntax use, int uses) =>
        site.Model.GetSymbolInfo(use, site.Cancel).Symbol is ILocalSymbol local
        && local.DeclaringSyntaxReferences[0].GetSyntax(site.Cancel) is VariableDeclaratorSyntax
        {
            Initializer: var value, Parent: VariableDeclarationSyntax { Variables.Count: 1,
                Parent: LocalDeclarationStatementSyntax { Parent: BlockSyntax block } declaration },
        }
        && (value is null || IsWithoutEffect(site, value.Value))
        && !Comments.AreIn(declaration.GetLeadingTrivia().Concat(declaration.GetTrailingTrivia()))
        && block.DescendantTokens().Count(token => token.IsKind(SyntaxKind.IdentifierToken) && token.ValueText == local.Name) == uses + 1
            ? declaration : null;

    /// <summary>Making the value does nothing else.</summary>
    public static bool IsWithoutEffect(FixSite site, ExpressionSyntax value) => value switch
    {
        LiteralExpressionSyntax or DefaultExpressionSyntax => true,
        IdentifierNameSyntax or MemberAccessExpressionSyntax =>
            site.Model.GetSymbolInfo(value, site.Cancel).Symbol is ILocalSymbol or IParameterSymbol or IFieldSymbol or IPropertySymbol,
        CastExpressionSyntax cast => IsWithoutEffect(site, cast.Expression),
        ObjectCreationExpressionSyntax { Initializer: null, ArgumentList: null or { Arguments.Count: 0 } } => true,
        ImplicitObjectCreationExpressionSyntax { Initializer: null, ArgumentList.Arguments.Count: 0 } => true,
        _ => false,
    };
}
