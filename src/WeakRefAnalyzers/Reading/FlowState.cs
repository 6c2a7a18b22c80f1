using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using WeakRefAnalyzers.Code;

namespace WeakRefAnalyzers.Reading;

/// <summary>
/// What is known at one point of a body. Two states share what is equal in them, so that joining them costs what they
/// differ in.
/// </summary>
internal sealed class FlowState
{
    private const int MaxConstants = 4;

    private readonly Numbers _numbers;
    private Map<Value> _variables;

    private FlowState(Numbers numbers, Map<Value> variables, Map<Guard> guards)
    {
        _numbers = numbers;
        _variables = variables;
        Guards = guards;
    }

    public static FlowState Start(Numbers numbers) => new(numbers, default, default);

    /// <summary>What is known of references, by their numbers.</summary>
    public Map<Guard> Guards { get; private set; }

    /// <summary>A call that never returns came before.</summary>
    public bool IsDead { get; set; }

    public FlowState Clone() => new(_numbers, _variables, Guards) { IsDead = IsDead };

    public Value this[object variable] => _numbers.Find(variable) is { } number ? At(number) : Value.Unknown;

    public Value At(int variable) => _variables[variable] ?? Value.Unknown;

    /// <summary>The variables of which anything is known, the first so many.</summary>
    public List<KeyValuePair<int, Value>> Entries(int atMost) => _variables.Entries(atMost);

    public Guard? GuardOf(Reference? reference) => reference is not null && _numbers.Find(reference) is { } number ? Guards[number] : null;

    public void Set(object variable, Value value) => Set(_numbers.Of(variable), value);

    public void Add(Reference reference, Guard guard) => Guards = Guards.With(_numbers.Of(reference), guard);

    /// <summary>Takes over what another state of the body knows of references.</summary>
    public void AddGuardsOf(FlowState other) => Guards = other.Guards;

    /// <summary>A variable or member gets another value: whatever was known through it is no longer known.</summary>
    public void Forget(object segment)
    {
        if (_numbers.Find(segment) is { } number)
        {
            _variables = _variables.With(number, null);
        }

        if (!Guards.IsEmpty)
        {
            foreach (var reference in _numbers.Through(segment))
            {
                Guards = Guards.With(reference, null);
            }
        }

        ForgetTests(segment);
        foreach (var variable in _numbers.Mentioning(segment))
        {
            if (_variables[variable] is { } value)
            {
                _variables = _variables.With(variable, value.Without(segment, _numbers));
            }
        }
    }

    /// <summary>What conditions say of one variable they say of the other as well.</summary>
    public void Also(object variable, object other)
    {
        if (_numbers.Find(variable) is { } from)
        {
            var to = _numbers.Of(other);
            foreach (var mentioning in _numbers.Mentioning(variable).ToArray())
            {
                Set(mentioning, At(mentioning).Also(from, to));
            }
        }
    }

    public void Apply(Delta delta)
    {
        foreach (var entry in delta.Variables)
        {
            Set(entry.Key, After(delta, entry.Key));
            if (entry.Value is not Nullness.NotNull and not Nullness.Null)
            {
                continue;
            }

            foreach (var holder in At(entry.Key).Holders)
            {
                // Another name for the same value.
                if (_numbers.Find(holder) is { } alias && delta[alias] is null)
                {
                    _variables = _variables.With(alias, At(alias).Found((Nullness)entry.Value));
                }
            }
        }

        if (!delta.Guards.IsEmpty)
        {
            Guards = Map<Guard>.Join(Guards, delta.Guards, static (_, known, found) => found ?? known);
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

    /// <summary>Nothing came to be known, and nothing was forgotten; compares objects, so that it costs nothing.</summary>
    public bool IsSame(FlowState other) => _variables.IsSame(other._variables) && Guards.IsSame(other.Guards);

    /// <summary>This state with what changed from one to another.</summary>
    public FlowState Taking(FlowState before, FlowState after)
    {
        var (variables, guards) = (_variables, Guards);
        Map<Value>.Join(before._variables, after._variables, (variable, _, value) =>
        {
            variables = variables.With(variable, value);
            return value;
        });
        Map<Guard>.Join(before.Guards, after.Guards, (reference, _, guard) =>
        {
            guards = guards.With(reference, guard);
            return guard;
        });
        return new FlowState(_numbers, variables, guards);
    }

    public bool SameAs(FlowState other) => Map<Guard>.Agree(Guards, other.Guards, Equals)
        && Map<Value>.Agree(_variables, other._variables, static (x, y) => (x ?? Value.Unknown).SameAs(y ?? Value.Unknown));

    /// <summary>The variables are done with: they hold nothing any more, and nobody will ask.</summary>
    public void Drop(Map<object> variables)
    {
        if (_variables.IsEmpty)
        {
            return;
        }

        var gone = new List<int>();
        _variables = _variables.Without(variables, gone);
        foreach (var variable in gone)
        {
            ForgetTests(_numbers.Variable(variable));
        }
    }

    /// <summary>What is known of parameters, which is all that a caller can see.</summary>
    public FlowState OfParameters()
    {
        var state = Start(_numbers);
        foreach (var parameter in _numbers.Parameters)
        {
            state._variables = state._variables.With(parameter, _variables[parameter]);
        }

        return state;
    }

    /// <summary>
    /// Where two paths meet only what held on both is left, and a condition keeps what it says about either. What comes
    /// out the same as it was in <paramref name="a"/> stays the same object.
    /// </summary>
    public static FlowState Join(FlowState a, FlowState b, bool conditions = true)
    {
        if (a.IsSame(b))
        {
            return a.Clone();
        }

        var join = new Meeting(a, b);
        var joined = join.Plain();
        foreach (var variable in join.Variables)
        {
            var (x, y, value) = (a.At(variable), b.At(variable), joined.At(variable));
            if (conditions && (x.IsCondition || y.IsCondition))
            {
                value = value with
                {
                    WhenTrue = join.Difference(joined, x.WhenTrue, y.WhenTrue),
                    WhenFalse = join.Difference(joined, x.WhenFalse, y.WhenFalse),
                    Unless = join.Unless(joined, x, y),
                };
            }

            joined.Set(variable, value.SameAs(x) ? x : value);
        }

        joined._variables = joined._variables.Sharing(a._variables);
        return joined;
    }

    private void ForgetTests(object segment)
    {
        foreach (var test in _numbers.Asking(segment))
        {
            _variables = _variables.With(test, null);
        }
    }

    private void Set(int variable, Value value)
    {
        if (!ReferenceEquals(_variables[variable], value))
        {
            _numbers.Note(variable, value);
            _variables = _variables.With(variable, value.IsNothing ? null : value);
        }
    }

    /// <summary>The value once the condition turned out so.</summary>
    private Value After(Delta delta, int variable)
    {
        var value = At(variable);
        if (delta.TruthOf(variable) is { } truth)
        {
            return truth ? value with { WhenFalse = null } : value with { WhenTrue = null };
        }

        return delta[variable] is { } nullness && nullness != value.Null ? value.Found(nullness) : value;
    }

    /// <summary>Two states that meet, and the variables and references of which they know different things.</summary>
    private sealed class Meeting(FlowState a, FlowState b)
    {
        private readonly List<int> _references = [];
        private readonly List<int> _telling = [];

        /// <summary>Those whose values differ.</summary>
        public List<int> Variables { get; } = [];

        public FlowState Plain()
        {
            var variables = Map<Value>.Join(a._variables, b._variables, (variable, x, y) =>
            {
                Variables.Add(variable);
                if ((x ?? Value.Unknown).Null != (y ?? Value.Unknown).Null || a._numbers.Variable(variable) is CaptureId)
                {
                    _telling.Add(variable); // Of the others a condition has nothing to tell.
                }

                return Value.Join(x ?? Value.Unknown, y ?? Value.Unknown) is { IsNothing: false } value ? value : null;
            });
            var guards = Map<Guard>.Join(a.Guards, b.Guards, (reference, x, y) =>
            {
                _references.Add(reference);
                return Guard.Weaker(x, y);
            });
            var joined = new FlowState(a._numbers, variables, guards);
            foreach (var variable in _telling)
            {
                if (a._numbers.Variable(variable) is CaptureId)
                {
                    var value = Captured(variable, joined.At(variable), Delta.Empty, Delta.Empty, _telling);
                    joined._variables = joined._variables.With(variable, value.IsNothing ? null : value);
                }
            }

            a._numbers.Effort.Spend(Variables.Count + _references.Count + 1);
            return joined;
        }

        /// <summary>
        /// What would be known besides if the one turned out so on the one path, the other on the other; null where neither can.
        /// </summary>
        public Delta? Difference(FlowState joined, Delta? x, Delta? y)
        {
            if (x is null && y is null)
            {
                return null;
            }

            var found = Delta.Empty;
            var variables = Spoken(x, y, _telling, static delta => delta.Variables);
            foreach (var variable in variables)
            {
                var nullness = x is null ? b.After(y!, variable).Null : y is null ? a.After(x, variable).Null
                    : Joined(variable, x, y, variables).Null;
                if (nullness != joined.At(variable).Null)
                {
                    found = found.With(variable, nullness);
                }
            }

            foreach (var reference in Spoken(x, y, _references, static delta => delta.Guards.Entries()))
            {
                var (left, right) = (x?.Guards[reference] ?? a.Guards[reference], y?.Guards[reference] ?? b.Guards[reference]);
                if ((x is null ? right : y is null ? left : Guard.Weaker(left, right)) is { } guard
                    && !guard.Equals(joined.Guards[reference]))
                {
                    found = found.With(reference, guard);
                }
            }

            a._numbers.Effort.Spend(variables.Count);
            return found;
        }

        public ImmutableArray<KeyValuePair<object, Delta>> Unless(FlowState joined, Value x, Value y)
        {
            if (x.Constant is null && y.Constant is null && x.Unless.IsEmpty && y.Unless.IsEmpty)
            {
                return x.Unless;
            }

            var found = new List<KeyValuePair<object, Delta>>();
            foreach (var constant in new[] { x.Constant, y.Constant }.Concat(x.Unless.Concat(y.Unless).Select(static entry => entry.Key)))
            {
                if (constant is not null && found.Count < MaxConstants && !found.Exists(entry => entry.Key.Equals(constant))
                    && Difference(joined, x.WhenNot(constant), y.WhenNot(constant)) is { IsEmpty: false } delta)
                {
                    found.Add(new KeyValuePair<object, Delta>(constant, delta));
                }
            }

            return found.ToImmutableArray();
        }

        /// <summary>Where they differ, and what the conditions speak of.</summary>
        private static SortedSet<int> Spoken<T>(Delta? x, Delta? y, List<int> different, Func<Delta, List<KeyValuePair<int, T>>> spoken)
        {
            var all = new SortedSet<int>(different);
            foreach (var delta in new[] { x, y })
            {
                foreach (var entry in delta is null ? [] : spoken(delta))
                {
                    all.Add(entry.Key);
                }
            }

            return all;
        }

        private Value Joined(int variable, Delta x, Delta y, IEnumerable<int> among)
        {
            var value = Value.Join(a.After(x, variable), b.After(y, variable));
            return a._numbers.Variable(variable) is CaptureId ? Captured(variable, value, x, y, among) : value;
        }

        /// <summary>
        /// What a conditional expression gives, or <c>?.</c>: <c>t?.Next</c> is null for certain where <c>t</c> is a dead target.
        /// </summary>
        private Value Captured(int capture, Value joined, Delta x, Delta y, IEnumerable<int> among)
        {
            var (left, right) = (a.After(x, capture), b.After(y, capture));
            joined = joined.OrElseNull(left, right);
            var swapped = left is { Null: Nullness.Null, Read: null };
            var (alive, whenAlive, dead, whenDead) = swapped ? (b, y, a, x) : (a, x, b, y);
            var (given, nothing) = swapped ? (right, left) : (left, right);
            if (joined.Null != Nullness.Unknown || given is not { Null: Nullness.Unknown, Read: null }
                || nothing is not { Null: Nullness.Null, Read: null })
            {
                return joined;
            }

            foreach (var variable in among)
            {
                if (dead.After(whenDead, variable) is { Null: Nullness.Null or Nullness.MaybeNull, Read: { } read }
                    && alive.After(whenAlive, variable) is { Null: Nullness.NotNull, Read: { } other } && other.Equals(read))
                {
                    return joined with { Null = Nullness.MaybeNull, Read = read with { Guard = null }, IsDerived = true };
                }
            }

            return joined;
        }
    }
}
