using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Finalizing;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

/// <summary>
/// Whether a method of source copes with an object whose finalizer has run: it asks for the state that tells so before it does
/// anything, or takes whatever is thrown.
/// </summary>
internal sealed class Tolerance(Compilation compilation, KnownFacts known, CancellationToken cancel)
{
    private const int MaxDepth = 4;

    /// <summary>A finalizer, or many, may call the method again and again: it is looked at once.</summary>
    public bool Of(IMethodSymbol? method) => method is not null && known.Of<IMethodSymbol, Answer>(
        method, found => new Answer(Tolerates(found))).Copes;

    private bool Tolerates(IMethodSymbol method) => Copes(method, 0) == true || IsEmpty(method) || IsQuestion(method, 0)
        || (method is { MethodKind: MethodKind.Ordinary, ReturnsVoid: true }
            or { MethodKind: MethodKind.Ordinary, ReturnType.SpecialType: SpecialType.System_Boolean or SpecialType.System_Int32 }
            && !IsOpen(method) && _bookkeeping.Is(method));

    private readonly Bookkeeping _bookkeeping = new(compilation, known, cancel);

    private bool IsEmpty(IMethodSymbol method) => !method.DeclaringSyntaxReferences.IsEmpty
        && method.DeclaringSyntaxReferences[0].GetSyntax(cancel) is MethodDeclarationSyntax { Body.Statements.Count: 0 };

    /// <summary>A yes or no that is read off the fields, which are there as long as the object's memory is.</summary>
    private bool IsQuestion(IMethodSymbol method, int depth) => depth < MaxDepth
        && method is { ReturnType.SpecialType: SpecialType.System_Boolean, Parameters.IsEmpty: true, IsStatic: false }
        && (method.IsAbstract ? OverridesOf(method) is { Count: > 0 } all && all.TrueForAll(other => IsQuestion(other, depth + 1))
            : !method.DeclaringSyntaxReferences.IsEmpty
                && Operations.Of(compilation, method.DeclaringSyntaxReferences[0].GetSyntax(cancel), cancel) is { } body
                && body.Descendants().All(part => part switch
                {
                    IInvocationOperation { Instance: IInstanceReferenceOperation, TargetMethod: var own } =>
                        IsQuestion(own.OriginalDefinition, depth + 1),
                    IPropertyReferenceOperation { Property: var property } => Members.IsAuto(property),
                    IInvocationOperation or IFunctionPointerInvocationOperation or IAssignmentOperation or IIncrementOrDecrementOperation
                        or IObjectCreationOperation or IThrowOperation or ILockOperation or ILoopOperation or IAwaitOperation
                        or IInvalidOperation => false,
                    _ => true,
                }));

    /// <summary>What the compilation puts in the place of the method.</summary>
    public List<IMethodSymbol> OverridesOf(IMethodSymbol method) =>
        [.. SourceMembers.Named(method.Name, compilation, known, cancel).OfType<IMethodSymbol>()
            .Where(other => other.OverriddenMethod is { } old && Operations.Same(old.OriginalDefinition, method.OriginalDefinition))];

    private static bool IsOpen(IMethodSymbol method) =>
        !method.ContainingType.IsSealed && (method.IsVirtual || method.IsAbstract || method.IsOverride);

    /// <summary>Whatever the compilation puts in the place of the method copes.</summary>
    private bool? CopesEverywhere(IMethodSymbol method, int depth)
    {
        var copes = method.IsAbstract ? null : Copes(method, depth);
        foreach (var other in copes == false ? [] : OverridesOf(method))
        {
            if (Copes(other, depth) is not { } within || !within)
            {
                return false;
            }

            copes = true;
        }

        return copes ?? false;
    }

    /// <summary>Null where the method does nothing that an object would have to be alive for.</summary>
    private bool? Copes(IMethodSymbol method, int depth)
    {
        var target = method.OriginalDefinition.PartialImplementationPart ?? method.OriginalDefinition;
        return depth < MaxDepth && !target.DeclaringSyntaxReferences.IsEmpty
            && Operations.Of(compilation, target.DeclaringSyntaxReferences[0].GetSyntax(cancel), cancel) is { } body
            ? body switch
            {
                IMethodBodyOperation { BlockBody: { } block } => Copes(block, target, depth),
                IMethodBodyOperation { ExpressionBody: { } expression } => Copes(expression, target, depth),
                IBlockOperation block => Copes(block, target, depth),
                _ => false,
            } : false;
    }

    private bool? Copes(IBlockOperation block, IMethodSymbol method, int depth)
    {
        bool? copes = null;
        foreach (var statement in block.Operations)
        {
            switch (statement)
            {
                case IConditionalOperation when IsEarlyExit(statement, method):
                    return true;
                case IConditionalOperation { WhenFalse: null } asked when AsksState(asked.Condition, method):
                case IWhileLoopOperation { ConditionIsTop: true, Condition: { } more } when IsLeft(more):
                case ITryOperation @try when @try.Catches.Any(static handler => handler.Filter is null
                    && handler.ExceptionType is { Name: "Exception" or "Object" }):
                    copes = true;
                    break;
                case ILockOperation { Body: IBlockOperation inner }:
                    if (Copes(inner, method, depth) is not { } within)
                    {
                        break;
                    }

                    if (!within || inner.Operations.Any(part => IsEarlyExit(part, method)))
                    {
                        return within;
                    }

                    copes = true;
                    break;
                case IReturnOperation { ReturnedValue: IInvocationOperation returned } when Called(returned, method, depth) == true:
                    return true;
                case IExpressionStatementOperation { Operation: IInvocationOperation invocation }:
                    var called = Called(invocation, method, depth);
                    if (called == false)
                    {
                        return false;
                    }

                    copes = called ?? copes;
                    break;
                default:
                    if (statement.DescendantsAndSelf().Any(static part => part is IInvocationOperation { TargetMethod.ContainingType.Name:
                        not ("Interlocked" or "Volatile" or "GC") } or IFunctionPointerInvocationOperation))
                    {
                        return false;
                    }

                    break;
            }
        }

        return copes;
    }

    /// <summary>A loop that goes on until a collection of the object is empty does nothing the second time.</summary>
    private static bool IsLeft(IOperation condition) => condition is IBinaryOperation { LeftOperand: IPropertyReferenceOperation
        { Property.Name: "Count", Instance: IMemberReferenceOperation { Instance: IInstanceReferenceOperation } } };

    private bool? Called(IInvocationOperation invocation, IMethodSymbol method, int depth) => invocation switch
    {
        { TargetMethod.ContainingType.Name: "GC" or "Interlocked" } => null,
        { Instance: IInstanceReferenceOperation } => Operations.Same(invocation.TargetMethod.OriginalDefinition, method) ? false
            : IsOpen(invocation.TargetMethod) && invocation.TargetMethod.IsAbstract
                ? CopesEverywhere(invocation.TargetMethod.OriginalDefinition, depth + 1)
            : Copes(invocation.TargetMethod, depth + 1),
        _ => false,
    };

    private bool IsEarlyExit(IOperation statement, IMethodSymbol method) =>
        statement is IConditionalOperation { WhenFalse: null } early && AsksState(early.Condition, method) && Leaves(early.WhenTrue);

    private static bool Leaves(IOperation branch) =>
        (branch is IBlockOperation { Operations: { Length: > 0 } inner } ? inner[inner.Length - 1] : branch) is IReturnOperation;

    /// <summary>Whether the condition asks for state of the object that its own code changes later, as a finalizer would.</summary>
    public bool AsksState(IOperation condition, IMethodSymbol method) => condition.DescendantsAndSelf().Any(part => part switch
    {
        IMemberReferenceOperation { Instance: IInstanceReferenceOperation, Member: var member } =>
            Vocabulary.IsStateFlag(member.Name) || member.DeclaringSyntaxReferences.IsEmpty || IsChanged(Members.Behind(member)),
        ILocalReferenceOperation local => Provenance.Of(local) is IMemberReferenceOperation { Instance: IInstanceReferenceOperation,
            Member: var member } && IsChanged(Members.Behind(member)),
        IInvocationOperation { TargetMethod: { Name: "Exchange" or "CompareExchange", ContainingType.Name: "Interlocked" } } => true,
        _ => false,
    });

    private bool IsChanged(ISymbol member) => Members.UsesOf(member, known).Any(static use =>
        (Members.AssignmentTo(use) is not null || Syntaxes.Qualified(use).Parent?.Kind() is SyntaxKind.PostIncrementExpression
                or SyntaxKind.PostDecrementExpression or SyntaxKind.PreIncrementExpression or SyntaxKind.PreDecrementExpression
            || Syntaxes.Qualified(use).Parent is ArgumentSyntax {
            RefKindKeyword.RawKind: not 0 })
        && use.FirstAncestorOrSelf<MemberDeclarationSyntax>() is not ConstructorDeclarationSyntax);

    private sealed record Answer(bool Copes);
}
