using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Flow;

/// <summary>
/// Follows weak reads through one control-flow graph: a worklist over its blocks until nothing changes, then one more
/// round that reports. The lattice is finite and the number of rounds bounded, so is the work.
/// </summary>
internal sealed class WeakReadWalker
{
    private const int MaxVisitsPerBlock = 30;

    private readonly WeakReadFlow _flow;
    private readonly ControlFlowGraph _graph;
    private readonly FlowBody _body;
    private readonly FlowState _start;
    private readonly Action<WeakFinding>? _report;
    private readonly List<Value> _returned = [];
    private FlowState _state;

    public WeakReadWalker(WeakReadFlow flow, ControlFlowGraph graph, FlowBody body, FlowState start, Action<WeakFinding>? report)
    {
        _flow = flow;
        _graph = graph;
        _body = body;
        _start = start;
        _state = start;
        _report = report;
    }

    /// <summary>Every value the body returns, as known at its return.</summary>
    public IReadOnlyList<Value> Returned => _returned;

    private bool Reporting { get; set; }

    public void Run()
    {
        var blocks = _graph.Blocks;
        var entries = new FlowState?[blocks.Length];
        var visits = new int[blocks.Length];
        var pending = new SortedSet<int> { 0 };
        entries[0] = _start;
        while (pending.Count > 0)
        {
            var ordinal = pending.Min;
            pending.Remove(ordinal);
            if (++visits[ordinal] > MaxVisitsPerBlock)
            {
                return; // Stranger code than we can follow: silence.
            }

            _state = entries[ordinal]!.Clone();
            Visit(blocks[ordinal], (target, state) =>
            {
                var known = entries[target];
                var joined = known is null ? state.Clone() : FlowState.Join(known, state);
                if (known is null || !joined.SameAs(known))
                {
                    entries[target] = joined;
                    pending.Add(target);
                }
            });
        }

        Reporting = true;
        foreach (var block in blocks)
        {
            if (entries[block.Ordinal] is { } entry)
            {
                _state = entry.Clone();
                Visit(block, static (_, _) => { });
            }
        }
    }

    private void Visit(BasicBlock block, Action<int, FlowState> flow)
    {
        FlowIntoHandlers(block, flow);
        foreach (var operation in block.Operations)
        {
            Eval(operation);
            if (_state.IsDead)
            {
                return;
            }

            FlowIntoHandlers(block, flow);
        }

        var value = block.BranchValue is null ? Value.Unknown : Eval(block.BranchValue);
        var conditional = block.ConditionalSuccessor;
        if (conditional is not null)
        {
            var whenTrue = block.ConditionKind == ControlFlowConditionKind.WhenTrue;
            Follow(conditional, _state.Assuming(whenTrue ? value.WhenTrue : value.WhenFalse), flow);
            Follow(block.FallThroughSuccessor, _state.Assuming(whenTrue ? value.WhenFalse : value.WhenTrue), flow);
            return;
        }

        switch (block.FallThroughSuccessor?.Semantics)
        {
            case ControlFlowBranchSemantics.Return when block.BranchValue is { } returned:
                Return(value, returned);
                break;
            case ControlFlowBranchSemantics.Throw when block.BranchValue is { } thrown:
                Dereference(value, thrown.Syntax);
                break;
        }

        Follow(block.FallThroughSuccessor, _state.IsDead ? null : _state, flow);
    }

    private static void Follow(ControlFlowBranch? branch, FlowState? state, Action<int, FlowState> flow)
    {
        if (branch is null || state is null)
        {
            return;
        }

        foreach (var region in branch.FinallyRegions)
        {
            flow(region.FirstBlockOrdinal, state);
        }

        if (branch.Destination is { } destination)
        {
            flow(destination.Ordinal, state);
        }
    }

    /// <summary>A handler may be entered from anywhere in its try block.</summary>
    private static void FlowIntoHandlers(BasicBlock block, FlowState state, Action<int, FlowState> flow)
    {
        // The regions of a lambda's graph go on into those of the method around it: stop at its own root.
        for (var region = block.EnclosingRegion; region is not null && region.Kind != ControlFlowRegionKind.Root; region = region.EnclosingRegion)
        {
            if (region.Kind == ControlFlowRegionKind.Try && region.EnclosingRegion is { } whole)
            {
                foreach (var handler in whole.NestedRegions)
                {
                    if (handler.Kind != ControlFlowRegionKind.Try)
                    {
                        flow(handler.FirstBlockOrdinal, state);
                    }
                }
            }
        }
    }

    private void FlowIntoHandlers(BasicBlock block, Action<int, FlowState> flow) => FlowIntoHandlers(block, _state, flow);

    private Value Eval(IOperation? operation)
    {
        switch (operation)
        {
            case null:
                return Value.Unknown;
            case { ConstantValue: { HasValue: true } constant } and not IConversionOperation { Operand.ConstantValue.HasValue: false }:
                return Constant(constant.Value);
            case ILocalReferenceOperation local:
                return Load(local.Local, new Path(null, local.Local));
            case IParameterReferenceOperation parameter:
                return Load(parameter.Parameter, new Path(null, parameter.Parameter));
            case IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance }:
                return new Value { Path = Path.This, Null = Nullness.NotNull };
            case IFlowCaptureOperation capture:
                Assign(capture.Id, Eval(capture.Value));
                return Value.Unknown;
            case IFlowCaptureReferenceOperation reference:
                return Load(reference.Id, null);
            case IDefaultValueOperation { Type.IsReferenceType: true } or IDefaultValueOperation { Type.OriginalDefinition.SpecialType: SpecialType.System_Nullable_T }:
                return Value.NullConstant;
            case IConversionOperation conversion:
                return Convert(conversion);
            case IParenthesizedOperation parenthesized:
                return Eval(parenthesized.Operand);
            case IIsNullOperation isNull:
                return NullTest(Eval(isNull.Operand), isNull.Syntax);
            case IBinaryOperation binary:
                return Binary(binary);
            case IUnaryOperation { OperatorKind: UnaryOperatorKind.Not, OperatorMethod: null } not:
                return Negate(Eval(not.Operand));
            case IIsPatternOperation pattern:
                return Match(Eval(pattern.Value), pattern.Pattern, pattern.Syntax);
            case IIsTypeOperation isType:
                var tested = Negate(NullTest(Eval(isType.ValueOperand), isType.Syntax));
                return isType.IsNegated ? Negate(tested) : tested with { WhenFalse = Delta.Empty };
            case ISimpleAssignmentOperation assignment:
                return Assign(assignment.Target, Eval(assignment.Value), assignment.Value);
            case IDeconstructionAssignmentOperation deconstruction:
                Deconstruct(deconstruction.Target, deconstruction.Value);
                return Value.Unknown;
            case IDeclarationExpressionOperation declaration:
                return Eval(declaration.Expression);
            case IExpressionStatementOperation statement:
                return Eval(statement.Operation);
            case IInvocationOperation invocation:
                return Invoke(invocation);
            case IPropertyReferenceOperation property:
                return Property(property);
            case IFieldReferenceOperation field:
                return new Value { Path = Member(field.Instance, field.Field) };
            case IEventReferenceOperation @event:
                Dereference(Eval(@event.Instance), @event.Syntax);
                return Value.Unknown;
            case IMethodReferenceOperation method:
                Dereference(Eval(method.Instance), method.Syntax);
                return Value.Unknown;
            case IArrayElementReferenceOperation element:
                return Element(element.ArrayReference, element.Indices, element.Syntax);
            case IDynamicMemberReferenceOperation dynamic:
                Dereference(Eval(dynamic.Instance), dynamic.Syntax);
                return Value.Unknown;
            case IDynamicInvocationOperation call:
                Dereference(Eval(call.Operation), call.Syntax);
                EvalAll(call.Arguments);
                return Value.Unknown;
            case IAwaitOperation awaited:
                Dereference(Eval(awaited.Operation), awaited.Syntax);
                return Value.Unknown;
            case IReturnOperation { Kind: OperationKind.YieldReturn, ReturnedValue: { } yielded }:
                Return(Eval(yielded), yielded);
                return Value.Unknown;
            case IFlowAnonymousFunctionOperation lambda:
                Nested(lambda, Value.Unknown);
                return Value.Unknown;
            case ICompoundAssignmentOperation compound:
                Eval(compound.Value);
                return Assign(compound.Target, Value.Unknown, null);
            case IIncrementOrDecrementOperation increment:
                return Assign(increment.Target, Value.Unknown, null);
            case IObjectCreationOperation creation:
                Arguments(creation.Arguments);
                return new Value { Null = Nullness.NotNull };
            case { Kind: OperationKind.Invalid or OperationKind.None }:
                return Invalid(operation);
            case INameOfOperation or ITypeOfOperation or ISizeOfOperation:
                return Value.Unknown;
            case ITupleOperation or IArrayInitializerOperation:
                foreach (var child in operation.ChildOperations)
                {
                    UseAlive(Eval(child), child.Syntax);
                }

                return Value.Unknown;
            default:
                foreach (var child in operation.ChildOperations)
                {
                    Eval(child);
                }

                return Value.Unknown;
        }
    }

    private void EvalAll(IEnumerable<IOperation> operations)
    {
        foreach (var operation in operations)
        {
            Eval(operation);
        }
    }

    private static Value Constant(object? constant) => constant switch
    {
        null => Value.NullConstant,
        true => new Value { WhenFalse = null },
        false => new Value { WhenTrue = null },
        _ => Value.Unknown,
    };

    private Value Load(object variable, Path? path)
    {
        var value = _state[variable];
        return value with { Holders = value.Holders.Contains(variable) ? value.Holders : value.Holders.Add(variable), Path = path ?? value.Path };
    }

    private void Assign(object variable, Value value)
    {
        _state.Forget(variable);
        if (!ReferenceEquals(value, Value.Unknown))
        {
            _state.Set(variable, value with { Holders = value.Holders.Remove(variable), Path = variable is CaptureId ? value.Path : null });
        }

        if (value.Probed is { } probe && variable is ISymbol)
        {
            _state.Add(new Path(null, variable), probe);
        }
    }

    private Value Assign(IOperation target, Value value, IOperation? source)
    {
        switch (target)
        {
            case ILocalReferenceOperation { Local.RefKind: RefKind.None } local:
                Assign(local.Local, value);
                return value;
            case IParameterReferenceOperation parameter:
                Assign(parameter.Parameter, value);
                return value;
            case IFlowCaptureReferenceOperation capture:
                // The left side of `a.b ??= c` and the like: captured as a place, assigned through it.
                var place = _state[capture.Id].Path;
                if (place is not null)
                {
                    _state.Forget(place.Segment);
                }

                break;
            case IDeclarationExpressionOperation declaration:
                return Assign(declaration.Expression, value, source);
            case IDiscardOperation:
                return value;
            case IMemberReferenceOperation member:
                // The property that is written is not read; what it hangs on is.
                var path = Member(member.Instance, member.Member);
                if (member is IPropertyReferenceOperation { Arguments: { IsEmpty: false } indices })
                {
                    EvalAll(indices);
                }

                _state.Forget(member.Member);
                if (path?.Parent is { } owner && _flow.Roles.IsReferenceType(member.Member.ContainingType))
                {
                    _state.Forget(owner.Segment);
                }

                break;
            default:
                Eval(target);
                break;
        }

        if (source is not null)
        {
            UseAlive(value, source.Syntax);
        }

        return value;
    }

    private void Deconstruct(IOperation target, IOperation value)
    {
        if (target is IDeclarationExpressionOperation declaration)
        {
            target = declaration.Expression;
        }

        if (target is not ITupleOperation left)
        {
            return;
        }

        var right = value is IConversionOperation conversion ? conversion.Operand : value;
        if (right is ITupleOperation tuple && tuple.Elements.Length == left.Elements.Length)
        {
            var values = tuple.Elements.Select(Eval).ToArray();
            for (var i = 0; i < values.Length; i++)
            {
                Assign(left.Elements[i], values[i], tuple.Elements[i]);
            }

            return;
        }

        Dereference(Eval(value), value.Syntax);
        foreach (var element in left.Elements)
        {
            Assign(element, Value.Unknown, null);
        }
    }

    private Value Convert(IConversionOperation conversion)
    {
        var value = Eval(conversion.Operand);
        if (conversion.OperatorMethod is not null)
        {
            UseAlive(value, conversion.Operand.Syntax);
            return Value.Unknown;
        }

        if (conversion.Type is { IsValueType: true } type && type.OriginalDefinition.SpecialType != SpecialType.System_Nullable_T && conversion.Operand.Type is { IsReferenceType: true, TypeKind: not TypeKind.Error })
        {
            Dereference(value, conversion.Syntax);
            return Value.Unknown;
        }

        // `as` of a live object may give null for another reason, which is none of ours.
        return conversion.IsTryCast && value.Null == Nullness.NotNull ? Value.Unknown : value;
    }

    private Value Negate(Value value) => value with { WhenTrue = value.WhenFalse, WhenFalse = value.WhenTrue, Read = null, Null = Nullness.Unknown };

    /// <summary>The condition "the value is null".</summary>
    private Value NullTest(Value value, SyntaxNode cause)
    {
        if (value.Null == Nullness.Null && value.Read is null)
        {
            return new Value { WhenFalse = null };
        }

        return new Value { WhenTrue = Found(value, Nullness.Null, cause), WhenFalse = Found(value, Nullness.NotNull, cause) };
    }

    private Delta Found(Value value, Nullness nullness, SyntaxNode cause)
    {
        var variables = ImmutableDictionary<object, Nullness>.Empty;
        if (nullness == Nullness.NotNull || value.Read is not null)
        {
            foreach (var holder in value.Holders)
            {
                variables = variables.SetItem(holder, nullness);
            }
        }

        var guards = ImmutableDictionary<Path, Guard>.Empty;
        if (nullness == Nullness.NotNull && value.Read is { Reference: { } reference } read)
        {
            // An earlier read of a reference that is alive now gave its target.
            var holder = value.Holders.OfType<ISymbol>().FirstOrDefault();
            guards = guards.SetItem(reference, new Guard(GuardKind.Checked, read.Syntax, holder));
            variables = variables.SetItems(ReadEarlier(reference));
        }

        var found = new Delta(variables, guards);
        return nullness == Nullness.NotNull && value.WhenNotNull is { } more ? more.And(found) : found;
    }

    private IEnumerable<KeyValuePair<object, Nullness>> ReadEarlier(Path reference)
    {
        foreach (var entry in _state.Variables)
        {
            if (entry.Value is { Null: Nullness.MaybeNull, Read.Reference: { } other } && other.Equals(reference))
            {
                yield return new KeyValuePair<object, Nullness>(entry.Key, Nullness.NotNull);
            }
        }
    }

    private Value Binary(IBinaryOperation binary)
    {
        if (binary.Syntax.Kind() is SyntaxKind.LogicalAndExpression or SyntaxKind.LogicalOrExpression)
        {
            // Not lowered where an operand does not bind.
            return ShortCircuit(binary.LeftOperand, binary.RightOperand, binary.Syntax.IsKind(SyntaxKind.LogicalAndExpression));
        }

        var left = Eval(binary.LeftOperand);
        var right = Eval(binary.RightOperand);
        switch (binary.OperatorKind)
        {
            case BinaryOperatorKind.Equals:
                return Equality(binary, left, right);
            case BinaryOperatorKind.NotEquals:
                return Negate(Equality(binary, left, right));
            case BinaryOperatorKind.LessThan or BinaryOperatorKind.LessThanOrEqual or BinaryOperatorKind.GreaterThan or BinaryOperatorKind.GreaterThanOrEqual
                when binary.OperatorMethod is null || binary.IsLifted:
                return NeitherIsNull(left, right, binary.Syntax);
            case BinaryOperatorKind.And when binary.Type?.SpecialType == SpecialType.System_Boolean:
                return new Value { WhenTrue = left.WhenTrue is null || right.WhenTrue is null ? null : left.WhenTrue.And(right.WhenTrue) };
            case BinaryOperatorKind.Or when binary.Type?.SpecialType == SpecialType.System_Boolean:
                return new Value { WhenFalse = left.WhenFalse is null || right.WhenFalse is null ? null : left.WhenFalse.And(right.WhenFalse) };
            default:
                return Value.Unknown;
        }
    }

    private Value ShortCircuit(IOperation left, IOperation right, bool and)
    {
        var first = Eval(left);
        var before = _state.Clone();
        if (_state.Assuming(and ? first.WhenTrue : first.WhenFalse) is { } further)
        {
            _state = further;
        }

        var second = Eval(right);
        _state = before;
        return and
            ? new Value { WhenTrue = first.WhenTrue is null || second.WhenTrue is null ? null : first.WhenTrue.And(second.WhenTrue) }
            : new Value { WhenFalse = first.WhenFalse is null || second.WhenFalse is null ? null : first.WhenFalse.And(second.WhenFalse) };
    }

    private Value Equality(IBinaryOperation binary, Value left, Value right)
    {
        foreach (var (value, other, operand) in new[] { (left, right, binary.RightOperand), (right, left, binary.LeftOperand) })
        {
            switch (Keepers.Unwrap(operand).ConstantValue)
            {
                case { HasValue: true, Value: null }:
                    return NullTest(value, binary.Syntax);
                case { HasValue: true, Value: true }:
                    return value;
                case { HasValue: true, Value: false }:
                    return Negate(value);
            }

            if (other.Null == Nullness.Null && other.Read is null)
            {
                return NullTest(value, binary.Syntax);
            }
        }

        // Equal to an object that somebody holds: as good as found alive.
        return NeitherIsNull(left, right, binary.Syntax);
    }

    /// <summary>A condition that does not hold for null.</summary>
    private Value NeitherIsNull(Value left, Value right, SyntaxNode cause) =>
        new() { WhenTrue = Found(left, Nullness.NotNull, cause).And(Found(right, Nullness.NotNull, cause)) };

    private Value Match(Value value, IPatternOperation pattern, SyntaxNode cause)
    {
        switch (pattern)
        {
            case INegatedPatternOperation negated:
                return Negate(Match(value, negated.Pattern, cause));
            case IConstantPatternOperation constant when Keepers.Unwrap(constant.Value).ConstantValue is { HasValue: true } known:
                return known.Value switch
                {
                    null => NullTest(value, cause),
                    true => value,
                    false => Negate(value),
                    _ => new Value { WhenTrue = Found(value, Nullness.NotNull, cause) },
                };
            case IBinaryPatternOperation { OperatorKind: BinaryOperatorKind.Or } or:
                var (first, second) = (Match(value, or.LeftPattern, cause), Match(value, or.RightPattern, cause));
                return new Value
                {
                    WhenTrue = first.WhenTrue is null ? second.WhenTrue : second.WhenTrue is null ? first.WhenTrue : Common(first.WhenTrue, second.WhenTrue),
                    WhenFalse = first.WhenFalse is null || second.WhenFalse is null ? null : first.WhenFalse.And(second.WhenFalse),
                };
            case IBinaryPatternOperation { OperatorKind: BinaryOperatorKind.And } and:
                var (one, two) = (Match(value, and.LeftPattern, cause), Match(value, and.RightPattern, cause));
                return new Value { WhenTrue = one.WhenTrue is null || two.WhenTrue is null ? null : one.WhenTrue.And(two.WhenTrue) };
            case IDiscardPatternOperation:
                return new Value { WhenFalse = null };
            case IDeclarationPatternOperation { MatchesNull: true } any:
                if (any.DeclaredSymbol is { } alias)
                {
                    Assign(alias, value);
                }

                return new Value { WhenFalse = null };
            default:
                var matched = Found(value, Nullness.NotNull, cause);
                if (DeclaredBy(pattern) is { } declared)
                {
                    _state.Forget(declared);
                    matched = new Delta(matched.Variables.SetItem(declared, Nullness.NotNull), matched.Guards.ToImmutableDictionary(g => g.Key, g => g.Value with { Holder = declared }));
                }

                if (pattern is IRecursivePatternOperation recursive)
                {
                    matched = matched.And(SubpatternProbes(recursive, value.Path));
                }

                var narrow = pattern is IRecursivePatternOperation { DeconstructionSubpatterns.IsEmpty: true, PropertySubpatterns.IsEmpty: true } properties
                    && SymbolEqualityComparer.Default.Equals(properties.MatchedType, properties.InputType);
                return new Value { WhenTrue = matched, WhenFalse = narrow ? Found(value, Nullness.Null, cause) : Delta.Empty };
        }
    }

    /// <summary><c>w is { IsAlive: true }</c> is a probe as well.</summary>
    private Delta SubpatternProbes(IRecursivePatternOperation pattern, Path? path)
    {
        var found = Delta.Empty;
        foreach (var property in pattern.PropertySubpatterns)
        {
            if (path is not null && property is { Member: IPropertyReferenceOperation member, Pattern: IConstantPatternOperation { Value.ConstantValue: { HasValue: true, Value: true } } }
                && _flow.ReadOf(member) is { Kind: WeakReadKind.Probe or WeakReadKind.Allocated })
            {
                found = found.And(Alive(path, new Guard(GuardKind.Probed, member.Syntax, null), WeakReadKind.Probe));
            }
        }

        return found;
    }

    private static ISymbol? DeclaredBy(IPatternOperation pattern) => pattern switch
    {
        IDeclarationPatternOperation declaration => declaration.DeclaredSymbol,
        IRecursivePatternOperation recursive => recursive.DeclaredSymbol,
        _ => null,
    };

    private static Delta Common(Delta a, Delta b) => new(
        a.Variables.Where(v => b.Variables.TryGetValue(v.Key, out var other) && other == v.Value).ToImmutableDictionary(),
        a.Guards.Where(g => b.Guards.ContainsKey(g.Key)).ToImmutableDictionary());

    private Path? Member(IOperation? instance, ISymbol member)
    {
        if (member.IsStatic)
        {
            return new Path(null, member);
        }

        var owner = Eval(instance);
        Dereference(owner, instance?.Parent?.Syntax ?? instance?.Syntax);
        return owner.Path is null ? null : new Path(owner.Path, member);
    }

    private Value Property(IPropertyReferenceOperation property)
    {
        if (_flow.ReadOf(property) is { } read)
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
        if (owner.Elements is { } elements && property.Property.Name == "Current")
        {
            return elements;
        }

        return new Value { Path = property.Property.IsStatic ? new Path(null, property.Property) : owner.Path is null ? null : new Path(owner.Path, property.Property) };
    }

    private Value Element(IOperation? array, ImmutableArray<IOperation> indices, SyntaxNode syntax)
    {
        var owner = Eval(array);
        Dereference(owner, syntax);
        Path? path = owner.Path;
        foreach (var index in indices)
        {
            var at = Eval(index);
            object? segment = Keepers.Unwrap(index).ConstantValue is { HasValue: true, Value: { } constant } ? "[" + constant + "]" : at.Path?.Parent is null ? at.Path?.Segment : null;
            path = segment is null || path is null ? null : new Path(path, segment);
        }

        return new Value { Path = path };
    }

    private Value Read(WeakRead read)
    {
        var receiver = Eval(read.Receiver);
        Dereference(receiver, read.Operation.Syntax);
        var member = read.Wrapper;
        var reference = member is { IsStatic: true } ? Path.This : receiver.Path;
        if (read.Inner is { } inner)
        {
            reference = reference?.Extend(inner);
        }

        var guard = _state.GuardOf(reference);
        switch (read.Kind)
        {
            case WeakReadKind.Probe or WeakReadKind.Allocated:
                return new Value { WhenTrue = Alive(reference, new Guard(GuardKind.Probed, read.Operation.Syntax, null), read.Kind) };
            case WeakReadKind.Value:
                return new Value { Null = guard?.Kind == GuardKind.Asserted ? Nullness.Unknown : Nullness.MaybeNull, Read = new Origin(read.Operation.Syntax, reference, guard, false) };
            default:
                return Try(read, reference, guard);
        }
    }

    private Value Try(WeakRead read, Path? reference, Guard? guard)
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

        Assign(variable, new Value { Null = guard?.Kind == GuardKind.Asserted ? Nullness.Unknown : Nullness.MaybeNull, Read = new Origin(read.Operation.Syntax, reference, guard, true, (variable as ISymbol)?.Name) });
        return new Value
        {
            WhenTrue = new Delta(alive.Variables.SetItem(variable, Nullness.NotNull), alive.Guards),
            WhenFalse = new Delta(ImmutableDictionary<object, Nullness>.Empty.SetItem(variable, Nullness.Null), ImmutableDictionary<Path, Guard>.Empty),
        };
    }

    private Delta Alive(Path? reference, Guard guard, WeakReadKind kind) => reference is null
        ? Delta.Empty
        : new Delta(
            kind == WeakReadKind.Allocated ? ImmutableDictionary<object, Nullness>.Empty : ImmutableDictionary<object, Nullness>.Empty.SetItems(ReadEarlier(reference)),
            ImmutableDictionary<Path, Guard>.Empty.SetItem(reference, guard));

    private Value Invoke(IInvocationOperation invocation)
    {
        if (_flow.ReadOf(invocation) is { } read)
        {
            return Read(read);
        }

        var method = invocation.TargetMethod;
        var receiver = Eval(invocation.Instance);
        if (method.Name == "GetEnumerator" && receiver.Elements is not null)
        {
            return receiver;
        }

        if (method is { Name: "GetValueOrDefault", ContainingType.OriginalDefinition.SpecialType: SpecialType.System_Nullable_T })
        {
            return receiver; // How `flag ?? false` is lowered.
        }

        var sequence = method.IsExtensionMethod && invocation.Arguments.Length > 0 ? Eval(invocation.Arguments[0].Value) : receiver;
        if (Pipeline(invocation, method, sequence) is { } piped)
        {
            return piped;
        }

        var values = Arguments(invocation.Arguments, invocation);
        if (invocation.Instance is not null)
        {
            Dereference(receiver, invocation.Syntax);
        }

        return Called(invocation, method, values);
    }

    /// <summary>LINQ: what a lambda says of one element holds for all that pass it.</summary>
    private Value? Pipeline(IInvocationOperation invocation, IMethodSymbol method, Value sequence)
    {
        var lambda = invocation.Arguments.Length == 0 ? null : invocation.Arguments[invocation.Arguments.Length - 1].Value is IDelegateCreationOperation { Target: IFlowAnonymousFunctionOperation target } ? target : null;
        switch (method.Name)
        {
            case "Where" when lambda is { Symbol.Parameters.Length: 1 }:
            {
                var parameter = lambda.Symbol.Parameters[0];
                var condition = Single(Nested(lambda, sequence.Elements ?? Value.Unknown));
                var probe = condition?.WhenTrue?.Guards.FirstOrDefault(g => g.Key.Segment.Equals(parameter)).Value;
                var element = sequence.Elements ?? Value.Unknown;
                element = probe is null ? element : element with { Probed = probe };
                if (condition?.WhenTrue?.Variables.TryGetValue(parameter, out var nullness) == true && nullness == Nullness.NotNull)
                {
                    element = element with { Null = Nullness.NotNull };
                }

                return new Value { Elements = element };
            }

            case "Select" when lambda is { Symbol.Parameters.Length: 1 }:
            {
                var result = Single(Nested(lambda, sequence.Elements ?? Value.Unknown));
                return new Value { Elements = result is null ? null : new Value { Null = result.Null, Read = result.Read } };
            }

            case "ForEach" or "Any" or "All" or "First" or "FirstOrDefault" or "Count" or "SelectMany" when lambda is { Symbol.Parameters.Length: 1 } && sequence.Elements is not null:
                Nested(lambda, sequence.Elements);
                return Value.Unknown;
            case "OfType":
                return Value.Unknown;
            case "ToList" or "ToArray" or "AsEnumerable" or "Reverse" or "Cast" or "ToHashSet" or "Skip" or "Take" when sequence.Elements is not null:
                return new Value { Elements = sequence.Elements };
            default:
                return null;
        }
    }

    private static Value? Single(IReadOnlyList<Value> values) => values.Count == 1 ? values[0] : null;

    private List<(IArgumentOperation Argument, Value Value)> Arguments(ImmutableArray<IArgumentOperation> arguments, IInvocationOperation? invocation = null)
    {
        var values = new List<(IArgumentOperation, Value)>(arguments.Length);
        foreach (var argument in arguments)
        {
            if (argument.Parameter?.RefKind is RefKind.Out or RefKind.Ref)
            {
                Assign(argument.Value, Value.Unknown, null);
                values.Add((argument, Value.Unknown));
                continue;
            }

            var value = Eval(argument.Value);
            values.Add((argument, value));
            if (value.Null == Nullness.MaybeNull && value.Read?.Guard is not null && !Callees.ToleratesNull(argument))
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
        var result = Value.Unknown;
        foreach (var (argument, value) in arguments)
        {
            switch (Callees.PromiseOf(method, argument.Parameter))
            {
                case Promise.NotNullAfter:
                    _state.Apply(Found(value, Nullness.NotNull, invocation.Syntax).Asserted());
                    break;
                case Promise.NotNullWhenTrue:
                    result = result with { WhenTrue = (result.WhenTrue ?? Delta.Empty).And(Found(value, Nullness.NotNull, invocation.Syntax)) };
                    break;
                case Promise.NotNullWhenFalse:
                    result = result with { WhenFalse = (result.WhenFalse ?? Delta.Empty).And(Found(value, Nullness.NotNull, invocation.Syntax)) };
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

        _state.IsDead = Callees.NeverReturns(method);
        return result;
    }

    /// <summary>Code that does not bind: what its syntax alone makes certain still counts.</summary>
    private Value Invalid(IOperation invalid)
    {
        if (invalid.Syntax.Kind() is SyntaxKind.LogicalAndExpression or SyntaxKind.LogicalOrExpression && invalid.ChildOperations.ToArray() is { Length: 2 } operands)
        {
            return ShortCircuit(operands[0], operands[1], invalid.Syntax.IsKind(SyntaxKind.LogicalAndExpression));
        }

        if (invalid.Syntax is CastExpressionSyntax or ParenthesizedExpressionSyntax || invalid.Syntax.IsKind(SyntaxKind.AsExpression))
        {
            // A cast to a type that is missing is a cast all the same.
            return Eval(invalid.ChildOperations.FirstOrDefault());
        }

        if (invalid.Syntax.Kind() is SyntaxKind.LessThanExpression or SyntaxKind.LessThanOrEqualExpression or SyntaxKind.GreaterThanExpression or SyntaxKind.GreaterThanOrEqualExpression
            && invalid.ChildOperations.ToArray() is { Length: 2 } compared)
        {
            return NeitherIsNull(Eval(compared[0]), Eval(compared[1]), invalid.Syntax);
        }

        foreach (var child in invalid.ChildOperations)
        {
            var value = Eval(child);
            SyntaxNode outer = child.Syntax;
            while (outer.Parent is ParenthesizedExpressionSyntax)
            {
                outer = outer.Parent;
            }

            switch (outer.Parent)
            {
                case MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax } called when Lacks(child.Type, called.Name.Identifier.ValueText):
                    break; // An extension out of a missing reference.
                case MemberAccessExpressionSyntax access when access.Expression == outer:
                    Dereference(value, access.Parent is InvocationExpressionSyntax call ? call : access);
                    break;
                case ElementAccessExpressionSyntax access when access.Expression == outer:
                    Dereference(value, access);
                    break;
                case ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax check } when Callees.ChecksByName(check):
                    _state.Apply(Found(value, Nullness.NotNull, check).Asserted());
                    _state.Apply(((Callees.AssertsFalse(check) ? value.WhenFalse : value.WhenTrue) ?? Delta.Empty).Asserted());
                    break;
            }
        }

        return Value.Unknown;
    }

    /// <summary>The type and its bases are all known, and none has such a member.</summary>
    private static bool Lacks(ITypeSymbol? type, string member)
    {
        for (; type is not null && type.TypeKind != TypeKind.Error && type.GetMembers(member).IsEmpty; type = type.BaseType)
        {
            if (type.SpecialType == SpecialType.System_Object)
            {
                return true;
            }
        }

        return false;
    }

    private IReadOnlyList<Value> Nested(IFlowAnonymousFunctionOperation lambda, Value element)
    {
        var start = FlowState.Start();
        foreach (var entry in _state.Variables)
        {
            // A captured variable that nobody assigns again still is what it was when the lambda was made.
            if (entry.Key is ISymbol variable && !_body.IsReassigned(variable))
            {
                start.Set(variable, entry.Value with { WhenTrue = Delta.Empty, WhenFalse = Delta.Empty, WhenNotNull = Delta.Empty });
            }
        }

        foreach (var guard in _state.Guards)
        {
            start.Add(guard.Key, guard.Value);
        }

        if (lambda.Symbol.Parameters.Length > 0)
        {
            var parameter = lambda.Symbol.Parameters[0];
            start.Set(parameter, element with { Probed = null });
            if (element.Probed is { } probe)
            {
                start.Add(new Path(null, parameter), probe);
            }
        }

        return _flow.WalkNested(_graph.GetAnonymousFunctionControlFlowGraph(lambda), _body, start, Reporting ? _report : null);
    }

    /// <summary>Passed on, stored or returned as if it were alive: a defect only after a check that proves nothing.</summary>
    private void UseAlive(Value value, SyntaxNode where)
    {
        if (Reporting && value is { Null: Nullness.MaybeNull, Read: { Guard: not null } read })
        {
            Report(read, where);
        }
    }

    private void Return(Value value, IOperation returned)
    {
        if (Reporting)
        {
            _returned.Add(value);
        }

        if (!_body.MayReturnNull(returned.Syntax))
        {
            UseAlive(value, returned.Syntax);
        }
    }

    private void Dereference(Value value, SyntaxNode? where)
    {
        if (value.Read is not { } read || value.Null is not (Nullness.MaybeNull or Nullness.Null) || where is null)
        {
            return;
        }

        if (Reporting)
        {
            Report(read, where);
        }

        // Whoever gets past it has an object in hand.
        foreach (var holder in value.Holders)
        {
            _state.Set(holder, _state[holder] with { Null = Nullness.NotNull });
        }
    }

    private void Report(Origin read, SyntaxNode where)
    {
        if (_report is null || _body.StillHolds(read, where))
        {
            return;
        }

        var kind = read switch
        {
            { Guard.Kind: GuardKind.Probed } => WeakFindingKind.ProbedThenRead,
            { Guard.Kind: GuardKind.Checked } => WeakFindingKind.CheckedThenRead,
            { IsTry: true } => WeakFindingKind.ResultIgnored,
            _ => WeakFindingKind.Unchecked,
        };
        _report(new WeakFinding(kind, read, where));
    }
}
