using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Holding;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

/// <summary>Weak references that stand where there is no other one.</summary>
internal static class Placeholders
{
    /// <summary>Nobody in particular: other references stand in its place, or it stands in theirs.</summary>
    public static bool IsFor(WeakTarget target, KnownFacts known)
    {
        if (Operations.Outer(target.Operation).Parent is IConditionalOperation or ICoalesceOperation)
        {
            return true;
        }

        if (WeakTargets.HolderOf(target, known)?.Segment is not ISymbol { Kind: SymbolKind.Field or SymbolKind.Property } member
            || target.Operation.SemanticModel is not { Compilation: var compilation })
        {
            return false;
        }

        var values = Operations.Outer(target.Operation).Parent is ISymbolInitializerOperation ? 1 : 0;
        foreach (var use in Members.UsesOf(member, compilation, known, default))
        {
            var value = Operations.Outer(use);
            switch (value.Parent)
            {
                case IConditionalOperation or IReturnOperation or ICoalesceOperation:
                case ISimpleAssignmentOperation assignment when assignment.Value == value:
                    return true;
                case ISimpleAssignmentOperation { Value: var given }:
                    values += Operations.Inner(given).ConstantValue is { HasValue: true, Value: null } ? 0 : 1;
                    break;
                case IInvocationOperation { TargetMethod.Name: "SetTarget" }:
                case IPropertyReferenceOperation { Parent: ISimpleAssignmentOperation }:
                    values++;
                    break;
            }

            if (values > 1)
            {
                return true;
            }
        }

        return false;
    }
}
