using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;

namespace WeakRefAnalyzers.Rules;

/// <summary>
/// What becomes of a handle that must be freed by hand. It counts as never freed only where all its uses are in view:
/// it stays in a local, or, alone or among others, in a private instance field of a type that frees nothing that could be
/// it. A pointer made of it belongs to whoever receives it, unless it stays in such a field.
/// </summary>
internal static class HandleFate
{
    /// <summary>Whether nobody ever frees the handle; <paramref name="field"/> is where it stays, if not in a local.</summary>
    public static bool IsNeverFreed(IOperation made, out ISymbol? field, KnownFacts known)
    {
        field = null;
        return !Fate.IsUsing(made) && Stays(made, ref field, isPointer: false, known);
    }

    private static bool Stays(IOperation made, ref ISymbol? field, bool isPointer, KnownFacts known)
    {
        foreach (var use in Fate.Uses(made, known))
        {
            switch (use.Parent)
            {
                case IExpressionStatementOperation or IPropertyReferenceOperation or IBinaryOperation:
                    break;
                case IInvocationOperation { TargetMethod.Name: not ("Free" or "Dispose") } call when !isPointer && call.Instance == use:
                    break;
                case IConversionOperation { OperatorMethod: not null } pointer when !isPointer:
                    if (!Stays(pointer, ref field, isPointer: true, known))
                    {
                        return false;
                    }

                    break;
                case IArgumentOperation { Parent: IInvocationOperation { TargetMethod.Name: "ToIntPtr" } pointer } when !isPointer:
                    if (!Stays(pointer, ref field, isPointer: true, known))
                    {
                        return false;
                    }

                    break;
                case ISimpleAssignmentOperation { Parent: IExpressionStatementOperation
                    or IObjectOrCollectionInitializerOperation } assignment when assignment.Value == use:
                    field = assignment.Target is IFieldReferenceOperation or IPropertyReferenceOperation { Arguments.IsEmpty: true }
                        ? ((IMemberReferenceOperation)assignment.Target).Member : null;
                    if (field is null ? isPointer || !IsContained(use, ref field, known) : !StaysIn(field, isPointer, known))
                    {
                        return false;
                    }

                    break;
                case IFieldInitializerOperation initializer:
                    field = initializer.InitializedFields[0];
                    if (!StaysIn(field, isPointer, known))
                    {
                        return false;
                    }

                    break;
                default:
                    if (isPointer || !IsContained(use, ref field, known))
                    {
                        return false;
                    }

                    break;
            }
        }

        return true;
    }

    /// <summary>The handle becomes a part of what stays in a private field.</summary>
    private static bool IsContained(IOperation use, ref ISymbol? field, KnownFacts known) =>
        HandleContainers.For(use, known) is { } container && HandleContainers.Keeps(field = container, known);

    private static bool StaysIn(ISymbol member, bool isPointer, KnownFacts known)
    {
        // A static handle is made once and lives as long as the program; a visible one may be freed by anybody.
        if (member.IsStatic || member is IFieldSymbol { Type.TypeKind: TypeKind.Error }
            || (member is IPropertySymbol property && !Members.IsAuto(property))
            || (member.DeclaredAccessibility != Accessibility.Private
                && member.ContainingType.DeclaredAccessibility != Accessibility.Private))
        {
            return false;
        }

        var outermost = Members.Outermost(member.ContainingType);
        return !Members.Named(member.Name, outermost, known).Any(name => Leaves(name, isPointer))
            && !HandleEndings.In(member.ContainingType, known).MayFree(member.Name);
    }

    /// <summary>The value of the field goes where it may be freed.</summary>
    private static bool Leaves(IdentifierNameSyntax name, bool isPointer)
    {
        var value = Syntaxes.Outer(Syntaxes.Qualified(name));
        switch (value.Parent)
        {
            case MemberAccessExpressionSyntax access when access.Expression == value:
                return access.Name.Identifier.ValueText is "Free" or "Dispose";
            case ConditionalAccessExpressionSyntax conditional when conditional.Expression == value:
                return conditional.WhenNotNull.ToString() is var member && (member.Contains("Free") || member.Contains("Dispose"));
            case AssignmentExpressionSyntax assignment when assignment.Left == value:
            case CastExpressionSyntax:
            case BinaryExpressionSyntax:
                return false;
            case ArgumentSyntax { RefKindKeyword.RawKind: 0, Parent.Parent: InvocationExpressionSyntax call }:
                var called = call.Expression.ToString();
                return !(called.EndsWith("ToIntPtr", StringComparison.Ordinal) || called == "nameof" || (isPointer && !IsRelease(called)));
            default:
                return true;
        }
    }

    private static bool IsRelease(string called) =>
        called.Contains("Free") || called.Contains("Release") || called.Contains("Destroy") || called.Contains("Dispose")
        || called.Contains("Delete");
}
