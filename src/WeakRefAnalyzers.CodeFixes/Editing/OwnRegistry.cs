using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WeakRefAnalyzers.Fixes;

/// <summary>A cleanup registry that a class keeps for its own instances.</summary>
internal static class OwnRegistry
{
    /// <summary>The one call that registers; null where there are several.</summary>
    public static InvocationExpressionSyntax? RegistrationIn(ClassDeclarationSyntax type, string registry)
    {
        var calls = type.DescendantNodes().OfType<InvocationExpressionSyntax>()
            .Where(call =>
                call.Expression is MemberAccessExpressionSyntax
                {
                    Name.Identifier.ValueText: "Register",
                    Expression: IdentifierNameSyntax { Identifier.ValueText: var name }
                }
                    && name == registry)
            .ToList();
        return calls.Count == 1
            && calls[0].ArgumentList.Arguments is { Count: 2 } or { Count: 3 }
            && calls[0].ArgumentList.Arguments.Skip(2).All(argument => argument.Expression is ThisExpressionSyntax)
            ? calls[0]
            : null;
    }

    public static bool HasToken(ITypeSymbol? registry) =>
        registry is not null
        && registry
            .GetMembers("Unregister")
            .Any(member => member is IMethodSymbol { ReturnType.SpecialType: SpecialType.System_Boolean, Parameters: { Length: 1 } })
        && registry.GetMembers("Register").Any(member => member is IMethodSymbol { Parameters: { Length: 3 } });
}
