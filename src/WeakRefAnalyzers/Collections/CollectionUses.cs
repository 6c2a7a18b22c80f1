using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Collections;

/// <summary>One use of a field that holds a collection.</summary>
/// <param name="Reference">The expression that names the field.</param>
/// <param name="Member">What is done: the member's name, or <c>[]</c>, <c>[]=</c>, <c>=</c>, <c>??=</c>, <c>foreach</c>,
/// <c>lock</c>, <c>null</c>; null where the collection is passed on.</param>
/// <param name="Node">The call, element access, assignment or member access.</param>
internal readonly record struct CollectionUse(ExpressionSyntax Reference, string? Member, SyntaxNode Node)
{
    /// <summary>The first argument.</summary>
    public ExpressionSyntax? Key => Node switch
    {
        InvocationExpressionSyntax { ArgumentList.Arguments: { Count: > 0 } arguments } => arguments[0].Expression,
        ElementAccessExpressionSyntax { ArgumentList.Arguments: { Count: > 0 } arguments } => arguments[0].Expression,
        _ => null,
    };

    /// <summary>Runs while the object is made; a lambda there runs later.</summary>
    public bool IsInConstructor =>
        Node.FirstAncestorOrSelf<SyntaxNode>(node =>
        node is MemberDeclarationSyntax or AnonymousFunctionExpressionSyntax
        or LocalFunctionStatementSyntax) is ConstructorDeclarationSyntax;

    /// <summary>Runs once for the field: in a constructor of its object, or of its type if it is static.</summary>
    public bool RunsOnceFor(IFieldSymbol field) =>
        IsInConstructor && (!field.IsStatic
        || Node.FirstAncestorOrSelf<ConstructorDeclarationSyntax>()!.Modifiers.Any(SyntaxKind.StaticKeyword));

    /// <summary>Runs when the whole object goes.</summary>
    public bool IsInDispose =>
        Node.FirstAncestorOrSelf<MemberDeclarationSyntax>() is DestructorDeclarationSyntax
        or MethodDeclarationSyntax { Identifier.ValueText: "Dispose" or "DisposeAsync" or "DisposeAsyncCore" };
}

/// <summary>
/// Finds the uses of a private field, or of the property that it is behind: by name in all parts of its type, nested types included, then
/// by symbol.
/// </summary>
internal static class CollectionUses
{
    public static List<CollectionUse> Of(IFieldSymbol field, Compilation compilation, KnownFacts known, CancellationToken cancel)
    {
        var uses = new List<CollectionUse>();
        foreach (var name in Members.UsesOf(field.AssociatedSymbol ?? field, known))
        {
            if (ReferenceAt(name, field, compilation, cancel) is { } reference)
            {
                uses.Add(UseOf(reference));
            }
        }

        return uses;
    }

    /// <summary>Whether there is such a use; only what looks like one is bound.</summary>
    public static bool Any(
        IFieldSymbol field, Func<CollectionUse, bool> isWanted, Compilation compilation, KnownFacts known, CancellationToken cancel)
    {
        foreach (var name in Members.UsesOf(field.AssociatedSymbol ?? field, known))
        {
            if (isWanted(UseOf(Syntaxes.Qualified(name))) && ReferenceAt(name, field, compilation, cancel) is { } reference
                && isWanted(UseOf(reference)))
            {
                return true;
            }
        }

        return false;
    }

    private static ExpressionSyntax? ReferenceAt(
        IdentifierNameSyntax name, IFieldSymbol field, Compilation compilation, CancellationToken cancel) =>
        Operations.Of(compilation, Syntaxes.Qualified(name), cancel) is IMemberReferenceOperation { Member: var member } reference
        && Operations.Same(member.OriginalDefinition, field.AssociatedSymbol ?? field) && reference.Parent is not INameOfOperation
            ? (ExpressionSyntax)reference.Syntax : null;

    /// <summary>Every value the field is given; false where one is not a new collection, so that others may hold it too.</summary>
    public static bool AreNew(IFieldSymbol field, List<CollectionUse> uses, List<ExpressionSyntax> creations, CancellationToken cancel)
    {
        if (Members.InitializerOf(field.AssociatedSymbol ?? field) is { } initial)
        {
            creations.Add(initial);
        }

        foreach (var use in uses)
        {
            if (AssignmentTo(use.Reference) is { } assignment && !IsOwnGrowth(use.Reference))
            {
                creations.Add(assignment.Right);
            }
        }

        creations.RemoveAll(Syntaxes.IsNull);

        // A collection expression has no type of its own in the oldest Roslyn: told by its text.
        return creations.All(value =>
            value is BaseObjectCreationExpressionSyntax or MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Empty" }
            || value.ToString().StartsWith("[", StringComparison.Ordinal));
    }

    /// <summary><c>f = f.Add(…)</c>: an immutable collection with more in it than before.</summary>
    public static bool IsOwnGrowth(ExpressionSyntax target)
    {
        if (AssignmentTo(target) is not { } assignment)
        {
            return false;
        }

        var value = Syntaxes.Strip(assignment.Right);
        while (value is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Expression: var receiver, Name: var name } }
            && (Vocabulary.IsGrowth(name.Identifier.ValueText) || name.Identifier.ValueText == "SetItem"))
        {
            value = Syntaxes.Strip(receiver);
        }

        return value != Syntaxes.Strip(assignment.Right) && value?.ToString() == target.ToString();
    }

    /// <summary>The assignment of that kind whose value begins with the expression.</summary>
    public static AssignmentExpressionSyntax? OwnGrowthAround(ExpressionSyntax reference) =>
        reference.Ancestors().OfType<AssignmentExpressionSyntax>().FirstOrDefault() is { } around
        && around.Right.SpanStart == reference.SpanStart && IsOwnGrowth(around.Left) ? around : null;

    private static AssignmentExpressionSyntax? AssignmentTo(ExpressionSyntax target) =>
        Syntaxes.Outer(target).Parent is AssignmentExpressionSyntax { OperatorToken.ValueText: "=" or "??=" } assignment
        && assignment.Left.Span.Contains(target.Span) ? assignment : null;

    /// <summary>What is done with the collection that the expression names.</summary>
    public static CollectionUse UseOf(ExpressionSyntax reference)
    {
        var node = Syntaxes.Outer(reference);
        switch (node.Parent)
        {
            case MemberAccessExpressionSyntax access:
                return new CollectionUse(reference, access.Name.Identifier.ValueText, access.Parent is InvocationExpressionSyntax call
                    && call.Expression == access ? call : access);
            case ConditionalAccessExpressionSyntax access when access.Expression == node:
                var first = access.WhenNotNull.DescendantNodesAndSelf().FirstOrDefault(inner =>
                    inner is MemberBindingExpressionSyntax or ElementBindingExpressionSyntax);
                return first is MemberBindingExpressionSyntax binding
                    ? new CollectionUse(reference, binding.Name.Identifier.ValueText, binding.Parent is InvocationExpressionSyntax bound
                        ? bound : binding)
                    : new CollectionUse(reference, first is null ? null : "[]", access);
            case ElementAccessExpressionSyntax element when element.Expression == node:
                return new CollectionUse(reference, element.Parent is AssignmentExpressionSyntax set && set.Left == element
                    ? "[]=" : "[]", element);
            case AssignmentExpressionSyntax { OperatorToken.ValueText: "??=", Parent: ParenthesizedExpressionSyntax } made
                when made.Left == node:
                return UseOf(made) with { Reference = reference };
            case AssignmentExpressionSyntax assignment when assignment.Left == node:
                return new CollectionUse(reference, assignment.OperatorToken.ValueText, assignment);
            case CommonForEachStatementSyntax or FromClauseSyntax:
                return new CollectionUse(reference, "foreach", node.Parent);
            case LockStatementSyntax:
                return new CollectionUse(reference, "lock", node.Parent);
            case BinaryExpressionSyntax { RawKind: (int)SyntaxKind.EqualsExpression or (int)SyntaxKind.NotEqualsExpression }
                or IsPatternExpressionSyntax:
                return new CollectionUse(reference, "null", node.Parent);
            default:
                return new CollectionUse(reference, null, node.Parent ?? node);
        }
    }
}
