using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

/// <summary>
/// Handles in private arrays, collections, tuples and structs: freed by nobody where the type only looks at what is in there.
/// </summary>
internal static class HandleContainers
{
    /// <summary>The private field or property that the handle becomes a part of; null where it goes elsewhere.</summary>
    public static ISymbol? For(IOperation handle, KnownFacts known)
    {
        var whole = Operations.Outer(handle);
        while (true)
        {
            switch (whole.Parent)
            {
                case ITupleOperation tuple:
                    whole = Operations.Outer(tuple);
                    break;
                case IArgumentOperation { Parent: IObjectCreationOperation { Type: INamedTypeSymbol { IsValueType: true } type } made }
                    when type.Name == "KeyValuePair" || (!type.DeclaringSyntaxReferences.IsEmpty && !HandleEndings.In(type, known).Any):
                    whole = Operations.Outer(made);
                    break;
                case ISimpleAssignmentOperation { Target: var target } assignment when assignment.Value == whole:
                    return target switch
                    {
                        IArrayElementReferenceOperation element => OwnOf(element.ArrayReference),
                        IPropertyReferenceOperation { Property.IsIndexer: true } item => OwnOf(item.Instance),
                        _ => whole == Operations.Outer(handle) ? null : OwnOf(target),
                    };
                case IArgumentOperation { Parent: IInvocationOperation { Instance: { } collection, TargetMethod.Name: var adding } }
                    when Vocabulary.IsAdd(adding):
                    return OwnOf(collection);
                default:
                    return null;
            }
        }
    }

    public static bool Keeps(ISymbol container, KnownFacts known)
    {
        if (container is { IsStatic: true } or not { DeclaredAccessibility: Accessibility.Private }
            || (container is IPropertySymbol property && !Members.IsAuto(property)))
        {
            return false;
        }

        var outermost = Members.Outermost(container.ContainingType);
        return Members.ValuesOf(container, known).All(IsNew)
            && Members.Named(container.Name, outermost, known).All(static use => IsOnlyAsked(Syntaxes.Qualified(use)))
            && !HandleEndings.In(container.ContainingType, known).MayEnd(container.Name);
    }

    private static ISymbol? OwnOf(IOperation? value) => Operations.Inner(value) is IMemberReferenceOperation { Instance: { } owner } member
        && Operations.IsThis(owner) && member is IFieldReferenceOperation or IPropertyReferenceOperation { Property.IsIndexer: false }
        ? member.Member : null;

    private static bool IsNew(ExpressionSyntax value) => Syntaxes.IsNull(value) || value is BaseObjectCreationExpressionSyntax
        or ArrayCreationExpressionSyntax or TupleExpressionSyntax || Syntaxes.IsEmptyCollection(value);

    /// <summary>The container, or a part of it, is filled, counted, emptied, or asked for targets; nothing gets hold of a handle.</summary>
    private static bool IsOnlyAsked(ExpressionSyntax value)
    {
        while (true)
        {
            value = Syntaxes.Outer(value);
            switch (value.Parent)
            {
                case ElementAccessExpressionSyntax element when element.Expression == value:
                    value = element;
                    break;
                case MemberAccessExpressionSyntax access when access.Expression == value:
                    var name = access.Name.Identifier.ValueText;
                    if (name is "Target" or "IsAllocated" or "TryGetTarget" or "Dependent"
                        or "Count" or "Length" or "Clear" or "ContainsKey" or "Remove" or "RemoveAt" || Vocabulary.IsAdd(name))
                    {
                        return !(access.Parent is InvocationExpressionSyntax { ArgumentList.Arguments.Count: > 1 } && name == "Remove");
                    }

                    if (access.Parent is InvocationExpressionSyntax)
                    {
                        return false;
                    }

                    value = access; // A part: .Handle, .Item1, .Value, .Values.
                    break;
                case ForEachStatementSyntax loop when loop.Expression == value:
                    return loop.Statement.DescendantNodes().OfType<IdentifierNameSyntax>().All(use =>
                        use.Identifier.ValueText != loop.Identifier.ValueText || IsOnlyAsked(use));
                case AssignmentExpressionSyntax assignment:
                    return assignment.Left == value;
                case BinaryExpressionSyntax or IsPatternExpressionSyntax or LockStatementSyntax:
                    return true;
                default:
                    return false;
            }
        }
    }
}
