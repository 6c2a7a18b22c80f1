using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Simplification;

namespace WeakRefAnalyzers.Fixes;

/// <summary>
/// Removes an entry only while its weak reference is dead. Offered where the entry is a weak reference, which says
/// by itself whose it is; a concurrent dictionary compares the entry while it removes it.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class WREF403_RemoveOnlyTheDead() : WeakFix("Remove the entry only if it is dead", "WREF403")
{
    private protected override FixEdit? Edit(FixSite site)
    {
        // Where a method makes the removal, that is what to change.
        var node = Related.Of(site.Diagnostic, Place.Removal) is null ? site.Node : site.Related(Place.Removal);
        if (node is not InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Expression: { } map }, ArgumentList.Arguments: { Count: > 0 } arguments } call
            || !site.Language.HasPatterns
            || arguments[0].Expression is not (IdentifierNameSyntax or MemberAccessExpressionSyntax) || arguments[0].NameColon is not null
            || site.Model.GetTypeInfo(map, site.Cancel).Type is not INamedTypeSymbol { TypeArguments: { Length: 2 } types } mapType
            || DeadTest(types[1]) is not { } test)
        {
            return null;
        }

        var removal = call.WithoutTrivia();
        if (mapType.Name == "ConcurrentDictionary")
        {
            var pair = $"new global::System.Collections.Generic.KeyValuePair<{Name(types[0])}, {Name(types[1])}>({arguments[0].Expression}, entry)";
            var comparesItself = mapType.GetMembers("TryRemove").OfType<IMethodSymbol>().Any(method => method.Parameters.Length == 1);
            removal = (InvocationExpressionSyntax)SyntaxFactory.ParseExpression(comparesItself
                ? $"{map.WithoutTrivia()}.TryRemove({pair})"
                : $"((global::System.Collections.Generic.ICollection<global::System.Collections.Generic.KeyValuePair<{Name(types[0])}, {Name(types[1])}>>){map.WithoutTrivia()}).Remove({pair})");
            removal = removal.ReplaceNodes(removal.DescendantNodes().OfType<TypeSyntax>(), (_, type) => type.WithAdditionalAnnotations(Simplifier.Annotation));
        }

        var guard = (IfStatementSyntax)SyntaxFactory.ParseStatement($"if ({map.WithoutTrivia()}.TryGetValue({arguments[0].Expression.WithoutTrivia()}, out var entry) && {test})\n{{\n}}");
        guard = guard.WithStatement(SyntaxFactory.Block(SyntaxFactory.ExpressionStatement(removal))).WithAdditionalAnnotations(Formatter.Annotation);
        if (site.Model.LookupSymbols(call.SpanStart, name: "entry").Any(symbol => symbol is ILocalSymbol or IParameterSymbol))
        {
            return null;
        }

        switch (call.Parent)
        {
            case ExpressionStatementSyntax { Parent: BlockSyntax } statement:
                return new FixEdit(statement, editor => editor.ReplaceNode(statement, guard.WithTriviaFrom(statement)));
            case LambdaExpressionSyntax lambda:
                return new FixEdit(lambda, editor => editor.ReplaceNode(lambda, lambda.WithBody(SyntaxFactory.Block(guard)).WithAdditionalAnnotations(Formatter.Annotation)));
            case ArrowExpressionClauseSyntax { Parent: MethodDeclarationSyntax { ReturnType: PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.VoidKeyword } } method } arrow:
                return new FixEdit(method, editor => editor.ReplaceNode(method, method.WithExpressionBody(null).WithSemicolonToken(default)
                    .WithBody(SyntaxFactory.Block(guard)).WithTrailingTrivia(method.GetTrailingTrivia()).WithAdditionalAnnotations(Formatter.Annotation)));
            case ArrowExpressionClauseSyntax { Parent: DestructorDeclarationSyntax finalizer }:
                return new FixEdit(finalizer, editor => editor.ReplaceNode(finalizer, finalizer.WithExpressionBody(null).WithSemicolonToken(default)
                    .WithBody(SyntaxFactory.Block(guard)).WithTrailingTrivia(finalizer.GetTrailingTrivia()).WithAdditionalAnnotations(Formatter.Annotation)));
            default:
                return null;
        }
    }

    private static string Name(ITypeSymbol type) => type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);

    private static string? DeadTest(ITypeSymbol type) => type switch
    {
        INamedTypeSymbol { Name: "WeakReference" or "WeakRef", Arity: 1 } => "!entry.TryGetTarget(out _)",
        INamedTypeSymbol { Name: "WeakReference", Arity: 0 } => "!entry.IsAlive",
        _ => null,
    };
}
