using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;

namespace WeakRefAnalyzers.Rules;

/// <summary>Finds a field that is tested for null and then read again: between the two it may have changed.</summary>
internal static class FieldPairs
{
    /// <summary>A test further back than so many others is not what a read relies on.</summary>
    private const int MaxTests = 8;

    /// <summary>The test that the read relies on, when this is the first such read of the frame.</summary>
    public static ExpressionSyntax? TestOf(IFieldSymbol field, ExpressionSyntax read, SyntaxNode body, KnownFacts known)
    {
        var pair = known.Of(body, static _ => new Pairs()).Of.GetOrAdd(field.Name, name => First(name, body, known));
        return pair.Read == read ? pair.Test : null;
    }

    private static (ExpressionSyntax? Read, ExpressionSyntax? Test) First(string field, SyntaxNode body, KnownFacts known)
    {
        var tests = new List<ExpressionSyntax>();
        foreach (var name in Members.Named(field, body, known))
        {
            if (Syntaxes.FunctionOf(name) != body)
            {
                continue;
            }

            var reference = Syntaxes.Qualified(name);
            if (IsWritten(reference))
            {
                // What this method stored itself, no test of before speaks of.
                tests.Clear();
            }
            else if (IsTested(reference))
            {
                tests.Add(reference);
            }
            else
            {
                for (var i = tests.Count - 1; i >= Math.Max(0, tests.Count - MaxTests); i--)
                {
                    if (Guards(tests[i], reference))
                    {
                        return (reference, tests[i]);
                    }
                }
            }
        }

        return default;
    }

    /// <summary>An assignment that can take the reference away: outside constructors and outside the member that reads.</summary>
    public static SyntaxNode? Reset(
        IFieldSymbol field, SyntaxNode reader, Compilation compilation, KnownFacts known, CancellationToken cancel)
    {
        var member = MemberOf(reader);
        foreach (var use in Members.UsesOf(field.OriginalDefinition, known))
        {
            var target = Syntaxes.Qualified(use);

            // A new reference in place of the old one hurts no null test.
            var takes = target.Parent switch
            {
                AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression } assignment =>
                    assignment.Left == target && Syntaxes.Strip(assignment.Right) is not BaseObjectCreationExpressionSyntax,
                ArgumentSyntax { RefKindKeyword.RawKind: (int)SyntaxKind.RefKeyword or (int)SyntaxKind.OutKeyword } => true,
                _ => false,
            };
            if (takes && target.Parent is { } node && MemberOf(node) is { } other && other != member
                && (other is not ConstructorDeclarationSyntax || Syntaxes.FunctionOf(node) != other)
                && Operations.Of(compilation, target, cancel) is IFieldReferenceOperation reference
                && SymbolEqualityComparer.Default.Equals(reference.Field.OriginalDefinition, field.OriginalDefinition))
            {
                return node;
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

    /// <summary>Of one body: by the field's name its first read behind a test, and the test.</summary>
    private sealed class Pairs
    {
        public ConcurrentDictionary<string, (ExpressionSyntax? Read, ExpressionSyntax? Test)> Of { get; } = new(StringComparer.Ordinal);
    }
}
