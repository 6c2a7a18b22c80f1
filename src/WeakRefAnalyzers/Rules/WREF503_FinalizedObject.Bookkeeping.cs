using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;

namespace WeakRefAnalyzers.Rules;

/// <summary>
/// Methods that only keep books: they put into and take out of managed collections that nobody takes away. An object that has been
/// finalized takes that as before, and nobody looks at it any more.
/// </summary>
internal sealed class Bookkeeping(Compilation compilation, KnownFacts known, CancellationToken cancel)
{
    private const int MaxDepth = 3;

    public bool Is(IMethodSymbol method) => Is(method, 0);

    private bool Is(IMethodSymbol method, int depth)
    {
        var target = method.OriginalDefinition.PartialImplementationPart ?? method.OriginalDefinition;
        return depth < MaxDepth && !target.DeclaringSyntaxReferences.IsEmpty && !target.IsExtern && !target.IsAsync
            && Operations.Of(compilation, target.DeclaringSyntaxReferences[0].GetSyntax(cancel), cancel) is { } body
            && body.DescendantsAndSelf().All(part => Keeps(part, depth));
    }

    private bool Keeps(IOperation operation, int depth) => operation switch
    {
        IThrowOperation or IAwaitOperation or IDynamicInvocationOperation or IFunctionPointerInvocationOperation
            or IAnonymousFunctionOperation or IInvalidOperation or IArrayElementReferenceOperation => false,
        IInvocationOperation { TargetMethod: var method, Instance: var instance } => IsOfCollections(method.ContainingType)
            || method.ContainingType.Name is "Monitor" or "Interlocked" or "Volatile" or "Debug"
            || (instance is IInstanceReferenceOperation && !method.IsVirtual && !method.IsAbstract && !method.IsOverride
                && Is(method, depth + 1)),
        IObjectCreationOperation { Type: INamedTypeSymbol type } => IsOfCollections(type),
        IEventAssignmentOperation or IEventReferenceOperation => true,
        IFieldReferenceOperation { Field: var field } => field.Type is not IPointerTypeSymbol
            && field.Type.SpecialType is not (SpecialType.System_IntPtr or SpecialType.System_UIntPtr) && !IsTakenAway(field),
        IPropertyReferenceOperation { Property: var property } => IsOfCollections(property.ContainingType)
            || (Members.IsAuto(property) && property.Type.SpecialType != SpecialType.System_IntPtr)
            || Members.Behind(property) is IFieldSymbol,
        _ => true,
    };

    private static bool IsOfCollections(INamedTypeSymbol type) =>
        type.ContainingNamespace?.ToDisplayString() is "System.Collections" or "System.Collections.Generic";

    /// <summary>Whether the type lets go of what the field held, as a finalizer may have done, or its finalizer sets the field.</summary>
    private bool IsTakenAway(IFieldSymbol field) => Members.UsesOf(field, known).Any(use =>
        Members.AssignmentTo(use) is { Right: var value } && ((field.Type.IsReferenceType && Syntaxes.IsNull(value))
            || use.FirstAncestorOrSelf<MemberDeclarationSyntax>() is DestructorDeclarationSyntax));
}
