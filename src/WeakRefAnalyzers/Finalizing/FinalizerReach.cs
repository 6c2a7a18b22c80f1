using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;

namespace WeakRefAnalyzers.Finalizing;

/// <summary>
/// The code that a finalizer (or a cleanup callback) runs: its body and what that calls in its own type, the type's
/// source bases and the types around it. A constant bool argument is followed (<c>Dispose(false)</c> does not enter <c>if (disposing)</c>,
/// whatever the parameter is called), calls of [Conditional] methods are left out, and so are bodies of delegates: they
/// run elsewhere. Bounded by depth and by the number of operations.
/// </summary>
internal sealed class FinalizerReach
{
    private const int MaxDepth = 8;
    private const int MaxOperations = 4000;

    private readonly List<Reached> _operations = [];
    private readonly HashSet<(ISymbol, string)> _entered = [];
    private readonly CancellationToken _cancel;

    private FinalizerReach(SyntaxNode root, SemanticModel model, INamedTypeSymbol type, CancellationToken cancel)
    {
        Root = root;
        Model = model;
        Type = type;
        _cancel = cancel;
    }

    /// <summary>The declaration of the finalizer's type (this part of it), or the callback's expression.</summary>
    public SyntaxNode Root { get; }

    /// <summary>The finalizer's name, where a report about it as a whole stands.</summary>
    public SyntaxToken Name => Root is TypeDeclarationSyntax type ? type.Members.OfType<DestructorDeclarationSyntax>().First().Identifier : default;

    public SemanticModel Model { get; }

    /// <summary>The type that declares the finalizer, or that the callback is made in.</summary>
    public INamedTypeSymbol Type { get; }

    /// <summary>What the finalizer runs, in the order of the source; operations before their operands.</summary>
    public IReadOnlyList<Reached> Operations => _operations;

    /// <summary>Whether the finalizer asks to run again or makes its successor: it observes collections and is no cleanup.</summary>
    public bool Rearms => _operations.Any(reached =>
        reached.Operation is IInvocationOperation { TargetMethod.Name: "ReRegisterForFinalize" }
        || (reached.Operation is IObjectCreationOperation creation && SymbolEqualityComparer.Default.Equals(creation.Type, Type)));

    /// <summary>Whether the finalizer of a source base runs the operation too, and is the one to be told.</summary>
    public bool IsInherited(Reached reached)
    {
        if (SymbolEqualityComparer.Default.Equals(reached.CallFrame.Method.ContainingType.OriginalDefinition, Type))
        {
            return false;
        }

        for (var type = Type.BaseType; type is not null; type = type.BaseType)
        {
            if (!type.DeclaringSyntaxReferences.IsEmpty && !type.GetMembers(WellKnownMemberNames.DestructorName).IsEmpty)
            {
                return true;
            }
        }

        return false;
    }

    public static FinalizerReach? Of(DestructorDeclarationSyntax finalizer, SemanticModel model, CancellationToken cancel)
    {
        if (model.GetDeclaredSymbol(finalizer, cancel) is not IMethodSymbol { ContainingType: { TypeKind: TypeKind.Class } type } symbol || finalizer.Identifier.ValueText != type.Name || model.GetOperation(finalizer, cancel) is not { } body)
        {
            return null;
        }

        var reach = new FinalizerReach(finalizer.Parent!, model, type, cancel);
        reach.WalkBody(body, new CallFrame(symbol, body, null, null, [], []));
        return reach;
    }

    /// <summary>What a cleanup callback runs; null where its code is not to be seen.</summary>
    public static FinalizerReach? OfCallback(IOperation callback, INamedTypeSymbol type, CancellationToken cancel)
    {
        var made = Provenance.Of(callback);
        made = made is IDelegateCreationOperation creation ? Provenance.Of(creation.Target) : made;
        if (callback.SemanticModel is not { } model)
        {
            return null;
        }

        var reach = new FinalizerReach(callback.Syntax, model, type, cancel);
        switch (made)
        {
            case IAnonymousFunctionOperation lambda:
                reach.Walk(lambda.Body, new CallFrame(lambda.Symbol, lambda.Body, null, null, [], []));
                return reach;
            case IMethodReferenceOperation { Method: var method }:
                reach._operations.Add(new Reached(made, new CallFrame(method, made, null, null, [], [])));
                reach.Enter(method, callback, null, [], []);
                return reach;
            default:
                return null;
        }
    }

    /// <summary>The operation itself where it stands in the root (a finalizer's type, a callback's expression), else the call there that leads to it.</summary>
    public IOperation SiteOf(Reached reached)
    {
        var site = reached.Operation;
        for (CallFrame? frame = reached.CallFrame; !IsIn(site.Syntax, Root) && frame?.Call is { } call; frame = frame.Caller)
        {
            site = call;
        }

        return site;
    }

    private static bool IsIn(SyntaxNode node, SyntaxNode root) => node.SyntaxTree == root.SyntaxTree && root.Span.Contains(node.Span);

    private void WalkBody(IOperation body, CallFrame frame)
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
        if (_operations.Count >= MaxOperations || IsLeftOut(operation))
        {
            return true;
        }

        _cancel.ThrowIfCancellationRequested();
        _operations.Add(new Reached(operation, frame));
        switch (operation)
        {
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

    /// <summary>A getter that returns what it has: what follows makes it at the first use, which a finalizer seldom is.</summary>
    private static bool IsAnswered(IOperation statement, CallFrame frame) =>
        frame is { Method.MethodKind: MethodKind.PropertyGet }
        && statement is IConditionalOperation { WhenFalse: null, WhenTrue: var then }
        && (then is IBlockOperation { Operations: { Length: 1 } inner } ? inner[0] : then) is IReturnOperation { ReturnedValue: not null };

    private bool WalkTry(ITryOperation operation, CallFrame frame)
    {
        var goesOn = Walk(operation.Body, frame);
        foreach (var handler in operation.Catches)
        {
            goesOn |= Walk(handler.Handler, frame);
        }

        return (operation.Finally is null || Walk(operation.Finally, frame)) && goesOn;
    }

    private void Follow(IMethodSymbol method, IOperation call, IOperation? instance, IReadOnlyList<IArgumentOperation> arguments, CallFrame frame)
    {
        var local = method.MethodKind == MethodKind.LocalFunction;
        if (frame.Depth >= MaxDepth || !(local || (instance is null ? method.IsStatic && IsOwn(method) : instance is IInstanceReferenceOperation && IsOwn(method))))
        {
            return;
        }

        var target = (local || instance?.Syntax is BaseExpressionSyntax ? method : Override(method)).OriginalDefinition;
        List<(IParameterSymbol, bool)> values = [];
        foreach (var argument in arguments)
        {
            if (argument.Parameter is { Type.SpecialType: SpecialType.System_Boolean, Ordinal: var ordinal } && frame.ValueOf(argument.Value) is { } value)
            {
                values.Add((target.Parameters[ordinal], value));
            }
        }

        Enter(target, call, frame, values, arguments);
    }

    private void Enter(IMethodSymbol method, IOperation call, CallFrame? caller, List<(IParameterSymbol, bool)> values, IReadOnlyList<IArgumentOperation> arguments)
    {
        var target = method.OriginalDefinition.PartialImplementationPart ?? method.OriginalDefinition;
        if (!target.DeclaringSyntaxReferences.IsEmpty
            && _entered.Add((target, string.Join(" ", values)))
            && target.DeclaringSyntaxReferences[0].GetSyntax(_cancel) is { } syntax
            && (syntax.SyntaxTree == Model.SyntaxTree ? Model.GetOperation(syntax, _cancel) : Code.Operations.Of(Model.Compilation, syntax, _cancel)) is { } body)
        {
            WalkBody(body, new CallFrame(target, body, call, caller, values, arguments));
        }
    }

    private bool IsOwn(ISymbol member)
    {
        for (var type = Type; type is not null; type = type.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(type.OriginalDefinition, member.ContainingType.OriginalDefinition))
            {
                return true;
            }
        }

        for (var outer = Type.ContainingType; member.IsStatic && outer is not null; outer = outer.ContainingType)
        {
            if (SymbolEqualityComparer.Default.Equals(outer.OriginalDefinition, member.ContainingType.OriginalDefinition))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What a virtual call on <c>this</c> runs when the object is of the finalizer's own type.</summary>
    private IMethodSymbol Override(IMethodSymbol method)
    {
        if (!(method.IsVirtual || method.IsAbstract || method.IsOverride))
        {
            return method;
        }

        for (var type = Type; type is not null && !SymbolEqualityComparer.Default.Equals(type.OriginalDefinition, method.ContainingType.OriginalDefinition); type = type.BaseType)
        {
            foreach (var member in type.GetMembers(method.Name))
            {
                for (var overridden = (member as IMethodSymbol)?.OverriddenMethod; overridden is not null; overridden = overridden.OverriddenMethod)
                {
                    if (SymbolEqualityComparer.Default.Equals(overridden.OriginalDefinition, method.OriginalDefinition))
                    {
                        return (IMethodSymbol)member;
                    }
                }
            }
        }

        return method;
    }

    private static bool IsLeftOut(IOperation operation) =>
        operation is IInvocationOperation { TargetMethod: var method } && method.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == "ConditionalAttribute");
}
