using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using WeakRefAnalyzers.Collections;

namespace WeakRefAnalyzers.Fixes;

/// <summary>
/// Makes a dictionary keyed by fresh weak references a ConditionalWeakTable keyed by their targets, where all that is done with it
/// stands in one file and has a counterpart there.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class WREF601_UseTable() : WeakFix("Use a ConditionalWeakTable", "WREF601")
{
    private protected override FixEdit? Edit(FixSite site)
    {
        if (DictionaryOf(site) is not { DeclaringSyntaxReferences: { Length: 1 } references } dictionary
            || references[0].SyntaxTree != site.Root.SyntaxTree
            || SeenElsewhere.Is(dictionary, site)
                || TypeOf(dictionary) is not INamedTypeSymbol
                {
                    Name: "Dictionary" or "ConcurrentDictionary",
                    TypeArguments: { Length: 2 } arguments
                }
            || !arguments[1].IsReferenceType || arguments[0] is { IsRecord: true } or { TypeKind: TypeKind.Struct, Name: not "WeakRef" }
                || site.Model.Compilation.GetTypeByMetadataName(WeakTableCall.Table) is not { } table
                || Declaration(references[0].GetSyntax(site.Cancel)) is not ({ } typeName, var initial))
        {
            return null;
        }

        var changes = new List<Action<SyntaxEditor>>();
        var nodes = new List<SyntaxNode> { typeName };
        var creations = new List<ExpressionSyntax>();
        if (initial is not null)
        {
            creations.Add(initial);
        }

        ITypeSymbol? key = null;
        foreach (var use in UsesOf(dictionary, site))
        {
            nodes.Add(use.Member == "=" ? ((AssignmentExpressionSyntax)use.Node).Right : use.Reference);
            if (use.Member == "=")
            {
                creations.Add(((AssignmentExpressionSyntax)use.Node).Right);
                continue;
            }

            if (use.Member == "lock" || (use.Member == "Clear" && WeakTableCall.Has(site, "Clear")))
            {
                continue;
            }

            if (use.Key is not BaseObjectCreationExpressionSyntax { ArgumentList.Arguments: { Count: 1 } wrapped }
                || WeakTableCall.Of(site, use, wrapped[0].Expression) is not { } change
                    || TargetType(arguments[0], wrapped[0].Expression, site.Model) is not { IsReferenceType: true } target
                || !SymbolEqualityComparer.Default.Equals(key ??= target, target))
            {
                return null;
            }

            nodes.Add(change.Place);
            changes.Add(change.Apply);
        }

        if (key is null || creations.Count == 0
            || !creations.TrueForAll(static creation =>
                creation is BaseObjectCreationExpressionSyntax { ArgumentList: null or { Arguments.Count: 0 }, Initializer: null }
                    || creation.ToString() == "[]"))
        {
            return null;
        }

        var type = Parsed.Type(table.Construct(key, arguments[1]));
        return new FixEdit(site.Root, editor =>
        {
            if (!typeName.IsVar)
            {
                editor.ReplaceNode(typeName, type.WithTriviaFrom(typeName));
            }

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

    /// <summary>What is reported, or what the reported key is given to.</summary>
    private static ISymbol? DictionaryOf(FixSite site) => site.Node switch
    {
        VariableDeclaratorSyntax or PropertyDeclarationSyntax => site.Model.GetDeclaredSymbol(site.Node, site.Cancel),
        { Parent: ArgumentSyntax { Parent.Parent: ElementAccessExpressionSyntax element } } =>
            site.Model.GetSymbolInfo(element.Expression, site.Cancel).Symbol,
        { Parent: ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access } } } =>
            site.Model.GetSymbolInfo(access.Expression, site.Cancel).Symbol,
        _ => null,
    };

    private static ITypeSymbol? TypeOf(ISymbol dictionary)
        => (dictionary as IFieldSymbol)?.Type ?? (dictionary as IPropertySymbol)?.Type ?? (dictionary as ILocalSymbol)?.Type;

    /// <summary>The type's name and the first value; null where it is declared otherwise.</summary>
    private static (TypeSyntax? Type, ExpressionSyntax? Initial) Declaration(SyntaxNode declaration) => declaration switch
    {
        VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Variables.Count: 1 } variable } declarator =>
            (variable.Type, declarator.Initializer?.Value),
        PropertyDeclarationSyntax
        {
            Initializer.Value: { } value,
            AccessorList.Accessors: { Count: 1 } accessors
        } property when accessors[0].Body is null
            && accessors[0].ExpressionBody is null =>
            (property.Type, value),
        _ => default,
    };

    private static IEnumerable<CollectionUse> UsesOf(ISymbol dictionary, FixSite site)
        => site.Root.DescendantNodes().OfType<IdentifierNameSyntax>()
            .Where(name =>
                name.Identifier.ValueText == dictionary.Name
                    && SymbolEqualityComparer.Default.Equals(
                        site.Model.GetSymbolInfo(name, site.Cancel).Symbol?.OriginalDefinition,
                        dictionary.OriginalDefinition))
            .Select(static name =>
                CollectionUses.UseOf(name.Parent is MemberAccessExpressionSyntax access && access.Name == name ? access : name));

    private static ITypeSymbol? TargetType(ITypeSymbol wrapper, ExpressionSyntax target, SemanticModel model) =>
        wrapper is INamedTypeSymbol { TypeArguments: { Length: 1 } arguments } ? arguments[0] : model.GetTypeInfo(target).Type;
}
