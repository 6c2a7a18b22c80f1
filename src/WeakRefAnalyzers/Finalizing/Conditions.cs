using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace WeakRefAnalyzers.Finalizing;

/// <summary>What is asked before an operation is run.</summary>
internal static class Conditions
{
    /// <summary>The conditions in the body that the operation stands under.</summary>
    public static List<IOperation> Of(IOperation operation, IOperation body)
    {
        List<IOperation> conditions = [];
        for (var parent = operation.Parent; parent is not null && operation != body; (operation, parent) = (parent, parent.Parent))
        {
            switch (parent)
            {
                case IConditionalOperation conditional when conditional.Condition != operation:
                    conditions.Add(conditional.Condition);
                    break;
                case IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd or BinaryOperatorKind.ConditionalOr } binary
                    when binary.RightOperand == operation:
                    conditions.Add(binary.LeftOperand);
                    break;
                case ICoalesceOperation coalesce when coalesce.WhenNull == operation:
                    conditions.Add(coalesce.Value);
                    break;
                case ISwitchExpressionOperation @switch when @switch.Value != operation:
                    conditions.Add(@switch.Value);
                    break;
                case ISwitchOperation @switch when @switch.Value != operation:
                    conditions.Add(@switch.Value);
                    break;
                case IBlockOperation block:
                    // What follows an early return runs where the condition did not hold.
                    conditions.AddRange(block.Operations.TakeWhile(statement => statement != operation).OfType<IConditionalOperation>()
                        .Where(static early => early.WhenFalse is null && Leaves(early.WhenTrue)).Select(static early => early.Condition));
                    break;
            }
        }

        return conditions;
    }

    private static bool Leaves(IOperation branch) =>
        (branch is IBlockOperation { Operations: { Length: > 0 } inner } ? inner[inner.Length - 1] : branch) is IReturnOperation;
}
