using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace WeakRefAnalyzers.Fixes;

/// <summary>
/// Puts an object that only a weak reference holds into a field of the type. One field keeps one object: that is right
/// where the weak reference is itself one per object, in a field or made by a constructor, and for a delegate that is
/// the same each time.
/// </summary>
internal static class KeepInField
{
    public static FixEdit? Of(FixSite site, ITypeSymbol? type, string hint, bool isSameEachTime)
    {
        if (site.Node is not ExpressionSyntax node || type is null
            || node.FirstAncestorOrSelf<MemberDeclarationSyntax>() is not { Parent: TypeDeclarationSyntax owner } member
            || node.Ancestors().TakeWhile(ancestor => ancestor != member).Any(IsRepeated))
        {
            return null;
        }

        var isStatic = member.Modifiers.Any(SyntaxKind.StaticKeyword);
        var inConstructor = member is ConstructorDeclarationSyntax { Initializer: var chained } && chained?.Span.Contains(node.Span) != true;
        var field = new NewField(owner, type, hint)
        {
            IsStatic = isStatic,
            IsReadOnly = inConstructor,
            StartsNull = !inConstructor && site.Model.GetNullableContext(node.SpanStart).AnnotationsEnabled(),
        };
        if (!field.IsPossible)
        {
            return null;
        }

        if (member is FieldDeclarationSyntax)
        {
            field = field with { IsReadOnly = true, StartsNull = false, Value = node, Before = member };
            return isStatic ? new FixEdit(member, editor => editor.ReplaceNode(node, field.Insert(site, editor).WithTriviaFrom(node))) : null;
        }

        var statement = node.FirstAncestorOrSelf<StatementSyntax>();
        var isHolderField = statement is ExpressionStatementSyntax { Expression: var expression } && HolderOf(expression) is { } holder
            && site.Model.GetSymbolInfo(holder, site.Cancel).Symbol is IFieldSymbol or IPropertySymbol { IsIndexer: false };
        if (statement?.Parent is not BlockSyntax || !(isHolderField || inConstructor || isSameEachTime))
        {
            return null;
        }

        if (site.Model.GetSymbolInfo(node, site.Cancel).Symbol is ILocalSymbol local)
        {
            return local.DeclaringSyntaxReferences[0].GetSyntax(site.Cancel) is VariableDeclaratorSyntax { Initializer.Value: { } made, Parent: VariableDeclarationSyntax { Variables.Count: 1, Parent: LocalDeclarationStatementSyntax declaration } }
                && declaration.Parent == statement.Parent
                ? new FixEdit(statement.Parent, editor =>
                {
                    var name = field.Insert(site, editor);
                    editor.ReplaceNode(declaration, Assign(name, made).WithTriviaFrom(declaration));
                    editor.ReplaceNode(node, name.WithTriviaFrom(node));
                })
                : null;
        }

        // Made once, then the same: a new delegate would leave the one that the reference knows to the collector.
        if (!isHolderField && !inConstructor)
        {
            return site.Language.HasPropertyPatterns
                ? new FixEdit(statement, editor => editor.ReplaceNode(node, SyntaxFactory.AssignmentExpression(SyntaxKind.CoalesceAssignmentExpression, field.Insert(site, editor), node.WithoutTrivia()).WithTriviaFrom(node).WithAdditionalAnnotations(Formatter.Annotation)))
                : null;
        }

        return new FixEdit(statement, editor =>
        {
            var name = field.Insert(site, editor);
            editor.InsertBefore(statement, Assign(name, node).WithLeadingTrivia(statement.GetLeadingTrivia()).WithTrailingTrivia(LineBreak.Of(statement)));
            editor.ReplaceNode(statement, statement.ReplaceNode(node, name.WithTriviaFrom(node)).WithLeadingTrivia(statement.GetLeadingTrivia().Where(trivia => trivia.IsKind(SyntaxKind.WhitespaceTrivia)).Take(1)));
        });
    }

    private static StatementSyntax Assign(ExpressionSyntax field, ExpressionSyntax value) => SyntaxFactory.ExpressionStatement(
        SyntaxFactory.AssignmentExpression(SyntaxKind.SimpleAssignmentExpression, field, value.WithoutTrivia())).WithAdditionalAnnotations(Formatter.Annotation);

    /// <summary>The weak reference that the statement makes or fills.</summary>
    private static ExpressionSyntax? HolderOf(ExpressionSyntax expression) => expression switch
    {
        AssignmentExpressionSyntax { Left: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Target", Expression: { } filled } } => filled,
        AssignmentExpressionSyntax { Left: { } made } => made,
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "SetTarget", Expression: { } filled } } => filled,
        _ => null,
    };

    private static bool IsRepeated(SyntaxNode node) => node is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax
        or ForStatementSyntax or CommonForEachStatementSyntax or WhileStatementSyntax or DoStatementSyntax;
}
