using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;

namespace WeakRefAnalyzers.Reading;

/// <summary>What a body gives its caller as if it were alive; that is judged at the end, for null may be an answer anyway.</summary>
internal sealed partial class WeakReadWalker
{
    private void Return(Value value, IOperation returned)
    {
        (_returned[_block] ??= []).Add((value, _state.Clone()));
        if (IsTakenForAlive(value) && !_body.Answers.CanBeNull(returned.Syntax))
        {
            (_taken[_block] ??= []).Add(new Sight(value.Read!, returned.Syntax));
        }
    }

    private void ReportAnswers(List<(Value Value, FlowState State)> returned)
    {
        foreach (var parameter in _outs)
        {
            ReportGiven(parameter, returned);
        }

        if (returned.Exists(static one => one.Value.IsNullAnyway || IsUnasked(one.Value)))
        {
            return;
        }

        for (var block = 0; block < _taken.Length; block++)
        {
            if (_taken[block] is { } taken)
            {
                (_sights[block] ??= []).AddRange(taken);
            }
        }
    }

    /// <summary>What an out parameter holds once the method is done; once it returned true, if it answers so.</summary>
    private void ReportGiven(IParameterSymbol parameter, List<(Value Value, FlowState State)> returned)
    {
        var answers = parameter.ContainingSymbol is IMethodSymbol { ReturnType.SpecialType: SpecialType.System_Boolean };
        var ends = answers ? returned.ConvertAll(static one => one.State.Assuming(one.Value.WhenTrue))
            : [_entries[_entries.Length - 1]];
        Value? taken = null;
        foreach (var end in ends)
        {
            var given = end?[parameter] ?? Value.Unknown;
            if (given.IsNullAnyway || IsUnasked(given))
            {
                return;
            }

            taken = taken is null && IsTakenForAlive(given) ? given : taken;
        }

        if (taken is not null)
        {
            (_sights[0] ??= []).Add(new Sight(taken.Read!, taken.Read!.Syntax));
        }
    }

    private static bool IsUnasked(Value value) => value is { Null: Nullness.MaybeNull, Read.Guard: null };
}
