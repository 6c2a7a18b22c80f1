using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Finalizing;

namespace WeakRefAnalyzers.Rules;

/// <summary>Native calls of a type's members with a handle that the object owns.</summary>
internal static class RawHandles
{
    public static bool IsRaw(ITypeSymbol? type) => ReleaseCall.IsHandle(type) || type is { TypeKind: TypeKind.Pointer };

    /// <summary>The object's handle among the arguments. A HandleRef or SafeHandle keeps its owner alive by itself.</summary>
    public static OwnState? PassedTo(IInvocationOperation invocation)
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
