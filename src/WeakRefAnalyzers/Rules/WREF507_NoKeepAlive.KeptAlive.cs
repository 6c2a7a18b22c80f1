using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;

namespace WeakRefAnalyzers.Rules;

/// <summary>
/// Whether <c>this</c> is used on any way that leads on from a call: the compiler does not know during the call which one it
/// will be, and keeps the object for all of them (measured).
/// </summary>
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
                return IsUsedLater(block, index, call.Syntax) || IsUsedByHandler(block, graph) || LeadsToUse(block, graph);
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

    private static bool LeadsToUse(BasicBlock from, ControlFlowGraph graph)
    {
        // The call itself, in the next round of a loop, is no use after the last one.
        var seen = new bool[graph.Blocks.Length];
        seen[from.Ordinal] = true;
        var open = new Stack<BasicBlock>();
        open.Push(from);
        while (open.Count > 0)
        {
            var block = open.Pop();
            foreach (var branch in new[] { block.FallThroughSuccessor, block.ConditionalSuccessor })
            {
                if (branch is null)
                {
                    continue;
                }

                foreach (var region in branch.FinallyRegions)
                {
                    if (IsUsedIn(region, graph))
                    {
                        return true;
                    }
                }

                if (branch.Destination is { } next && !seen[next.Ordinal])
                {
                    seen[next.Ordinal] = true;
                    if (IsUsed(next))
                    {
                        return true;
                    }

                    open.Push(next);
                }
            }
        }

        return false;
    }

    /// <summary>What a handler around the call uses is kept throughout the try block.</summary>
    private static bool IsUsedByHandler(BasicBlock block, ControlFlowGraph graph)
    {
        for (var region = block.EnclosingRegion; region is not null; region = region.EnclosingRegion)
        {
            if (region is { Kind: ControlFlowRegionKind.Try, EnclosingRegion: { } all }
                && all.NestedRegions.Any(other => other != region && IsUsedIn(other, graph)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsUsedIn(ControlFlowRegion region, ControlFlowGraph graph)
    {
        for (var i = region.FirstBlockOrdinal; i <= region.LastBlockOrdinal; i++)
        {
            if (IsUsed(graph.Blocks[i]))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsUsed(BasicBlock block) => block.Operations.Any(Uses) || (block.BranchValue is { } value && Uses(value));

    private static bool Uses(IOperation operation) =>
        operation.DescendantsAndSelf().Any(part =>
            part is IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance });
}
