using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace WeakRefAnalyzers.Fixes;

/// <summary>
/// Gives the handle to a nested SafeHandle and takes the finalizer away. Offered where finalizer and <c>Dispose</c> do
/// nothing but one release call, and the handle is set once and otherwise only passed to static methods.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class WREF502_UseSafeHandle() : WeakFix("Keep the handle in a SafeHandle", "WREF502")
{
    private protected override FixEdit? Edit(FixSite site)
    {
        if (site.Node.FirstAncestorOrSelf<DestructorDeclarationSyntax>() is not { Parent: ClassDeclarationSyntax type } finalizer
            || type.Modifiers.Any(SyntaxKind.PartialKeyword)
            || SafeHandleClass.ReleaseIn(finalizer) is not { ArgumentList.Arguments: { Count: 1 } } release
            || release.ArgumentList.Arguments[0].Expression is not IdentifierNameSyntax argument
            || site.Model.GetSymbolInfo(argument, site.Cancel).Symbol is not IFieldSymbol { DeclaredAccessibility: Accessibility.Private, IsStatic: false } field
            || field.DeclaringSyntaxReferences[0].GetSyntax(site.Cancel) is not VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Variables.Count: 1, Parent: FieldDeclarationSyntax } declaration } variable
            || type.Members.OfType<MethodDeclarationSyntax>().Where(method => method.Identifier.ValueText == "Dispose").ToArray() is not { Length: 1 } disposes
            || disposes[0] is not { ParameterList.Parameters.Count: 0 } dispose
            || SafeHandleClass.ReleaseIn(dispose)?.ToString() != release.ToString()
            || Comments.AreInside(dispose) || Comments.AreInside(finalizer)
            || site.Model.LookupSymbols(type.OpenBraceToken.Span.End, name: type.Identifier.ValueText + "Handle").Any())
        {
            return null;
        }

        var name = SyntaxFactory.IdentifierName(type.Identifier.ValueText + "Handle");
        var changes = new Dictionary<SyntaxNode, SyntaxNode>();
        if (variable.Initializer is { } initializer)
        {
            changes.Add(initializer.Value, SafeHandleClass.New(name, initializer.Value));
        }

        foreach (var use in type.DescendantNodes().OfType<IdentifierNameSyntax>().Where(use => use.Identifier.ValueText == field.Name && SymbolEqualityComparer.Default.Equals(site.Model.GetSymbolInfo(use, site.Cancel).Symbol, field)))
        {
            var whole = use.Parent is MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax } member && member.Name == use ? member : (ExpressionSyntax)use;
            switch (whole.Parent)
            {
                case var _ when finalizer.Contains(use) || dispose.Contains(use):
                    break;
                case AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression, Parent: ExpressionStatementSyntax } assignment when assignment.Left == whole && whole.FirstAncestorOrSelf<MemberDeclarationSyntax>() is ConstructorDeclarationSyntax:
                    changes.Add(assignment.Right, SafeHandleClass.New(name, assignment.Right));
                    break;
                case ArgumentSyntax { RefKindKeyword.RawKind: 0, Parent.Parent: InvocationExpressionSyntax call } when site.Model.GetSymbolInfo(call, site.Cancel).Symbol is IMethodSymbol { IsStatic: true }:
                    changes.Add(whole, SyntaxFactory.InvocationExpression(SyntaxFactory.MemberAccessExpression(SyntaxKind.SimpleMemberAccessExpression, whole.WithoutTrivia(), SyntaxFactory.IdentifierName("DangerousGetHandle"))).WithTriviaFrom(whole));
                    break;
                default:
                    return null;
            }
        }

        // Set in no or in several places: the handle would be null, or lost. Reset by Dispose: what is used later has to be zero.
        if (changes.Values.Count(change => change is ObjectCreationExpressionSyntax) != 1
            || (variable.Initializer is null && type.Members.OfType<ConstructorDeclarationSyntax>().Count() != 1)
            || (changes.Count > 1 && dispose.DescendantNodes().Any(node => node is AssignmentExpressionSyntax)))
        {
            return null;
        }

        changes.Add(declaration.Type, name.WithTriviaFrom(declaration.Type));
        var body = SyntaxFactory.Block(SyntaxFactory.ParseStatement(field.Name + ".Dispose();"));
        changes.Add(dispose, dispose.WithExpressionBody(null).WithSemicolonToken(default).WithBody(body).WithTriviaFrom(dispose).WithAdditionalAnnotations(Formatter.Annotation));
        return new FixEdit(type, editor =>
        {
            foreach (var change in changes)
            {
                editor.ReplaceNode(change.Key, change.Value);
            }

            editor.ReplaceNode(finalizer, SafeHandleClass.Declare(site, name, declaration.Type.WithoutTrivia(), release).WithLeadingTrivia(finalizer.GetLeadingTrivia()).WithTrailingTrivia(finalizer.GetTrailingTrivia()));
        });
    }
}
