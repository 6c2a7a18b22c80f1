using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;

namespace WeakRefAnalyzers.Finalizing;

/// <summary>
/// The operations that code runs, those of the methods it calls included. A constant flag or mode that is passed is followed
/// (<c>Dispose(false)</c> does not enter <c>if (disposing)</c>, whatever the parameter is called), calls of [Conditional]
/// methods are left out, and so are bodies of delegates that run elsewhere. Bounded by the depth of the calls and of the
/// expressions, and by the number of operations.
/// </summary>
/// <param name="model">The model of the code where the walk begins.</param>
/// <param name="entered">The method that a call on this instance runs, if one is to go into it.</param>
/// <param name="knows">What a condition is that asks where the code runs.</param>
/// <param name="cancel">Ends the walk.</param>
internal sealed class CallWalk(SemanticModel model, KnownFacts known, Func<IMethodSymbol, IOperation?, IMethodSymbol?> entered,
    Func<IOperation, bool?> knows, CancellationToken cancel)
{
    /// <summary>How far one goes into code of other objects: helpers, and what those call.</summary>
    private const int MaxHops = 3;
    private const int MaxElsewhere = 2000;
    private const int MaxDepth = 8;
    private const int MaxNesting = 256;
    private const int MaxOperations = 4000;

    private readonly List<Reached> _reached = [];
    private readonly List<Reached> _elsewhere = [];
    private readonly HashSet<(ISymbol, string)> _entered = [];
    private int _nesting;

    /// <summary>What is run, in the order of the source; operations before their operands.</summary>
    public IReadOnlyList<Reached> Reached => _reached;

    /// <summary>What methods of other objects run that are called from there, as far as one can tell which they are.</summary>
    public IReadOnlyList<Reached> Elsewhere => _elsewhere;

    /// <summary>Walks the body of a method.</summary>
    public void Add(IMethodSymbol method, IOperation body) =>
        Add(body, new CallFrame(known, method, body, null, null, [], []) { Knows = knows });

    /// <summary>Walks the code of a delegate made of a method.</summary>
    public void Add(IMethodReferenceOperation group, IOperation call)
    {
        _reached.Add(new Reached(group, new CallFrame(known, group.Method, group, null, null, [], [])));
        Enter(group.Method, call, null, [], []);
    }

    /// <summary>Walks the body of a method that code outside of the compilation calls with a constant.</summary>
    public void AddCall(IMethodSymbol method, object? argument) => Enter(method, null, null, [(method.Parameters[0], argument)], []);

    private void Add(IOperation body, CallFrame frame)
    {
        if (body is IBlockOperation)
        {
            Walk(body, frame);
            return;
        }

        foreach (var child in body.ChildOperations)
        {
            Walk(child, frame);
        }
    }

    /// <summary>Records an operation and what it runs; false where control never goes on after it.</summary>
    private bool Walk(IOperation operation, CallFrame frame)
    {
        if (_nesting >= MaxNesting || IsLeftOut(operation)
            || (frame.HopsAway > 0 ? _elsewhere.Count >= MaxElsewhere : _reached.Count >= MaxOperations))
        {
            return true;
        }

        _nesting++;
        var goesOn = WalkInto(operation, frame);
        _nesting--;
        return goesOn;
    }

    private bool WalkInto(IOperation operation, CallFrame frame)
    {
        cancel.ThrowIfCancellationRequested();
        (frame.HopsAway > 0 ? _elsewhere : _reached).Add(new Reached(operation, frame));
        switch (operation)
        {
            case IAnonymousFunctionOperation lambda when Provenance.RunAtOnce(lambda, lambda.Symbol) is not null:
                Walk(lambda.Body, frame);
                return true;
            case IAnonymousFunctionOperation or ILocalFunctionOperation or INameOfOperation:
                return true;
            case IConditionalOperation conditional:
                return WalkConditional(conditional, frame);
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd or BinaryOperatorKind.ConditionalOr } binary:
                Walk(binary.LeftOperand, frame);
                if (frame.ValueOf(binary.LeftOperand) is not { } left || left == (binary.OperatorKind == BinaryOperatorKind.ConditionalAnd))
                {
                    Walk(binary.RightOperand, frame);
                }

                return true;
            case ICoalesceOperation { Value: var had } when IsMadeAtFirstUse(had, frame):
                return Walk(had, frame);
            case ICoalesceAssignmentOperation { Target: var had } when IsMadeAtFirstUse(had, frame):
                return Walk(had, frame);
            case ISwitchOperation @switch:
                return WalkSwitch(@switch, frame);
            case ISwitchExpressionOperation @switch:
                return WalkSwitch(@switch, frame);
            case IWhileLoopOperation { ConditionIsTop: true, Condition: { } condition } when frame.ValueOf(condition) == false:
                return Walk(condition, frame);
            case IBlockOperation block:
                return WalkBlock(block, frame);
            case ITryOperation @try:
                return WalkTry(@try, frame);
            case ILockOperation @lock:
                Walk(@lock.LockedValue, frame);
                return Walk(@lock.Body, frame);
            case IUsingOperation @using:
                Walk(@using.Resources, frame);
                return Walk(@using.Body, frame);
        }

        foreach (var child in operation.ChildOperations)
        {
            Walk(child, frame);
        }

        switch (operation)
        {
            case IReturnOperation { Kind: OperationKind.Return } or IThrowOperation or IBranchOperation:
                return false;
            case IInvocationOperation invocation:
                Follow(invocation.TargetMethod, invocation, invocation.Instance, invocation.Arguments, frame);
                return true;
            case IPropertyReferenceOperation { Property: var property } reference:
                var written = reference.Parent is IAssignmentOperation assignment && assignment.Target == reference;
                if ((written ? property.SetMethod : property.GetMethod) is { } accessor)
                {
                    Follow(accessor, reference, reference.Instance, reference.Arguments, frame);
                }

                return true;
            default:
                return true;
        }
    }

    private bool WalkConditional(IConditionalOperation conditional, CallFrame frame)
    {
        Walk(conditional.Condition, frame);
        var value = frame.ValueOf(conditional.Condition);
        var onTrue = value != false && Walk(conditional.WhenTrue, frame);
        var onFalse = value != true && (conditional.WhenFalse is null || Walk(conditional.WhenFalse, frame));
        return onTrue || onFalse;
    }

    private bool WalkSwitch(ISwitchOperation operation, CallFrame frame)
    {
        Walk(operation.Value, frame);
        if (Constants.Of(operation.Value, frame) is not { HasValue: true, Value: var value })
        {
            foreach (var section in operation.Cases)
            {
                Walk(section, frame);
            }

            return true;
        }

        var sections = operation.Cases.Where(section => Constants.Takes(section, value, frame) != false).ToList();
        if (sections.Find(section => Constants.Takes(section, value, frame) == true) is { } only)
        {
            sections = [only];
        }

        var goesOn = sections.Count != 1;
        foreach (var section in sections)
        {
            var ends = false;
            foreach (var statement in section.Body)
            {
                ends = ends || !Walk(statement, frame);
            }

            goesOn |= !ends || section.Descendants().Any(static part => part is IBranchOperation { BranchKind: BranchKind.Break });
        }

        return goesOn;
    }

    private bool WalkSwitch(ISwitchExpressionOperation operation, CallFrame frame)
    {
        Walk(operation.Value, frame);
        var value = Constants.Of(operation.Value, frame);
        foreach (var arm in operation.Arms)
        {
            var taken = value.HasValue
                ? Constants.Matches(arm.Pattern, value.Value, frame) & (arm.Guard is null ? true : null) : null;
            if (taken != false)
            {
                Walk(arm, frame);
            }

            if (taken == true)
            {
                break;
            }
        }

        return true;
    }

    private bool WalkBlock(IBlockOperation block, CallFrame frame)
    {
        var goesOn = true;
        foreach (var statement in block.Operations)
        {
            // A label may be reached from anywhere.
            goesOn = (goesOn || statement is ILabeledOperation) && Walk(statement, frame) && !IsAnswered(statement, frame);
        }

        return goesOn;
    }

    /// <summary>
    /// A getter that returns what it has, or a method that does: what follows makes it at the first use, which a finalizer
    /// seldom is.
    /// </summary>
    private static bool IsAnswered(IOperation statement, CallFrame frame) =>
        statement is IConditionalOperation { WhenFalse: null, WhenTrue: var then, Condition: var condition }
        && (then is IBlockOperation { Operations: { Length: 1 } inner } ? inner[0] : then) is IReturnOperation { ReturnedValue: { } value }
        && (frame.Method.MethodKind == MethodKind.PropertyGet
            || (Operations.SymbolOf(value) is { Kind: SymbolKind.Field or SymbolKind.Property } held
                && condition.DescendantsAndSelf().Any(part => Operations.Same(Operations.SymbolOf(part), held))));

    /// <summary>The same in one expression: <c>s_table ?? MakeTable()</c>.</summary>
    private static bool IsMadeAtFirstUse(IOperation had, CallFrame frame) => frame.Caller is not null
        && Operations.SymbolOf(Operations.Inner(had)) is { Kind: SymbolKind.Field }
        && (frame.Method.MethodKind == MethodKind.PropertyGet || frame.Method.ReturnType.SpecialType != SpecialType.System_Void);

    private bool WalkTry(ITryOperation operation, CallFrame frame)
    {
        var goesOn = Walk(operation.Body, frame);
        foreach (var handler in operation.Catches)
        {
            goesOn |= Walk(handler.Handler, frame);
        }

        return (operation.Finally is null || Walk(operation.Finally, frame)) && goesOn;
    }

    private void Follow(IMethodSymbol method, IOperation call, IOperation? instance, IReadOnlyList<IArgumentOperation> arguments,
        CallFrame frame)
    {
        if (frame.Depth >= MaxDepth)
        {
            return;
        }

        // Another object's "this" is not the one that the walk is about.
        var hops = frame.HopsAway;
        if ((hops == 0 || instance is null ? entered(method, instance) : null) is not { OriginalDefinition: var target })
        {
            hops++;
            target = method.OriginalDefinition;
            if (hops > MaxHops || !IsFixed(method, instance))
            {
                return;
            }
        }

        List<(IParameterSymbol, object?)> values = [];
        foreach (var argument in arguments)
        {
            if (argument.Parameter is { Type: var type, Ordinal: var ordinal } && Constants.IsMode(type)
                && Constants.Of(argument.Value, frame) is { HasValue: true, Value: var value })
            {
                values.Add((target.Parameters[ordinal], value));
            }
        }

        if (call.Parent is ISimpleAssignmentOperation { Value: var assigned } assignment && assignment.Target == call
            && target is { MethodKind: MethodKind.PropertySet, Parameters: { Length: > 0 } parameters }
            && Constants.IsMode(parameters[parameters.Length - 1].Type)
            && Constants.Of(assigned, frame) is { HasValue: true, Value: var set })
        {
            values.Add((parameters[parameters.Length - 1], set));
        }

        Enter(target, call, frame, values, arguments, hops);
    }

    /// <summary>Whether the method named by the call is the one that runs, and its code is to be seen.</summary>
    public static bool IsFixed(IMethodSymbol method, IOperation? instance) =>
        !method.DeclaringSyntaxReferences.IsEmpty
        && method.ContainingType is { TypeKind: TypeKind.Class or TypeKind.Struct or TypeKind.Module } type
        && (type.IsSealed || Operations.IsBase(instance) || !(method.IsVirtual || method.IsAbstract || method.IsOverride))
        && (method.AssociatedSymbol is not IPropertySymbol property || !Members.IsAuto(property));

    private void Enter(IMethodSymbol method, IOperation? call, CallFrame? caller, List<(IParameterSymbol, object?)> values,
        IReadOnlyList<IArgumentOperation> arguments, int hops = 0)
    {
        var target = method.OriginalDefinition.PartialImplementationPart ?? method.OriginalDefinition;
        if (!target.DeclaringSyntaxReferences.IsEmpty
            && _entered.Add((target, string.Join(" ", values) + (hops > 0 ? "+" : "")))
            && target.DeclaringSyntaxReferences[0].GetSyntax(cancel) is { } syntax
            && Operations.Of(model, syntax, cancel) is { } body)
        {
            Add(body, new CallFrame(known, target, body, call, caller, values, arguments, hops) { Knows = knows });
        }
    }

    private static bool IsLeftOut(IOperation operation) => operation is IInvocationOperation { TargetMethod.IsConditional: true };
}
