using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;

namespace WeakRefAnalyzers.Reading;

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

    /// <summary>The reference was made just now; where another path checked the old one, the check is what is relied on.</summary>
    Made,
}

/// <summary>What was found out about a reference, and where; a strong variable that has held the target since.</summary>
internal sealed record Guard(GuardKind Kind, SyntaxNode Cause, ISymbol? Holder)
{
    /// <summary>On another path the reference was made anew.</summary>
    public bool IsOrMade { get; init; }

    /// <summary>Of two different conditions the weaker one is what is left to rely on; of none, none.</summary>
    public static Guard? Weaker(Guard? a, Guard? b)
    {
        if (a is null || b is null || a.Equals(b))
        {
            return b is null ? null : a;
        }

        var (weaker, other) = a.Kind <= b.Kind ? (a, b) : (b, a);
        return other.Kind == GuardKind.Made && weaker.Kind != GuardKind.Made ? weaker with { IsOrMade = true } : weaker;
    }
}

/// <summary>
/// A condition on what stands somewhere: a field that is true, a parameter that is null, a number above another. Asked again it
/// turns out the same, until something on the way is written.
/// </summary>
internal sealed record Test(Reference Of, BinaryOperatorKind Kind, object? Than);

/// <summary>A weak read, with what was known about its reference at that moment.</summary>
internal sealed record Origin(SyntaxNode Syntax, Reference? Reference, Guard? Guard, bool IsTry, string? Variable = null)
{
    /// <summary>A member of source gives it, and whoever wrote that may know that the target is alive while it is called.</summary>
    public bool IsWrapped { get; init; }
}

/// <summary>
/// What is known once a condition turned out true, or false; null in its place: it cannot turn out so. Variables and
/// references go by their numbers in the body.
/// </summary>
internal sealed class Delta
{
    public static readonly Delta Empty = new(default, default);

    // One object for each, so that equal facts are one.
    private static readonly object[] Boxed = [Nullness.Unknown, Nullness.MaybeNull, Nullness.NotNull, Nullness.Null];
    private static readonly object True = true;
    private static readonly object False = false;

    private readonly Map<object> _variables;

    private Delta(Map<object> variables, Map<Guard> guards)
    {
        _variables = variables;
        Guards = guards;
    }

    public Map<Guard> Guards { get; }

    public bool IsEmpty => _variables.IsEmpty && Guards.IsEmpty;

    /// <summary>The variables it speaks of.</summary>
    public List<KeyValuePair<int, object>> Variables => _variables.Entries();

    /// <summary>What it says of the variable, if it does.</summary>
    public Nullness? this[int variable] => _variables[variable] as Nullness?;

    public Delta With(int variable, Nullness nullness) => new(_variables.With(variable, Boxed[(int)nullness]), Guards);

    /// <summary>Whether it says that a bool is true, or false.</summary>
    public bool? TruthOf(int variable) => _variables[variable] as bool?;

    public Delta With(int variable, bool truth) => new(_variables.With(variable, truth ? True : False), Guards);

    public Delta With(int reference, Guard guard) => new(_variables, Guards.With(reference, guard));

    public Delta And(Delta other) => other.IsEmpty ? this : IsEmpty ? other
        : new(Map<object>.Join(_variables, other._variables, static (_, mine, theirs) => theirs ?? mine),
            Map<Guard>.Join(Guards, other.Guards, static (_, mine, theirs) => theirs ?? mine));

    /// <summary>What both say; of references, what the first says of those that the second speaks of.</summary>
    public Delta Common(Delta other) => new(
        Map<object>.Join(_variables, other._variables, static (_, _, _) => null),
        Map<Guard>.Join(Guards, other.Guards, static (_, mine, theirs) => theirs is null ? null : mine));

    public Delta OnlyGuards() => new(default, Guards);

    public Delta Asserted() =>
        Guards.IsEmpty ? this : new(_variables, Guards.Select(static guard => guard with { Kind = GuardKind.Asserted }));

    /// <summary>The same where a variable holds the target from then on.</summary>
    public Delta HeldBy(ISymbol holder) => Guards.IsEmpty ? this : new(_variables, Guards.Select(guard => guard with { Holder = holder }));

    /// <summary>What it says of one variable it says of the other as well.</summary>
    public Delta Also(int variable, int other) =>
        _variables[variable] is { } said ? new(_variables.With(other, said), Guards) : this;

    /// <summary>The variable or member got another value.</summary>
    public Delta Without(object segment, Numbers numbers)
    {
        var variables = numbers.Find(segment) is { } number ? _variables.With(number, null) : _variables;
        var guards = Guards;
        if (!guards.IsEmpty)
        {
            foreach (var reference in numbers.Through(segment))
            {
                guards = guards.With(reference, null);
            }
        }

        return variables.IsSame(_variables) && guards.IsSame(Guards) ? this : new Delta(variables, guards);
    }

    public static bool Same(Delta? a, Delta? b) => ReferenceEquals(a, b) || (a is not null && b is not null
        && Map<object>.Agree(a._variables, b._variables, static (_, _) => false) && Map<Guard>.Agree(a.Guards, b.Guards, Equals));
}
