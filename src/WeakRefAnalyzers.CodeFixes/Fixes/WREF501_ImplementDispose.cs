using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Simplification;

namespace WeakRefAnalyzers.Fixes;

/// <summary>Moves a finalizer's body to a method that runs once, called by <c>Dispose</c> and by the finalizer.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class WREF501_ImplementDispose() : WeakFix("Implement IDisposable and keep the finalizer as the fallback", "WREF501")
{
    private const string Members = """
        private bool _disposed;

        public void Dispose()
        {
            ReleaseResources();
            global::System.GC.SuppressFinalize(this);
        }

        private void ReleaseResources()
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
        }
        """;

    private protected override FixEdit? Edit(FixSite site)
    {
        if (site.Node.FirstAncestorOrSelf<DestructorDeclarationSyntax>() is not { } finalizer
            || finalizer.Body is null == finalizer.ExpressionBody is null
            || finalizer.Parent is not ClassDeclarationSyntax type
            || site.Model.GetDeclaredSymbol(type, site.Cancel) is not { } symbol
            || site.Model.LookupSymbols(finalizer.SpanStart, symbol).Any(member => member.Name is "_disposed" or "ReleaseResources" or "Dispose" && member is not ITypeSymbol))
        {
            return null;
        }

        var members = Parsed.Members(Members);
        var flag = members[0];
        var dispose = (MethodDeclarationSyntax)members[1];
        var release = (MethodDeclarationSyntax)members[2];
        release = release.WithBody(ReleaseBody(finalizer, release.Body!));

        return new FixEdit(type, editor =>
        {
            var call = SyntaxFactory.ExpressionStatement(SyntaxFactory.InvocationExpression(SyntaxFactory.IdentifierName("ReleaseResources")));
            var kept = finalizer
                .WithExpressionBody(null)
                .WithSemicolonToken(default)
                .WithBody(SyntaxFactory.Block(call))
                .WithLeadingTrivia(finalizer.GetLeadingTrivia())
                .WithTrailingTrivia(finalizer.GetTrailingTrivia());
            editor.ReplaceNode(type, (current, _) =>
            {
                var changed = (ClassDeclarationSyntax)current;
                var index = type.Members.IndexOf(finalizer);
                var list = changed.Members
                    .Replace(changed.Members[index], kept.WithAdditionalAnnotations(Formatter.Annotation))
                    .InsertRange(index, new[] { Spaced(flag), Spaced(dispose), Spaced(release) });
                return Disposable.Implement(changed.WithMembers(list));
            });
        });
    }

    private static MemberDeclarationSyntax Spaced(MemberDeclarationSyntax member) =>
        member.WithTrailingTrivia(SyntaxFactory.ElasticCarriageReturnLineFeed, SyntaxFactory.ElasticCarriageReturnLineFeed).WithAdditionalAnnotations(Formatter.Annotation);

    private static BlockSyntax ReleaseBody(DestructorDeclarationSyntax finalizer, BlockSyntax once)
    {
        if (finalizer.ExpressionBody is { } arrow)
        {
            return once.AddStatements(SyntaxFactory.ExpressionStatement(arrow.Expression.WithoutTrivia()));
        }

        var body = finalizer.Body!;
        return body.WithStatements(body.Statements.InsertRange(0, once.Statements));
    }
}
