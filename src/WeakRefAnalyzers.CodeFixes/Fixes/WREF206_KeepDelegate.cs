using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace WeakRefAnalyzers.Fixes;

/// <summary>
/// Keeps the delegate that native code has a pointer to: that of a static method for good, that of the object's own method for as long as
/// the object lives.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class WREF206_KeepDelegate() : WeakFix("Keep the delegate in a field", "WREF206")
{
    private protected override FixEdit? Edit(FixSite site)
    {
        if (site.Node is not ExpressionSyntax given || (site.Related(Place.Creation) ?? given) is not ExpressionSyntax made
            || made.FirstAncestorOrSelf<MemberDeclarationSyntax>() is not { Parent: TypeDeclarationSyntax owner } member
            || TypeOf(site, made) is not { TypeKind: TypeKind.Delegate } type)
        {
            return null;
        }

        var group = made is BaseObjectCreationExpressionSyntax { ArgumentList.Arguments: { Count: 1 } arguments } ? arguments[0].Expression
            : made;
        var method = site.Model.GetSymbolInfo(group, site.Cancel).Symbol as IMethodSymbol;
        if (method is { MethodKind: MethodKind.Ordinary, IsStatic: true, IsExtensionMethod: false })
        {
            var field = new NewField(owner, type, method.Name) { IsStatic = true, IsReadOnly = true, Value = made,
                Before = member as FieldDeclarationSyntax };
            return field.IsPossible ? new FixEdit(made, editor =>
                editor.ReplaceNode(made, field.Insert(site, editor).WithTriviaFrom(made))) : null;
        }

        // Another delegate of the same method and object does the same; of a lambda only the last one would be kept.
        var isOwn = method is { MethodKind: MethodKind.Ordinary }
            && group is IdentifierNameSyntax or MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax };
        if (made == given)
        {
            return KeepInField.Of(site, type, method is { MethodKind: MethodKind.Ordinary } ? method.Name : "callback", isOwn);
        }

        var kept = new NewField(owner, type, method?.Name ?? "callback")
        {
            StartsNull = site.Model.GetNullableContext(made.SpanStart).AnnotationsEnabled(),
        };
        return isOwn && kept.IsPossible && site.Language.HasPropertyPatterns && made.Parent is EqualsValueClauseSyntax
            ? new FixEdit(made, editor => editor.ReplaceNode(made, SyntaxFactory.AssignmentExpression(
                SyntaxKind.CoalesceAssignmentExpression, kept.Insert(site, editor), made.WithoutTrivia())
                .WithTriviaFrom(made).WithAdditionalAnnotations(Formatter.Annotation)))
            : null;
    }

    private static ITypeSymbol? TypeOf(FixSite site, ExpressionSyntax made) => site.Model.GetTypeInfo(made, site.Cancel) is var info
        ? info.Type ?? info.ConvertedType : null;
}
