using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;

namespace WeakRefAnalyzers.Holding;

/// <summary>An object that a delegate keeps alive because a function captured the variable it is in.</summary>
/// <param name="Variable">The local or parameter; null for <c>this</c>.</param>
/// <param name="Reference">The use that made the compiler capture it.</param>
/// <param name="Shared">Not this function's own capture: a neighbour in the same closure made it.</param>
internal readonly record struct Capture(ISymbol? Variable, IOperation Reference, bool Shared);

/// <summary>What the lambdas and local functions of one body keep alive, by the compiler's rules for closures.</summary>
/// <remarks>
/// All captured variables of one scope live in one closure object, whichever function captured them, and a delegate
/// keeps the closure of the innermost scope it captures from. That one is linked to the next outer closure as soon as
/// any function needs both. Parameters belong to the scope of the body (in a constructor they stand one further out),
/// <c>this</c> to that of the parameters, pattern variables of a switch section to the switch. A scope that only local
/// functions called directly capture from gets a struct on the stack instead, which keeps nothing.
/// </remarks>
internal sealed class Closures
{
    private readonly bool _isConstruction;
    private readonly Scope _outermost = new(null, null);
    private readonly Dictionary<ISymbol, Scope> _scopes = new(SymbolEqualityComparer.Default);
    private readonly List<Function> _functions = [];
    private readonly Dictionary<ISymbol, Function> _bySymbol = new(SymbolEqualityComparer.Default);
    private readonly HashSet<ISymbol> _converted = new(SymbolEqualityComparer.Default);

    private Closures(IOperation root)
    {
        _isConstruction = root is IConstructorBodyOperation or ISymbolInitializerOperation or { Language: LanguageNames.VisualBasic };
        VisitAll(root);
        FollowCalls();
        Build();
    }

    /// <summary>The closures of the member that holds the operation.</summary>
    public static Closures Of(IOperation operation, KnownFacts known) =>
        known.Of(Operations.RootOf(operation), static root => new Closures(root));

    /// <summary>What a delegate made of this lambda, local function or method group of one keeps alive; own captures first.</summary>
    public IReadOnlyList<Capture> KeptBy(IOperation function)
    {
        var symbol = function switch
        {
            IAnonymousFunctionOperation lambda => lambda.Symbol,
            ILocalFunctionOperation local => local.Symbol,
            IMethodReferenceOperation reference => reference.Method.OriginalDefinition,
            _ => null,
        };
        return symbol is not null && _bySymbol.TryGetValue(symbol, out var found) && found.IsDelegate ? found.Kept : [];
    }

    /// <summary>In the order of the source, declarations before uses; without recursion, since expressions may be very deep.</summary>
    private void VisitAll(IOperation root)
    {
        var open = new Stack<(IOperation Operation, Scope Scope, Function? Function)>();
        open.Push((root, _outermost, null));
        while (open.Count > 0)
        {
            var (operation, scope, function) = open.Pop();
            if (Visit(operation, ref scope, ref function))
            {
                foreach (var child in operation.ChildOperations.Reverse())
                {
                    open.Push((child, scope, function));
                }
            }
        }
    }

    /// <summary>Notes what the operation captures or declares; false where nothing in it counts.</summary>
    private bool Visit(IOperation operation, ref Scope scope, ref Function? function)
    {
        switch (operation)
        {
            case INameOfOperation:
                return false;
            case IAnonymousFunctionOperation lambda:
                (function, scope) = Enter(lambda.Symbol, isDelegate: true, scope, function);
                break;
            case ILocalFunctionOperation local:
                (function, scope) = Enter(local.Symbol, isDelegate: local.Symbol.IsAsync, scope, function);
                break;
            case IInstanceReferenceOperation { Parent: IMethodReferenceOperation { Method.MethodKind: MethodKind.LocalFunction } }:
                return false;
            case IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance }:
                Captured(null, operation, _outermost, function);
                break;
            case ILocalReferenceOperation { Local: { IsConst: false } local } when _scopes.TryGetValue(local, out var declared):
                Captured(local, operation, declared, function);
                break;
            case IParameterReferenceOperation { Parameter: var parameter }:
                Captured(IsField(parameter) ? null : parameter, operation, _scopes.TryGetValue(parameter, out var home)
                    ? home : _outermost, function);
                break;
            case IInvocationOperation { TargetMethod: { MethodKind: MethodKind.LocalFunction } called }:
                function?.Calls.Add(called.OriginalDefinition);
                break;
            case IMethodReferenceOperation { Method: { MethodKind: MethodKind.LocalFunction } named }:
                function?.Calls.Add(named.OriginalDefinition);
                _converted.Add(named.OriginalDefinition);
                break;
            case IReturnOperation { Kind: OperationKind.YieldReturn or OperationKind.YieldBreak } when function is not null:
                function.IsDelegate = true;
                break;
            case ISwitchOperation choice:
                scope = new Scope(scope, function);
                Declare(choice.Locals, scope);
                foreach (var section in choice.Cases)
                {
                    Declare(section.Locals, scope);
                }

                break;
            default:
                // A body's own block shares its closure with the parameters, except in a constructor.
                var locals = LocalsOf(operation);
                if (!locals.IsEmpty && operation.Parent is not (null or IMethodBodyOperation or IAnonymousFunctionOperation
                    or ILocalFunctionOperation))
                {
                    scope = new Scope(scope, function);
                }

                Declare(locals, scope);
                break;
        }

        return true;
    }

    private (Function Function, Scope Scope) Enter(IMethodSymbol symbol, bool isDelegate, Scope scope, Function? outer)
    {
        var function = new Function(scope, outer) { IsDelegate = isDelegate };
        _functions.Add(function);
        _bySymbol[symbol] = function;
        var inner = new Scope(scope, function);
        Declare(symbol.Parameters, inner);
        return (function, inner);
    }

    private void Declare<T>(IReadOnlyList<T> variables, Scope scope)
        where T : ISymbol
    {
        foreach (var variable in variables)
        {
            _scopes[variable] = scope;
        }
    }

    private static ImmutableArray<ILocalSymbol> LocalsOf(IOperation operation) => operation switch
    {
        IBlockOperation block => block.Locals,
        IForLoopOperation { ConditionLocals.IsEmpty: false } loop => loop.Locals.AddRange(loop.ConditionLocals),
        ILoopOperation loop => loop.Locals,
        IUsingOperation use => use.Locals,
        ICatchClauseOperation handler => handler.Locals,
        ISwitchExpressionArmOperation arm => arm.Locals,
        ISymbolInitializerOperation initializer => initializer.Locals,
        IConstructorBodyOperation body => body.Locals,
        _ => ImmutableArray<ILocalSymbol>.Empty,
    };

    /// <summary>Whether a primary constructor's parameter is used where the constructor is long over, so that it became a field.</summary>
    private bool IsField(IParameterSymbol parameter) =>
        parameter.ContainingSymbol is IMethodSymbol { MethodKind: MethodKind.Constructor } && !_isConstruction;

    /// <summary>Every function between a use and the variable's scope captures it.</summary>
    private static void Captured(ISymbol? variable, IOperation use, Scope declared, Function? function)
    {
        for (; function is not null && function != declared.Owner; function = function.Outer)
        {
            function.Add(variable, use, declared);
        }
    }

    /// <summary>Who calls a local function needs the closures that it needs.</summary>
    private void FollowCalls()
    {
        // Calls inside a nested function are its outer function's too.
        foreach (var function in _functions)
        {
            for (var outer = function.Outer; outer is not null; outer = outer.Outer)
            {
                outer.Calls.UnionWith(function.Calls);
            }
        }

        foreach (var converted in _converted)
        {
            if (_bySymbol.TryGetValue(converted, out var function))
            {
                function.IsDelegate = true;
            }
        }

        for (var changed = true; changed;)
        {
            changed = false;
            foreach (var caller in _functions)
            {
                foreach (var called in caller.Calls)
                {
                    if (!_bySymbol.TryGetValue(called, out var callee) || callee == caller)
                    {
                        continue;
                    }

                    for (var i = 0; i < callee.Captures.Count; i++)
                    {
                        changed |= caller.IsInside(callee.Homes[i].Owner)
                            && caller.Add(callee.Captures[i].Variable, callee.Captures[i].Reference, callee.Homes[i]);
                    }
                }
            }
        }
    }

    private void Build()
    {
        foreach (var function in _functions)
        {
            for (var i = 0; i < function.Captures.Count; i++)
            {
                var home = function.Homes[i];
                home.IsClosure |= function.IsDelegate;
                home.Captured.Add(function.Captures[i]);
            }
        }

        foreach (var function in _functions)
        {
            var left = new HashSet<Scope>(function.Homes);
            var scope = function.Declared;
            while (scope is not null && !(left.Remove(scope) && scope.IsClosure))
            {
                scope = scope.Parent;
            }

            function.Closure = scope;
            while (scope is not null && left.Count > 0)
            {
                scope.IsLinked = scope.NextClosure() is not null;
                for (var next = scope.Parent; next is not null; next = next.Parent)
                {
                    left.Remove(next);
                    if (next.IsClosure)
                    {
                        break;
                    }
                }

                scope = scope.NextClosure();
            }
        }
    }

    private sealed class Scope(Scope? parent, Function? owner)
    {
        public Scope? Parent { get; } = parent;

        public Function? Owner { get; } = owner;

        public Captures Captured { get; } = new();

        /// <summary>Whether the captured variables are in an object, and not in a struct on the stack.</summary>
        public bool IsClosure { get; set; }

        /// <summary>Whether the closure keeps the next outer one.</summary>
        public bool IsLinked { get; set; }

        public Scope? NextClosure()
        {
            var scope = Parent;
            while (scope is { IsClosure: false })
            {
                scope = scope.Parent;
            }

            return scope;
        }
    }

    private sealed class Function(Scope declared, Function? outer)
    {
        private IReadOnlyList<Capture>? _kept;

        public Scope Declared { get; } = declared;

        public Function? Outer { get; } = outer;

        public Captures Captures { get; } = new();

        /// <summary>For each capture the scope its variable belongs to.</summary>
        public List<Scope> Homes { get; } = [];

        public HashSet<ISymbol> Calls { get; } = new(SymbolEqualityComparer.Default);

        /// <summary>A lambda, or a local function that is made a delegate or a state machine: its closures are objects.</summary>
        public bool IsDelegate { get; set; }

        public Scope? Closure { get; set; }

        /// <summary>What a delegate of the function keeps alive, once all closures are known.</summary>
        public IReadOnlyList<Capture> Kept => _kept ??= FindKept();

        public bool IsInside(Function? function)
        {
            var outer = Outer;
            while (outer is not null && outer != function)
            {
                outer = outer.Outer;
            }

            return outer == function;
        }

        public bool Add(ISymbol? variable, IOperation use, Scope home)
        {
            if (!Captures.Add(new Capture(variable, use, Shared: false)))
            {
                return false;
            }

            Homes.Add(home);
            return true;
        }

        private IReadOnlyList<Capture> FindKept()
        {
            var kept = new Captures();
            foreach (var capture in Captures)
            {
                kept.Add(capture);
            }

            for (var scope = Closure; scope is not null; scope = scope.IsLinked ? scope.NextClosure() : null)
            {
                foreach (var capture in scope.Captured)
                {
                    kept.Add(capture with { Shared = true });
                }
            }

            return kept;
        }
    }

    /// <summary>Captures of different variables, in the order in which they were found.</summary>
    private sealed class Captures : List<Capture>
    {
        private readonly HashSet<ISymbol> _variables = new(SymbolEqualityComparer.Default);
        private bool _hasThis;

        public new bool Add(Capture capture)
        {
            var isNew = capture.Variable is null ? !_hasThis : _variables.Add(capture.Variable);
            _hasThis |= capture.Variable is null;
            if (isNew)
            {
                base.Add(capture);
            }

            return isNew;
        }
    }
}
