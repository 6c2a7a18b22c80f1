using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WeakRefAnalyzers.Fixes;

/// <summary>
/// Takes the weak reference away where the same object holds its target strongly for as long: the strong field is read instead.
/// Nothing is offered for a target that goes into a static member: what should be kept there, nobody but the author knows.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class WREF304_DropWeakField() : WeakFix("Use the strong field and drop the weak reference", "WREF304")
{
    private protected override FixEdit? Edit(FixSite site)
    {
        if (site.Node is not BaseObjectCreationExpressionSyntax { ArgumentList.Arguments: { Count: > 0 } } creation
            || StatementOf(creation) is not { } made || Left(creation) is not { } left
            || site.Model.GetSymbolInfo(left, site.Cancel).Symbol is not IFieldSymbol { DeclaredAccessibility: Accessibility.Private,
                DeclaringSyntaxReferences: { Length: 1 } declared } weak
            || declared[0].GetSyntax(site.Cancel) is not VariableDeclaratorSyntax { Initializer: null,
                Parent: VariableDeclarationSyntax { Variables.Count: 1, Parent: FieldDeclarationSyntax field } }
            || field.Parent is not TypeDeclarationSyntax type || weak.ContainingType.DeclaringSyntaxReferences.Length != 1
            || StrongField(site, creation, type) is not { } strong
            || Comments.AreIn(made.GetTrailingTrivia()) || Comments.AreIn(made.GetLeadingTrivia())
                || Comments.AreIn(field.GetTrailingTrivia()) || Comments.AreIn(field.GetLeadingTrivia()))
        {
            return null;
        }

        var changes = new List<(ExpressionSyntax Old, ExpressionSyntax New)>();
        foreach (var name in type.DescendantNodes().OfType<IdentifierNameSyntax>())
        {
            if (name.Identifier.ValueText != weak.Name
                || !SymbolEqualityComparer.Default.Equals(site.Model.GetSymbolInfo(name, site.Cancel).Symbol, weak)
                || made.Span.Contains(name.Span))
            {
                continue;
            }

            var use = name.Parent is MemberAccessExpressionSyntax access && access.Name == name ? access : (ExpressionSyntax)name;
            var instead = SyntaxFactory.IdentifierName(strong.Name);
            if (StrongInstead.ReadFrom(use) is not { } read
                || StrongInstead.Read(site, read, use is MemberAccessExpressionSyntax qualified
                    ? qualified.WithName(instead).WithoutTrivia() : instead, strong.Type) is not { } change)
            {
                return null;
            }

            changes.Add(change);
        }

        var edit = new FixEdit(type, editor =>
        {
            editor.RemoveNode(field, SyntaxRemoveOptions.KeepNoTrivia);
            editor.RemoveNode(made, SyntaxRemoveOptions.KeepNoTrivia);
            changes.ForEach(change => editor.ReplaceNode(change.Old, change.New));
        })
        {
            Nodes = [field, made, .. changes.Select(static change => change.Old)],
        };
        return Compiled.IsRight(site, edit) ? edit : null;
    }

    private static StatementSyntax? StatementOf(ExpressionSyntax creation) =>
        creation.Parent is AssignmentExpressionSyntax { Parent: ExpressionStatementSyntax { Parent: BlockSyntax } statement }
        ? statement : null;

    private static ExpressionSyntax? Left(ExpressionSyntax creation) => (creation.Parent as AssignmentExpressionSyntax)?.Left;

    /// <summary>The field that the target comes from, or that the same member gives it to.</summary>
    private static IFieldSymbol? StrongField(FixSite site, BaseObjectCreationExpressionSyntax creation, TypeDeclarationSyntax type)
    {
        var location = site.Diagnostic.AdditionalLocations.FirstOrDefault(location => location.SourceTree == site.Root.SyntaxTree
            && type.Span.Contains(location.SourceSpan));
        var store = location is null ? null : site.Root.FindNode(location.SourceSpan, getInnermostNodeForTie: true);
        var place = store is AssignmentExpressionSyntax assignment ? assignment.Left : store as ExpressionSyntax;
        return place is not null && site.Model.GetSymbolInfo(place, site.Cancel).Symbol is IFieldSymbol { IsStatic: false } field
            && site.Model.GetTypeInfo(creation.ArgumentList!.Arguments[0].Expression, site.Cancel).Type is { } target
                && SymbolEqualityComparer.Default.Equals(target, field.Type)
            ? field : null;
    }
}
