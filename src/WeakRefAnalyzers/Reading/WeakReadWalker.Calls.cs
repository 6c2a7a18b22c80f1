using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Reading;

/// <summary>Members, reads, calls and pipelines.</summary>
internal sealed partial class WeakReadWalker
{
    private Reference? Member(IOperation? instance, ISymbol member)
    {
        if (member.IsStatic)
        {
            return new Reference(null, member);
        }

        var owner = Eval(instance);
        Dereference(owner, instance?.Parent?.Syntax ?? instance?.Syntax);
        return owner.Path is null ? null : new Reference(owner.Path, member);
    }

    private Value Property(IPropertyReferenceOperation property)
    {
        if (_flow.ReadOf(property, _inquiry) is { } read)
        {
            return Read(read);
        }

        if (!property.Arguments.IsEmpty)
        {
            return Element(property.Instance, property.Arguments.Select(argument => argument.Value).ToImmutableArray(), property.Syntax);
        }

        var owner = Eval(property.Instance);
        if (property.Property is { Name: "HasValue", ContainingType.OriginalDefinition.SpecialType: SpecialType.System_Nullable_T })
        {
            return Negate(NullTest(owner, property.Syntax));
        }

        Dereference(owner, property.Syntax);
        if (owner.Elements is { } elements && Taken(property, elements) is { } taken)
        {
            return Unpack(taken, property.Syntax, _state);
        }

        if (property.Property.ContainingType.IsAnonymousType && PartOf(owner, property.Property) is { } part)
        {
            return part;
        }

        return At(
            property.Property.IsStatic ? new Reference(null, property.Property)
                : owner.Path is null ? null : new Reference(owner.Path, property.Property),
            property.Type);
    }

    private Value Element(IOperation? array, ImmutableArray<IOperation> indices, SyntaxNode syntax)
    {
        var owner = Eval(array);
        Dereference(owner, syntax);
        var path = owner.Path;
        foreach (var index in indices)
        {
            path = Indexed(path, index, Eval(index));
        }

        return owner.Elements is { } elements && indices.Length == 1
            ? Unpack(IsKeyed(array?.Type) ? elements.Elements ?? Value.Unknown : elements, syntax, _state) with { Path = path }
            : new Value { Path = path };
    }

    private static Reference? Indexed(Reference? path, IOperation index, Value at)
    {
        var segment = Operations.Inner(index).ConstantValue is { HasValue: true, Value: { } constant } ? "[" + constant + "]"
            : at.Path?.Parent is null ? at.Path?.Segment : null;
        return segment is null || path is null ? null : new Reference(path, segment);
    }

    private Value Read(WeakRead read) =>
        Read(read, read is { Receiver: null, Operation.Syntax: ExpressionSyntax syntax,
            Operation.Kind: OperationKind.None or OperationKind.Invalid }
        ? new Value { Path = Unbound.PathOf(((syntax is InvocationExpressionSyntax call ? call.Expression : syntax)
            as MemberAccessExpressionSyntax)?.Expression, _body.Model) }
        : Eval(read.Receiver));

    private Value Read(WeakRead read, Value receiver)
    {
        Dereference(receiver, read.Operation.Syntax);
        var reference = read.Wrapper is { } wrapper ? WrappedBy(wrapper, read, receiver.Path) : receiver.Path;
        ReachedBy(receiver.Path);
        var guard = _state.GuardOf(reference) is { Kind: not GuardKind.Made } known ? known : null;
        switch (read.Kind)
        {
            case WeakReadKind.DeadProbe:
                return new Value { WhenFalse = Alive(reference, new Guard(GuardKind.Probed, read.Operation.Syntax, null), read.Kind) };
            case WeakReadKind.Probe or WeakReadKind.Allocated:
                return new Value { WhenTrue = Alive(reference, new Guard(GuardKind.Probed, read.Operation.Syntax, null), read.Kind) };
            case WeakReadKind.Elements:
                return new Value { Elements = Given(new Origin(read.Operation.Syntax, null, null, false) { IsWrapped = true }) };
            case WeakReadKind.Parts:
                return Parts(read);
            case WeakReadKind.Value:
                return Given(new Origin(read.Operation.Syntax, reference, guard, false) { IsWrapped = read.Wrapper is not null });
            default:
                return Try(read, reference, guard);
        }
    }

    /// <summary>A tuple with the target, and perhaps a bool that says whether it is there.</summary>
    private Value Parts(WeakRead read)
    {
        var syntax = read.Operation.Syntax;
        var parts = read.Parts.Select((_, i) => (object)(syntax, i)).ToImmutableArray();
        for (var i = 0; i < parts.Length; i++)
        {
            var isTarget = read.Parts[i] == WeakRead.Target;
            Assign(parts[i], isTarget ? Given(new Origin(syntax, null, null, false) { IsWrapped = true }) : Value.Unknown);
        }

        for (var i = 0; i < parts.Length; i++)
        {
            if (read.Parts[i] >= 0)
            {
                Assign(parts[i], new Value { WhenTrue = Delta.Empty.With(_body.Numbers.Of(parts[read.Parts[i]]), Nullness.NotNull) });
            }
        }

        return new Value { Parts = parts };
    }

    /// <summary>What the read gives: the target or null, unless somebody says that it is alive.</summary>
    private static Value Given(Origin read) =>
        new() { Null = read.Guard?.Kind == GuardKind.Asserted ? Nullness.Unknown : Nullness.MaybeNull, Read = read };

    /// <summary>
    /// The reference behind a wrapper: reached from its receiver or an argument; unknown, it is known by the call itself.
    /// </summary>
    private Reference? WrappedBy(ISymbol wrapper, WeakRead read, Reference? receiver)
    {
        var arguments = read.Operation switch
        {
            IInvocationOperation call => Arguments(call.Arguments),
            IPropertyReferenceOperation indexer => Arguments(indexer.Arguments),
            _ => [],
        };
        var isLocal = wrapper is IMethodSymbol { MethodKind: MethodKind.LocalFunction };
        var start = wrapper.IsStatic || isLocal ? Reference.This : receiver;
        if (read.Inner is { } inner)
        {
            if (inner.Length > 0 && inner[0] is (ILocalSymbol or IParameterSymbol) and { ContainingSymbol: not ITypeSymbol } captured
                && isLocal && !SymbolEqualityComparer.Default.Equals(captured.ContainingSymbol, wrapper))
            {
                return new Reference(null, captured).Extend(inner.Skip(1));
            }

            if (inner.Length > 0 && inner[0] is IParameterSymbol { ContainingSymbol: var declaring }
                && (declaring is ITypeSymbol || read.Operation is IConversionOperation))
            {
                return receiver?.Extend(inner.Skip(1)); // What an extension is called on, or what is converted.
            }

            return inner.Length > 0 && inner[0] is IParameterSymbol parameter
                ? arguments.Find(argument => argument.Argument.Parameter?.Ordinal == parameter.Ordinal).Value?.Path?.Extend(inner.Skip(1))
                : start?.Extend(inner);
        }

        var path = start is null ? null : new Reference(start, wrapper);
        foreach (var (argument, value) in arguments)
        {
            path = argument.Parameter?.RefKind == RefKind.Out ? path : Indexed(path, argument.Value, value);
        }

        return path;
    }

    private Value Try(WeakRead read, Reference? reference, Guard? guard)
    {
        var target = read.Out is IDeclarationExpressionOperation declaration ? declaration.Expression : read.Out;
        object? variable = target switch
        {
            ILocalReferenceOperation local => local.Local,
            IParameterReferenceOperation parameter => parameter.Parameter,
            _ => null,
        };
        var alive = Alive(reference, new Guard(GuardKind.Checked, read.Operation.Syntax, variable as ISymbol), read.Kind);
        if (variable is null)
        {
            if (target is not null)
            {
                Assign(target, Value.Unknown, null);
            }

            return new Value { WhenTrue = alive };
        }

        Assign(variable, Given(new Origin(read.Operation.Syntax, reference, guard, true, (variable as ISymbol)?.Name)));
        return new Value
        {
            WhenTrue = alive.With(_body.Numbers.Of(variable), Nullness.NotNull),
            WhenFalse = Delta.Empty.With(_body.Numbers.Of(variable), Nullness.Null),
        };
    }

    private Delta Alive(Reference? reference, Guard guard, WeakReadKind kind) => reference is null ? Delta.Empty
        : (kind == WeakReadKind.Allocated ? Delta.Empty : ReadEarlier(Delta.Empty, reference)).With(_body.Numbers.Of(reference), guard);

    private Value Invoke(IInvocationOperation invocation)
    {
        var method = invocation.TargetMethod;
        if (_flow.ReadOf(invocation, _inquiry) is { } read)
        {
            var given = Read(read);
            Run(method.MethodKind == MethodKind.LocalFunction ? method : null);
            return given;
        }

        var receiver = Eval(invocation.Instance);
        if (receiver.Elements is not null)
        {
            switch (method.Name)
            {
                case "GetEnumerator" or "GetAsyncEnumerator" or "ConfigureAwait" or "GetAwaiter" or "AsTask":
                    return receiver;
                case "GetResult":
                    return receiver.Elements;
            }

            Change(receiver, method);
        }

        if (method is { Name: "GetValueOrDefault", ContainingType.OriginalDefinition.SpecialType: SpecialType.System_Nullable_T })
        {
            // Without an argument it is how `flag ?? false` is lowered.
            return invocation.Arguments.IsEmpty ? receiver : new Value { WhenFalse = receiver.WhenFalse };
        }

        var extended = method.IsExtensionMethod && invocation.Arguments.Length > 0
            && invocation.Arguments[0].Parameter?.RefKind is not (RefKind.Ref or RefKind.Out)
            ? Eval(invocation.Arguments[0].Value) : null;
        var sequence = extended ?? receiver;
        if (Pipeline(invocation, method, sequence) is { } piped)
        {
            return piped;
        }

        var values = Arguments(invocation.Arguments, invocation, extended);
        if (invocation.Instance is not null)
        {
            Dereference(receiver, invocation.Syntax);
            Make(receiver.Path, invocation);
        }

        return Called(invocation, method, values);
    }

    private List<(IArgumentOperation Argument, Value Value)> Arguments(
        ImmutableArray<IArgumentOperation> arguments, IInvocationOperation? invocation = null, Value? first = null)
    {
        var values = new List<(IArgumentOperation, Value)>(arguments.Length);
        foreach (var argument in arguments)
        {
            if (argument.Parameter?.RefKind is RefKind.Out or RefKind.Ref)
            {
                Assign(argument.Value, invocation?.TargetMethod.ReturnType.SpecialType == SpecialType.System_Boolean
                    ? Value.NullAnyway : Value.Unknown, null); // What it looked for may not be there.
                values.Add((argument, Value.Unknown));
                continue;
            }

            if (argument is { ArgumentKind: ArgumentKind.ParamArray, Value: IArrayCreationOperation { Initializer: { } expanded } }
                && _flow.ToleratesNull(argument))
            {
                EvalAll(expanded.ElementValues); // Each an argument of its own.
                values.Add((argument, Value.Unknown));
                continue;
            }

            var value = first ?? Eval(argument.Value);
            first = null;
            values.Add((argument, value));
            if (IsTakenForAlive(value) && !_flow.ToleratesNull(argument))
            {
                UseAlive(value, argument.Syntax);
            }
        }

        // `lock` is lowered to this call, which throws on null.
        if (invocation is { IsImplicit: true, TargetMethod: { Name: "Enter", ContainingType.Name: "Monitor" } } && values.Count > 0)
        {
            Dereference(values[0].Item2, values[0].Item1.Syntax);
        }

        return values;
    }

    /// <summary>What the method's name and attributes say of its arguments once it returned.</summary>
    private Value Called(IInvocationOperation invocation, IMethodSymbol method, List<(IArgumentOperation Argument, Value Value)> arguments)
    {
        var result = Callees.MayGiveNull(method) ? Value.NullAnyway : Value.Unknown;
        foreach (var (argument, value) in arguments)
        {
            switch (_flow.PromiseOf(method, argument, value.Read is not null && value.Null == Nullness.MaybeNull ? _inquiry : null))
            {
                case Promise.NotNullAfter:
                    _state.Apply(Found(value, Nullness.NotNull, invocation.Syntax).Asserted());
                    break;
                case Promise.NotNullWhenTrue:
                    result = result with { WhenTrue = result.WhenTrue?.And(Found(value, Nullness.NotNull, invocation.Syntax)) };
                    break;
                case Promise.NotNullWhenFalse:
                    result = result with { WhenFalse = result.WhenFalse?.And(Found(value, Nullness.NotNull, invocation.Syntax)) };
                    break;
                case Promise.TrueAfter when value.WhenTrue is { } holds:
                    _state.Apply(holds.Asserted());
                    break;
                case Promise.FalseAfter when value.WhenFalse is { } fails:
                    _state.Apply(fails.Asserted());
                    break;
            }
        }

        if (method.Name is "ReferenceEquals" or "Equals" && arguments.Count == 2 && method.IsStatic)
        {
            var (left, right) = (arguments[0].Value, arguments[1].Value);
            result = right.Null == Nullness.Null && right.Read is null ? NullTest(left, invocation.Syntax)
                : left.Null == Nullness.Null && left.Read is null ? NullTest(right, invocation.Syntax)
                : NeitherIsNull(left, right, invocation.Syntax);
        }

        Run(method.MethodKind == MethodKind.LocalFunction ? method
            : method.MethodKind == MethodKind.DelegateInvoke
                && Operations.Inner(invocation.Instance) is ILocalReferenceOperation { Local: var local } ? local : null);
        _state.IsDead |= _flow.NeverReturns(method);
        return method.Name == "FromResult" ? new Value { Elements = ResultOf(arguments) } : result;
    }

    /// <summary>Of a task that is made of its result.</summary>
    private static Value? ResultOf(List<(IArgumentOperation Argument, Value Value)> arguments) =>
        arguments.Count == 1 ? arguments[0].Value : null;

    /// <summary>A function of this body runs: what it tests or assigns of our variables is not for us to judge from then on.</summary>
    private void Run(ISymbol? function)
    {
        if (function?.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is not { } source)
        {
            return;
        }

        foreach (var name in _body.TestedIn(source))
        {
            foreach (var number in _body.Numbers.Named(name))
            {
                if (_body.Numbers.Variable(number) is (ILocalSymbol or IParameterSymbol) and var variable
                    && _state.At(number) is { Null: Nullness.MaybeNull, Read: not null } value)
                {
                    _state.Set(variable, value with { Null = Nullness.Unknown, Read = null });
                }
            }
        }
    }
}
