using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WeakRefAnalyzers.Fixes;

/// <summary>The other reads of the reference that one weak read asks, by their text.</summary>
/// <param name="read">The weak read.</param>
internal readonly struct SameReads(ExpressionSyntax read)
{
    public bool Contain(ExpressionSyntax other) => IsSame(other, read);

    /// <summary>In that place; what a lambda reads is read later and is not among them.</summary>
    public IEnumerable<ExpressionSyntax> In(SyntaxNode place)
    {
        var first = read;
        return place.DescendantNodesAndSelf(static node => node is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax))
            .OfType<ExpressionSyntax>().Where(other => IsSame(other, first));
    }

    /// <summary>A question about nothing but this read's reference: the read itself, with or without <c>?.</c>, or its probe.</summary>
    public bool Ask(ExpressionSyntax asked)
    {
        var text = asked.ToString().Replace("?.", ".");
        var own = read.ToString();
        var reference = own.Substring(0, own.LastIndexOf('.') + 1);
        return text == own || (reference.Length > 0 && asked is not ConditionalAccessExpressionSyntax
            && (text == reference + "IsAlive" || text == reference + "TryGetTarget(out _)"));
    }

    /// <summary>Nothing in that place gives the reference, or what it hangs on, another value.</summary>
    public bool AreStableIn(SyntaxNode place)
    {
        var owners = read.DescendantNodesAndSelf().OfType<ExpressionSyntax>().ToList();
        return !place.DescendantNodesAndSelf().Any(node => node switch
        {
            AssignmentExpressionSyntax assignment => Owns(assignment.Left),
            ArgumentSyntax { RefKindKeyword.RawKind: not 0 } argument => Owns(argument.Expression),
            MemberAccessExpressionSyntax { Name.Identifier.ValueText: "SetTarget" or "Free" or "Dispose" } access =>
                Owns(access.Expression),
            _ => false,
        });

        bool Owns(ExpressionSyntax written) => owners.Any(owner => IsSame(owner, written));
    }

    private static bool IsSame(ExpressionSyntax node, ExpressionSyntax read) =>
        node.RawKind == read.RawKind && SyntaxFactory.AreEquivalent(node, read)
        && !(node.Parent is MemberAccessExpressionSyntax access && access.Name == node)
        && node.Parent is not (MemberBindingExpressionSyntax or NameColonSyntax or QualifiedNameSyntax
            or ConditionalAccessExpressionSyntax);
}
