using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;

namespace WeakRefAnalyzers.Rules;

/// <summary>Whether <c>this</c> is used on every way that leads from a call to the end of its body.</summary>
internal static class KeptAlive
{
    public static bool IsAfter(IInvocationOperation call, IOperation body, CancellationToken cancel)
    {
        // The display class or the local function's caller holds the object: not followed. Who locks it gives the lock back at the end.
        for (var parent = call.Parent; parent is not null; parent = parent.Parent)
        {
            if (parent is IAnonymousFunctionOperation or ILocalFunctionOperation
                or ILockOperation { LockedValue: IInstanceReferenceOperation })
            {
                return true;
            }
        }

        if (body.Descendants().Any(part => IsPin(part) && part.Syntax.SpanStart < call.Syntax.SpanStart))
        {
            return true;
        }

        var graph = body switch
        {
            IMethodBodyOperation method => ControlFlowGraph.Create(method, cancel),
            IBlockOperation { Parent: null } block => ControlFlowGraph.Create(block, cancel),
            _ => null,
        };
        if (graph is null)
        {
            return true;
        }

        foreach (var block in graph.Blocks)
        {
            var index = IndexOf(block, call.Syntax);
            if (index >= 0)
            {
                return IsUsedLater(block, index, call.Syntax) || LeadsOnlyToUses(block, graph, []);
            }
        }

        return true;
    }

    /// <summary>
    /// <c>GCHandle.Alloc(this)</c>, the user data of a native callback: a strong handle keeps the object until it is freed.
    /// </summary>
    private static bool IsPin(IOperation part) =>
        part is IInvocationOperation { TargetMethod: { Name: "Alloc", ContainingType.Name: "GCHandle" },
            Arguments: { Length: > 0 } arguments }
        && arguments[0].Value is IInstanceReferenceOperation or IConversionOperation { Operand: IInstanceReferenceOperation }
        && !(arguments.Length > 1 && arguments[1].Value.Syntax.ToString().Contains("Weak"));

    /// <summary>The position of the operation that holds the call; the branch value counts as the last.</summary>
    private static int IndexOf(BasicBlock block, SyntaxNode call)
    {
        for (var i = 0; i <= block.Operations.Length; i++)
        {
            var operation = i < block.Operations.Length ? block.Operations[i] : block.BranchValue;
            if (operation is not null && operation.DescendantsAndSelf().Any(part => part is IInvocationOperation && part.Syntax == call))
            {
                return i;
            }
        }

        return -1;
    }

    private static bool IsUsedLater(BasicBlock block, int index, SyntaxNode call)
    {
        for (var i = index; i <= block.Operations.Length; i++)
        {
            var operation = i < block.Operations.Length ? block.Operations[i] : block.BranchValue;
            if (operation is not null && (i == index ? IsUsedAfter(operation, call) : Uses(operation)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Within one statement: what is evaluated after the call, or consumes its result together with <c>this</c>.</summary>
    private static bool IsUsedAfter(IOperation statement, SyntaxNode call)
    {
        foreach (var part in statement.DescendantsAndSelf())
        {
            var consumed = part switch
            {
                IAssignmentOperation { Target: IMemberReferenceOperation { Instance: IInstanceReferenceOperation } } => true,
                IInvocationOperation { Instance: IInstanceReferenceOperation } => true,
                IInvocationOperation invocation =>
                    invocation.Arguments.Any(argument =>
                    argument.Value is IInstanceReferenceOperation or IConversionOperation { Operand: IInstanceReferenceOperation }),
                IObjectCreationOperation creation =>
                    creation.Arguments.Any(argument =>
                    argument.Value is IInstanceReferenceOperation or IConversionOperation { Operand: IInstanceReferenceOperation }),
                _ => false,
            };
            if (consumed && part.Syntax != call && part.Syntax.Span.Contains(call.Span))
            {
                return true;
            }

            if (part is IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance }
                && part.Syntax.SpanStart >= call.Span.End)
            {
                return true;
            }
        }

        return false;
    }

    private static bool LeadsOnlyToUses(BasicBlock from, ControlFlowGraph graph, HashSet<int> seen) =>
        Follows(from.FallThroughSuccessor, graph, seen) && Follows(from.ConditionalSuccessor, graph, seen);

    private static bool Follows(ControlFlowBranch? branch, ControlFlowGraph graph, HashSet<int> seen)
    {
        // An exception ends the way: the code that catches it is not looked for.
        if (branch?.Destination is not { } block)
        {
            return true;
        }

        foreach (var region in branch.FinallyRegions)
        {
            if (IsUsed(graph.Blocks[region.FirstBlockOrdinal]) || IsUsed(graph.Blocks[region.LastBlockOrdinal]))
            {
                return true;
            }
        }

        return block.Kind != BasicBlockKind.Exit && (!seen.Add(block.Ordinal) || IsUsed(block) || LeadsOnlyToUses(block, graph, seen));
    }

    private static bool IsUsed(BasicBlock block) => block.Operations.Any(Uses) || (block.BranchValue is { } value && Uses(value));

    private static bool Uses(IOperation operation) =>
        operation.DescendantsAndSelf().Any(part =>
            part is IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance });
}
