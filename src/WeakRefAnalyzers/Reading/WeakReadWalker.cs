using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;

namespace WeakRefAnalyzers.Reading;

/// <summary>
/// Follows weak reads through one control-flow graph: a worklist over its blocks until nothing changes. What counts is
/// the last visit of each block; what it found and returned, nothing is walked again for.
/// </summary>
internal sealed partial class WeakReadWalker
{
    private const int MaxVisitsPerBlock = 30;

    /// <summary>
    /// Visited so often, a block no longer minds how what is known hangs together: only so does a nest of loops come to rest.
    /// </summary>
    private const int ExactVisits = 4;

    private readonly WeakReadFlow _flow;
    private readonly ControlFlowGraph _graph;
    private readonly BodyFacts _body;
    private readonly Inquiry _inquiry;
    private readonly FlowState?[] _entries;
    private readonly FlowState?[] _handled;
    private readonly int[] _visits;
    private readonly List<Sight>?[] _sights;
    private readonly List<Sight>?[] _taken;
    private readonly HashSet<IParameterSymbol> _outs = new(SymbolEqualityComparer.Default);
    private readonly List<(Value Value, FlowState State)>?[] _returned;
    private readonly Dictionary<ControlFlowRegion, Map<object>> _variables = [];
    private SortedSet<int> _pending = [0];
    private SortedSet<int> _next = [];
    private int _block;
    private FlowState _state;

    public WeakReadWalker(WeakReadFlow flow, ControlFlowGraph graph, BodyFacts body, FlowState start, Inquiry inquiry)
    {
        _flow = flow;
        _graph = graph;
        _body = body;
        _inquiry = inquiry;
        _state = start;
        _entries = new FlowState?[graph.Blocks.Length];
        _handled = new FlowState?[graph.Blocks.Length];
        _visits = new int[graph.Blocks.Length];
        _sights = new List<Sight>?[graph.Blocks.Length];
        _taken = new List<Sight>?[graph.Blocks.Length];
        _returned = new List<(Value, FlowState)>?[graph.Blocks.Length];
        _entries[0] = start;
    }

    public Outcome Run()
    {
        while (_pending.Count > 0)
        {
            _block = _pending.Min;
            _pending.Remove(_block);
            if (++_visits[_block] > MaxVisitsPerBlock)
            {
                _body.Effort.GiveUp(); // Stranger code than we can follow: silence.
            }

            if (_body.Effort.IsSpent)
            {
                return Outcome.None;
            }

            _state = _entries[_block]!.Clone();
            _sights[_block] = null;
            _taken[_block] = null;
            _returned[_block] = null;
            Visit(_graph.Blocks[_block]);
            if (_pending.Count == 0)
            {
                (_pending, _next) = (_next, _pending);
            }
        }

        var returned = InOrder(_returned);
        ReportAnswers(returned);
        return new Outcome(returned, _entries[_entries.Length - 1], InOrder(_sights), _graph);
    }

    private static List<T> InOrder<T>(List<T>?[] ofBlocks)
    {
        var all = new List<T>();
        foreach (var ofBlock in ofBlocks)
        {
            if (ofBlock is not null)
            {
                all.AddRange(ofBlock);
            }
        }

        return all;
    }

    /// <summary>
    /// The state arrives at a block. What lies behind waits for the next round: a loop is not run to its end for each change of the
    /// one around it.
    /// </summary>
    private void Arrive(int block, FlowState state)
    {
        var known = _entries[block];
        var joined = known is null ? state.Clone() : FlowState.Join(known, state, conditions: _visits[block] < ExactVisits);
        if (known is null || !joined.IsSame(known))
        {
            _entries[block] = joined;
            (block > _block ? _pending : _next).Add(block);
        }
    }

    private void Visit(BasicBlock block)
    {
        if (block.Kind == BasicBlockKind.Exit)
        {
            return;
        }

        foreach (var branch in block.Predecessors)
        {
            Drop(branch, _state);
        }

        FlowIntoHandlers(block);
        foreach (var operation in block.Operations)
        {
            Eval(operation);
            if (_state.IsDead)
            {
                return;
            }

            FlowIntoHandlers(block);
        }

        var value = block.BranchValue is null ? Value.Unknown : Eval(block.BranchValue);
        var conditional = block.ConditionalSuccessor;
        if (conditional is not null)
        {
            var whenTrue = block.ConditionKind == ControlFlowConditionKind.WhenTrue;
            Follow(conditional, _state.Assuming(whenTrue ? value.WhenTrue : value.WhenFalse));
            Follow(block.FallThroughSuccessor, _state.Assuming(whenTrue ? value.WhenFalse : value.WhenTrue));
            return;
        }

        switch (block.FallThroughSuccessor?.Semantics)
        {
            case ControlFlowBranchSemantics.Return when block.BranchValue is { } returned:
                Return(value, returned);
                Answer(Settled(value, returned), returned);
                break;
            case ControlFlowBranchSemantics.Throw when block.BranchValue is { } thrown:
                Dereference(value, thrown.Syntax);
                break;
        }

        Follow(block.FallThroughSuccessor, _state.IsDead ? null : _state);
    }

    private void Follow(ControlFlowBranch? branch, FlowState? state)
    {
        if (branch is null || state is null)
        {
            return;
        }

        foreach (var region in branch.FinallyRegions)
        {
            Arrive(region.FirstBlockOrdinal, state);
        }

        if (branch.Destination is { Kind: BasicBlockKind.Exit } exit)
        {
            Arrive(exit.Ordinal, state.OfParameters());
        }
        else if (branch.Destination is { } destination)
        {
            Drop(branch, state);
            Arrive(destination.Ordinal, state);
        }
    }

    /// <summary>
    /// What lives only in regions that are left here need not be carried through the rest of the body. Those of an
    /// expression are left together: the outer parts still ask where the inner ones were dead.
    /// </summary>
    private void Drop(ControlFlowBranch branch, FlowState state)
    {
        foreach (var region in branch.LeavingRegions)
        {
            if (region.EnclosingRegion is not { CaptureIds.IsEmpty: false })
            {
                state.Drop(VariablesOf(region));
            }
        }
    }

    /// <summary>What lives only in this region and those in it, by number.</summary>
    private Map<object> VariablesOf(ControlFlowRegion region)
    {
        if (_variables.TryGetValue(region, out var variables))
        {
            return variables;
        }

        foreach (var nested in region.NestedRegions)
        {
            variables = Map<object>.Join(variables, VariablesOf(nested), static (_, one, other) => one ?? other);
        }

        foreach (var capture in region.CaptureIds)
        {
            variables = variables.With(_body.Numbers.Of(capture), region);
        }

        foreach (var local in region.Locals)
        {
            variables = variables.With(_body.Numbers.Of(local), region);
        }

        _variables.Add(region, variables);
        return variables;
    }

    /// <summary>A handler may be entered from anywhere in its try block; those further out from there.</summary>
    private void FlowIntoHandlers(BasicBlock block)
    {
        // The regions of a lambda's graph go on into those of the method around it: stop at its own root.
        var region = block.EnclosingRegion;
        while (region.Kind is not (ControlFlowRegionKind.Try or ControlFlowRegionKind.Root) && region.EnclosingRegion is { } outer)
        {
            region = outer;
        }

        if (region is not { Kind: ControlFlowRegionKind.Try, EnclosingRegion: { } whole })
        {
            return;
        }

        foreach (var handler in whole.NestedRegions)
        {
            if (handler.Kind != ControlFlowRegionKind.Try)
            {
                // What has arrived before need not arrive again.
                var first = handler.FirstBlockOrdinal;
                var before = _handled[first];
                if (before?.IsSame(_state) != true)
                {
                    Arrive(first, before is null ? _state : _entries[first]!.Taking(before, _state));
                    _handled[first] = _state.Clone();
                }
            }
        }
    }

    private Value Eval(IOperation? operation)
    {
        if (operation is null || !_body.Effort.Enter())
        {
            return Value.Unknown;
        }

        var value = ValueOf(operation);
        _body.Effort.Leave();
        return value;
    }

    private Value ValueOf(IOperation operation)
    {
        switch (operation)
        {
            case { ConstantValue: { HasValue: true } constant } and not IConversionOperation { Operand.ConstantValue.HasValue: false }:
                return Constant(constant.Value);
            case ILocalReferenceOperation local:
                return Variable(local.Local, local.Local.Type);
            case IParameterReferenceOperation parameter:
                return Parameter(parameter.Parameter);
            case IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance }:
                return new Value { Path = Reference.This, Null = Nullness.NotNull };
            case IFlowCaptureOperation capture:
                Assign(capture.Id, Eval(capture.Value));
                AssumeLeft(capture);
                return Value.Unknown;
            case IFlowCaptureReferenceOperation reference:
                var put = Load(reference.Id, null);
                return put.IsDerived && reference.Type?.IsReferenceType != true
                    ? put with { Null = Nullness.Unknown, Read = null, IsDerived = false } : put;
            case IDefaultValueOperation { Type.IsReferenceType: true }
                or IDefaultValueOperation { Type.OriginalDefinition.SpecialType: SpecialType.System_Nullable_T }:
                return Value.NullConstant;
            case IDefaultValueOperation { Type.TypeKind: TypeKind.TypeParameter }:
                return Value.NullAnyway;
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
                var operand = Eval(isType.ValueOperand);
                var tested = Negate(NullTest(operand, isType.Syntax));
                return isType.IsNegated ? Negate(tested)
                    : TypeTest(tested with { WhenFalse = Delta.Empty }, operand, isType.TypeOperand, isType.ValueOperand.Type);
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
                return Field(field);
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
                var task = Eval(awaited.Operation);
                Dereference(task, awaited.Syntax);
                return task.Elements ?? Value.Unknown;
            case IReturnOperation { Kind: OperationKind.YieldReturn, ReturnedValue: { } yielded }:
                Return(Eval(yielded), yielded);
                return Value.Unknown;
            case IFlowAnonymousFunctionOperation lambda:
                Later(lambda);
                return Value.Unknown;
            case ICompoundAssignmentOperation compound:
                var old = Eval(compound.Target);
                return Assign(compound.Target, Combine(compound.OperatorKind, compound.Type, old, Eval(compound.Value)), null, old);
            case IIncrementOrDecrementOperation increment:
                return Assign(increment.Target, Value.Unknown, null);
            case IObjectCreationOperation creation:
                var given = Arguments(creation.Arguments);
                return new Value
                {
                    Null = Nullness.NotNull,
                    Constant = creation.Type?.IsReferenceType == true ? creation.Syntax : null,
                    Elements = creation.Type?.Name == "ValueTask" ? ResultOf(given) : null,
                };
            case { Kind: OperationKind.Invalid or OperationKind.None }:
                return NotBound(operation);
            case INameOfOperation or ITypeOfOperation or ISizeOfOperation:
                return Value.Unknown;
            case ITranslatedQueryOperation query:
                return Eval(query.Operation);
            case IAnonymousObjectCreationOperation anonymous:
                return Anonymous(anonymous);
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

    private Value Convert(IConversionOperation conversion)
    {
        if (conversion.OperatorMethod is not null && _flow.ReadOf(conversion, _inquiry) is { } read)
        {
            return Read(read);
        }

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

        if (conversion.Type is { IsValueType: true, IsRefLikeType: false } type
            && type.OriginalDefinition.SpecialType != SpecialType.System_Nullable_T
            && conversion.Operand.Type is { IsReferenceType: true, TypeKind: not TypeKind.Error })
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
        if (IsTakenForAlive(value))
        {
            Report(value.Read!, where);
        }
    }

    private static bool IsTakenForAlive(Value value) => value is { Null: Nullness.MaybeNull, Read.Guard: not null, IsNullAnyway: false };

    /// <summary>What a task that is made of a result gives.</summary>
    private static Value Settled(Value value, IOperation returned) =>
        value.Elements is { } result && returned.Type?.Name is "Task" or "ValueTask" ? result : value;

    private void Answer(Value value, IOperation returned)
    {
        if (value is { Null: Nullness.MaybeNull, IsDerived: false, Read: { Guard: null } read })
        {
            (_sights[_block] ??= []).Add(new Sight(read, returned.Syntax, isAnswer: true));
        }
    }

    private void Dereference(Value value, SyntaxNode? where)
    {
        if (value.Read is not { } read || value.Null is not (Nullness.MaybeNull or Nullness.Null) || where is null)
        {
            return;
        }

        Report(read, where);

        // Whoever gets past it has an object in hand.
        foreach (var holder in value.Holders)
        {
            _state.Set(holder, _state[holder] with { Null = Nullness.NotNull });
        }
    }

    private void Report(Origin read, SyntaxNode where) => (_sights[_block] ??= []).Add(new Sight(read, where));
}
