using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Flow;

/// <summary>What a body makes weakly held, and in which variable the reference to it is.</summary>
internal static class WeakTargets
{
    /// <summary>The weak references of this body that are put into that variable.</summary>
    public static IEnumerable<WeakTarget> In(IOperation root, Path reference, RoleTable roles)
    {
        foreach (var operation in root.Descendants())
        {
            if (TargetOf(operation, roles) is { Kind: WeakTargetKind.Reference or WeakTargetKind.Handle } made && reference.Equals(HolderOf(made)))
            {
                yield return made;
            }
        }
    }

    public static WeakTarget? TargetOf(IOperation operation, RoleTable roles) => operation switch
    {
        IObjectCreationOperation creation => roles.TargetOf(creation),
        IInvocationOperation invocation => roles.TargetOf(invocation),
        IPropertyReferenceOperation property => roles.TargetOf(property),
        _ => null,
    };

    /// <summary>The variable the reference is in, or is put into.</summary>
    public static Path? HolderOf(WeakTarget made)
    {
        if (made.Holder is not null)
        {
            return Objects.PathOf(made.Holder);
        }

        var parent = made.Operation.Parent;
        while (parent is IConversionOperation)
        {
            parent = parent.Parent;
        }

        return parent switch
        {
            ISimpleAssignmentOperation assignment => Objects.PathOf(assignment.Target),
            IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator } => Objects.PathOf(declarator.Symbol, declarator),
            _ => null,
        };
    }
}
