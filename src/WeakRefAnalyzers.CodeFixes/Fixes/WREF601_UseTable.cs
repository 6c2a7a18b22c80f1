using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Simplification;
using WeakRefAnalyzers.Collections;

namespace WeakRefAnalyzers.Fixes;

/// <summary>Makes a dictionary keyed by fresh weak references a ConditionalWeakTable keyed by their targets.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class WREF601_UseTable() : WeakFix("Use a ConditionalWeakTable", "WREF601")
{
    private protected override FixEdit? Edit(FixSite site)
    {
        var compilation = site.Model.Compilation;
        if (site.Node is not VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Variables.Count: 1 } declaration } declarator
            || site.Model.GetDeclaredSymbol(declarator, site.Cancel) is not IFieldSymbol { DeclaredAccessibility: Accessibility.Private, Type: INamedTypeSymbol { Name: "Dictionary" or "ConcurrentDictionary", TypeArguments: { Length: 2 } arguments } } field
            || arguments[1] is not { IsReferenceType: true } value || compilation.GetTypeByMetadataName("System.Runtime.CompilerServices.ConditionalWeakTable`2") is not { } table)
        {
            return null;
        }

        var replacements = new List<(SyntaxNode Old, SyntaxNode New)>();
        var creations = new List<ExpressionSyntax>();
        var uses = CollectionUses.Of(field, compilation, site.Cancel);
        if (!CollectionUses.AreNew(field, uses, creations, site.Cancel) || declarator.FirstAncestorOrSelf<TypeDeclarationSyntax>() is not { } owner)
        {
            return null;
        }

        ITypeSymbol? key = null;
        foreach (var use in uses)
        {
            if (!owner.Span.Contains(use.Node.Span) || use.Node.SyntaxTree != owner.SyntaxTree)
            {
                return null;
            }

            if (use.Member is "lock" or "=" || (use.Member == "Clear" && Has(table, "Clear")))
            {
                continue;
            }

            if (use.Key is not BaseObjectCreationExpressionSyntax { ArgumentList.Arguments: { Count: 1 } wrapped } || Counterpart(use, wrapped[0].Expression, table) is not { } replacement
                || TargetType(arguments[0], wrapped[0].Expression, site.Model) is not { IsReferenceType: true } target || !SymbolEqualityComparer.Default.Equals(key ??= target, target))
            {
                return null;
            }

            replacements.Add((use.Node is ElementAccessExpressionSyntax ? use.Node.Parent! : use.Node, replacement));
        }

        if (key is null || creations.Any(creation => creation is not BaseObjectCreationExpressionSyntax { ArgumentList: null or { Arguments.Count: 0 }, Initializer: null }))
        {
            return null;
        }

        var type = Parsed.Type(table.Construct(key, value));
        replacements.Add((declaration.Type, type.WithTriviaFrom(declaration.Type)));
        replacements.AddRange(creations.OfType<ObjectCreationExpressionSyntax>().Select(creation => ((SyntaxNode)creation.Type, (SyntaxNode)type.WithTriviaFrom(creation.Type))));
        return new FixEdit(owner, editor => replacements.ForEach(replacement => editor.ReplaceNode(replacement.Old, replacement.New)));
    }

    /// <summary>The same operation with the target itself as the key.</summary>
    private static SyntaxNode? Counterpart(CollectionUse use, ExpressionSyntax target, INamedTypeSymbol table)
    {
        switch (use.Node)
        {
            case InvocationExpressionSyntax { ArgumentList.Arguments: var arguments } call when use.Member is "Add" or "TryGetValue" or "Remove" or "TryAdd" && Has(table, use.Member) && arguments.Count == (use.Member == "Remove" ? 1 : 2):
                return call.ReplaceNode(arguments[0].Expression, target.WithTriviaFrom(arguments[0].Expression));
            case InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access } call when use.Member == "ContainsKey":
                return call.WithExpression(access.WithName(SyntaxFactory.IdentifierName("TryGetValue"))).WithArgumentList(Arguments(target.ToString() + ", out _"));
            case ElementAccessExpressionSyntax { Parent: AssignmentExpressionSyntax { Parent: ExpressionStatementSyntax } assignment } element when use.Member == "[]=" && Has(table, "AddOrUpdate"):
                return SyntaxFactory.ParseExpression($"{element.Expression}.AddOrUpdate({target}, {assignment.Right})").WithTriviaFrom(assignment);
            default:
                return null;
        }
    }

    private static ArgumentListSyntax Arguments(string text) => SyntaxFactory.ParseArgumentList($"({text})");

    private static ITypeSymbol? TargetType(ITypeSymbol wrapper, ExpressionSyntax target, SemanticModel model) =>
        wrapper is INamedTypeSymbol { TypeArguments: { Length: 1 } arguments } ? arguments[0] : model.GetTypeInfo(target).Type;

    private static bool Has(INamedTypeSymbol table, string member) => table.GetMembers(member).Any(symbol => symbol.DeclaredAccessibility == Accessibility.Public);
}
