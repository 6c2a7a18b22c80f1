using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Holding;

/// <summary>Members that get an object and are never seen to let it go.</summary>
internal static class StrongStores
{
    /// <summary>The static member or static collection that the value is stored in, and where.</summary>
    public static (ISymbol Member, IOperation Where)? StaticStoreOf(IOperation value)
    {
        var parent = Outer(value);
        switch (parent)
        {
            case ISimpleAssignmentOperation { Target: IPropertyReferenceOperation { Arguments.IsEmpty: false,
                Instance: var collection } } when StaticOf(collection) is { } member:
                return (member, parent);
            case ISimpleAssignmentOperation assignment when StaticOf(assignment.Target) is { } member && !IsPerThread(member):
                return (member, parent);
            case IArgumentOperation { Parent: IInvocationOperation { Instance: var collection } call }
                when Vocabulary.IsAdd(call.TargetMethod.Name) && StaticOf(collection) is { } member
                    && call.TargetMethod.ContainingType.Name != "ConditionalWeakTable":
                return (member, call);
            case IArgumentOperation { Parameter.RefKind: RefKind.Out or RefKind.Ref, Parent: var call } when StaticOf(value) is { } member:
                return (member, call!);
            default:
                return null;
        }
    }

    /// <summary>The local that the value goes into: assigned, or matched.</summary>
    public static ILocalSymbol? LocalOf(IOperation value) =>
        value is IDeclarationExpressionOperation { Expression: ILocalReferenceOperation declared } ? declared.Local
        : value is ILocalReferenceOperation local ? local.Local
        : Outer(value) switch
        {
            IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator } => declarator.Symbol,
            ISimpleAssignmentOperation { Target: ILocalReferenceOperation assigned } => assigned.Local,
            IIsPatternOperation { Pattern: IDeclarationPatternOperation pattern } => pattern.DeclaredSymbol as ILocalSymbol,
            IIsPatternOperation { Pattern: IRecursivePatternOperation pattern } => pattern.DeclaredSymbol as ILocalSymbol,
            _ => null,
        };

    /// <summary>
    /// Whether the type, or the one that stores into it, sets the member back or takes anything out of it;
    /// <paramref name="but"/> does not count.
    /// </summary>
    public static bool IsReleased(ISymbol member, SyntaxNode but, bool anyAssignment, KnownFacts known)
    {
        var storing = but.FirstAncestorOrSelf<TypeDeclarationSyntax>(static node => node.Parent is not TypeDeclarationSyntax);
        var uses = Members.UsesOf(member, known);
        foreach (var name in storing is null ? uses : uses.Concat(Members.Named(member.Name, storing, known)))
        {
            if (but.Span.Contains(name.Span))
            {
                continue;
            }

            var access = Syntaxes.Qualified(name);
            if (access.Parent switch
            {
                AssignmentExpressionSyntax assignment when assignment.Left == access =>
                    anyAssignment || assignment.Right.IsKind(SyntaxKind.NullLiteralExpression)
                    || assignment.Right.IsKind(SyntaxKind.DefaultLiteralExpression)
                    || assignment.Right is BaseObjectCreationExpressionSyntax,
                ArgumentSyntax argument => !argument.RefKindKeyword.IsKind(SyntaxKind.None),
                MemberAccessExpressionSyntax { Name.Identifier.ValueText: var called } => Vocabulary.IsRemoval(called),
                ConditionalAccessExpressionSyntax
                {
                    WhenNotNull: InvocationExpressionSyntax { Expression: MemberBindingExpressionSyntax called }
                } => Vocabulary.IsRemoval(called.Name.Identifier.ValueText),
                _ => false,
            })
            {
                return true;
            }
        }

        return false;
    }

    private static IOperation? Outer(IOperation value)
    {
        var parent = value.Parent;
        while (parent is IConversionOperation or ICoalesceOperation)
        {
            parent = parent.Parent;
        }

        return parent;
    }

    private static ISymbol? StaticOf(IOperation? reference) =>
        reference is IMemberReferenceOperation { Member: { IsStatic: true } and (IFieldSymbol or IPropertySymbol) and var member }
        && !member.DeclaringSyntaxReferences.IsEmpty ? member : null;

    private static bool IsPerThread(ISymbol member) =>
        member.GetAttributes().Any(attribute => attribute.AttributeClass?.Name is "ThreadStaticAttribute");
}
