using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

/// <summary>Methods of source that assert that the reference they are given is dead: <c>AssertDead(reference)</c>.</summary>
internal static class AssertingHelpers
{
    /// <summary>The names of the functions in which a weak reference is asked: nothing that is called otherwise asserts.</summary>
    public static HashSet<string> NamesIn(Compilation compilation, KnownFacts known)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var tree in compilation.SyntaxTrees)
        {
            if (Mentions.In(tree, known).Reads.Count > 0)
            {
                names.UnionWith(known.Of(tree, tree => new AskingNames(tree, known)).All);
            }
        }

        return names;
    }

    /// <summary>The local with a reference of which the called function asserts that its target is dead.</summary>
    public static ISymbol? AssertedBy(IInvocationOperation call, RoleTable roles, KnownFacts known)
    {
        if (call.TargetMethod.DeclaringSyntaxReferences is not { Length: 1 } declaration)
        {
            return null;
        }

        foreach (var argument in call.Arguments)
        {
            if (Operations.Inner(argument.Value) is ILocalReferenceOperation { Local: var local } && roles.IsReferenceType(local.Type)
                && argument.Parameter is { } parameter && SaysDead(declaration[0].GetSyntax(), parameter.Name, known))
            {
                return local;
            }
        }

        return null;
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

    private sealed class AskingNames
    {
        public AskingNames(SyntaxTree tree, KnownFacts known)
        {
            foreach (var place in Mentions.In(tree, known).Reads)
            {
                for (var node = tree.GetRoot().FindToken(place).Parent; node is not null; node = node.Parent)
                {
                    var name = node switch
                    {
                        MethodDeclarationSyntax method => method.Identifier.ValueText,
                        LocalFunctionStatementSyntax function => function.Identifier.ValueText,
                        _ => null,
                    };
                    if (name is not null)
                    {
                        All.Add(name);
                    }
                }
            }
        }

        public HashSet<string> All { get; } = new(StringComparer.Ordinal);
    }
}
