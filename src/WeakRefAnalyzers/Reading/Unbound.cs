using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using WeakRefAnalyzers.Code;

namespace WeakRefAnalyzers.Reading;

/// <summary>
/// What an expression names although it does not bind: a type compiled twice, as where one compilation is made of several
/// projects or platforms, has each member twice. Where all candidates are of one kind, any of them will do.
/// </summary>
internal static class Unbound
{
    public static ISymbol? MemberOf(IOperation operation)
    {
        if (operation.Type is IErrorTypeSymbol { CandidateReason: CandidateReason.Ambiguous } error
            && error.CandidateSymbols is { IsEmpty: false } candidates)
        {
            return candidates.All(candidate => candidate.Kind == candidates[0].Kind && Same(TypeOf(candidate), TypeOf(candidates[0])))
                ? candidates[0] : null;
        }

        if (operation.Type?.TypeKind != TypeKind.Error || operation.Syntax is not MemberAccessExpressionSyntax access
            || ReceiverOf(operation) is not { } receiver || TypeOf(receiver) is not { } type)
        {
            return null;
        }

        var members = type.GetMembers(access.Name.Identifier.ValueText);
        return members.All(member => member is IFieldSymbol or IPropertySymbol && Same(TypeOf(member), TypeOf(members[0])))
            ? members.FirstOrDefault() : null;
    }

    /// <summary>The method that a call names, where all that it may name give the same.</summary>
    public static IMethodSymbol? MethodOf(IOperation operation, SemanticModel? model)
    {
        if (operation.Syntax is not InvocationExpressionSyntax call || Syntaxes.NameOf(call.Expression) is not { } name)
        {
            return null;
        }

        var candidates = model?.GetSymbolInfo(call).CandidateSymbols ?? ImmutableArray<ISymbol>.Empty;
        if (candidates.IsEmpty && ReceiverOf(operation) is { } receiver)
        {
            candidates = TypeOf(receiver)?.GetMembers(name) ?? candidates;
        }

        var given = call.ArgumentList.Arguments.Count;
        return candidates.All(candidate => candidate is IMethodSymbol method && method.Parameters.Length == given
            && Same(method.ReturnType, ((IMethodSymbol)candidates[0]).ReturnType)) ? candidates.FirstOrDefault() as IMethodSymbol : null;
    }

    public static ITypeSymbol? TypeOf(IOperation operation) =>
        operation.Type is { TypeKind: not TypeKind.Error } type ? type : MemberOf(operation) is { } member ? TypeOf(member) : null;

    /// <summary>What stands before the dot.</summary>
    public static IOperation? ReceiverOf(IOperation operation)
    {
        var access = operation.Syntax is InvocationExpressionSyntax ? operation.ChildOperations.FirstOrDefault() : operation;
        return access?.Syntax is MemberAccessExpressionSyntax or MemberBindingExpressionSyntax
            ? access.ChildOperations.FirstOrDefault() : null;
    }

    /// <summary>
    /// Where the expression leads; asked of the syntax, for what stands before an ambiguous member is lost to the operations.
    /// </summary>
    public static Reference? PathOf(ExpressionSyntax? expression, SemanticModel? model)
    {
        if (expression is null or ThisExpressionSyntax or BaseExpressionSyntax)
        {
            return Reference.This;
        }

        var info = model?.GetSymbolInfo(expression);
        return (info?.Symbol ?? info?.CandidateSymbols.FirstOrDefault()) switch
        {
            ILocalSymbol or IParameterSymbol => new Reference(null, info!.Value.Symbol!),
            IFieldSymbol or IPropertySymbol when (info!.Value.Symbol ?? info.Value.CandidateSymbols[0]) is var member =>
                member.IsStatic ? new Reference(null, member)
                : PathOf((expression as MemberAccessExpressionSyntax)?.Expression, model) is { } owner ? new Reference(owner, member)
                : null,
            _ => null,
        };
    }

    private static ITypeSymbol? TypeOf(ISymbol member) =>
        member switch { IFieldSymbol field => field.Type, IPropertySymbol property => property.Type, _ => null };

    private static bool Same(ITypeSymbol? a, ITypeSymbol? b) => a is not null && SymbolEqualityComparer.Default.Equals(a, b);
}
