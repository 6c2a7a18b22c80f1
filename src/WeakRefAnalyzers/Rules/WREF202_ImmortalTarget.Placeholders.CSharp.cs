using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Holding;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

/// <summary>Weak references that stand where there is no other one.</summary>
internal static class Placeholders
{
    /// <summary>Nobody in particular: other references stand in its place, or it stands in theirs.</summary>
    public static bool IsFor(WeakTarget target, KnownFacts known)
    {
        if (Operations.Outer(target.Operation).Parent is IConditionalOperation or ICoalesceOperation || IsPutInTurn(target))
        {
            return true;
        }

        if (WeakTargets.HolderOf(target, known)?.Segment is not ISymbol { Kind: SymbolKind.Field or SymbolKind.Property } member)
        {
            return false;
        }

        // Shown to others, and always the same: they put it where there is no other one.
        if (member is IFieldSymbol { IsStatic: true, IsReadOnly: true, DeclaredAccessibility: not Accessibility.Private })
        {
            return true;
        }

        var values = 0;
        foreach (var value in Members.ValuesOf(member, known))
        {
            values += Syntaxes.IsNull(value) ? 0 : 1;
        }

        foreach (var use in Members.UsesOf(member, known))
        {
            var access = Syntaxes.Qualified(use);
            switch (access.Parent)
            {
                case MemberAccessExpressionSyntax { Name.Identifier.ValueText: "SetTarget" } set when set.Expression == access:
                case MemberAccessExpressionSyntax { Parent: AssignmentExpressionSyntax } put when put.Expression == access:
                    values++;
                    break;
                case ConditionalExpressionSyntax or ReturnStatementSyntax or ArrowExpressionClauseSyntax:
                case AssignmentExpressionSyntax assignment when assignment.Right == access:
                case BinaryExpressionSyntax binary when binary.Right == access && binary.IsKind(SyntaxKind.CoalesceExpression):
                    return true;
            }
        }

        return values > 1;
    }

    /// <summary>The same entry is given another reference in another case: <c>if (found == null) map[k] = new(s_none);</c></summary>
    private static bool IsPutInTurn(WeakTarget target) =>
        target.Operation.Syntax.FirstAncestorOrSelf<AssignmentExpressionSyntax>() is { Left: ElementAccessExpressionSyntax entry } put
        && Syntaxes.FunctionOf(put) is { } function && function.DescendantNodes().Any(node => node != put
            && node is AssignmentExpressionSyntax { Left: ElementAccessExpressionSyntax other } && other.ToString() == entry.ToString());
}
