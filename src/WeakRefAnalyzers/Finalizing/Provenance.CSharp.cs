using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace WeakRefAnalyzers.Finalizing;

internal static partial class Provenance
{
    private static partial IOperation? InitializerOf(ILocalReferenceOperation reference)
    {
        if (reference.SemanticModel is not { } model || reference.Local.DeclaringSyntaxReferences.IsEmpty)
        {
            return null;
        }

        var declaration = reference.Local.DeclaringSyntaxReferences[0].GetSyntax();
        switch (declaration)
        {
            case VariableDeclaratorSyntax { Initializer.Value: { } value }:
                return model.GetOperation(value);
            case ForEachStatementSyntax loop:
                return model.GetOperation(loop.Expression);
            case SingleVariableDesignationSyntax when declaration.FirstAncestorOrSelf<StatementSyntax>()
                is ForEachVariableStatementSyntax loop && loop.Variable.Span.Contains(declaration.Span):
                return model.GetOperation(loop.Expression);
            case SingleVariableDesignationSyntax when declaration.FirstAncestorOrSelf<IsPatternExpressionSyntax>() is { } pattern
                && pattern.Pattern is DeclarationPatternSyntax or RecursivePatternSyntax && declaration.Parent == pattern.Pattern:
                return model.GetOperation(pattern.Expression);
            default:
                return null;
        }
    }
}
