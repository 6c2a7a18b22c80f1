using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WeakRefAnalyzers.Finalizing;

/// <summary>Fields and properties of the finalized object itself.</summary>
internal static class OwnMember
{
    /// <summary>The field that a property only returns; any other member as it is.</summary>
    public static ISymbol Behind(ISymbol member, CancellationToken cancel = default) =>
        member is IPropertySymbol property && ReturnedBy(property, cancel) is IdentifierNameSyntax { Identifier.ValueText: var name }
        && property.ContainingType.GetMembers(name).FirstOrDefault() is IFieldSymbol field ? field : member;

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

    /// <summary>All that the member's type gives it, by name.</summary>
    public static IEnumerable<ExpressionSyntax> ValuesOf(ISymbol member)
    {
        foreach (var declaration in member.ContainingType.DeclaringSyntaxReferences)
        {
            foreach (var node in declaration.GetSyntax().DescendantNodes())
            {
                var value = node switch
                {
                    AssignmentExpressionSyntax { Left: IdentifierNameSyntax { Identifier.ValueText: var name } } assignment when name == member.Name => assignment.Right,
                    AssignmentExpressionSyntax { Left: MemberAccessExpressionSyntax { Name.Identifier.ValueText: var name } } assignment when name == member.Name => assignment.Right,
                    VariableDeclaratorSyntax { Initializer.Value: var initial, Parent.Parent: BaseFieldDeclarationSyntax } variable when variable.Identifier.ValueText == member.Name => initial,
                    _ => null,
                };
                if (value is not null)
                {
                    yield return value;
                }
            }
        }
    }
}
