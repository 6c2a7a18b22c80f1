using System.Collections.Immutable;
using WeakRefAnalyzers.Code;

namespace WeakRefAnalyzers.Reading;

/// <summary>What is known of the value of an expression or variable.</summary>
internal sealed record Value
{
    /// <summary>Stands for null among the constants.</summary>
    public static readonly object NoObject = new();

    public static readonly Value Unknown = new();
    public static readonly Value NullConstant = new() { Null = Nullness.Null, WhenTrue = null, Constant = NoObject, IsNullAnyway = true };
    public static readonly Value NullAnyway = new() { IsNullAnyway = true };

    private const int MaxHolders = 16;

    public Nullness Null { get; init; }

    /// <summary>The weak read it came from.</summary>
    public Origin? Read { get; init; }

    /// <summary>Where it stands, when it stands anywhere.</summary>
    public Reference? Path { get; init; }

    /// <summary>The variables and captures that hold this very value.</summary>
    public ImmutableArray<object> Holders { get; init; } = ImmutableArray<object>.Empty;

    public Delta? WhenTrue { get; init; } = Delta.Empty;

    public Delta? WhenFalse { get; init; } = Delta.Empty;

    /// <summary>The value, where it is one for certain; not of a bool.</summary>
    public object? Constant { get; init; }

    /// <summary>
    /// What holds unless the value is this constant: <c>t?.Next</c> is null, or <c>t</c> is not; <c>t?.Count ?? 0</c> likewise.
    /// </summary>
    public ImmutableArray<KeyValuePair<object, Delta>> Unless { get; init; } = ImmutableArray<KeyValuePair<object, Delta>>.Empty;

    /// <summary>Of a sequence: what is known of each element.</summary>
    public Value? Elements { get; init; }

    /// <summary>Of a tuple: what its parts are known by, among the variables.</summary>
    public ImmutableArray<object> Parts { get; init; } = ImmutableArray<object>.Empty;

    /// <summary>Of an element that is a tuple or made by a query: what its parts are.</summary>
    public ImmutableArray<Value> Packed { get; init; } = ImmutableArray<Value>.Empty;

    /// <summary>Of an element: the probes that it, or a reference in it, passed to get here.</summary>
    public ImmutableArray<KeyValuePair<Reference, Guard>> Passed { get; init; } = ImmutableArray<KeyValuePair<Reference, Guard>>.Empty;

    /// <summary>Not the target itself but what <c>?.</c> makes of it: null, too, once the target is dead.</summary>
    public bool IsDerived { get; init; }

    /// <summary>A weak read on one path, and something else that is not known to be null on another.</summary>
    public bool IsMixed { get; init; }

    /// <summary>Null without any target having died: as the code itself says on one of the paths, or the method that gave it.</summary>
    public bool IsNullAnyway { get; init; }

    public bool IsCondition =>
        WhenTrue is not { IsEmpty: true } || WhenFalse is not { IsEmpty: true } || Constant is not null || !Unless.IsEmpty;

    /// <summary>As good as not known at all.</summary>
    public bool IsNothing => Null == Nullness.Unknown && Read is null && Path is null && Holders.IsEmpty && !IsCondition && Elements is null
        && Parts.IsEmpty && Packed.IsEmpty && Passed.IsEmpty && !IsDerived && !IsMixed && !IsNullAnyway;

    /// <summary>What holds if the value is not this constant; null where it cannot be another.</summary>
    public Delta? WhenNot(object constant)
    {
        if (constant.Equals(Constant))
        {
            return null;
        }

        foreach (var entry in Unless)
        {
            if (entry.Key.Equals(constant))
            {
                return entry.Value;
            }
        }

        return Delta.Empty;
    }

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

    /// <summary>The value as it is known from then on as one more variable's.</summary>
    public Value HeldBy(object variable) =>
        Holders.Length >= MaxHolders || Holders.Contains(variable) ? this : this with { Holders = Holders.Add(variable) };

    /// <summary>The value once it turned out so.</summary>
    public Value Found(Nullness nullness) => this with { Null = nullness, IsNullAnyway = IsNullAnyway && nullness != Nullness.NotNull };

    /// <summary>Without what it says of other variables.</summary>
    public Value Unconditional() =>
        !IsCondition ? this : this with { WhenTrue = Delta.Empty, WhenFalse = Delta.Empty, Constant = null, Unless = Unknown.Unless };

    /// <summary>What is left to know once a variable or member got another value.</summary>
    public Value Without(object segment, Numbers numbers)
    {
        var (whenTrue, whenFalse) = (WhenTrue?.Without(segment, numbers), WhenFalse?.Without(segment, numbers));
        var passes = Path?.Mentions(segment) != true;
        if (passes && ReferenceEquals(whenTrue, WhenTrue) && ReferenceEquals(whenFalse, WhenFalse) && Unless.IsEmpty
            && !Holders.Contains(segment))
        {
            return this;
        }

        return this with
        {
            Holders = Holders.Remove(segment),
            Path = passes ? Path : null,
            WhenTrue = whenTrue,
            WhenFalse = whenFalse,
            Unless = Unless.IsEmpty ? Unless : UnlessBy(delta => delta.Without(segment, numbers)),
        };
    }

    /// <summary>What it says of one variable it says of the other as well.</summary>
    public Value Also(int variable, int other) => !IsCondition ? this : this with
    {
        WhenTrue = WhenTrue?.Also(variable, other),
        WhenFalse = WhenFalse?.Also(variable, other),
        Unless = Unless.IsEmpty ? Unless : UnlessBy(delta => delta.Also(variable, other)),
    };

    private ImmutableArray<KeyValuePair<object, Delta>> UnlessBy(Func<Delta, Delta> change) =>
        Unless.Select(entry => new KeyValuePair<object, Delta>(entry.Key, change(entry.Value))).ToImmutableArray();

    public bool SameAs(Value other) => ReferenceEquals(this, other)
        || (Null == other.Null && IsMixed == other.IsMixed && IsDerived == other.IsDerived && IsNullAnyway == other.IsNullAnyway
            && Equals(Read, other.Read) && Equals(Path, other.Path) && Equals(Constant, other.Constant)
            && Holders.SequenceEqual(other.Holders) && Parts.SequenceEqual(other.Parts) && SamePacked(other)
            && Passed.SequenceEqual(other.Passed)
            && Delta.Same(WhenTrue, other.WhenTrue) && Delta.Same(WhenFalse, other.WhenFalse) && SameUnless(other)
            && (ReferenceEquals(Elements, other.Elements)
                || (Elements is not null && other.Elements is not null && Elements.SameAs(other.Elements))));

    private bool SamePacked(Value other)
    {
        for (var i = 0; i < Packed.Length && Packed.Length == other.Packed.Length; i++)
        {
            if (!Packed[i].SameAs(other.Packed[i]))
            {
                return false;
            }
        }

        return Packed.Length == other.Packed.Length;
    }

    private bool SameUnless(Value other)
    {
        if (Unless.Length != other.Unless.Length)
        {
            return false;
        }

        foreach (var entry in Unless)
        {
            if (!Delta.Same(entry.Value, other.WhenNot(entry.Key)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>What is known where two paths meet, apart from conditions.</summary>
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
            Passed = a.Passed.SequenceEqual(b.Passed) ? a.Passed : ImmutableArray<KeyValuePair<Reference, Guard>>.Empty,
            IsDerived = a.IsDerived || b.IsDerived,
            IsMixed = a.IsMixed || b.IsMixed || (a.Read is null && a.Null != Nullness.Null) != (b.Read is null && b.Null != Nullness.Null),
            IsNullAnyway = a.IsNullAnyway || b.IsNullAnyway,
            Packed = a.SamePacked(b) ? a.Packed : ImmutableArray<Value>.Empty,
            Parts = a.Parts.SequenceEqual(b.Parts) ? a.Parts : ImmutableArray<object>.Empty,
            Constant = Equals(a.Constant, b.Constant) ? a.Constant : null,
        };
    }

    /// <summary><c>alive ? target : null</c> gives null once the target has been collected, as the read itself does.</summary>
    public Value OrElseNull(Value a, Value b)
    {
        var read = a.Null == Nullness.NotNull && b.Null == Nullness.Null ? a.Read
            : a.Null == Nullness.Null && b.Null == Nullness.NotNull ? b.Read : null;
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
