using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace WeakRefAnalyzers.Fixes;

/// <summary>Puts the use under the parameter that says whether the object is being disposed, which the finalizer passes as false.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class WREF503_OnlyWhenDisposing() : WeakFix("Do this only when the object is being disposed", "WREF503")
{
    private protected override FixEdit? Edit(FixSite site)
    {
        if (site.Node.FirstAncestorOrSelf<StatementSyntax>() is not ExpressionStatementSyntax statement
            || statement.FirstAncestorOrSelf<MemberDeclarationSyntax>() is not MethodDeclarationSyntax method
            || method.ParameterList.Parameters.Count != 1
            || site.Model.GetDeclaredSymbol(method, site.Cancel) is not { Parameters: { Length: 1 } parameters } symbol
            || parameters[0].Type.SpecialType != SpecialType.System_Boolean
            || method.Parent is not TypeDeclarationSyntax type
            || type.Members.OfType<DestructorDeclarationSyntax>().FirstOrDefault() is not { } finalizer
            || !PassesFalse(finalizer, symbol, site)
            || statement.DescendantNodes().Any(node => node is AnonymousFunctionExpressionSyntax))
        {
            return null;
        }

        // A statement that stands alone under a test of the field goes with the test.
        StatementSyntax whole = statement;
        if (statement.Parent is BlockSyntax { Statements.Count: 1, Parent: IfStatementSyntax { Else: null } outer } && outer.Parent is BlockSyntax)
        {
            whole = outer;
        }
        else if (statement.Parent is IfStatementSyntax { Else: null, Parent: BlockSyntax } test)
        {
            whole = test;
        }

        var guarded = SyntaxFactory.IfStatement(SyntaxFactory.IdentifierName(parameters[0].Name), SyntaxFactory.Block(whole.WithoutTrivia()))
            .WithTriviaFrom(whole)
            .WithAdditionalAnnotations(Formatter.Annotation);
        return new FixEdit(whole, editor => editor.ReplaceNode(whole, guarded));
    }

    private static bool PassesFalse(DestructorDeclarationSyntax finalizer, IMethodSymbol method, FixSite site)
    {
        foreach (var node in finalizer.DescendantNodes())
        {
            if (node is InvocationExpressionSyntax { ArgumentList.Arguments: { Count: 1 } arguments } call && SymbolEqualityComparer.Default.Equals(site.Model.GetSymbolInfo(call, site.Cancel).Symbol, method))
            {
                return arguments[0].Expression.IsKind(SyntaxKind.FalseLiteralExpression);
            }
        }

        return false;
    }
}
