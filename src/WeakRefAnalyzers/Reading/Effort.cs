using System.Runtime.CompilerServices;

namespace WeakRefAnalyzers.Reading;

/// <summary>
/// Counts the steps of a walk. A body may cost so much for each of its operations; stranger code than that we do not
/// follow, and say nothing of it. A count and not a clock: the same code gets the same answer everywhere.
/// </summary>
internal sealed class Effort(Func<int> size)
{
    private const int StepsPerOperation = 100;
    private const int FewSteps = 20_000;
    private const int MaxDepth = 400;

    private int _limit = FewSteps;
    private int _depth;
    private bool _isSized;

    public int Steps { get; private set; }

    /// <summary>The body is given up.</summary>
    public bool IsSpent { get; private set; }

    public void Spend(int steps = 1)
    {
        Steps += steps;
        if (Steps > _limit && !IsSpent)
        {
            if (!_isSized)
            {
                _isSized = true;
                _limit = Math.Max(_limit, size() * StepsPerOperation);
            }

            IsSpent = Steps > _limit;
        }
    }

    public void GiveUp() => IsSpent = true;

    /// <summary>One expression deeper; false where there is no going on, and then there is nothing to leave.</summary>
    public bool Enter()
    {
        Spend();
        if (IsSpent || _depth >= MaxDepth)
        {
            IsSpent = true;
            return false;
        }

        try
        {
            // What stands around us on the stack we do not know.
            RuntimeHelpers.EnsureSufficientExecutionStack();
        }
        catch (InsufficientExecutionStackException)
        {
            IsSpent = true;
            return false;
        }

        _depth++;
        return true;
    }

    public void Leave() => _depth--;
}
