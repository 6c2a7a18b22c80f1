using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace WeakRefAnalyzers.Finalizing;

internal static partial class Provenance
{
    private static partial IOperation? InitializerOf(ILocalReferenceOperation reference) =>
        reference is { SemanticModel: { } model, Local.DeclaringSyntaxReferences: { Length: 1 } declarations }
        && declarations[0].GetSyntax().Parent is { } declaration
            ? (model.GetOperation(declaration) as IVariableDeclarationOperation)?.Initializer?.Value : null;
}
