using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Reading;

/// <summary>How a member passes a weak read on, told by how its body ends.</summary>
/// <param name="Kind">What it gives.</param>
/// <param name="Inner">The members that lead to the reference; null where it is not known.</param>
/// <param name="Ordinal">The out parameter of a <see cref="WeakReadKind.Try"/>.</param>
internal sealed record Wrapper(WeakReadKind Kind, ISymbol[]? Inner, int Ordinal)
{
    private int[] Parts { get; init; } = [];

    public WeakRead ReadBy(IOperation operation, IOperation? receiver, ISymbol member, IOperation? target = null) =>
        new(
            operation,
            Kind == WeakReadKind.Try && target is null or IDiscardOperation ? WeakReadKind.Probe : Kind,
            receiver,
            target,
            member,
            Inner) { Parts = Parts };

    /// <summary>Each element is what the member was found to give.</summary>
    public Wrapper OfElements() => this with { Kind = WeakReadKind.Elements, Inner = null };

    public static Wrapper? Of(Outcome outcome) => Of(outcome, outcome.Returned.Select(static returned => returned.Value));

    /// <summary>A sequence or a task made of weak reads.</summary>
    public static Wrapper? OfElements(Outcome outcome) =>
        outcome.Returned.TrueForAll(static returned => returned.Value.Elements is not null)
        ? Of(outcome, outcome.Returned.Select(static returned => returned.Value.Elements!))?.OfElements() : null;

    /// <summary>A tuple with a weak read; a bool in it has to say whether that is there.</summary>
    public static Wrapper? OfParts(Outcome outcome)
    {
        var first = outcome.Returned[0].Value.Parts;
        if (first.IsEmpty || !outcome.Returned.TrueForAll(returned => returned.Value.Parts.Length == first.Length))
        {
            return null;
        }

        var parts = new int[first.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            parts[i] = Of(outcome, outcome.Returned.Select(returned => returned.State[returned.Value.Parts[i]])) is null
                ? WeakRead.Other : WeakRead.Target;
        }

        var read = Array.IndexOf(parts, WeakRead.Target);
        for (var i = 0; i < parts.Length && read >= 0; i++)
        {
            if (parts[i] == WeakRead.Other && first[i] is IOperation { Type.SpecialType: SpecialType.System_Boolean })
            {
                if (!outcome.Returned.TrueForAll(returned => SaysAlive(returned, i, read)))
                {
                    return null;
                }

                parts[i] = read;
            }
        }

        return read < 0 ? null : new Wrapper(WeakReadKind.Parts, null, 0) { Parts = parts };
    }

    /// <summary>Where the one part is true, the other is there.</summary>
    private static bool SaysAlive((Value Value, FlowState State) returned, int part, int read) =>
        returned.State.Assuming(returned.State[returned.Value.Parts[part]].WhenTrue) is not { } then
            || then[returned.Value.Parts[read]].Null == Nullness.NotNull;

    /// <summary>Every return is a weak read nobody checked, or null.</summary>
    private static Wrapper? Of(Outcome outcome, IEnumerable<Value> returned)
    {
        Origin? read = null, tested = null;
        var isNull = false;
        foreach (var value in returned)
        {
            if (value.Null == Nullness.Null || (value.Null == Nullness.NotNull && value.Read is not null))
            {
                isNull |= value.Null == Nullness.Null;
                tested ??= value.Null == Nullness.NotNull ? value.Read : null;
                continue;
            }

            if (value is not { Null: Nullness.MaybeNull, IsMixed: false, IsDerived: false, Read: { } found })
            {
                return null;
            }

            read = found;
        }

        read ??= isNull ? tested : null;
        return read is null ? null : new Wrapper(WeakReadKind.Value, InnerOf(outcome, read.Reference), 0);
    }

    /// <summary>True says that a target was alive, or that it stands in an out parameter; or false says so.</summary>
    public static Wrapper? Condition(ISymbol member, Outcome outcome)
    {
        if (outcome.When(true) is not { } whenTrue || outcome.When(false) is not { } whenFalse)
        {
            return null;
        }

        if (member is IMethodSymbol method)
        {
            foreach (var parameter in method.Parameters)
            {
                if (parameter.RefKind == RefKind.Out && whenTrue[parameter] is { Null: Nullness.NotNull, Read: { } read }
                    && whenFalse[parameter].Null is Nullness.Null or Nullness.MaybeNull)
                {
                    return new Wrapper(WeakReadKind.Try, InnerOf(outcome, read.Reference), parameter.Ordinal);
                }
            }
        }

        return Found(outcome, whenTrue, whenFalse, WeakReadKind.Probe) ?? Found(outcome, whenFalse, whenTrue, WeakReadKind.DeadProbe);
    }

    /// <summary>Of several references the one that is met first speaks for the member.</summary>
    private static Wrapper? Found(Outcome outcome, FlowState alive, FlowState dead, WeakReadKind kind)
    {
        foreach (var guard in alive.Guards.Entries())
        {
            if (guard.Value.Kind != GuardKind.Asserted && dead.Guards[guard.Key] is null
                && InnerOf(outcome, outcome.Numbers!.Reference(guard.Key)) is { } inner)
            {
                return new Wrapper(kind, inner, 0);
            }
        }

        return null;
    }

    /// <summary>
    /// The members that lead from <c>this</c>, from a parameter or captured variable, which then is the first, or, when static, from
    /// nothing to the reference.
    /// </summary>
    private static ISymbol[]? InnerOf(Outcome outcome, Reference? path)
    {
        var members = new Stack<ISymbol>();
        for (; path is not null && !path.Equals(Reference.This); path = path.Parent)
        {
            if (path.Segment is not (IFieldSymbol or IPropertySymbol)
                && (path.Parent is not null || !(path.Segment is IParameterSymbol || (path.Segment is ILocalSymbol && outcome.IsOfLocal))))
            {
                return null;
            }

            members.Push((ISymbol)path.Segment);
        }

        return members.ToArray();
    }
}
