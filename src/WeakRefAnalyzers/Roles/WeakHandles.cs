using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;

namespace WeakRefAnalyzers.Roles;

/// <summary>
/// Tells which GCHandles are weak. The type does not say; what counts is every value that its variable is given. A
/// handle that came from anywhere but a visible weak <c>Alloc</c> (a parameter, <c>FromIntPtr</c>) is not called weak.
/// </summary>
internal sealed class WeakHandles(INamedTypeSymbol? gcHandle)
{
    private readonly ConcurrentDictionary<ISymbol, bool> _weak = new(SymbolEqualityComparer.Default);

    public bool IsWeak(IOperation? handle, ITypeSymbol memberOwner)
    {
        if (gcHandle is null || !SymbolEqualityComparer.Default.Equals(memberOwner, gcHandle))
        {
            return false;
        }

        ISymbol? variable = handle switch
        {
            IFieldReferenceOperation field => field.Field.OriginalDefinition,
            IPropertyReferenceOperation property => property.Property.OriginalDefinition,
            ILocalReferenceOperation local => local.Local,
            _ => null,
        };
        if (variable is null)
        {
            return false;
        }

        if (!_weak.TryGetValue(variable, out var weak))
        {
            weak = OnlyWeakValues(variable);
            _weak.TryAdd(variable, weak);
        }

        return weak;
    }

    private static bool OnlyWeakValues(ISymbol variable)
    {
        var weak = false;
        foreach (var scope in Scopes(variable))
        {
            foreach (var node in scope.DescendantNodes())
            {
                var value = node switch
                {
                    AssignmentExpressionSyntax assignment when Syntaxes.NameOf(
                        assignment.Left is ElementAccessExpressionSyntax element ? element.Expression : assignment.Left) == variable.Name =>
                        assignment.Right,
                    VariableDeclaratorSyntax declarator when declarator.Identifier.ValueText == variable.Name =>
                        declarator.Initializer?.Value,
                    PropertyDeclarationSyntax property when property.Identifier.ValueText == variable.Name => property.Initializer?.Value,
                    InvocationExpressionSyntax call => AddedTo(variable.Name, call),
                    _ => null,
                };
                if (value is null or DefaultExpressionSyntax or LiteralExpressionSyntax
                    or BaseObjectCreationExpressionSyntax { ArgumentList: null or { Arguments.Count: 0 } }
                    or ArrayCreationExpressionSyntax { Initializer: null })
                {
                    continue;
                }

                if (!IsWeakAlloc(value))
                {
                    return false;
                }

                weak = true;
            }
        }

        return weak;
    }

    /// <summary>What is put into the collection of this name.</summary>
    private static ExpressionSyntax? AddedTo(string collection, InvocationExpressionSyntax call) =>
        call is { Expression: MemberAccessExpressionSyntax access, ArgumentList.Arguments: { Count: > 0 } arguments }
        && Syntaxes.NameOf(access.Expression) == collection && Vocabulary.IsAdd(access.Name.Identifier.ValueText)
        ? arguments[arguments.Count - 1].Expression : null;

    private static IEnumerable<SyntaxNode> Scopes(ISymbol variable)
    {
        if (variable is ILocalSymbol)
        {
            foreach (var reference in variable.DeclaringSyntaxReferences)
            {
                if (reference.GetSyntax().FirstAncestorOrSelf<MemberDeclarationSyntax>() is { } member)
                {
                    yield return member;
                }
            }
        }
        else
        {
            foreach (var reference in variable.ContainingType.DeclaringSyntaxReferences)
            {
                yield return reference.GetSyntax();
            }
        }
    }

    private static bool IsWeakAlloc(ExpressionSyntax value)
    {
        if (value is not InvocationExpressionSyntax { ArgumentList.Arguments: { Count: 2 } arguments } invocation
            || Syntaxes.NameOf(invocation.Expression) != "Alloc")
        {
            return false;
        }

        var kind = arguments[1].ToString();
        return kind.Contains("Weak") && !kind.Contains("Normal") && !kind.Contains("Pinned");
    }
}
