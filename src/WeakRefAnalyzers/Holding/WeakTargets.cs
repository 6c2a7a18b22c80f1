using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Holding;

/// <summary>What code makes weakly held, and in which variable the reference to it is.</summary>
internal static partial class WeakTargets
{
    /// <summary>The weak references of this body that are put into that variable.</summary>
    public static IEnumerable<WeakTarget> In(IOperation root, Reference reference, RoleTable roles, KnownFacts known)
    {
        foreach (var operation in root.Descendants())
        {
            if (TargetOf(operation, roles) is { Kind: WeakTargetKind.Reference or WeakTargetKind.Handle } made
                && reference.Equals(HolderOf(made, known)))
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
    public static Reference? HolderOf(WeakTarget made, KnownFacts known) =>
        made.Holder is not null ? Reference.Of(made.Holder, known) : Operations.Outer(made.Operation).Parent switch
    {
        ISimpleAssignmentOperation assignment => Reference.Of(assignment.Target, known),
        IVariableInitializerOperation initializer when Operations.DeclaratorOf(initializer) is { } declarator =>
            Reference.Of(declarator.Symbol, declarator, known),
        IFieldInitializerOperation { InitializedFields: { Length: 1 } fields } => Reference.OfOwn(fields[0]),
        IPropertyInitializerOperation { InitializedProperties: { Length: 1 } properties } => Reference.OfOwn(properties[0]),
        _ => null,
    };
}
