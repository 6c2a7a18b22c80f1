using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;

namespace WeakRefAnalyzers.Holding;

internal sealed partial class SelfRooting
{
    /// <summary><c>MyBase.New(…)</c> or <c>Me.New(…)</c> is the first statement.</summary>
    private partial bool HasChained(IMethodSymbol constructor, out IMethodSymbol? chained)
    {
        chained = !constructor.DeclaringSyntaxReferences.IsEmpty
            && Operations.Of(_compilation, constructor.DeclaringSyntaxReferences[0].GetSyntax(), default)
                is IBlockOperation { Operations: { Length: > 0 } statements }
            && statements[0] is IExpressionStatementOperation { Operation: IInvocationOperation
                { TargetMethod: { MethodKind: MethodKind.Constructor } called } } ? called : null;
        return chained is not null;
    }

    /// <summary>An initializer may name the object, and what <c>WithEvents</c> holds is given handlers of it.</summary>
    private static partial bool InitializersMay(INamedTypeSymbol type)
    {
        foreach (var member in type.GetMembers())
        {
            if (member is IPropertySymbol { IsWithEvents: true }
                || (member is IFieldSymbol or IPropertySymbol && member.DeclaringSyntaxReferences.Any(static declaration =>
                    declaration.GetSyntax() is var name && (name.Parent ?? name).DescendantTokens().Any(NamesObject))))
            {
                return true;
            }
        }

        return false;
    }

    private static bool NamesObject(SyntaxToken token) => token.Text.Equals("Me", StringComparison.OrdinalIgnoreCase)
        || token.Text.Equals("AddressOf", StringComparison.OrdinalIgnoreCase);
}
