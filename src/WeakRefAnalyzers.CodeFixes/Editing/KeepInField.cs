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
            || node.Ancestors().TakeWhile(ancestor => ancestor != member).Any(IsRepeated)
            || node.Ancestors().FirstOrDefault(static ancestor =>
                ancestor is StatementSyntax or ArrowExpressionClauseSyntax or FieldDeclarationSyntax) is not { } place)
        {
            return null;
        }

        var isStatic = member.Modifiers.Any(SyntaxKind.StaticKeyword);
        if (!isStatic && owner.Modifiers.Any(SyntaxKind.StaticKeyword))
        {
            return null; // Half-moved code: no field of the type would do.
        }

        var inConstructor = member is ConstructorDeclarationSyntax { Initializer: var chained }
            && chained?.Span.Contains(node.Span) != true;
        var whole = place switch
        {
            ExpressionStatementSyntax { Expression: var expression } => expression,
            ArrowExpressionClauseSyntax arrow when ArrowBody.IsVoid(site, arrow) => arrow.Expression,
            _ => null,
        };
        var isHolderField = whole is not null && HolderOf(whole) is { } holder
            && site.Model.GetSymbolInfo(holder, site.Cancel).Symbol is IFieldSymbol or IPropertySymbol { IsIndexer: false };

        // Beside the weak reference in one type, a field that could never let go of the object would make that pointless.
        var field = new NewField(owner, type, hint)
        {
            IsStatic = isStatic,
            IsReadOnly = inConstructor && !isHolderField,
            StartsNull = !inConstructor && site.Model.GetNullableContext(node.SpanStart).AnnotationsEnabled(),
        };
        if (!field.IsPossible)
        {
            return null;
        }

        if (member is FieldDeclarationSyntax)
        {
            field = field with { StartsNull = false, Value = node, Before = member };
            return isStatic ? new FixEdit(member, editor => editor.ReplaceNode(node, field.Insert(site, editor).WithTriviaFrom(node)))
                : null;
        }

        if (!isHolderField && !(inConstructor && whole is not null))
        {
            // Made once, then the same: a new delegate would leave the one that the reference knows to the collector.
            return isSameEachTime && site.Language.HasPropertyPatterns
                ? new FixEdit(
                    node,
                    editor =>
                        editor.ReplaceNode(
                            node,
                            SyntaxFactory.AssignmentExpression(
                                SyntaxKind.CoalesceAssignmentExpression,
                                field.Insert(site, editor),
                                node.WithoutTrivia())
                                .WithTriviaFrom(node).WithAdditionalAnnotations(Formatter.Annotation)))
                : null;
        }

        if (site.Model.GetSymbolInfo(node, site.Cancel).Symbol is ILocalSymbol local)
        {
            return OfLocal(site, field, node, local, place);
        }

        return place switch
        {
            ArrowExpressionClauseSyntax arrow => OfArrow(site, field, node, arrow),
            StatementSyntax { Parent: BlockSyntax or SwitchSectionSyntax } statement => new FixEdit(statement, editor =>
            {
                var name = field.Insert(site, editor);
                editor.InsertBefore(
                    statement,
                    Assign(name, node).WithLeadingTrivia(statement.GetLeadingTrivia()).WithTrailingTrivia(LineBreak.Of(statement)));
                editor.ReplaceNode(statement, statement.ReplaceNode(node, name.WithTriviaFrom(node))
                    .WithLeadingTrivia(statement.GetLeadingTrivia().Where(static trivia =>
                        trivia.IsKind(SyntaxKind.WhitespaceTrivia)).Take(1)));
            }),
            StatementSyntax { Parent: IfStatementSyntax or ElseClauseSyntax } statement => new FixEdit(statement, editor =>
            {
                var name = field.Insert(site, editor);
                editor.ReplaceNode(statement, SyntaxFactory.Block(
                        Assign(name, node).WithLeadingTrivia(statement.GetLeadingTrivia()).WithTrailingTrivia(LineBreak.Of(statement)),
                        statement.ReplaceNode(node, name.WithTriviaFrom(node)).WithLeadingTrivia())
                    .WithTrailingTrivia(LineBreak.Of(statement)).WithAdditionalAnnotations(Formatter.Annotation));
            }),
            _ => null,
        };
    }

    /// <summary>The local was made for the reference: the field takes its place.</summary>
    private static FixEdit? OfLocal(FixSite site, NewField field, ExpressionSyntax node, ILocalSymbol local, SyntaxNode place)
    {
        if (local.DeclaringSyntaxReferences[0].GetSyntax(site.Cancel) is not VariableDeclaratorSyntax { Initializer.Value: { } made,
            Parent: VariableDeclarationSyntax { Variables.Count: 1, Parent: LocalDeclarationStatementSyntax declaration } }
            || declaration.Parent != place.Parent)
        {
            return null;
        }

        return new FixEdit(place.Parent!, editor =>
        {
            var name = field.Insert(site, editor);
            editor.ReplaceNode(declaration, Assign(name, made).WithTriviaFrom(declaration));
            editor.ReplaceNode(node, name.WithTriviaFrom(node));
        })
        {
            Nodes = [declaration, node],
        };
    }

    private static FixEdit? OfArrow(FixSite site, NewField field, ExpressionSyntax node, ArrowExpressionClauseSyntax arrow)
    {
        var statement = SyntaxFactory.ExpressionStatement(arrow.Expression.WithoutTrivia());
        return ArrowBody.ToBlock(arrow, SyntaxFactory.Block(statement)) is null ? null : new FixEdit(arrow.Parent!, editor =>
        {
            var name = field.Insert(site, editor);
            var body = SyntaxFactory.Block(Assign(name, node), SyntaxFactory.ExpressionStatement(arrow.Expression.ReplaceNode(node,
                name.WithTriviaFrom(node)).WithoutTrivia()));
            ArrowBody.ToBlock(arrow, body)!.Apply(editor);
        });
    }

    private static StatementSyntax Assign(ExpressionSyntax field, ExpressionSyntax value) => SyntaxFactory.ExpressionStatement(
        SyntaxFactory.AssignmentExpression(SyntaxKind.SimpleAssignmentExpression, field, value.WithoutTrivia()))
            .WithAdditionalAnnotations(Formatter.Annotation);

    /// <summary>The weak reference that the statement makes or fills.</summary>
    private static ExpressionSyntax? HolderOf(ExpressionSyntax expression) => expression switch
    {
        AssignmentExpressionSyntax { Left: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Target",
            Expression: { } filled } } => filled,
        AssignmentExpressionSyntax { Left: { } made } => made,
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "SetTarget",
            Expression: { } filled } } => filled,
        _ => null,
    };

    private static bool IsRepeated(SyntaxNode node) => node is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax
        or ForStatementSyntax or CommonForEachStatementSyntax or WhileStatementSyntax or DoStatementSyntax;
}
