using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Roles;
using Path = WeakRefAnalyzers.Code.Reference;

namespace WeakRefAnalyzers.Flow;

/// <summary>
/// Follows weak reads through one control-flow graph: a worklist over its blocks until nothing changes, then one more
/// round that reports. The lattice is finite and the number of rounds bounded, so is the work.
/// </summary>
internal sealed partial class WeakReadWalker
{
    private const int MaxVisitsPerBlock = 30;

    private readonly WeakReadFlow _flow;
    private readonly ControlFlowGraph _graph;
    private readonly FlowBody _body;
    private readonly FlowState _start;
    private readonly Action<WeakFinding>? _report;
    private readonly List<(Value Value, FlowState State)> _returned = [];
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

    private bool Reporting { get; set; }

    public Outcome Run()
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
                return new Outcome([], null); // Stranger code than we can follow: silence.
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

        return new Outcome(_returned, entries[blocks.Length - 1]);
    }

    private void Visit(BasicBlock block, Action<int, FlowState> flow)
    {
        DropWhatWasLeft(block);
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

    /// <summary>
    /// What lives only in regions that were left on the way here need not be carried through the rest of the body. Those of an
    /// expression are left together: the outer parts still ask where the inner ones were dead.
    /// </summary>
    private void DropWhatWasLeft(BasicBlock block)
    {
        foreach (var branch in block.Predecessors)
        {
            foreach (var region in branch.LeavingRegions)
            {
                if (region.EnclosingRegion is not { CaptureIds.IsEmpty: false })
                {
                    Drop(region);
                }
            }
        }
    }

    private void Drop(ControlFlowRegion region)
    {
        foreach (var capture in region.CaptureIds)
        {
            _state.Drop(capture);
        }

        foreach (var local in region.Locals)
        {
            _state.Drop(local);
        }

        foreach (var nested in region.NestedRegions)
        {
            Drop(nested);
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
                AssumeLeft(capture);
                return Value.Unknown;
            case IFlowCaptureReferenceOperation reference:
                var put = Load(reference.Id, null);
                return put.IsDerived && reference.Type?.IsReferenceType != true ? put with { Null = Nullness.Unknown, Read = null, IsDerived = false } : put;
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
            case IUnaryOperation { OperatorKind: UnaryOperatorKind.Not or UnaryOperatorKind.False, OperatorMethod: null } not:
                return Negate(Eval(not.Operand));
            case IUnaryOperation { OperatorKind: UnaryOperatorKind.True, OperatorMethod: null } same:
                return Eval(same.Operand);
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
                return Assign(compound.Target, Combine(compound.OperatorKind, compound.Type, Eval(compound.Target), Eval(compound.Value)), null);
            case IIncrementOrDecrementOperation increment:
                return Assign(increment.Target, Value.Unknown, null);
            case IObjectCreationOperation creation:
                Arguments(creation.Arguments);
                return new Value { Null = Nullness.NotNull };
            case { Kind: OperationKind.Invalid or OperationKind.None }:
                return Unbound(operation);
            case INameOfOperation or ITypeOfOperation or ISizeOfOperation:
                return Value.Unknown;
            case ITupleOperation tuple:
                foreach (var part in tuple.Elements)
                {
                    var value = Eval(part);
                    UseAlive(value, part.Syntax);
                    Assign(part, value);
                }

                return new Value { Parts = tuple.Elements.CastArray<object>() };
            case IArrayInitializerOperation array:
                foreach (var element in array.ElementValues)
                {
                    UseAlive(Eval(element), element.Syntax);
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
            _state.Set(variable, value with { Holders = value.Holders.Remove(variable), Path = variable is ISymbol ? null : value.Path });
            foreach (var holder in value.Holders)
            {
                // What is found out about one of them holds for the other.
                if (!holder.Equals(variable) && _state.Variables.TryGetValue(holder, out var held) && !held.Holders.Contains(variable))
                {
                    _state.Set(holder, held with { Holders = held.Holders.Add(variable) });
                }
            }
        }

        if (variable is ISymbol)
        {
            Pass(value, variable, _state);
        }
    }

    private static void Pass(Value element, object variable, FlowState state)
    {
        foreach (var passed in element.Passed)
        {
            state.Add(passed.Key.From(new Path(null, variable)), passed.Value);
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

        if (conversion.Operand.Type?.TypeKind == TypeKind.Dynamic && conversion.Type?.SpecialType == SpecialType.System_Boolean)
        {
            return value with { Read = null }; // The outcome of a comparison; should it be a target all the same, it is not ours to say.
        }

        if (conversion.Type is { IsValueType: true } type && type.OriginalDefinition.SpecialType != SpecialType.System_Nullable_T && conversion.Operand.Type is { IsReferenceType: true, TypeKind: not TypeKind.Error })
        {
            Dereference(value, conversion.Syntax);
            return Value.Unknown;
        }

        if (conversion.Conversion is { IsNumeric: true, IsImplicit: false })
        {
            return Value.Unknown; // May make one number of two.
        }

        // `as` of a live object may give null for another reason, which is none of ours.
        return conversion.IsTryCast && value.Null == Nullness.NotNull ? Value.Unknown : value;
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
            _returned.Add((value, _state.Clone()));
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
        if (_report is null || _body.StillHolds(read, where) || FlowBody.IsCaught(where))
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
