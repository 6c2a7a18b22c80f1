using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WeakRefAnalyzers.Fixes;

/// <summary>The signature of a local function that statements are moved into.</summary>
/// <param name="Result">The one local that is used afterwards, and is returned.</param>
/// <param name="UsesThis">Whether it cannot be static.</param>
/// <param name="Parameters">The parameter list.</param>
/// <param name="Arguments">The argument list.</param>
internal sealed record Extraction(ILocalSymbol? Result, bool UsesThis, string Parameters, string Arguments)
{
    /// <summary>Null where a function cannot say what flows in and out.</summary>
    public static Extraction? Of(SemanticModel model, List<StatementSyntax> moved)
    {
        var flow = model.AnalyzeDataFlow(moved[0], moved[moved.Count - 1]);
        var control = model.AnalyzeControlFlow(moved[0], moved[moved.Count - 1]);
        if (flow is not { Succeeded: true }
            || control is not { Succeeded: true, EndPointIsReachable: true, ExitPoints.IsEmpty: true, ReturnStatements.IsEmpty: true }
                || moved.Any(statement => statement.DescendantNodes().Any(node => node is AwaitExpressionSyntax or YieldStatementSyntax)))
        {
            return null;
        }

        var declared = flow.VariablesDeclared;
        var results = declared.Where(variable => flow.ReadOutside.Contains(variable) || flow.WrittenOutside.Contains(variable)).ToList();
        var inputs =
            flow.ReadInside.Where(variable => !declared.Contains(variable) && variable is not IParameterSymbol { IsThis: true }).ToList();
        var usesThis = flow.ReadInside.Concat(flow.WrittenInside).Any(variable => variable is IParameterSymbol { IsThis: true });
        if (results.Count > 1
            || flow.WrittenInside.Any(variable => !declared.Contains(variable) && variable is not IParameterSymbol { IsThis: true })
                || inputs.Any(variable =>
                    flow.Captured.Contains(variable)
                        || Type(variable) is not { IsAnonymousType: false, IsRefLikeType: false, TypeKind: not TypeKind.Error }))
        {
            return null;
        }

        var parameters = string.Join(
            ", ",
            inputs.Select(input => $"{Type(input)!.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat)} {input.Name}"));
        return results.All(result => result is ILocalSymbol { Type: { IsAnonymousType: false, TypeKind: not TypeKind.Error } })
            ? new Extraction(
                results.FirstOrDefault() as ILocalSymbol,
                usesThis,
                parameters,
                string.Join(", ", inputs.Select(input => input.Name)))
            : null;
    }

    private static ITypeSymbol? Type(ISymbol variable) => (variable as ILocalSymbol)?.Type ?? (variable as IParameterSymbol)?.Type;
}
