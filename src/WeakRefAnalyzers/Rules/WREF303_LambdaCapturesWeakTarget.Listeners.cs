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
    private readonly WeakParameters _weak = new(compilation, roles, known);
    private readonly ConcurrentDictionary<IMethodSymbol, bool> _subscribing = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<INamedTypeSymbol, bool> _takingApart = new(SymbolEqualityComparer.Default);

    /// <summary>The object that the new one holds weakly: told by the constructor's body.</summary>
    public Reference? OwnerOf(IObjectCreationOperation creation)
    {
        foreach (var argument in creation.Arguments)
        {
            if (argument.Parameter is { Type.IsValueType: false, OriginalDefinition: var parameter }
                && Reference.Of(argument.Value, known) is { } owner && _weak.AreHeldBy(parameter))
            {
                return owner;
            }
        }

        return null;
    }

    /// <summary>It is given a lambda or method group as it is made: most objects are not, and nothing is asked about them.</summary>
    public static bool TakesFunction(IObjectCreationOperation creation)
    {
        foreach (var argument in creation.Arguments)
        {
            if (FunctionOf(argument.Value) is not null)
            {
                return true;
            }
        }

        foreach (var initializer in creation.Initializer?.Initializers ?? ImmutableArray<IOperation>.Empty)
        {
            if (initializer is ISimpleAssignmentOperation { Value: var value } && FunctionOf(value) is not null)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The lambdas and method groups that the new object keeps, given to it as it is made.</summary>
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
    }

    /// <summary>A listener that is given a lambda or method group after it was made, and keeps it.</summary>
    public (IObjectCreationOperation Listener, IOperation Function)? GivenTo(IMemberReferenceOperation member, IOperation value)
    {
        if (FunctionOf(value) is not { } function || member.Instance is not ILocalReferenceOperation { Local: var local }
            || Operations.Inner(Values.OnlyValueOf(local, member, known)) is not IObjectCreationOperation { Arguments.IsEmpty: false } made
            || !ReferenceEquals(made.Constructor?.ContainingAssembly, compilation.Assembly))
        {
            return null;
        }

        var keeps = member is IEventReferenceOperation { Event: var @event } ? @event.AddMethod is { IsImplicitlyDeclared: true }
            : _arguments.Keeps(member.Member, new Inquiry(MaxHops));
        return keeps ? (made, function) : null;
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
}
