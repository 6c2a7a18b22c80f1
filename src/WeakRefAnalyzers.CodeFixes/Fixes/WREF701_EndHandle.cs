using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Simplification;

namespace WeakRefAnalyzers.Fixes;

/// <summary>
/// A disposable handle in a local gets a <c>using</c>; a GCHandle of which only the target is used becomes a
/// WeakReference, whose finalizer frees its handle.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class WREF701_EndHandle() : WeakFix("Let the handle end with its owner", "WREF701")
{
    private protected override FixEdit? Edit(FixSite site)
    {
        if (site.Node is not ExpressionSyntax made || made.FirstAncestorOrSelf<TypeDeclarationSyntax>() is not { } type)
        {
            return null;
        }

        var declarator = made.Parent is EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax initialized } ? initialized : null;
        if (declarator?.Parent is VariableDeclarationSyntax
        {
            Variables.Count: 1,
            Parent: LocalDeclarationStatementSyntax { UsingKeyword.RawKind: 0, Parent: BlockSyntax block } statement
        } declaration)
        {
            var uses = Uses(site, block, site.Model.GetDeclaredSymbol(declarator, site.Cancel)!);
            if (made is InvocationExpressionSyntax alloc)
            {
                return uses.TrueForAll(IsTargetAccess) ? new FixEdit(statement, editor => ToReference(editor, declaration, [alloc])) : null;
            }

            return site.Language.HasPropertyPatterns
                && !uses.Exists(IsDisposed) && uses.TrueForAll(use =>
                    !IsCaptured(use, block) && use.Parent is not MemberAccessExpressionSyntax { Parent: AssignmentExpressionSyntax })
                ? new FixEdit(statement, editor => editor.ReplaceNode(statement, statement.WithoutLeadingTrivia()
                    .WithUsingKeyword(SyntaxFactory.Token(SyntaxKind.UsingKeyword)
                        .WithLeadingTrivia(statement.GetLeadingTrivia())
                        .WithTrailingTrivia(SyntaxFactory.Space))))
                : null;
        }

        var target = declarator ?? (made.Parent is AssignmentExpressionSyntax assigned ? assigned.Left : null) as SyntaxNode;
        var field = target is VariableDeclaratorSyntax
            ? site.Model.GetDeclaredSymbol(target, site.Cancel)
            : target is null ? null : site.Model.GetSymbolInfo(target, site.Cancel).Symbol;
        if (made is not InvocationExpressionSyntax
            || field is not IFieldSymbol { IsStatic: false, Type.Name: "GCHandle" }
            || !field.ContainingType.DeclaringSyntaxReferences.All(part => part.SyntaxTree == site.Root.SyntaxTree)
                || field.DeclaringSyntaxReferences[0].GetSyntax(site.Cancel)
                    is not VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Variables.Count: 1 } fieldDeclaration }
                || site.Root.DescendantTrivia().Any(trivia => trivia.IsKind(SyntaxKind.DisabledTextTrivia)))
        {
            return null;
        }

        // Before it is assigned the handle throws and the reference would be null: the same, but for the compiler's null analysis.
        var places = Uses(site, site.Root, field);
        var allocs = places.Select(AllocAssignedTo).Where(alloc => alloc is not null).ToList();
        var inConstructor = places.Any(use =>
            AllocAssignedTo(use) is not null && use.FirstAncestorOrSelf<MemberDeclarationSyntax>() is ConstructorDeclarationSyntax);
        if (declarator is not null)
        {
            allocs.Add((InvocationExpressionSyntax)made);
        }

        return places.TrueForAll(use => IsTargetAccess(use) || AllocAssignedTo(use) is not null)
            && (declarator is not null || inConstructor || !site.Model.GetNullableContext(made.SpanStart).AnnotationsEnabled())
            ? new FixEdit(fieldDeclaration, editor => ToReference(editor, fieldDeclaration, allocs!))
            : null;
    }

    private static void ToReference(
        Microsoft.CodeAnalysis.Editing.SyntaxEditor editor,
        VariableDeclarationSyntax declaration,
        List<InvocationExpressionSyntax> allocs)
    {
        var type = Parsed.Type("global::System.WeakReference");
        if (!declaration.Type.IsVar)
        {
            editor.ReplaceNode(declaration.Type, type.WithTriviaFrom(declaration.Type));
        }

        foreach (var alloc in allocs)
        {
            var arguments = alloc.ArgumentList.Arguments;
            var tail = arguments[1].ToString().Contains("TrackResurrection")
                ? SyntaxFactory.ParseArgumentList("(x, true)").Arguments.RemoveAt(0)
                : default;
            editor.ReplaceNode(alloc, SyntaxFactory.ObjectCreationExpression(type.WithLeadingTrivia(SyntaxFactory.Space),
                alloc.ArgumentList.WithArguments(SyntaxFactory.SeparatedList(new[] { arguments[0] }.Concat(tail))), null)
                    .WithTriviaFrom(alloc)
                    .WithAdditionalAnnotations(Microsoft.CodeAnalysis.Formatting.Formatter.Annotation));
        }
    }

    private static List<IdentifierNameSyntax> Uses(FixSite site, SyntaxNode scope, ISymbol variable)
        => scope.DescendantNodes().OfType<IdentifierNameSyntax>()
            .Where(name =>
                name.Identifier.ValueText == variable.Name
                    && SymbolEqualityComparer.Default.Equals(site.Model.GetSymbolInfo(name, site.Cancel).Symbol, variable))
            .ToList();

    private static ExpressionSyntax Qualified(IdentifierNameSyntax name)
        => name.Parent is MemberAccessExpressionSyntax access && access.Name == name ? access : name;

    private static bool IsTargetAccess(IdentifierNameSyntax name)
        => Qualified(name).Parent is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Target" } access
            && access.Expression == Qualified(name);

    /// <summary>It ends on some ways already: twice would be wrong.</summary>
    private static bool IsDisposed(IdentifierNameSyntax name) =>
        name.Parent is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Dispose" };

    private static InvocationExpressionSyntax? AllocAssignedTo(IdentifierNameSyntax name) =>
        Qualified(name).Parent is AssignmentExpressionSyntax { Right: InvocationExpressionSyntax
        {
            Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Alloc" },
            ArgumentList.Arguments: { Count: 2 } arguments
        } alloc }
            && arguments[1].ToString().Contains("Weak")
            ? alloc
            : null;

    private static bool IsCaptured(SyntaxNode use, SyntaxNode block)
        => use.Ancestors()
            .TakeWhile(node => node != block)
            .Any(node => node is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax);
}
