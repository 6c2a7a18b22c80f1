using Microsoft.CodeAnalysis;

namespace WeakRefAnalyzers.Rules;

internal sealed partial class WREF205_LongReference
{
    private static partial bool HandsOut(SyntaxNode finalizer) => finalizer.Parent?.DescendantTokens().Any(static token =>
        token.Text.Equals("Me", StringComparison.OrdinalIgnoreCase) && token.GetNextToken().Text != ".") == true;
}
