using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Holding;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

/// <summary>
/// Weak listeners: objects whose constructor holds their owner only weakly, and which are given delegates to call with it. One instance
/// serves one compilation.
/// </summary>
internal sealed class Listeners(Compilation compilation, RoleTable roles, Escapes escapes, KnownFacts known)
{
    private const int MaxHops = 3;

    private readonly StoredArguments _arguments = new(compilation, known);
    private readonly ConcurrentDictionary<IMethodSymbol, bool> _subscribing = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<INamedTypeSymbol, bool> _takingApart = new(SymbolEqualityComparer.Default);
    private Summary<IParameterSymbol, bool>? _weak;

    /// <summary>The object that the new one holds weakly: told by the constructor's body.</summary>
    public Reference? OwnerOf(IObjectCreationOperation creation)
    {
        _weak ??= new(SymbolEqualityComparer.Default, false, IsHeldWeakly);
        foreach (var argument in creation.Arguments)
        {
            if (argument.Parameter is { Type.IsValueType: false, OriginalDefinition: var parameter }
                && Reference.Of(argument.Value, known) is { } owner && _weak.Of(parameter, new Inquiry(MaxHops)))
            {
                return owner;
            }
        }

        return null;
    }

    /// <summary>The lambdas and method groups that the new object keeps: given to it at once, or later in the same body.</summary>
    public IEnumerable<IOperation> FunctionsOf(IObjectCreationOperation creation)
    {
        foreach (var argument in creation.Arguments)
        {
            if (FunctionOf(argument.Value) is { } function && argument.Parameter is { } parameter
                && _arguments.Stores(creation.Constructor!, parameter.Ordinal, new Inquiry(MaxHops))
                && !_takingApart.GetOrAdd(creation.Constructor!.ContainingType.OriginalDefinition, TakesApart))
            {
                yield return function;
            }
        }

        foreach (var initializer in creation.Initializer?.Initializers ?? ImmutableArray<IOperation>.Empty)
        {
            if (initializer is ISimpleAssignmentOperation { Target: IMemberReferenceOperation { Member: var kept } } assignment
                && _arguments.Keeps(kept, new Inquiry(MaxHops)) && FunctionOf(assignment.Value) is { } function)
            {
                yield return function;
            }
        }

        foreach (var use in UsesOf(creation))
        {
            if (use.Parent is IMemberReferenceOperation member && member.Parent switch
            {
                ISimpleAssignmentOperation assignment when assignment.Target == member
                    && _arguments.Keeps(member.Member, new Inquiry(MaxHops)) => FunctionOf(assignment.Value),
                IEventAssignmentOperation { Adds: true } added when added.EventReference == member
                    && member.Member is IEventSymbol { AddMethod.IsImplicitlyDeclared: true } => FunctionOf(added.HandlerValue),
                _ => null,
            }
            is { } function)
            {
                yield return function;
            }
        }
    }

    /// <summary>Somebody else keeps the listener, or a delegate of it: otherwise it dies with its owner.</summary>
    public bool Leaves(IObjectCreationOperation creation, Reference owner) => LeavesBy(creation, owner)
        || UsesOf(creation).Any(use => LeavesBy(use, owner))
        || _subscribing.GetOrAdd(creation.Constructor!.OriginalDefinition, SubscribesItself);

    private bool LeavesBy(IOperation listener, Reference owner) => escapes.Leaves(listener, owner)
        || (listener.Parent is IMethodReferenceOperation method && escapes.Leaves(method, owner));

    private IEnumerable<IOperation> UsesOf(IObjectCreationOperation creation) => Operations.Outer(creation).Parent switch
    {
        IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol: var local } } =>
            Values.In(creation, known).UsesOf(local),
        ISimpleAssignmentOperation { Target: ILocalReferenceOperation { Local: var local } } => Values.In(creation, known).UsesOf(local),
        _ => [],
    };

    private static IOperation? FunctionOf(IOperation? value) =>
        Operations.Inner(value) is IDelegateCreationOperation { Target: IAnonymousFunctionOperation or IMethodReferenceOperation } made
            ? made.Target : null;

    /// <summary>The constructor puts a handler of the new object on an event of somebody else's.</summary>
    private bool SubscribesItself(IMethodSymbol constructor) => BodyOf(constructor)?.Descendants().Any(static operation =>
        operation is IEventAssignmentOperation
        {
            Adds: true, EventReference: IEventReferenceOperation { Instance: null or IParameterReferenceOperation },
        } added
        && FunctionOf(added.HandlerValue) is IAnonymousFunctionOperation
            or IMethodReferenceOperation { Instance: IInstanceReferenceOperation }) == true;

    /// <summary>A constructor takes the target and the method out of a delegate, to hold them each for itself.</summary>
    private bool TakesApart(INamedTypeSymbol type)
    {
        for (var current = type; current is not null; current = current.BaseType)
        {
            foreach (var constructor in current.InstanceConstructors)
            {
                if (BodyOf(constructor)?.Descendants().Any(static operation => operation
                    is IPropertyReferenceOperation { Property: { Name: "Target" or "Method", ContainingType.Name: "Delegate" } }
                        or IInvocationOperation { TargetMethod.Name: "GetMethodInfo" }) == true)
                {
                    return true;
                }
            }
        }

        return false;
    }

    private IOperation? BodyOf(ISymbol constructor) =>
        constructor.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is ConstructorDeclarationSyntax declaration
            ? Operations.Of(compilation, declaration, default) : null;

    /// <summary>Everything the constructor does with the parameter is to hold it weakly, or to ask whether it is null.</summary>
    private bool IsHeldWeakly(IParameterSymbol parameter, Inquiry asking)
    {
        if (parameter.ContainingSymbol is not IMethodSymbol { MethodKind: MethodKind.Constructor } constructor
            || constructor.DeclaringSyntaxReferences.FirstOrDefault()?.SyntaxTree is not { } tree
            || (!Mentions.In(tree, known).Any.HasFlag(Mention.WeakType)
                && constructor.ContainingType.BaseType is not { SpecialType: SpecialType.None })
            || BodyOf(constructor) is not { } body)
        {
            return false;
        }

        var isHeld = false;
        foreach (var operation in body.Descendants())
        {
            if (operation is IParameterReferenceOperation reference && Operations.Same(reference.Parameter, parameter))
            {
                var isWeak = IsMadeWeak(reference, asking);
                if (!isWeak && !IsAsked(reference))
                {
                    return false;
                }

                isHeld |= isWeak;
            }
        }

        return isHeld;
    }

    private bool IsMadeWeak(IOperation reference, Inquiry asking)
    {
        var value = Operations.Outer(reference);
        if (value.Parent is ICoalesceOperation { WhenNull: IConversionOperation or IThrowOperation } coalesce && coalesce.Value == value)
        {
            value = Operations.Outer(coalesce);
        }

        return value.Parent switch
        {
            // Another constructor of the same object.
            IArgumentOperation { Parameter: { } other, Parent: IInvocationOperation { TargetMethod.MethodKind: MethodKind.Constructor } } =>
                _weak!.Of(other.OriginalDefinition, asking),
            IArgumentOperation { Parent: { } call } => WeakTargets.TargetOf(call, roles) is
                { Kind: WeakTargetKind.Reference or WeakTargetKind.Handle } made && made.Value.Syntax.Span.Contains(value.Syntax.Span),
            ISimpleAssignmentOperation { Target: IPropertyReferenceOperation property } assignment =>
                assignment.Value == value && roles.TargetOf(property) is not null,
            _ => false,
        };
    }

    private static bool IsAsked(IOperation reference) => Operations.Outer(reference).Parent switch
    {
        IBinaryOperation or IIsPatternOperation or INameOfOperation => true,
        IArgumentOperation { Parent: IInvocationOperation { TargetMethod: { ReturnsVoid: true, ContainingType.Name: var type } } } =>
            type.StartsWith("Argument", StringComparison.Ordinal),
        _ => false,
    };
}
