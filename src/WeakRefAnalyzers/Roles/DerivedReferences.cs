using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using WeakRefAnalyzers.Code;

namespace WeakRefAnalyzers.Roles;

/// <summary>
/// Types that derive from a weak reference, <c>class Key(object target) : WeakReference(target)</c>: the parameter that becomes the
/// target, where nothing else is made of it than a number.
/// </summary>
internal sealed class DerivedReferences
{
    private readonly ConcurrentDictionary<IMethodSymbol, int> _targets = new(SymbolEqualityComparer.Default);

    /// <summary>The position of the parameter; -1 where there is none.</summary>
    public int TargetOf(IMethodSymbol constructor)
    {
        if (!_targets.TryGetValue(constructor.OriginalDefinition, out var ordinal))
        {
            ordinal = Find(constructor.OriginalDefinition);
            _targets.TryAdd(constructor.OriginalDefinition, ordinal);
        }

        return ordinal;
    }

    private static int Find(IMethodSymbol constructor)
    {
        if (constructor.DeclaringSyntaxReferences.Length != 1)
        {
            return -1;
        }

        var declaration = constructor.DeclaringSyntaxReferences[0].GetSyntax();
        var given = declaration switch
        {
            ConstructorDeclarationSyntax { Initializer: { RawKind: (int)SyntaxKind.BaseConstructorInitializer } initializer } =>
                initializer.ArgumentList,
            TypeDeclarationSyntax { BaseList.Types: { Count: > 0 } bases } => (bases[0] as PrimaryConstructorBaseTypeSyntax)?.ArgumentList,
            _ => null,
        };
        if (given is not { Arguments.Count: > 0 } || given.Arguments[0] is not { NameColon: null, Expression: var target })
        {
            return -1;
        }

        foreach (var parameter in constructor.Parameters)
        {
            if (Syntaxes.OwnNameOf(Syntaxes.Strip(target)) == parameter.Name)
            {
                return IsKept(parameter.Name, declaration, given) ? -1 : parameter.Ordinal;
            }
        }

        return -1;
    }

    /// <summary>The object goes elsewhere too, be it into the state of a primary constructor.</summary>
    private static bool IsKept(string parameter, SyntaxNode declaration, ArgumentListSyntax given)
    {
        foreach (var node in declaration.DescendantNodes())
        {
            if (node is IdentifierNameSyntax name && name.Identifier.ValueText == parameter && !given.Span.Contains(name.Span)
                && !(name.Parent is MemberAccessExpressionSyntax access && access.Name == name)
                && (declaration is TypeDeclarationSyntax && name.FirstAncestorOrSelf<SyntaxNode>(static outer =>
                        outer is BaseMethodDeclarationSyntax or AccessorDeclarationSyntax or ArrowExpressionClauseSyntax) is not null
                    || !(name.Parent is MemberAccessExpressionSyntax or ConditionalAccessExpressionSyntax
                        || (name.Parent is ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax { Expression: var called } }
                            && Syntaxes.NameOf(called) is "GetHashCode" or "nameof"))))
            {
                return true;
            }
        }

        return false;
    }
}
