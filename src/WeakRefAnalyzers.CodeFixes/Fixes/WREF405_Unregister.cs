using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using WeakRefAnalyzers.Code;

namespace WeakRefAnalyzers.Fixes;

/// <summary>
/// Takes the registration back, and releases only what that is still true of: by the registration where a field keeps it, by the object
/// itself as the token elsewhere.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class WREF405_Unregister() : WeakFix("Take the registration back first", "WREF405")
{
    private protected override FixEdit? Edit(FixSite site)
    {
        if (site.Node.FirstAncestorOrSelf<InvocationExpressionSyntax>() is not { } release
            || site.Related(Place.Registration) is not InvocationExpressionSyntax registration
            || registration.FirstAncestorOrSelf<TypeDeclarationSyntax>() is not { } owner
            || release.FirstAncestorOrSelf<TypeDeclarationSyntax>() != owner
            || registration is not { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Register" } access,
                ArgumentList.Arguments: var arguments }
            || arguments.Any(static argument => argument.NameColon is not null)
            || arguments[0].Expression is not ThisExpressionSyntax
            || Condition(site, registration, access) is not { } condition)
        {
            return null;
        }

        var addsToken = condition.Token;
        Action<Microsoft.CodeAnalysis.Editing.SyntaxEditor> tell = editor =>
        {
            if (addsToken)
            {
                var told = SyntaxFactory.Argument(SyntaxFactory.ThisExpression()).WithLeadingTrivia(SyntaxFactory.Space);
                editor.ReplaceNode(registration.ArgumentList, registration.ArgumentList.AddArguments(told));
            }
        };
        var guard = SyntaxFactory.ParseExpression(condition.Text);
        switch (release.Parent)
        {
            case ExpressionStatementSyntax { Parent: BlockSyntax or IfStatementSyntax or ElseClauseSyntax } statement:
                return new FixEdit(site.Root, editor =>
                {
                    tell(editor);
                    var body = SyntaxFactory.Block(statement.WithoutTrivia().WithTrailingTrivia(LineBreak.Of(owner)));
                    editor.ReplaceNode(statement, SyntaxFactory.IfStatement(guard, body).WithTriviaFrom(statement)
                        .WithAdditionalAnnotations(Formatter.Annotation));
                })
                {
                    Nodes = addsToken ? [statement, registration] : [statement],
                };
            case ArrowExpressionClauseSyntax arrow when ArrowBody.IsVoid(site, arrow)
                && SyntaxFactory.Block(SyntaxFactory.ExpressionStatement(release.WithoutTrivia())) is var then
                && ArrowBody.ToBlock(arrow, SyntaxFactory.Block(SyntaxFactory.IfStatement(guard, then))) is { } edit:
                return new FixEdit(site.Root, editor =>
                {
                    tell(editor);
                    edit.Apply(editor);
                })
                {
                    Nodes = addsToken ? [arrow.Parent!, registration] : [arrow.Parent!],
                };
            default:
                return null;
        }
    }

    /// <summary>What takes the registration back and says whether there was one; and whether it has to be given a token for that.</summary>
    private static (string Text, bool Token)? Condition(FixSite site, InvocationExpressionSyntax registration,
        MemberAccessExpressionSyntax access)
    {
        if (registration.Parent is AssignmentExpressionSyntax
            { Left: var kept, Parent: ExpressionStatementSyntax or ArrowExpressionClauseSyntax }
            && Syntaxes.OwnNameOf(kept) is not null
            && site.Model.GetTypeInfo(registration, site.Cancel).Type is { } type && IsTest(type, 0))
        {
            return ($"{kept.WithoutTrivia()}.Unregister()", false);
        }

        return registration.Parent is ExpressionStatementSyntax or ArrowExpressionClauseSyntax
            && registration.ArgumentList.Arguments is { Count: 2 or 3 } arguments
            && (arguments.Count == 2 || arguments[2].Expression is ThisExpressionSyntax)
            && site.Model.GetSymbolInfo(access.Expression, site.Cancel).Symbol is IFieldSymbol or IPropertySymbol
            && site.Model.GetTypeInfo(access.Expression, site.Cancel).Type is { } registry && OwnRegistry.HasToken(registry)
            ? ($"{access.Expression.WithoutTrivia()}.Unregister(this)", arguments.Count == 2) : null;
    }

    private static bool IsTest(ITypeSymbol type, int parameters) => type.GetMembers("Unregister").Any(member =>
        member is IMethodSymbol { ReturnType.SpecialType: SpecialType.System_Boolean } method && method.Parameters.Length == parameters);
}
