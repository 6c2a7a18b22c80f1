using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WeakRefAnalyzers.Finalizing;

internal readonly partial record struct ReleaseCall
{
    private static partial bool Forwards(IMethodSymbol method)
    {
        if (method.MethodKind != MethodKind.Ordinary || method.DeclaringSyntaxReferences.IsEmpty
            || !method.Parameters.Any(parameter => IsHandle(parameter.Type) || parameter.Type.TypeKind == TypeKind.Pointer))
        {
            return false;
        }

        foreach (var node in method.DeclaringSyntaxReferences[0].GetSyntax().DescendantNodes())
        {
            if (node is InvocationExpressionSyntax { Expression: var called, ArgumentList.Arguments: var arguments }
                && arguments.Any(argument =>
                    argument.Expression is IdentifierNameSyntax { Identifier.ValueText: var name }
                    && method.Parameters.Any(parameter =>
                    parameter.Name == name && (IsHandle(parameter.Type) || parameter.Type.TypeKind == TypeKind.Pointer)))
                && CalledIn(called, method.ContainingType).OfType<IMethodSymbol>().Any(static native =>
                    native.IsStatic && IsNativeMethod(native)))
            {
                return true;
            }
        }

        return false;
    }

    private static IEnumerable<ISymbol> CalledIn(ExpressionSyntax called, INamedTypeSymbol type) => called switch
    {
        IdentifierNameSyntax { Identifier.ValueText: var name } => type.GetMembers(name),
        MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.ValueText: var owner },
            Name.Identifier.ValueText: var name } =>
            type.GetTypeMembers(owner).Concat(type.ContainingNamespace.GetTypeMembers(owner)).SelectMany(found => found.GetMembers(name)),
        _ => [],
    };
}
