using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace WeakRefAnalyzers.Flow;

/// <summary>Native calls of a type's members with a handle that the object owns.</summary>
internal static class RawHandles
{
    public static bool IsRaw(ITypeSymbol? type) => ReleaseCall.IsHandle(type) || type is { TypeKind: TypeKind.Pointer };

    /// <summary>The object's handle among the arguments. A HandleRef or SafeHandle keeps its owner alive by itself.</summary>
    public static IMemberReferenceOperation? PassedTo(IInvocationOperation invocation)
    {
        foreach (var argument in invocation.Arguments)
        {
            if (IsRaw(argument.Value.Type) && Provenance.OwnMember(argument.Value) is { } member)
            {
                return member;
            }
        }

        return null;
    }

    /// <summary>The field that a property only returns; any other member as it is.</summary>
    public static ISymbol Behind(ISymbol member, CancellationToken cancel = default) =>
        member is IPropertySymbol property && ReturnedBy(property, cancel) is IdentifierNameSyntax { Identifier.ValueText: var name } && property.ContainingType.GetMembers(name).FirstOrDefault() is IFieldSymbol field ? field : member;

    /// <summary>What a property returns that does nothing else.</summary>
    public static ExpressionSyntax? ReturnedBy(IPropertySymbol property, CancellationToken cancel = default)
    {
        if (property.DeclaringSyntaxReferences.IsEmpty || property.DeclaringSyntaxReferences[0].GetSyntax(cancel) is not PropertyDeclarationSyntax syntax)
        {
            return null;
        }

        var getter = syntax.AccessorList?.Accessors.FirstOrDefault(accessor => accessor.IsKind(SyntaxKind.GetAccessorDeclaration));
        return syntax.ExpressionBody?.Expression ?? getter?.ExpressionBody?.Expression ?? (getter?.Body?.Statements is { Count: 1 } statements ? (statements[0] as ReturnStatementSyntax)?.Expression : null);
    }

    /// <summary>The bodies of the instance methods, properties and indexers; not constructors, nor async and iterator methods.</summary>
    public static IEnumerable<SyntaxNode> BodiesOf(MemberDeclarationSyntax member)
    {
        if (member.Modifiers.Any(SyntaxKind.StaticKeyword) || member.Modifiers.Any(SyntaxKind.AsyncKeyword))
        {
            yield break;
        }

        switch (member)
        {
            case MethodDeclarationSyntax method:
                yield return method;
                break;
            case BasePropertyDeclarationSyntax { AccessorList: { } accessors }:
                foreach (var accessor in accessors.Accessors)
                {
                    yield return accessor;
                }

                break;
            case PropertyDeclarationSyntax { ExpressionBody: { } arrow }:
                yield return arrow;
                break;
            case IndexerDeclarationSyntax { ExpressionBody: { } arrow }:
                yield return arrow;
                break;
        }
    }

    /// <summary>Whether the body calls anything and is no iterator.</summary>
    public static bool CallsNative(SyntaxNode body)
    {
        var calls = false;
        foreach (var node in body.DescendantNodes())
        {
            if (node is YieldStatementSyntax)
            {
                return false;
            }

            calls |= node is InvocationExpressionSyntax;
        }

        return calls;
    }
}
