using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WeakRefAnalyzers.Fixes;

/// <summary>
/// Moves a registry out of a method into a static field, where it lives as long as the program. Only for a registry
/// whose making needs nothing of the method: a callback that captures would share one call's state with all others.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class WREF401_PromoteRegistry() : WeakFix("Keep the registry in a static field", "WREF401")
{
    private protected override FixEdit? Edit(FixSite site)
    {
        if (site.Node is not BaseObjectCreationExpressionSyntax creation
            || creation.FirstAncestorOrSelf<MemberDeclarationSyntax>() is not { Parent: TypeDeclarationSyntax owner } member
                || member is BaseFieldDeclarationSyntax
            || site.Model.GetTypeInfo(creation, site.Cancel).Type is not { } type
            || creation.DescendantNodes().Any(node => node is ThisExpressionSyntax or BaseExpressionSyntax or AwaitExpressionSyntax
                || (node is SimpleNameSyntax name && IsOfTheMethod(site, creation, name))))
        {
            return null;
        }

        var field = new NewField(owner, type, "registry") { IsStatic = true, IsReadOnly = true, Value = creation,
            Spelled = (creation as ObjectCreationExpressionSyntax)?.Type };
        if (!field.IsPossible)
        {
            return null;
        }

        if (creation.Parent is EqualsValueClauseSyntax
        {
            Parent: VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Variables.Count: 1 } declared } variable
        })
        {
            return declared.Parent is LocalDeclarationStatementSyntax { Parent: BlockSyntax block } declaration
                ? OfLocal(site, field, block, declaration, variable) : null;
        }

        return creation.Ancestors().Any(static node => node is StatementSyntax or ArrowExpressionClauseSyntax)
            ? new FixEdit(creation, editor => editor.ReplaceNode(creation, field.Insert(site, editor).WithTriviaFrom(creation)))
            : null;
    }

    private static FixEdit? OfLocal(FixSite site, NewField field, BlockSyntax block, LocalDeclarationStatementSyntax declaration,
        VariableDeclaratorSyntax variable)
    {
        var local = site.Model.GetDeclaredSymbol(variable, site.Cancel);
        var uses = block.DescendantNodes().OfType<IdentifierNameSyntax>()
            .Where(name => name.Identifier.ValueText == variable.Identifier.ValueText
                && SymbolEqualityComparer.Default.Equals(site.Model.GetSymbolInfo(name, site.Cancel).Symbol, local)).ToList();

        // A handler added per call would pile up on the one registry.
        if (uses.Any(static use => use.Parent is not MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax }))
        {
            return null;
        }

        // The comment above the local goes to the first statement that is left, the one behind it comes along.
        var next = Comments.AreIn(declaration.GetLeadingTrivia())
            ? block.Statements.ElementAtOrDefault(block.Statements.IndexOf(declaration) + 1) : null;
        field = field with { Hint = variable.Identifier.ValueText, Spelled = declaration.Declaration.Type.IsVar
            ? field.Spelled : declaration.Declaration.Type, Comment = declaration.GetTrailingTrivia().Where(static trivia =>
            !trivia.IsKind(SyntaxKind.EndOfLineTrivia)) };
        return new FixEdit(block, editor =>
        {
            var name = field.Insert(site, editor);
            foreach (var use in uses)
            {
                editor.ReplaceNode(use, name.WithTriviaFrom(use));
            }

            if (next is not null)
            {
                editor.ReplaceNode(next, (node, _) => node.WithLeadingTrivia(declaration.GetLeadingTrivia()));
            }

            editor.RemoveNode(declaration, SyntaxRemoveOptions.KeepNoTrivia);
        })
        {
            Nodes = [declaration, .. uses, .. next is null ? Enumerable.Empty<SyntaxNode>() : [next.GetFirstToken().Parent!]],
        };
    }

    /// <summary>A variable or type parameter of the method, or a member of its object.</summary>
    private static bool IsOfTheMethod(FixSite site, SyntaxNode creation, SimpleNameSyntax name)
    {
        var symbol = site.Model.GetSymbolInfo(name, site.Cancel).Symbol;
        return symbol switch
        {
            ITypeParameterSymbol { TypeParameterKind: TypeParameterKind.Method } => true,
            ILocalSymbol or IParameterSymbol or IRangeVariableSymbol or IMethodSymbol { MethodKind: MethodKind.LocalFunction } =>
                // The value of a setter, and an indexer's parameter in its accessor, are declared nowhere.
                symbol.DeclaringSyntaxReferences.IsEmpty
                    || !symbol.DeclaringSyntaxReferences.All(part => creation.Span.Contains(part.Span)),
            IFieldSymbol or IPropertySymbol or IEventSymbol or IMethodSymbol { MethodKind: MethodKind.Ordinary } =>
                !symbol.IsStatic
                    && name.Parent is not (MemberAccessExpressionSyntax or MemberBindingExpressionSyntax
                        or AssignmentExpressionSyntax { Parent: InitializerExpressionSyntax } or NameColonSyntax),
            null => !name.IsVar,
            _ => false,
        };
    }
}
