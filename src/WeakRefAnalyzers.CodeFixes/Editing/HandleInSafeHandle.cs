using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace WeakRefAnalyzers.Fixes;

/// <summary>
/// Gives a raw handle to a nested SafeHandle, whose class takes the finalizer's place. Possible where finalizer and
/// <c>Dispose</c> do nothing but one release call, and the handle is set once and otherwise only passed to static methods.
/// </summary>
internal static class HandleInSafeHandle
{
    /// <param name="site">The finalizer's report.</param>
    /// <param name="finalizer">The finalizer that goes.</param>
    /// <param name="dispose">The type's <c>Dispose</c>; null where it has none yet and gets one.</param>
    public static FixEdit? Of(FixSite site, DestructorDeclarationSyntax finalizer, MethodDeclarationSyntax? dispose)
    {
        if (finalizer.Parent is not ClassDeclarationSyntax type || type.Modifiers.Any(SyntaxKind.PartialKeyword)
            || SafeHandleClass.ReleaseIn(finalizer) is not { ArgumentList.Arguments: { Count: 1 } } release
            || Named(release.ArgumentList.Arguments[0].Expression) is not { } argument
            || site.Model.GetSymbolInfo(argument, site.Cancel).Symbol is not IFieldSymbol { DeclaredAccessibility: Accessibility.Private,
                IsStatic: false } field
            || field.DeclaringSyntaxReferences[0].GetSyntax(site.Cancel)
                is not VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Variables.Count: 1,
                Parent: FieldDeclarationSyntax } declaration } variable
            || (dispose is not null && SafeHandleClass.ReleaseIn(dispose)?.ToString() != release.ToString())
            || (dispose is not null && Comments.AreInside(dispose)) || Comments.AreInside(finalizer)
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

        foreach (var use in type.DescendantNodes().OfType<IdentifierNameSyntax>().Where(use => use.Identifier.ValueText == field.Name
            && SymbolEqualityComparer.Default.Equals(site.Model.GetSymbolInfo(use, site.Cancel).Symbol, field)))
        {
            var whole = use.Parent is MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax } member
                && member.Name == use ? member : (ExpressionSyntax)use;
            if (finalizer.Contains(use) || dispose?.Contains(use) == true)
            {
                continue;
            }

            if (IsSetInConstructor(whole) && whole.Parent is AssignmentExpressionSyntax assignment)
            {
                changes.Add(assignment.Right, SafeHandleClass.New(name, assignment.Right));
            }
            else if (whole.Parent is ArgumentSyntax { RefKindKeyword.RawKind: 0, Parent.Parent: InvocationExpressionSyntax call }
                && site.Model.GetSymbolInfo(call, site.Cancel).Symbol is IMethodSymbol { IsStatic: true })
            {
                changes.Add(
                    whole,
                    SyntaxFactory
                        .InvocationExpression(SyntaxFactory.MemberAccessExpression(
                            SyntaxKind.SimpleMemberAccessExpression,
                            whole.WithoutTrivia(),
                            SyntaxFactory.IdentifierName("DangerousGetHandle")))
                        .WithTriviaFrom(whole));
            }
            else
            {
                return null;
            }
        }

        // Set in no or in several places: the handle would be null, or lost. Reset by Dispose: what is used later has to be zero.
        if (changes.Values.Count(static change => change is ObjectCreationExpressionSyntax) != 1
            || (variable.Initializer is null && type.Members.OfType<ConstructorDeclarationSyntax>().Count() != 1)
            || (changes.Count > 1 && dispose?.DescendantNodes().Any(static node => node is AssignmentExpressionSyntax) == true))
        {
            return null;
        }

        changes.Add(declaration.Type, name.WithTriviaFrom(declaration.Type));
        var body = SyntaxFactory.Block(SyntaxFactory.ParseStatement(CodeStyle.Field(site, type, field.Name) + ".Dispose();"));
        if (dispose is not null)
        {
            changes.Add(
                dispose,
                dispose.WithExpressionBody(null)
                    .WithSemicolonToken(default)
                    .WithBody(body)
                    .WithTriviaFrom(dispose)
                    .WithAdditionalAnnotations(Formatter.Annotation));
        }

        return new FixEdit(type, editor =>
        {
            foreach (var change in changes)
            {
                editor.ReplaceNode(change.Key, change.Value);
            }

            var handle = SafeHandleClass.Declare(site, name, declaration.Type.WithoutTrivia(), release);
            if (dispose is not null)
            {
                editor.ReplaceNode(
                    finalizer,
                    handle.WithLeadingTrivia(finalizer.GetLeadingTrivia()).WithTrailingTrivia(finalizer.GetTrailingTrivia()));
                return;
            }

            editor.ReplaceNode(finalizer, Added().WithLeadingTrivia(finalizer.GetLeadingTrivia()));
            editor.ReplaceNode(type, (current, _) =>
            {
                var changed = (ClassDeclarationSyntax)current;
                var index = type.Members.IndexOf(finalizer);
                return Disposable.Implement(changed.WithMembers(changed.Members.Insert(index + 1,
                    handle.WithTrailingTrivia(finalizer.GetTrailingTrivia()))));
            });
        });

        MethodDeclarationSyntax Added()
            => ((MethodDeclarationSyntax)Parsed.Members("public void Dispose()\n{\n}")[0])
                .WithBody(body)
                .WithTrailingTrivia(LineBreak.Of(type), LineBreak.Of(type));
    }

    private static IdentifierNameSyntax? Named(ExpressionSyntax argument) => argument switch
    {
        IdentifierNameSyntax name => name,
        MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax, Name: IdentifierNameSyntax name } => name,
        _ => null,
    };

    private static bool IsSetInConstructor(ExpressionSyntax whole) =>
        whole.Parent is AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression,
            Parent: ExpressionStatementSyntax or ArrowExpressionClauseSyntax } assignment && assignment.Left == whole
        && whole.FirstAncestorOrSelf<MemberDeclarationSyntax>() is ConstructorDeclarationSyntax;
}
