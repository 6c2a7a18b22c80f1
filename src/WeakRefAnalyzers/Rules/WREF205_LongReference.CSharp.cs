using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WeakRefAnalyzers.Rules;

internal sealed partial class WREF205_LongReference
{
    private static partial bool HandsOut(SyntaxNode finalizer) => finalizer.DescendantNodes().Any(static node =>
        node is ThisExpressionSyntax { Parent: ArgumentSyntax or AssignmentExpressionSyntax or EqualsValueClauseSyntax });
}
