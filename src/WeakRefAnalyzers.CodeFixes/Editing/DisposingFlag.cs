using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace WeakRefAnalyzers.Fixes;

/// <summary>The parameter of a method that says whether the object is being disposed, for which the finalizer passes
/// <c>false</c>.</summary>
internal static class DisposingFlag
{
    /// <summary><c>Dispose(true)</c> in the finalizer becomes <c>Dispose(false)</c>, where the objects are left alone then and as much is
    /// released.</summary>
    public static FixEdit? PassFalse(FixSite site, DestructorDeclarationSyntax finalizer, FinalizableUses uses)
    {
        if (CallIn(finalizer, site) is not ({ } argument, { } flag) || !argument.Expression.IsKind(SyntaxKind.TrueLiteralExpression)
            || flag.Name.IndexOf("dispos", StringComparison.OrdinalIgnoreCase) < 0)
        {
            return null;
        }

        var literal = SyntaxFactory.LiteralExpression(SyntaxKind.FalseLiteralExpression).WithTriviaFrom(argument.Expression);
        var tree = site.Root.SyntaxTree.WithRootAndOptions(site.Root.ReplaceNode(argument.Expression, literal),
            site.Root.SyntaxTree.Options);
        var changed = tree.GetRoot(site.Cancel).FindToken(finalizer.SpanStart).Parent?.FirstAncestorOrSelf<DestructorDeclarationSyntax>();
        var model = site.Model.Compilation.ReplaceSyntaxTree(site.Root.SyntaxTree, tree).GetSemanticModel(tree);
        if (changed is null || FinalizableUses.Of(changed, site, model) is not { } after || after.OtherReleases != uses.OtherReleases)
        {
            return null;
        }

        var passing = new FixEdit(argument, editor => editor.ReplaceNode(argument.Expression, literal));
        if (!after.Any)
        {
            return passing;
        }

        // What is used all the same goes under the parameter with the same edit.
        var type = (TypeDeclarationSyntax)finalizer.Parent!;
        return flag.ContainingSymbol.DeclaringSyntaxReferences[0].GetSyntax(site.Cancel)
            is MethodDeclarationSyntax { Body: { } body } method && method.Parent == type
            && ((TypeDeclarationSyntax)changed.Parent!).Members[type.Members.IndexOf(method)]
                is MethodDeclarationSyntax { Body: { } later } && after.AreAllCovered(later)
            ? new FixEdit(type, editor =>
            {
                passing.Apply(editor);
                editor.ReplaceNode(body, body.WithStatements(after.Under(flag.Name, later.Statements)));
            })
            {
                Nodes = [argument, body],
            }
            : null;
    }

    /// <summary>What uses the objects goes under the parameter.</summary>
    public static FixEdit? Guard(FixSite site, MethodDeclarationSyntax method, DestructorDeclarationSyntax finalizer, FinalizableUses uses)
    {
        if (method.ParameterList.Parameters.Count != 1 || CallIn(finalizer, site) is not ({ } argument, { } flag)
            || !argument.Expression.IsKind(SyntaxKind.FalseLiteralExpression)
            || !SymbolEqualityComparer.Default.Equals(flag.ContainingSymbol, site.Model.GetDeclaredSymbol(method, site.Cancel)))
        {
            return null;
        }

        if (method.ExpressionBody is { } arrow)
        {
            var statement = SyntaxFactory.ExpressionStatement(arrow.Expression.WithoutTrivia());
            var test = SyntaxFactory
                .IfStatement(SyntaxFactory.IdentifierName(flag.Name), SyntaxFactory.Block(statement))
                .WithAdditionalAnnotations(Formatter.Annotation);
            return arrow.Expression.Span == site.Node.Span || arrow.Expression is ConditionalAccessExpressionSyntax access
                && access.WhenNotNull.Span == site.Node.Span ? ArrowBody.ToBlock(arrow, SyntaxFactory.Block(test)) : null;
        }

        return method.Body is { } body && uses.IsCovered(site.Node) && !IsAsked(site.Node, flag.Name)
            ? new FixEdit(body, editor => editor.ReplaceNode(body, body.WithStatements(uses.Under(flag.Name, body.Statements))))
            : null;
    }

    /// <summary>Under a question for the parameter another one changes nothing, or leaves what never runs.</summary>
    private static bool IsAsked(SyntaxNode use, string flag) =>
        use.Ancestors().TakeWhile(static node => node is not MemberDeclarationSyntax).OfType<IfStatementSyntax>()
            .Any(test => test.Condition.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>()
                .Any(name => name.Identifier.ValueText == flag));

    /// <summary>The finalizer's call of a method of the type whose only parameter is a bool.</summary>
    private static (ArgumentSyntax? Argument, IParameterSymbol? Flag) CallIn(DestructorDeclarationSyntax finalizer, FixSite site)
    {
        foreach (var node in finalizer.DescendantNodes())
        {
            if (node is InvocationExpressionSyntax { ArgumentList.Arguments: { Count: 1 } arguments } call
                && site.Model.GetSymbolInfo(call, site.Cancel).Symbol is IMethodSymbol { Parameters: { Length: 1 } parameters }
                && parameters[0].Type.SpecialType == SpecialType.System_Boolean)
            {
                return (arguments[0], parameters[0]);
            }
        }

        return default;
    }
}
