using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WeakRefAnalyzers.Fixes;

/// <summary>Registers without a token where the token given cannot be used.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class WREF402_DropToken() : WeakFix("Register without a token", "WREF402")
{
    private protected override FixEdit? Edit(FixSite site)
    {
        if (site.Node.FirstAncestorOrSelf<ArgumentSyntax>() is not { Parent: ArgumentListSyntax { Parent: InvocationExpressionSyntax call } list } argument
            || !IsWithoutEffect(site, argument.Expression))
        {
            return null;
        }

        // There must be a Register that takes the rest.
        var shorter = call.WithArgumentList(list.WithArguments(list.Arguments.Remove(argument)));
        if (site.Model.GetSpeculativeSymbolInfo(call.SpanStart, shorter, SpeculativeBindingOption.BindAsExpression).Symbol is not IMethodSymbol { Name: "Register" })
        {
            return null;
        }

        // A local that was made for this alone goes with it.
        if (site.Model.GetSymbolInfo(argument.Expression, site.Cancel).Symbol is ILocalSymbol local
            && site.Related(Place.Creation) is not null
            && local.DeclaringSyntaxReferences[0].GetSyntax(site.Cancel) is VariableDeclaratorSyntax { Initializer.Value: { } made, Parent: VariableDeclarationSyntax { Variables.Count: 1, Parent: LocalDeclarationStatementSyntax { Parent: BlockSyntax } declaration } }
            && declaration.GetLeadingTrivia().Concat(declaration.GetTrailingTrivia()).All(trivia => trivia.IsKind(SyntaxKind.WhitespaceTrivia) || trivia.IsKind(SyntaxKind.EndOfLineTrivia))
            && IsWithoutEffect(site, made))
        {
            return new FixEdit(declaration.Parent!, editor =>
            {
                editor.RemoveNode(declaration, SyntaxRemoveOptions.KeepNoTrivia);
                editor.RemoveNode(argument, SyntaxRemoveOptions.KeepNoTrivia);
            });
        }

        return new FixEdit(list, editor => editor.RemoveNode(argument, SyntaxRemoveOptions.KeepNoTrivia));
    }

    private static bool IsWithoutEffect(FixSite site, ExpressionSyntax value) => value switch
    {
        LiteralExpressionSyntax or DefaultExpressionSyntax => true,
        IdentifierNameSyntax or MemberAccessExpressionSyntax => site.Model.GetSymbolInfo(value, site.Cancel).Symbol is ILocalSymbol or IParameterSymbol or IFieldSymbol or IPropertySymbol,
        CastExpressionSyntax cast => IsWithoutEffect(site, cast.Expression),
        ObjectCreationExpressionSyntax { Initializer: null, ArgumentList: null or { Arguments.Count: 0 } } => true,
        ImplicitObjectCreationExpressionSyntax { Initializer: null, ArgumentList.Arguments.Count: 0 } => true,
        _ => false,
    };
}
