using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

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
        if (node is not InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Expression: { } map },
            ArgumentList.Arguments: { Count: > 0 } arguments } call
            || !site.Language.HasPatterns
            || arguments[0].Expression is not (IdentifierNameSyntax or MemberAccessExpressionSyntax) || arguments[0].NameColon is not null
            || arguments.Skip(1).Any(argument => !IsDropped(site, argument))
            || site.Model.GetTypeInfo(map, site.Cancel).Type is not INamedTypeSymbol { TypeArguments: { Length: 2 } types } mapType
            || DeadTest(types[1]) is not { } test)
        {
            return null;
        }

        var (key, entry) = (arguments[0].Expression.WithoutTrivia(), UnusedName.ForFunction(site, call, "entry"));
        var removal = mapType.Name == "ConcurrentDictionary" ? RemovalOfPair(mapType, map, key, entry) : call.WithoutTrivia();
        var guard = (IfStatementSyntax)Parsed.Statement(
            $"if ({map.WithoutTrivia()}.TryGetValue({key}, out {CodeStyle.Local(site, types[1])} {entry}) && !{entry}{test})\n{{\n}}");
        guard = guard.WithStatement(SyntaxFactory.Block(SyntaxFactory.ExpressionStatement(removal)));
        return call.Parent switch
        {
            ExpressionStatementSyntax { Parent: BlockSyntax block } statement when SpareOut(site, arguments) is { } spare =>
                new FixEdit(block, editor =>
            {
                editor.RemoveNode(spare, SyntaxRemoveOptions.KeepNoTrivia);
                editor.ReplaceNode(statement, guard.WithTriviaFrom(statement));
            }),
            ExpressionStatementSyntax { Parent: BlockSyntax or SwitchSectionSyntax } statement =>
                new FixEdit(statement, editor => editor.ReplaceNode(statement, guard.WithTriviaFrom(statement))),
            ExpressionStatementSyntax statement =>
                new FixEdit(statement, editor => editor.ReplaceNode(statement, SyntaxFactory.Block(guard).WithTriviaFrom(statement)
                    .WithAdditionalAnnotations(Formatter.Annotation))),
            LambdaExpressionSyntax lambda =>
                new FixEdit(lambda, editor => editor.ReplaceNode(lambda, lambda.WithBody(SyntaxFactory.Block(guard))
                    .WithAdditionalAnnotations(Formatter.Annotation))),
            ArrowExpressionClauseSyntax arrow when arrow.Parent is DestructorDeclarationSyntax || ArrowBody.IsVoid(site, arrow) =>
                ArrowBody.ToBlock(arrow, SyntaxFactory.Block(guard)),
            _ => null,
        };
    }

    /// <summary>The pair is compared with the entry and removed in one step; before .NET 5 only the interface can do that.</summary>
    private static InvocationExpressionSyntax RemovalOfPair(INamedTypeSymbol mapType, ExpressionSyntax map, ExpressionSyntax key,
        string entry)
    {
        var (keyType, entryType) = (Parsed.NameOf(mapType.TypeArguments[0]), Parsed.NameOf(mapType.TypeArguments[1]));
        var pairType = $"global::System.Collections.Generic.KeyValuePair<{keyType}, {entryType}>";
        var pair = $"new {pairType}({key}, {entry})";
        var comparesItself = mapType.GetMembers("TryRemove").OfType<IMethodSymbol>().Any(static method => method.Parameters.Length == 1);
        return (InvocationExpressionSyntax)Parsed.Expression(comparesItself ? $"{map.WithoutTrivia()}.TryRemove({pair})"
            : $"((global::System.Collections.Generic.ICollection<{pairType}>){map.WithoutTrivia()}).Remove({pair})");
    }

    /// <summary>Nobody asks what was removed.</summary>
    private static bool IsDropped(FixSite site, ArgumentSyntax argument) => argument.Expression switch
    {
        DeclarationExpressionSyntax { Designation: SingleVariableDesignationSyntax single } =>
            CountOf(site, argument, single.Identifier) == 1,
        DeclarationExpressionSyntax { Designation: DiscardDesignationSyntax } => true,
        IdentifierNameSyntax { Identifier.ValueText: "_" } => true,
        _ => SpareLocal.Of(site, argument.Expression, uses: 1) is not null,
    };

    private static LocalDeclarationStatementSyntax? SpareOut(FixSite site, SeparatedSyntaxList<ArgumentSyntax> arguments) =>
        arguments.Count == 2 ? SpareLocal.Of(site, arguments[1].Expression, uses: 1) : null;

    private static int CountOf(FixSite site, SyntaxNode node, SyntaxToken name) =>
        UnusedName.FunctionOf(site, node).DescendantTokens().Count(token => token.ValueText == name.ValueText);

    /// <summary>What follows <c>!entry</c>.</summary>
    private static string? DeadTest(ITypeSymbol type) => type switch
    {
        INamedTypeSymbol { Name: "WeakReference" or "WeakRef", Arity: 1 } => ".TryGetTarget(out _)",
        INamedTypeSymbol { Name: "WeakReference", Arity: 0 } => ".IsAlive",
        _ => null,
    };
}
