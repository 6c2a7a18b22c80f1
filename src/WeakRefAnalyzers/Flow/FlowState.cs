using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using WeakRefAnalyzers.Code;
using Path = WeakRefAnalyzers.Code.Reference;

namespace WeakRefAnalyzers.Flow;

internal enum Nullness : byte
{
    /// <summary>Not for us to say.</summary>
    Unknown,

    /// <summary>A weak read that nobody checked.</summary>
    MaybeNull,
    NotNull,
    Null,
}

internal enum GuardKind : byte
{
    /// <summary>The reference was asked whether its target is alive.</summary>
    Probed,

    /// <summary>A weak read of the reference was found not to be null.</summary>
    Checked,

    /// <summary>The author asserts that the target is alive here, so something else roots it: not for us to doubt.</summary>
    Asserted,
}

/// <summary>What was found out about a reference, and where; a strong variable that has held the target since.</summary>
internal sealed record Guard(GuardKind Kind, SyntaxNode Cause, ISymbol? Holder);

/// <summary>A weak read, with what was known about its reference at that moment.</summary>
internal sealed record Origin(SyntaxNode Syntax, Path? Reference, Guard? Guard, bool IsTry, string? Variable = null);

/// <summary>What is known once a condition turned out true, or false; null in its place: it cannot turn out so.</summary>
internal sealed class Delta
{
    public static readonly Delta Empty = new(ImmutableDictionary<object, Nullness>.Empty, ImmutableDictionary<Path, Guard>.Empty);

    public Delta(ImmutableDictionary<object, Nullness> variables, ImmutableDictionary<Path, Guard> guards)
    {
        Variables = variables;
        Guards = guards;
    }

    public ImmutableDictionary<object, Nullness> Variables { get; }

    public ImmutableDictionary<Path, Guard> Guards { get; }

    public bool IsEmpty => Variables.IsEmpty && Guards.IsEmpty;

    public Delta And(Delta other) => new(Variables.SetItems(other.Variables), Guards.SetItems(other.Guards));

    public Delta Without(object variable)
    {
        var guards = Guards;
        foreach (var guard in Guards)
        {
            if (guard.Key.Mentions(variable))
            {
                guards = guards.Remove(guard.Key);
            }
        }

        return new Delta(Variables.Remove(variable), guards);
    }

    public Delta Asserted() => new(Variables, Guards.ToImmutableDictionary(static guard => guard.Key, static guard => guard.Value with { Kind = GuardKind.Asserted }));

    public static bool Same(Delta? a, Delta? b) =>
        ReferenceEquals(a, b) || (a is not null && b is not null && FlowState.Same(a.Variables, b.Variables) && FlowState.Same(a.Guards, b.Guards));
}

/// <summary>What is known of the value of an expression or variable.</summary>
internal sealed record Value
{
    /// <summary>Stands for null among the constants.</summary>
    public static readonly object NoObject = new();

    public static readonly Value Unknown = new();
    public static readonly Value NullConstant = new() { Null = Nullness.Null, WhenTrue = null, Constant = NoObject };

    public Nullness Null { get; init; }

    /// <summary>The weak read it came from.</summary>
    public Origin? Read { get; init; }

    /// <summary>Where it stands, when it stands anywhere.</summary>
    public Path? Path { get; init; }

    /// <summary>The variables and captures that hold this very value.</summary>
    public ImmutableArray<object> Holders { get; init; } = ImmutableArray<object>.Empty;

    public Delta? WhenTrue { get; init; } = Delta.Empty;

    public Delta? WhenFalse { get; init; } = Delta.Empty;

    /// <summary>The value, where it is one for certain; not of a bool.</summary>
    public object? Constant { get; init; }

    /// <summary>What holds unless the value is this constant: <c>t?.Next</c> is null, or <c>t</c> is not; <c>t?.Count ?? 0</c> likewise.</summary>
    public ImmutableDictionary<object, Delta> Unless { get; init; } = ImmutableDictionary<object, Delta>.Empty;

    /// <summary>Of a sequence: what is known of each element.</summary>
    public Value? Elements { get; init; }

    /// <summary>Of a tuple: what its parts are known by, among the variables.</summary>
    public ImmutableArray<object> Parts { get; init; } = ImmutableArray<object>.Empty;

    /// <summary>Of an element: the probes that it, or a reference in it, passed to get here.</summary>
    public ImmutableDictionary<Path, Guard> Passed { get; init; } = ImmutableDictionary<Path, Guard>.Empty;

    /// <summary>Not the target itself but what <c>?.</c> makes of it: null, too, once the target is dead.</summary>
    public bool IsDerived { get; init; }

    /// <summary>A weak read on one path, and something else that is not known to be null on another.</summary>
    public bool IsMixed { get; init; }

    public bool IsCondition => WhenTrue is not { IsEmpty: true } || WhenFalse is not { IsEmpty: true } || Constant is not null || !Unless.IsEmpty;

    /// <summary>What holds if the value is not this constant; null where it cannot be another.</summary>
    public Delta? WhenNot(object constant) => constant.Equals(Constant) ? null : Unless.TryGetValue(constant, out var delta) ? delta : Delta.Empty;

    /// <summary>What holds if the value is none of the constants that it is known to depend on and that do not fit.</summary>
    public Delta WhenNone(Func<object, bool> excluded)
    {
        var found = Delta.Empty;
        foreach (var entry in Unless)
        {
            found = excluded(entry.Key) ? found.And(entry.Value) : found;
        }

        return found;
    }

    public bool SameAs(Value other) =>
        Null == other.Null && Equals(Read, other.Read) && Equals(Path, other.Path) && Holders.SequenceEqual(other.Holders) && FlowState.Same(Passed, other.Passed) && IsMixed == other.IsMixed && IsDerived == other.IsDerived
        && Delta.Same(WhenTrue, other.WhenTrue) && Delta.Same(WhenFalse, other.WhenFalse) && Equals(Constant, other.Constant) && FlowState.Same(Unless, other.Unless)
        && Parts.SequenceEqual(other.Parts)
        && (ReferenceEquals(Elements, other.Elements) || (Elements is not null && other.Elements is not null && Elements.SameAs(other.Elements)));

    public static Value Join(Value a, Value b)
    {
        if (ReferenceEquals(a, b))
        {
            return a;
        }

        var nullness = Join(a, b.Null, b.Read is not null);
        return new Value
        {
            Null = nullness,
            Read = nullness == Nullness.Unknown ? null : Earlier(a, b),
            Path = Equals(a.Path, b.Path) ? a.Path : null,
            Holders = a.Holders.SequenceEqual(b.Holders) ? a.Holders : ImmutableArray<object>.Empty,
            Elements = a.Elements is not null && b.Elements is not null ? Join(a.Elements, b.Elements) : null,
            Passed = FlowState.Same(a.Passed, b.Passed) ? a.Passed : ImmutableDictionary<Path, Guard>.Empty,
            IsDerived = a.IsDerived || b.IsDerived,
            IsMixed = a.IsMixed || b.IsMixed || (a.Read is null && a.Null != Nullness.Null) != (b.Read is null && b.Null != Nullness.Null),
            Parts = a.Parts.SequenceEqual(b.Parts) ? a.Parts : ImmutableArray<object>.Empty,
            Constant = Equals(a.Constant, b.Constant) ? a.Constant : null,
        };
    }

    /// <summary><c>alive ? target : null</c> gives null once the target has been collected, as the read itself does.</summary>
    public Value OrElseNull(Value a, Value b)
    {
        var read = a.Null == Nullness.NotNull && b.Null == Nullness.Null ? a.Read : a.Null == Nullness.Null && b.Null == Nullness.NotNull ? b.Read : null;
        return read is null ? this : this with { Null = Nullness.MaybeNull, Read = read };
    }

    private static Nullness Join(Value a, Nullness b, bool bIsWeak)
    {
        if (a.Null == Nullness.MaybeNull || b == Nullness.MaybeNull)
        {
            return Nullness.MaybeNull;
        }

        // Found dead on one path and forgotten on the next is as bad as never asked.
        var deadOnOne = (a.Null == Nullness.Null && a.Read is not null) || (b == Nullness.Null && bIsWeak);
        return a.Null == b ? b : deadOnOne ? Nullness.MaybeNull : Nullness.Unknown;
    }

    private static Origin? Earlier(Value a, Value b)
    {
        // Of two reads that meet, the unchecked one speaks; of two unchecked, the first in the text.
        if (a.Read is null || b.Read is null || a.Null != b.Null)
        {
            return a.Null == Nullness.MaybeNull ? a.Read ?? b.Read : b.Read ?? a.Read;
        }

        return a.Read.Syntax.SpanStart <= b.Read.Syntax.SpanStart ? a.Read : b.Read;
    }
}

/// <summary>What is known at one point of a body. Immutable values, copied on write by the block that owns the state.</summary>
internal sealed class FlowState
{
    private const int MaxConstants = 4;

    private FlowState(ImmutableDictionary<object, Value> variables, ImmutableDictionary<Path, Guard> guards)
    {
        Variables = variables;
        Guards = guards;
    }

    public static FlowState Start() => new(ImmutableDictionary<object, Value>.Empty, ImmutableDictionary<Path, Guard>.Empty);

    public ImmutableDictionary<object, Value> Variables { get; private set; }

    public ImmutableDictionary<Path, Guard> Guards { get; private set; }

    /// <summary>A call that never returns came before.</summary>
    public bool IsDead { get; set; }

    public FlowState Clone() => new(Variables, Guards) { IsDead = IsDead };

    public Value this[object variable] => Variables.TryGetValue(variable, out var value) ? value : Value.Unknown;

    public Guard? GuardOf(Path? reference) => reference is not null && Guards.TryGetValue(reference, out var guard) ? guard : null;

    public void Set(object variable, Value value) => Variables = Variables.SetItem(variable, value);

    public void Add(Path reference, Guard guard) => Guards = Guards.SetItem(reference, guard);

    /// <summary>A variable or member gets another value: whatever was known through it is no longer known.</summary>
    public void Forget(object segment)
    {
        Variables = Variables.Remove(segment);
        foreach (var guard in Guards)
        {
            if (guard.Key.Mentions(segment))
            {
                Guards = Guards.Remove(guard.Key);
            }
        }

        foreach (var variable in Variables)
        {
            var value = variable.Value;
            if (value.Holders.Contains(segment) || value.Path?.Mentions(segment) == true || value.IsCondition)
            {
                Set(variable.Key, value with
                {
                    Holders = value.Holders.Remove(segment),
                    Path = value.Path?.Mentions(segment) == true ? null : value.Path,
                    WhenTrue = value.WhenTrue?.Without(segment),
                    WhenFalse = value.WhenFalse?.Without(segment),
                    Unless = value.Unless.IsEmpty ? value.Unless : value.Unless.ToImmutableDictionary(entry => entry.Key, entry => entry.Value.Without(segment)),
                });
            }
        }
    }

    public void Apply(Delta delta)
    {
        foreach (var entry in delta.Variables)
        {
            Set(entry.Key, this[entry.Key] with { Null = entry.Value });
        }

        foreach (var guard in delta.Guards)
        {
            Guards = Guards.SetItem(guard.Key, guard.Value);
        }
    }

    public FlowState? Assuming(Delta? delta)
    {
        if (delta is null)
        {
            return null;
        }

        var state = Clone();
        state.Apply(delta);
        return state;
    }

    public bool SameAs(FlowState other) => Same(Guards, other.Guards) && Same(Variables, other.Variables);

    public static bool Same<TKey, TValue>(ImmutableDictionary<TKey, TValue> a, ImmutableDictionary<TKey, TValue> b)
        where TKey : notnull
    {
        if (ReferenceEquals(a, b))
        {
            return true;
        }

        if (a.Count != b.Count)
        {
            return false;
        }

        foreach (var entry in a)
        {
            if (!b.TryGetValue(entry.Key, out var other) || !(entry.Value switch { Value value => value.SameAs((Value)(object)other!), Delta delta => Delta.Same(delta, (Delta)(object)other!), _ => Equals(entry.Value, other) }))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Where two paths meet only what held on both is left, and a condition keeps what it says about either.</summary>
    public static FlowState Join(FlowState a, FlowState b)
    {
        if (ReferenceEquals(a.Variables, b.Variables) && ReferenceEquals(a.Guards, b.Guards))
        {
            return a.Clone();
        }

        var joined = JoinPlain(a, b);
        foreach (var variable in a.Variables)
        {
            JoinCondition(joined, variable.Key, a, variable.Value, b, b[variable.Key]);
        }

        foreach (var variable in b.Variables)
        {
            if (!a.Variables.ContainsKey(variable.Key))
            {
                JoinCondition(joined, variable.Key, a, Value.Unknown, b, variable.Value);
            }
        }

        return joined;
    }

    /// <summary>The variable is done with: it holds nothing any more, and nobody will ask.</summary>
    public void Drop(object variable) => Variables = Variables.Remove(variable);

    private static void JoinCondition(FlowState joined, object variable, FlowState a, Value x, FlowState b, Value y)
    {
        // One and the same value says the same on both paths, and was taken over as it is.
        if (!ReferenceEquals(x, y) && (x.IsCondition || y.IsCondition))
        {
            joined.Set(variable, joined[variable] with
            {
                WhenTrue = Difference(joined, a.Assuming(x.WhenTrue), b.Assuming(y.WhenTrue)),
                WhenFalse = Difference(joined, a.Assuming(x.WhenFalse), b.Assuming(y.WhenFalse)),
                Unless = Unless(joined, a, x, b, y),
            });
        }
    }

    private static ImmutableDictionary<object, Delta> Unless(FlowState joined, FlowState a, Value x, FlowState b, Value y)
    {
        var found = ImmutableDictionary<object, Delta>.Empty;
        foreach (var constant in new[] { x.Constant, y.Constant }.Concat(x.Unless.Keys).Concat(y.Unless.Keys))
        {
            if (constant is not null && !found.ContainsKey(constant) && found.Count < MaxConstants
                && Difference(joined, a.Assuming(x.WhenNot(constant)), b.Assuming(y.WhenNot(constant))) is { IsEmpty: false } delta)
            {
                found = found.SetItem(constant, delta);
            }
        }

        return found;
    }

    private static FlowState JoinPlain(FlowState a, FlowState b)
    {
        // Most variables have the same value on both paths: begin with those of one.
        var variables = a.Variables.ToBuilder();
        foreach (var variable in a.Variables)
        {
            JoinInto(variables, variable.Key, a, b);
        }

        foreach (var variable in b.Variables)
        {
            if (!a.Variables.ContainsKey(variable.Key))
            {
                JoinInto(variables, variable.Key, a, b);
            }
        }

        var guards = a.Guards;
        foreach (var guard in a.Guards)
        {
            if (!b.Guards.TryGetValue(guard.Key, out var other))
            {
                guards = guards.Remove(guard.Key);
            }
            else if (!guard.Value.Equals(other))
            {
                // Two different conditions: the weaker one is what is left to rely on.
                guards = guards.SetItem(guard.Key, guard.Value.Kind <= other.Kind ? guard.Value : other);
            }
        }

        return new FlowState(variables.ToImmutable(), guards);
    }

    private static void JoinInto(ImmutableDictionary<object, Value>.Builder variables, object variable, FlowState a, FlowState b)
    {
        var (x, y) = (a[variable], b[variable]);
        if (!ReferenceEquals(x, y))
        {
            var value = Value.Join(x, y);
            variables[variable] = variable is CaptureId ? NullIfDead(value.OrElseNull(x, y), variable, a, b) : value;
        }
    }

    /// <summary><c>t?.Next</c> is null for certain where <c>t</c> is a dead target.</summary>
    private static Value NullIfDead(Value joined, object capture, FlowState a, FlowState b)
    {
        var (alive, dead) = a[capture] is { Null: Nullness.Null, Read: null } ? (b, a) : (a, b);
        if (joined.Null != Nullness.Unknown || alive[capture] is not { Null: Nullness.Unknown, Read: null } || dead[capture] is not { Null: Nullness.Null, Read: null })
        {
            return joined;
        }

        foreach (var variable in dead.Variables)
        {
            if (variable.Value is { Null: Nullness.Null or Nullness.MaybeNull, Read: { } read } && alive[variable.Key].Null == Nullness.NotNull && Equals(alive[variable.Key].Read, read))
            {
                return joined with { Null = Nullness.MaybeNull, Read = read with { Guard = null }, IsDerived = true };
            }
        }

        return joined;
    }

    private static Delta? Difference(FlowState joined, FlowState? a, FlowState? b)
    {
        if (a is null && b is null)
        {
            return null;
        }

        var assumed = a is null ? b! : b is null ? a : JoinPlain(a, b);
        var variables = ImmutableDictionary.CreateBuilder<object, Nullness>();
        foreach (var entry in assumed.Variables)
        {
            if (entry.Value.Null != joined[entry.Key].Null)
            {
                variables[entry.Key] = entry.Value.Null;
            }
        }

        var guards = ImmutableDictionary.CreateBuilder<Path, Guard>();
        foreach (var guard in assumed.Guards)
        {
            if (!Equals(joined.GuardOf(guard.Key), guard.Value))
            {
                guards[guard.Key] = guard.Value;
            }
        }

        return new Delta(variables.ToImmutable(), guards.ToImmutable());
    }
}
