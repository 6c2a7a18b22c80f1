using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Collections;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

/// <summary>Collections of weak references that are the values of a dictionary: what the code around its uses does with them.</summary>
internal static class InnerCollections
{
    /// <summary>What adds a reference to one; null where nothing does, one is handed on, or anything may take a reference out.</summary>
    public static SyntaxNode? Addition(List<CollectionUse> uses, INamedTypeSymbol inner, Compilation compilation, CancellationToken cancel)
    {
        HashSet<SyntaxNode> bodies = [];
        SyntaxNode? addition = null;
        foreach (var use in uses)
        {
            if (use.Node.FirstAncestorOrSelf<SyntaxNode>(Growth.IsBody) is not { } member || !bodies.Add(member))
            {
                continue;
            }

            foreach (var part in Operations.Of(compilation, member, cancel)?.Descendants() ?? [])
            {
                if (Operations.Same(part.Type, inner)
                    && part is not IMemberReferenceOperation { Member.DeclaringSyntaxReferences.IsEmpty: false })
                {
                    switch (DoneWith(Operations.Outer(part), inner))
                    {
                        case null:
                            return null;
                        case true:
                            addition ??= part.Parent!.Syntax;
                            break;
                    }
                }
            }
        }

        return addition;
    }

    /// <summary>True where it grows, false where it stays as it is, null where that is not known.</summary>
    private static bool? DoneWith(IOperation value, INamedTypeSymbol inner)
    {
        switch (value.Parent)
        {
            case IInvocationOperation { TargetMethod.Name: var called } call when call.Instance == value:
                return Vocabulary.IsGrowth(called) ? true : Vocabulary.IsLook(called) ? false : null;
            case IArgumentOperation { Parent: IInvocationOperation { TargetMethod: { ContainingType.TypeArguments: var types } method } }:
                return (method.IsExtensionMethod && Vocabulary.IsLook(method.Name)) || types.Contains(inner) ? false : null;
            case IPropertyReferenceOperation { Property.IsIndexer: var isIndexer } member when member.Instance == value:
                return !isIndexer || Operations.WriteTo(member) is null ? false : inner.TypeArguments.Length == 2 ? true : null;
            case ISimpleAssignmentOperation { Target: var target } assignment when assignment.Value == value:
                return target is ILocalReferenceOperation or IPropertyReferenceOperation { Property.IsIndexer: true } ? false : null;
            case IReturnOperation:
                return Operations.FunctionOf(value) is IAnonymousFunctionOperation { Parent.Parent: IArgumentOperation
                    { Parent: IInvocationOperation { TargetMethod.Name: var taker } } }
                    && (Vocabulary.IsLook(taker) || Vocabulary.IsGrowth(taker)) ? false : null;
            case ISimpleAssignmentOperation or ICoalesceAssignmentOperation or IVariableInitializerOperation or IForEachLoopOperation
                or IIsPatternOperation or IBinaryOperation or ICoalesceOperation or IConditionalOperation or IConditionalAccessOperation
                or IExpressionStatementOperation or IDeclarationExpressionOperation or ILockOperation
                or ISwitchExpressionArmOperation:
                return false;
            default:
                return null;
        }
    }
}
