using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
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
            || arguments[1] is not { IsReferenceType: true } value || compilation.GetTypeByMetadataName(WeakTableCall.Table) is not { } table)
        {
            return null;
        }

        var changes = new List<Action<SyntaxEditor>>();
        var nodes = new List<SyntaxNode> { declaration };
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

            nodes.Add(use.Node is AssignmentExpressionSyntax set && use.Member == "=" ? set.Right : use.Reference);
            if (use.Member is "lock" or "=" || (use.Member == "Clear" && Frameworks.Have(site, WeakTableCall.Table, "Clear")))
            {
                continue;
            }

            if (use.Key is not BaseObjectCreationExpressionSyntax { ArgumentList.Arguments: { Count: 1 } wrapped } || WeakTableCall.Of(site, use, wrapped[0].Expression) is not { } change
                || TargetType(arguments[0], wrapped[0].Expression, site.Model) is not { IsReferenceType: true } target || !SymbolEqualityComparer.Default.Equals(key ??= target, target))
            {
                return null;
            }

            nodes.Add(change.Place);
            changes.Add(change.Apply);
        }

        if (key is null || !creations.TrueForAll(static creation => creation is BaseObjectCreationExpressionSyntax { ArgumentList: null or { Arguments.Count: 0 }, Initializer: null } || creation.ToString() == "[]"))
        {
            return null;
        }

        var type = Parsed.Type(table.Construct(key, value));
        return new FixEdit(owner, editor =>
        {
            editor.ReplaceNode(declaration.Type, type.WithTriviaFrom(declaration.Type));
            foreach (var creation in creations)
            {
                switch (creation)
                {
                    case ObjectCreationExpressionSyntax made:
                        editor.ReplaceNode(made.Type, type.WithTriviaFrom(made.Type));
                        break;
                    case not BaseObjectCreationExpressionSyntax:
                        editor.ReplaceNode(creation, SyntaxFactory.ParseExpression("new()").WithTriviaFrom(creation));
                        break;
                }
            }

            changes.ForEach(change => change(editor));
        })
        {
            Nodes = nodes,
        };
    }

    private static ITypeSymbol? TargetType(ITypeSymbol wrapper, ExpressionSyntax target, SemanticModel model) =>
        wrapper is INamedTypeSymbol { TypeArguments: { Length: 1 } arguments } ? arguments[0] : model.GetTypeInfo(target).Type;
}
