using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

/// <summary>Methods of source that assert that the reference they are given is dead: <c>AssertDead(reference)</c>.</summary>
internal static class AssertingHelpers
{
    /// <summary>The calls in a body that hand a local with a reference to one.</summary>
    public static IEnumerable<(InvocationExpressionSyntax Call, ISymbol Reference)> CallsIn(
        IOperation body, RoleTable roles, KnownFacts known)
    {
        foreach (var operation in body.Descendants())
        {
            if (operation is ILocalReferenceOperation { Local: var local } use && roles.IsReferenceType(local.Type)
                && Operations.Outer(use).Parent is IArgumentOperation { Parameter: { } parameter, Parent: IInvocationOperation
                    { Syntax: InvocationExpressionSyntax call, TargetMethod.DeclaringSyntaxReferences: { Length: 1 } declaration } }
                && SaysDead(declaration[0].GetSyntax(), parameter.Name, known))
            {
                yield return (call, local);
            }
        }
    }

    private static bool SaysDead(SyntaxNode function, string parameter, KnownFacts known)
    {
        foreach (var node in function.DescendantNodes())
        {
            if (node is MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.ValueText: var name } } access
                && name == parameter && access.Name.Identifier.ValueText switch
                {
                    "IsAlive" => Assertions.SayDead(access, Assertions.Answer.Alive, known),
                    "Target" => Assertions.SayDead(access, Assertions.Answer.Target, known),
                    "TryGetTarget" => access.Parent is InvocationExpressionSyntax call
                        && Assertions.SayDead(call, Assertions.Answer.Alive, known),
                    "Deref" => access.Parent is InvocationExpressionSyntax call
                        && Assertions.SayDead(call, Assertions.Answer.Target, known),
                    _ => false,
                }
                && !access.Ancestors().Any(static around => around is ReturnStatementSyntax or ArrowExpressionClauseSyntax
                    { Parent: PropertyDeclarationSyntax }))
            {
                return true;
            }
        }

        return false;
    }
}
