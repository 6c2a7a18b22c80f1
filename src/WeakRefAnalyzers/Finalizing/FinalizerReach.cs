using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;

namespace WeakRefAnalyzers.Finalizing;

/// <summary>
/// The code that a finalizer (or a cleanup callback) runs: its body and what that calls in its own type, the type's
/// source bases and the types around it.
/// </summary>
internal sealed partial class FinalizerReach
{
    private readonly CallWalk _walk;

    /// <summary>The type and its bases.</summary>
    private readonly HashSet<ISymbol> _own = new(SymbolEqualityComparer.Default);
    private readonly bool _hasInherited;

    private FinalizerReach(SyntaxNode root, SemanticModel model, INamedTypeSymbol type, KnownFacts known, CancellationToken cancel)
    {
        Known = known;
        Root = root;
        Model = model;
        Type = type;
        _hasInherited = HasInherited();
        _walk = new CallWalk(model, known, Entered, OnOwnThread, cancel);
    }

    /// <summary>The declaration of the finalizer's type (this part of it), or the callback's expression.</summary>
    public SyntaxNode Root { get; }

    /// <summary>The type has no finalizer of its own; that of a base runs what the type has overridden.</summary>
    public bool IsOfBase { get; private init; }

    public SemanticModel Model { get; }

    public KnownFacts Known { get; }

    /// <summary>The type that declares the finalizer, or that the callback is made in.</summary>
    public INamedTypeSymbol Type { get; }

    /// <summary>What the finalizer runs, in the order of the source; operations before their operands.</summary>
    public IReadOnlyList<Reached> Operations => _walk.Reached;

    /// <summary>What code of other objects runs on its behalf: in their frames <c>this</c> is another object.</summary>
    public IReadOnlyList<Reached> Elsewhere => _walk.Elsewhere;

    /// <summary>Whether the finalizer asks to run again or makes its successor: it observes collections and is no cleanup.</summary>
    public bool Rearms => Operations.Any(reached =>
        reached.Operation is IInvocationOperation { TargetMethod.Name: "ReRegisterForFinalize" }
        || (reached.Operation is IObjectCreationOperation creation && SymbolEqualityComparer.Default.Equals(creation.Type, Type)));

    /// <summary>Whether the operation calls native code, or runs code that does.</summary>
    public bool LeadsToNative(IOperation call)
    {
        if (IsNative(call))
        {
            return true;
        }

        foreach (var (operation, at) in Operations.Concat(Elsewhere))
        {
            for (var frame = IsNative(operation) ? at : null; frame is not null; frame = frame.Caller)
            {
                if (frame.Call == call)
                {
                    return true;
                }
            }
        }

        return false;

        static bool IsNative(IOperation operation) => operation is IFunctionPointerInvocationOperation
            || (operation is IInvocationOperation called && ReleaseCall.IsNativeCall(called));
    }

    /// <summary>Whether the finalizer of a source base runs the operation too, and is the one to be told.</summary>
    public bool IsInherited(Reached reached)
    {
        if (IsOfBase && !IsIn(SiteOf(reached).Syntax, Root))
        {
            return true;
        }

        var frame = InOwnCode(reached).CallFrame;
        if (SymbolEqualityComparer.Default.Equals(frame.Method.ContainingType.OriginalDefinition, Type))
        {
            return false;
        }

        return _hasInherited;
    }

    /// <summary>What a cleanup callback runs; null where its code is not to be seen.</summary>
    public static FinalizerReach? OfCallback(IOperation callback, INamedTypeSymbol type, KnownFacts known, CancellationToken cancel)
    {
        var made = Provenance.Of(callback);
        made = made is IDelegateCreationOperation creation ? Provenance.Of(creation.Target) : made;
        if (callback.SemanticModel is not { } model)
        {
            return null;
        }

        var reach = new FinalizerReach(callback.Syntax, model, type, known, cancel);
        switch (made)
        {
            case IAnonymousFunctionOperation lambda:
                reach._walk.Add(lambda.Symbol, lambda.Body);
                return reach;
            case IMethodReferenceOperation group:
                reach._walk.Add(group, callback);
                return reach;
            default:
                return null;
        }
    }

    /// <summary>
    /// The operation itself where it stands in the root (a finalizer's type, a callback's expression), else the call there
    /// that leads to it.
    /// </summary>
    public IOperation SiteOf(Reached reached)
    {
        var site = reached.Operation;
        for (var frame = reached.CallFrame; !IsIn(site.Syntax, Root) && frame?.Call is { } call; frame = frame.Caller)
        {
            site = call;
        }

        return site;
    }

    /// <summary>The operation where it stands in the object's own code, else the call there that leads to it.</summary>
    public static Reached InOwnCode(Reached reached)
    {
        while (reached.CallFrame is { HopsAway: > 0, Call: { } call, Caller: { } caller })
        {
            reached = new Reached(call, caller);
        }

        return reached;
    }

    private static bool IsIn(SyntaxNode node, SyntaxNode root) => node.SyntaxTree == root.SyntaxTree && root.Span.Contains(node.Span);

    /// <summary>Methods of the object's own type and its bases, static ones of the types around it, and local functions.</summary>
    private IMethodSymbol? Entered(IMethodSymbol method, IOperation? instance) => method.MethodKind == MethodKind.LocalFunction ? method
        : !IsOwn(method) || (instance is null ? !method.IsStatic : instance is not IInstanceReferenceOperation) ? null
        : Code.Operations.IsBase(instance) ? method : Override(method);

    /// <summary>The collector's thread is none that the code knows: <c>Thread.CurrentThread == _worker</c> is false.</summary>
    private static bool? OnOwnThread(IOperation condition) => condition switch
    {
        IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals } compared
            when IsCurrentThread(compared.LeftOperand) != IsCurrentThread(compared.RightOperand)
            && !Code.Operations.Inner(compared.LeftOperand).ConstantValue.HasValue
            && !Code.Operations.Inner(compared.RightOperand).ConstantValue.HasValue =>
            compared.OperatorKind == BinaryOperatorKind.NotEquals,
        IInvocationOperation { TargetMethod.Name: "Equals" or "ReferenceEquals", Instance: var instance, Arguments: var arguments }
            when arguments.Length > 0 && (instance is not null && IsCurrentThread(instance)
                || arguments.Any(static argument => IsCurrentThread(argument.Value))) => false,
        IInvocationOperation { TargetMethod: { Name: "CheckAccess", Parameters.IsEmpty: true } } => false,
        _ => null,
    };

    private static bool IsCurrentThread(IOperation value) => Code.Operations.Inner(value) switch
    {
        IPropertyReferenceOperation { Property: { Name: "CurrentThread", ContainingType.Name: "Thread" } } => true,
        IPropertyReferenceOperation { Property: { Name: "CurrentManagedThreadId", ContainingType.Name: "Environment" } } => true,
        IPropertyReferenceOperation { Property.Name: "ManagedThreadId", Instance: { } thread } => IsCurrentThread(thread),
        _ => false,
    };

    private bool HasInherited()
    {
        for (var type = Type.BaseType; type is { SpecialType: not SpecialType.System_Object }; type = type.BaseType)
        {
            if (!type.GetMembers(WellKnownMemberNames.DestructorName).IsEmpty)
            {
                return true;
            }
        }

        return false;
    }

    private bool IsOwn(ISymbol member)
    {
        if (_own.Count == 0)
        {
            for (var type = Type; type is not null; type = type.BaseType)
            {
                _own.Add(type.OriginalDefinition);
            }
        }

        if (_own.Contains(member.ContainingType.OriginalDefinition))
        {
            return true;
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

        for (var type = Type; type is not null
            && !SymbolEqualityComparer.Default.Equals(type.OriginalDefinition,
            method.ContainingType.OriginalDefinition); type = type.BaseType)
        {
            foreach (var member in type.GetMembers(method.Name))
            {
                for (var old = (member as IMethodSymbol)?.OverriddenMethod; old is not null; old = old.OverriddenMethod)
                {
                    if (SymbolEqualityComparer.Default.Equals(old.OriginalDefinition, method.OriginalDefinition))
                    {
                        return (IMethodSymbol)member;
                    }
                }
            }
        }

        return method;
    }
}
