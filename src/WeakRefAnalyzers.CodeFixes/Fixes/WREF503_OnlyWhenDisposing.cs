using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WeakRefAnalyzers.Fixes;

/// <summary>
/// Keeps finalizable objects out of the finalizer: what uses them goes under the parameter that says whether the object
/// is being disposed; the finalizer passes <c>false</c> where it passes <c>true</c>; and where it repeats what
/// <c>Dispose</c> does with them, it no longer does.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class WREF503_OnlyWhenDisposing() : WeakFix("Do this only when the object is being disposed", "WREF503")
{
    private protected override FixEdit? Edit(FixSite site)
    {
        if (site.Node.FirstAncestorOrSelf<MemberDeclarationSyntax>() is not { Parent: TypeDeclarationSyntax type } member
            || type.Members.OfType<DestructorDeclarationSyntax>().FirstOrDefault() is not { } finalizer
            || site.Node.Ancestors().TakeWhile(node => node != member).Any(static node => node is AnonymousFunctionExpressionSyntax)
            || FinalizableUses.Of(finalizer, site) is not { } uses)
        {
            return null;
        }

        return DisposingFlag.PassFalse(site, finalizer, uses)
            ?? (member == finalizer ? Leave(site, finalizer, uses) : member is MethodDeclarationSyntax method
                ? DisposingFlag.Guard(site, method, finalizer, uses) : null);
    }

    /// <summary>What the finalizer itself does with them goes; all of it goes where that is all it does.</summary>
    private static FixEdit? Leave(FixSite site, DestructorDeclarationSyntax finalizer, FinalizableUses uses)
    {
        if (!DisposesElsewhere(site, finalizer))
        {
            return null;
        }

        if (finalizer.ExpressionBody is { } arrow
            ? arrow.Expression.Span.Contains(site.Node.Span) : uses.AreAll(finalizer.Body?.Statements ?? default))
        {
            return Comments.AreIn(finalizer.DescendantTrivia().Where(static trivia => !trivia.IsDirective
                && !SyntaxFacts.IsDocumentationCommentTrivia(trivia.Kind())))
                ? null
                : new FixEdit(finalizer, editor => editor.RemoveNode(finalizer, SyntaxRemoveOptions.KeepNoTrivia));
        }

        var whole = site.Node.FirstAncestorOrSelf<StatementSyntax>();
        while (whole?.Parent is StatementSyntax outer && outer != finalizer.Body && uses.AreAll([outer]))
        {
            whole = outer;
        }

        return whole is { Parent: BlockSyntax } && uses.AreAll([whole]) && !Comments.AreIn(whole.DescendantTrivia())
            ? new FixEdit(whole, editor => editor.RemoveNode(whole, SyntaxRemoveOptions.KeepNoTrivia))
            : null;
    }

    /// <summary>The type's <c>Dispose</c> names the same object.</summary>
    private static bool DisposesElsewhere(FixSite site, DestructorDeclarationSyntax finalizer)
    {
        var names = site.Node.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Where(name =>
            site.Model.GetSymbolInfo(name, site.Cancel).Symbol is IFieldSymbol or IPropertySymbol)
            .Select(static name => name.Identifier.ValueText).ToList();
        return site.Node is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Dispose"
            or "Close" }
            or MemberBindingExpressionSyntax { Name.Identifier.ValueText: "Dispose" or "Close" } }
            && ((TypeDeclarationSyntax)finalizer.Parent!).Members.OfType<MethodDeclarationSyntax>().Any(method =>
                method.Identifier.ValueText is "Dispose" or "DisposeAsync" or "Close"
                && method.DescendantNodes().OfType<IdentifierNameSyntax>().Any(name => names.Count > 0
                    ? names.Contains(name.Identifier.ValueText) : Receives(site.Node, name)));
    }

    /// <summary>The receiver of a <c>?.</c> call stands before it.</summary>
    private static bool Receives(SyntaxNode call, IdentifierNameSyntax name) =>
        call.FirstAncestorOrSelf<ConditionalAccessExpressionSyntax>()?.Expression
            .DescendantNodesAndSelf()
            .OfType<IdentifierNameSyntax>()
            .Any(other => other.Identifier.ValueText == name.Identifier.ValueText) == true;
}
