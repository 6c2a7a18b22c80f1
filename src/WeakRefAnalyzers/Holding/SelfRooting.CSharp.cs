using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;

namespace WeakRefAnalyzers.Holding;

internal sealed partial class SelfRooting
{
    private partial bool HasChained(IMethodSymbol constructor, out IMethodSymbol? chained)
    {
        SyntaxNode? call = constructor.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() switch
        {
            ConstructorDeclarationSyntax { Initializer: { } initializer } => initializer,
            TypeDeclarationSyntax { BaseList.Types: { Count: > 0 } bases } => bases[0] as PrimaryConstructorBaseTypeSyntax,
            _ => null,
        };
        chained = call is null ? null : (Operations.Of(_compilation, call, default) as IInvocationOperation)?.TargetMethod;
        return call is not null;
    }

    /// <summary>There is no <c>this</c> in them.</summary>
    private static partial bool InitializersMay(INamedTypeSymbol type) => false;
}
