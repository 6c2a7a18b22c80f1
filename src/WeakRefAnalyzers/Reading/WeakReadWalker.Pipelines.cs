using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Reading;

/// <summary>
/// Sequences and what is done with their elements. What a method does with its delegate its signature says: who is given an element,
/// what becomes of the answer.
/// </summary>
internal sealed partial class WeakReadWalker
{
    /// <summary>What a lambda says of one element holds for all that pass it.</summary>
    private Value? Pipeline(IInvocationOperation invocation, IMethodSymbol method, Value sequence)
    {
        var original = method.OriginalDefinition;
        var isStatic = invocation.Instance is null;
        var source = isStatic ? original.Parameters.FirstOrDefault()?.Type : original.ContainingType;
        if (ElementOf(source) is not { } element)
        {
            return method.Name == "Cast" && sequence.Elements is not null ? new Value { Elements = sequence.Elements }
                : method is { Name: "Run", ContainingType.Name: "Task" } && LambdaOf(invocation.Arguments[0]) is { } work
                    && Nested(work, []).Returned is { Count: 1 } done
                ? new Value { Elements = Pack(done[0].Value, done[0].State) } : null;
        }

        if (sequence.Elements is null
            && !invocation.Arguments.Any(argument => LambdaOf(argument) is not null || _flow.ReadBy(argument, _inquiry) is not null))
        {
            return null;
        }

        if (isStatic && !method.IsExtensionMethod)
        {
            sequence = Eval(invocation.Arguments[0].Value);
        }

        var known = new Dictionary<ITypeSymbol, Value>(SymbolEqualityComparer.Default) { [element] = sequence.Elements ?? Value.Unknown };
        var passed = known[element];
        for (var i = isStatic ? 1 : 0; i < invocation.Arguments.Length; i++)
        {
            var argument = invocation.Arguments[i];
            var type = argument.Parameter?.OriginalDefinition.Type;
            if (LambdaOf(argument) is { } lambda && (type as INamedTypeSymbol)?.DelegateInvokeMethod is { } signature)
            {
                var given = signature.Parameters.Select(parameter => Of(parameter.Type, known) ?? Value.Unknown).ToArray();
                var outcome = Nested(lambda, given);
                if (signature.ReturnType.SpecialType == SpecialType.System_Boolean && signature.Parameters.Length > 0
                    && SymbolEqualityComparer.Default.Equals(signature.Parameters[0].Type, element))
                {
                    passed = method.Name == "SkipWhile" ? Value.Unknown : Passing(passed, outcome, lambda.Symbol.Parameters[0]);
                }
                else if (outcome.Returned.Count > 0)
                {
                    var answer = outcome.Returned.Select(static one => Pack(one.Value, one.State)).Aggregate(Value.Join);
                    Bind(signature.ReturnType, answer, known);
                }
            }
            else if (_flow.ReadBy(argument, _inquiry) is { } read && (type as INamedTypeSymbol)?.DelegateInvokeMethod is { } selector)
            {
                Bind(selector.ReturnType, Given(new Origin(read.Operation.Syntax, null, null, false) { IsWrapped = true }), known);
            }
            else
            {
                var value = Eval(argument.Value);
                if (ElementOf(type) is { } other)
                {
                    passed = SymbolEqualityComparer.Default.Equals(other, element) ? Value.Join(passed, value.Elements ?? Value.Unknown)
                        : passed;
                    Bind(other, value.Elements ?? Value.Unknown, known);
                }
            }
        }

        known[element] = passed;
        var result = Of(original.ReturnType, known);
        return result is null ? Value.Unknown
            : original.ReturnType is ITypeParameterSymbol && result.Null != Nullness.MaybeNull && Callees.MayGiveNull(method)
                ? Value.NullAnyway
            : Unpack(result, invocation.Syntax, _state);
    }

    private static IFlowAnonymousFunctionOperation? LambdaOf(IArgumentOperation argument) =>
        (argument.Value as IDelegateCreationOperation)?.Target as IFlowAnonymousFunctionOperation;

    /// <summary>The type parameter that a sequence is of.</summary>
    private static ITypeParameterSymbol? ElementOf(ITypeSymbol? type) => type switch
    {
        IArrayTypeSymbol array => array.ElementType as ITypeParameterSymbol,
        INamedTypeSymbol { TypeKind: not TypeKind.Delegate, TypeArguments: { Length: 1 } arguments } =>
            arguments[0] as ITypeParameterSymbol,
        _ => null,
    };

    /// <summary>What is known of a value of this type, by what is known of the type parameters in it.</summary>
    private static Value? Of(ITypeSymbol? type, Dictionary<ITypeSymbol, Value> known)
    {
        switch (type)
        {
            case ITypeParameterSymbol:
                return known.TryGetValue(type, out var value) ? value : null;
            case IArrayTypeSymbol array:
                return Of(array.ElementType, known) is { } element ? new Value { Elements = element } : null;
            case INamedTypeSymbol { TypeArguments: { Length: > 0 } arguments }:
                var last = Of(arguments[arguments.Length - 1], known);
                return last is null ? null : new Value { Elements = IsKeyed(type) ? new Value { Elements = last } : last };
            default:
                return null;
        }
    }

    private static void Bind(ITypeSymbol? type, Value value, Dictionary<ITypeSymbol, Value> known)
    {
        switch (type)
        {
            case ITypeParameterSymbol when !known.ContainsKey(type):
                known.Add(type, value);
                break;
            case INamedTypeSymbol { TypeArguments: { Length: 1 } arguments } when value.Elements is not null:
                Bind(arguments[0], value.Elements, known);
                break;
        }
    }

    /// <summary>Its elements are entries, each with a value.</summary>
    private static bool IsKeyed(ITypeSymbol? type) =>
        type is not null && (type.Name.Contains("Dictionary") || type.Name.Contains("Lookup"));

    /// <summary>What a property of a sequence, an entry or a task gives of what is in it.</summary>
    private static Value? Taken(IPropertyReferenceOperation property, Value elements) => property.Property.Name switch
    {
        "Current" or "Result" => elements,
        "Value" when property.Property.ContainingType.Name == "KeyValuePair" => elements,
        "Values" when IsKeyed(property.Property.ContainingType) => new Value { Elements = elements.Elements },
        _ => null,
    };

    /// <summary>Entries are taken out of a collection, or put in: of those that are left nothing is known.</summary>
    private void Change(Value collection, IMethodSymbol method)
    {
        if (!Vocabulary.IsRemoval(method.Name) && !Vocabulary.IsGrowth(method.Name))
        {
            return;
        }

        foreach (var holder in collection.Holders)
        {
            if (_state[holder] is { Elements: not null } held)
            {
                _state.Set(holder, held with { Elements = null });
            }
        }
    }

    /// <summary>The element as it is known once the predicate said yes.</summary>
    private Value Passing(Value element, Outcome outcome, IParameterSymbol parameter)
    {
        if (outcome.When(true) is not { } passed)
        {
            return element;
        }

        var packed = element.Packed.IsEmpty ? element : Pack(passed[parameter], passed);
        return packed with
        {
            Passed = Passed(element.Passed, passed, parameter),
            Null = passed[parameter].Null == Nullness.NotNull ? Nullness.NotNull : element.Null,
        };
    }

    /// <summary>With what is known of the element that the lambda let pass, and of references in it.</summary>
    private ImmutableArray<KeyValuePair<Reference, Guard>> Passed(
        ImmutableArray<KeyValuePair<Reference, Guard>> before, FlowState passed, IParameterSymbol parameter)
    {
        foreach (var guard in passed.Guards.Entries())
        {
            if (_body.Numbers.Reference(guard.Key) is var reference && reference.Root.Segment.Equals(parameter))
            {
                var element = reference.From(Reference.Element);
                before = before.RemoveAll(other => other.Key.Equals(element)).Add(new KeyValuePair<Reference, Guard>(element, guard.Value));
            }
        }

        return before;
    }

    /// <summary>The value as it can be carried out of a lambda: apart from the variables there, with what its parts are.</summary>
    private static Value Pack(Value value, FlowState state) => new()
    {
        Null = value.Null,
        Read = value.Read,
        Elements = value.Elements,
        IsDerived = value.IsDerived,
        IsNullAnyway = value.IsNullAnyway,
        Packed = value.Parts.IsEmpty ? value.Packed : value.Parts.Select(part => Pack(state[part], state)).ToImmutableArray(),
    };

    /// <summary>The value with its parts among the variables.</summary>
    private static Value Unpack(Value value, object owner, FlowState state)
    {
        if (value.Packed.IsEmpty)
        {
            return value;
        }

        var parts = value.Packed.Select((_, i) => (object)(owner, i)).ToImmutableArray();
        for (var i = 0; i < parts.Length; i++)
        {
            state.Forget(parts[i]);
            state.Set(parts[i], Unpack(value.Packed[i], parts[i], state));
        }

        return value with { Packed = Value.Unknown.Packed, Parts = parts };
    }

    /// <summary>An object of an anonymous type, which a query makes for each <c>let</c>.</summary>
    private Value Anonymous(IAnonymousObjectCreationOperation creation)
    {
        var parts = ImmutableArray.CreateBuilder<object>(creation.Initializers.Length);
        foreach (var initializer in creation.Initializers)
        {
            var value = initializer is ISimpleAssignmentOperation assignment ? assignment.Value : initializer;
            var part = Eval(value);
            UseAlive(part, value.Syntax);
            Assign(value, part);
            parts.Add(value);
        }

        return new Value { Null = Nullness.NotNull, Parts = parts.ToImmutable() };
    }

    private Value? PartOf(Value owner, IPropertySymbol property)
    {
        var index = 0;
        foreach (var member in property.ContainingType.GetMembers())
        {
            if (member is IPropertySymbol && index < owner.Parts.Length)
            {
                if (member.Name == property.Name)
                {
                    return Load(owner.Parts[index], null);
                }

                index++;
            }
        }

        return null;
    }

    /// <summary>A lambda that runs some time: what it does matters to nobody here.</summary>
    private void Later(IFlowAnonymousFunctionOperation lambda) =>
        (_sights[_block] ??= []).Add(new Sight(_graph.GetAnonymousFunctionControlFlowGraph(lambda), StartOf(lambda, [])));

    /// <summary>A lambda whose answer counts here. Asked again with the same knowledge it answers the same.</summary>
    private Outcome Nested(IFlowAnonymousFunctionOperation lambda, Value[] given)
    {
        var start = StartOf(lambda, given);
        if (!_body.Walked.TryGetValue(lambda, out var walked) || !walked.Start.SameAs(start))
        {
            walked = (start, new WeakReadWalker(_flow, _graph.GetAnonymousFunctionControlFlowGraph(lambda), _body, start, _inquiry).Run());
            _body.Walked[lambda] = walked;
        }

        (_sights[_block] ??= []).Add(new Sight(walked.Outcome));
        return walked.Outcome;
    }

    private FlowState StartOf(IFlowAnonymousFunctionOperation lambda, Value[] given)
    {
        var start = FlowState.Start(_body.Numbers);
        foreach (var entry in _body.KnownIn(lambda.Syntax, _state))
        {
            // A captured variable that nobody assigns again still is what it was when the lambda was made.
            if (_body.Numbers.Variable(entry.Key) is ISymbol variable && !_body.IsReassigned(variable)
                && !(entry.Value is { Null: Nullness.MaybeNull, Read: { } read } && _body.MayBeTestedBefore(lambda.Syntax, variable, read)))
            {
                start.Set(variable, entry.Value.Unconditional());
            }
        }

        start.AddGuardsOf(_state);
        for (var i = 0; i < given.Length && i < lambda.Symbol.Parameters.Length; i++)
        {
            var parameter = lambda.Symbol.Parameters[i];
            start.Set(parameter, Unpack(given[i], parameter, start) with { Passed = Value.Unknown.Passed });
            Pass(given[i], parameter, start);
        }

        return start;
    }
}
