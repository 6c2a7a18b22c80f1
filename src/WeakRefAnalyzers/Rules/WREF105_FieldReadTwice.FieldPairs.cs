using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;

namespace WeakRefAnalyzers.Rules;

/// <summary>Finds a field that is tested for null and then read again: between the two it may have changed.</summary>
internal static class FieldPairs
{
    /// <summary>The test that the read relies on, when this is the first such read of the frame.</summary>
    public static ExpressionSyntax? TestOf(IFieldSymbol field, ExpressionSyntax read, SyntaxNode body)
    {
        var tests = new List<ExpressionSyntax>();
        foreach (var node in body.DescendantNodes())
        {
            if (node is not IdentifierNameSyntax name || name.Identifier.ValueText != field.Name || Syntaxes.FunctionOf(name) != body)
            {
                continue;
            }

            var reference = name.Parent is MemberAccessExpressionSyntax access && access.Name == name ? access : (ExpressionSyntax)name;
            if (IsWritten(reference))
            {
                // What this method stored itself, no test of before speaks of.
                tests.Clear();
            }
            else if (IsTested(reference))
            {
                tests.Add(reference);
            }
            else if (tests.LastOrDefault(test => Guards(test, reference)) is { } guard)
            {
                return reference == read ? guard : null;
            }
        }

        return null;
    }

    /// <summary>An assignment that can take the reference away: outside constructors and outside the member that reads.</summary>
    public static SyntaxNode? Reset(IFieldSymbol field, SyntaxNode reader, Compilation compilation, CancellationToken cancel)
    {
        var member = MemberOf(reader);
        foreach (var part in field.OriginalDefinition.ContainingType.DeclaringSyntaxReferences)
        {
            foreach (var node in part.GetSyntax(cancel).DescendantNodes())
            {
                // A new reference in place of the old one hurts no null test.
                var target = node switch
                {
                    AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression } assignment when Syntaxes.Strip(
                        assignment.Right) is not BaseObjectCreationExpressionSyntax =>
                        assignment.Left,
                    ArgumentSyntax { RefKindKeyword.RawKind: (int)SyntaxKind.RefKeyword or (int)SyntaxKind.OutKeyword } argument =>
                        argument.Expression,
                    _ => null,
                };
                if (Syntaxes.NameOf(target) == field.Name && MemberOf(node) is { } other && other != member
                    && (other is not ConstructorDeclarationSyntax || Syntaxes.FunctionOf(node) != other)
                    && Operations.Of(compilation, target!, cancel) is IFieldReferenceOperation reference
                        && SymbolEqualityComparer.Default.Equals(reference.Field.OriginalDefinition, field.OriginalDefinition))
                {
                    return node;
                }
            }
        }

        return null;
    }

    private static SyntaxNode? MemberOf(SyntaxNode node) =>
        node.FirstAncestorOrSelf<SyntaxNode>(ancestor => ancestor is AccessorDeclarationSyntax or MemberDeclarationSyntax);

    private static bool IsWritten(ExpressionSyntax reference) =>
        reference.Parent is AssignmentExpressionSyntax assignment && assignment.Left == reference
            || reference.Parent is ArgumentSyntax { RefKindKeyword.RawKind: not 0 };

    private static bool IsTested(ExpressionSyntax reference) => reference.Parent switch
    {
        BinaryExpressionSyntax { RawKind: (int)SyntaxKind.EqualsExpression or (int)SyntaxKind.NotEqualsExpression } comparison =>
            Syntaxes.IsNull(comparison.Left == reference ? comparison.Right : comparison.Left),
        IsPatternExpressionSyntax { Pattern: ConstantPatternSyntax or UnaryPatternSyntax
            or RecursivePatternSyntax { Designation: null } } => true,
        _ => false,
    };

    /// <summary>The reference stands in the statement or expression that the test decides, or behind the early exit it takes.</summary>
    private static bool Guards(ExpressionSyntax test, ExpressionSyntax reference)
    {
        if (reference.Parent is not (MemberAccessExpressionSyntax or ConditionalAccessExpressionSyntax))
        {
            return false;
        }

        for (var node = test.Parent; node is not null and not MemberDeclarationSyntax; node = node.Parent)
        {
            switch (node)
            {
                case BinaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalAndExpression
                    or (int)SyntaxKind.LogicalOrExpression } when node.Span.Contains(reference.Span):
                case ConditionalExpressionSyntax { Condition: var condition } when condition.Span.Contains(test.Span)
                    && node.Span.Contains(reference.Span):
                    return true;
                case IfStatementSyntax { Condition: var condition, Statement: var then } when condition.Span.Contains(test.Span):
                    return node.Span.Contains(reference.Span) || (node.Parent!.Span.Contains(reference.Span) && Exits(then));
                case StatementSyntax:
                    return false;
            }
        }

        return false;
    }

    private static bool Exits(StatementSyntax statement) =>
        (statement is BlockSyntax block ? block.Statements.LastOrDefault() : statement) is ReturnStatementSyntax or ThrowStatementSyntax
            or BreakStatementSyntax or ContinueStatementSyntax;
}
