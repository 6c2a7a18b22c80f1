using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace WeakRefAnalyzers.Fixes;

/// <summary>
/// Lets an owner release in time what only the finalizer releases. Where all of that has a finalizer of its own, <c>Dispose</c>
/// takes the finalizer's place; a raw handle goes to a SafeHandle; anything else moves to a method that runs once, called by
/// <c>Dispose</c> and by the finalizer.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class WREF501_ImplementDispose() : WeakFix("Implement IDisposable and keep the finalizer as the fallback", "WREF501")
{
    private protected override FixEdit? Edit(FixSite site)
    {
        if (site.Node.FirstAncestorOrSelf<DestructorDeclarationSyntax>() is not { } finalizer
            || finalizer.Body is null == finalizer.ExpressionBody is null
            || finalizer.Parent is not ClassDeclarationSyntax type
            || site.Model.GetDeclaredSymbol(type, site.Cancel) is not { } symbol || FinalizableUses.HaveSource(symbol.BaseType)
            || site.Model
                .LookupSymbols(finalizer.SpanStart, symbol)
                .Any(static member => member.Name is "_disposed" or "ReleaseResources" or "Dispose" && member is not ITypeSymbol)
            || FinalizableUses.Of(finalizer, site) is not { } uses)
        {
            return null;
        }

        if (uses.AnyRawHandle)
        {
            var handled = HandleInSafeHandle.Of(site, finalizer, null);
            return handled is null ? null : handled with { Title = "Implement IDisposable and keep the handle in a SafeHandle" };
        }

        return uses.Any && !uses.AnyOtherRelease && (finalizer.ExpressionBody is not null || uses.AreAll(finalizer.Body!.Statements))
            ? Instead(finalizer, type, uses)
            : Fallback(site, finalizer, type, uses);
    }

    /// <summary>The objects finalize themselves: what the finalizer did to them is what <c>Dispose</c> has to do.</summary>
    private static FixEdit? Instead(DestructorDeclarationSyntax finalizer, ClassDeclarationSyntax type, FinalizableUses uses)
    {
        // To be called twice, it must do nothing the second time.
        if (!uses.AreReleases)
        {
            return null;
        }

        var dispose = ((MethodDeclarationSyntax)Parsed.Members("public void Dispose()\n{\n}")[0])
            .WithLeadingTrivia(finalizer.GetLeadingTrivia())
            .WithTrailingTrivia(finalizer.GetTrailingTrivia());
        dispose = dispose.WithParameterList(dispose.ParameterList.WithTrailingTrivia(finalizer.ParameterList.GetTrailingTrivia()));
        dispose = finalizer.ExpressionBody is { } arrow
            ? dispose.WithBody(null).WithExpressionBody(arrow).WithSemicolonToken(finalizer.SemicolonToken)
            : dispose.WithBody(finalizer.Body);
        return new FixEdit(type, editor =>
        {
            editor.ReplaceNode(
                finalizer,
                dispose.WithoutAnnotations(Formatter.Annotation).WithTrailingTrivia(finalizer.GetTrailingTrivia()));
            editor.ReplaceNode(type, static (current, _) => Disposable.Implement((ClassDeclarationSyntax)current));
        })
        {
            Title = "Implement IDisposable instead of the finalizer",
        };
    }

    private static FixEdit? Fallback(FixSite site, DestructorDeclarationSyntax finalizer, ClassDeclarationSyntax type, FinalizableUses uses)
    {
        // What has a finalizer of its own is released by Dispose only.
        if (uses.Any && (finalizer.Body is null || !uses.AreAllCovered(finalizer)))
        {
            return null;
        }

        return new FixEdit(type, editor =>
        {
            var flag =
                new NewField(type, site.Model.Compilation.GetSpecialType(SpecialType.System_Boolean), "disposed").Insert(site, editor);
            var release = CodeStyle.Method(site, "ReleaseResources");
            var members = Parsed.Members($$"""
                public void Dispose()
                {
                    {{release}}({{(uses.Any ? "disposing: true" : "")}});
                    global::System.GC.SuppressFinalize(this);
                }

                private void ReleaseResources({{(uses.Any ? "bool disposing" : "")}})
                {
                    if ({{flag}})
                    {
                        return;
                    }

                    {{flag}} = true;
                }

                ~C()
                {
                    {{release}}({{(uses.Any ? "disposing: false" : "")}});
                }
                """);
            var once = (MethodDeclarationSyntax)members[1];
            var kept = finalizer.WithExpressionBody(null)
                .WithSemicolonToken(default)
                .WithBody(((DestructorDeclarationSyntax)members[2]).Body)
                .WithTriviaFrom(finalizer);
            editor.ReplaceNode(type, (current, _) =>
            {
                var changed = (ClassDeclarationSyntax)current;
                var old = changed.Members.OfType<DestructorDeclarationSyntax>().First();
                var index = changed.Members.IndexOf(old);
                var follows = index > 0
                    && !(changed.Members[index - 1] is FieldDeclarationSyntax { Declaration.Variables: { Count: 1 } added }
                        && flag.ToString().EndsWith(added[0].Identifier.ValueText, StringComparison.Ordinal));
                var dispose = follows ? members[0].WithLeadingTrivia(LineBreak.Of(type)) : members[0];
                var list = changed.Members.Replace(old, kept.WithAdditionalAnnotations(Formatter.Annotation))
                    .InsertRange(index, [Apart(dispose, type), Apart(once.WithBody(ReleaseBody(finalizer, once.Body!, uses)), type)]);
                return Disposable.Implement(changed.WithMembers(list));
            });
        });
    }

    private static BlockSyntax ReleaseBody(DestructorDeclarationSyntax finalizer, BlockSyntax once, FinalizableUses uses)
    {
        if (finalizer.ExpressionBody is { } arrow)
        {
            return once.AddStatements(SyntaxFactory.ExpressionStatement(arrow.Expression.WithoutTrivia()));
        }

        var body = finalizer.Body!;
        return body.WithStatements((uses.Any ? uses.Under("disposing", body.Statements) : body.Statements).InsertRange(0, once.Statements));
    }

    private static MemberDeclarationSyntax Apart(MemberDeclarationSyntax member, SyntaxNode place) =>
        member.WithTrailingTrivia(LineBreak.Of(place), LineBreak.Of(place)).WithAdditionalAnnotations(Formatter.Annotation);
}
