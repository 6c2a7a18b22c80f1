using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;

namespace WeakRefAnalyzers.Roles;

/// <summary>
/// What each API does with an object: the BCL's and our own types, members annotated with the attributes of
/// <c>WeakRefs.Annotations</c>, and what the configuration names. One instance serves one compilation.
/// </summary>
internal sealed class RoleTable
{
    private readonly HashSet<INamedTypeSymbol> _references = new(SymbolEqualityComparer.Default);
    private readonly HashSet<INamedTypeSymbol> _registries = new(SymbolEqualityComparer.Default);
    private readonly INamedTypeSymbol? _weakGcHandle;
    private readonly INamedTypeSymbol? _weakRefFactory;
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly DerivedReferences _derived = new();

    public RoleTable(Compilation compilation, Configuration configuration)
    {
        // Looking a name up in every reference costs more than all rules together: ask for the namespace first.
        var ours = compilation.GlobalNamespace.GetMembers("WeakRefs").FirstOrDefault() as INamespaceSymbol;
        GcHandle = compilation.GetTypeByMetadataName("System.Runtime.InteropServices.GCHandle");
        DependentHandle = compilation.GetTypeByMetadataName("System.Runtime.DependentHandle");
        Table = compilation.GetTypeByMetadataName("System.Runtime.CompilerServices.ConditionalWeakTable`2");
        _weakGcHandle = compilation.GetTypeByMetadataName("System.Runtime.InteropServices.WeakGCHandle`1");
        _weakRefFactory = ours is null ? null : Configuration.First(compilation, "WeakRefs.WeakRef");
        Handles = new WeakHandles(GcHandle);
        Add(_references, compilation.GetTypeByMetadataName("System.WeakReference"));
        Add(_references, compilation.GetTypeByMetadataName("System.WeakReference`1"));
        Add(_references, _weakGcHandle);
        if (ours is not null)
        {
            Add(_references, Configuration.First(compilation, "WeakRefs.WeakRef`1"));
            Add(_registries, Configuration.First(compilation, "WeakRefs.FinalizationRegistry`1"));
            Cache = Configuration.First(compilation, "WeakRefs.WeakCache`2");
        }

        _references.UnionWith(configuration.Types(ofRegistries: false));
        _registries.UnionWith(configuration.Types(ofRegistries: true));
        Annotations = new Annotations(compilation, ours, configuration.Roles());
        _names.UnionWith(_references.Concat(_registries).Select(static type => type.Name));
        _names.Add(nameof(DependentHandle));
    }

    public INamedTypeSymbol? GcHandle { get; }

    public INamedTypeSymbol? DependentHandle { get; }

    public INamedTypeSymbol? Table { get; }

    public INamedTypeSymbol? Cache { get; }

    public WeakHandles Handles { get; }

    public Annotations Annotations { get; }

    /// <summary>Whether a value of this type is a weak reference object (not a raw GCHandle or an ephemeron).</summary>
    public bool IsReferenceType(ITypeSymbol? type) => IsOneOf(_references, type);

    public bool IsRegistryType(ITypeSymbol? type) => IsOneOf(_registries, type);

    /// <summary>Code may use roles whatever its text mentions: there are role attributes, or types that the user named.</summary>
    public static bool IsOpen(Compilation compilation, Configuration configuration) =>
        !configuration.IsEmpty || compilation.GlobalNamespace.GetMembers("WeakRefs").Any();

    /// <summary>A method that takes a registration back: it is told of its token and of nothing else.</summary>
    public bool IsUnregistering(IMethodSymbol method) =>
        method.Parameters.Length == 1 && Annotations.Of(method.Parameters[0]) == "UnregisterTokenAttribute";

    public WeakRead? ReadOf(IPropertyReferenceOperation reference)
    {
        var property = reference.Property;
        WeakReadKind kind;
        switch (property.Name)
        {
            case "Target" when IsReferenceType(property.ContainingType) || Is(property.ContainingType, DependentHandle)
                || Handles.IsWeak(reference.Instance, property.ContainingType):
                kind = WeakReadKind.Value;
                break;
            case "IsAlive" when IsReferenceType(property.ContainingType):
                kind = WeakReadKind.Probe;
                break;
            case "IsAllocated" when Is(property.ContainingType, _weakGcHandle) || Is(property.ContainingType, DependentHandle)
                || Handles.IsWeak(reference.Instance, property.ContainingType):
                kind = WeakReadKind.Allocated;
                break;
            default:
                switch (Annotations.Of(property))
                {
                    case "WeakReadAttribute": kind = WeakReadKind.Value; break;
                    case "LivenessProbeAttribute": kind = WeakReadKind.Probe; break;
                    default: return null;
                }

                break;
        }

        return IsWritten(reference) || IsNamed(reference) ? null : new WeakRead(reference, kind, reference.Instance);
    }

    public WeakRead? ReadOf(IInvocationOperation invocation)
    {
        var method = invocation.TargetMethod;
        switch (method.Name)
        {
            case "TryGetTarget" when IsReferenceType(method.ContainingType) && method.Parameters.Length == 1:
                return TryRead(invocation, 0);
            case "Deref" when IsReferenceType(method.ContainingType) && method.Parameters.IsEmpty:
                return new WeakRead(invocation, WeakReadKind.Value, invocation.Instance);
        }

        if (!Annotations.MayBeOn(method))
        {
            return null;
        }

        for (var i = 0; i < method.Parameters.Length; i++)
        {
            if (method.Parameters[i].RefKind == RefKind.Out && Annotations.Of(method.Parameters[i]) == "WeakReadAttribute")
            {
                return TryRead(invocation, i);
            }
        }

        return Annotations.Of(method) switch
        {
            "WeakReadAttribute" => new WeakRead(invocation, WeakReadKind.Value, invocation.Instance),
            "LivenessProbeAttribute" => new WeakRead(invocation, WeakReadKind.Probe, invocation.Instance),
            _ => null,
        };
    }

    /// <summary>The same of code that does not bind: what a member of this name asks of a reference of this type.</summary>
    public WeakReadKind? ReadNamed(string member, ITypeSymbol? type) => member switch
    {
        "Target" or "Deref" when IsReferenceType(type) => WeakReadKind.Value,
        "IsAlive" when IsReferenceType(type) => WeakReadKind.Probe,
        "TryGetTarget" when IsReferenceType(type) => WeakReadKind.Try,
        _ => null,
    };

    public WeakTarget? TargetOf(IPropertyReferenceOperation reference)
    {
        if (reference.Parent is not ISimpleAssignmentOperation assignment || assignment.Target != reference)
        {
            return null;
        }

        var property = reference.Property;
        if (property.Name == "Target" && IsReferenceType(property.ContainingType))
        {
            return new WeakTarget(reference, WeakTargetKind.Reference, assignment.Value) { Holder = reference.Instance };
        }

        if (property.Name == "Target" && Handles.IsWeak(reference.Instance, property.ContainingType))
        {
            return new WeakTarget(reference, WeakTargetKind.Handle, assignment.Value) { Holder = reference.Instance };
        }

        return Annotations.Of(property) == "WeakTargetAttribute"
            ? new WeakTarget(reference, WeakTargetKind.Reference, assignment.Value) { Holder = reference.Instance }
            : null;
    }

    public WeakTarget? TargetOf(IObjectCreationOperation creation)
    {
        if (creation.Constructor is not { } constructor || creation.Arguments.IsEmpty)
        {
            return null;
        }

        var type = constructor.ContainingType;
        if (!_names.Contains(type.Name))
        {
            return Annotated(creation, constructor, creation.Arguments, null) ?? Derived(creation, constructor);
        }

        if (_references.Contains(type.OriginalDefinition))
        {
            var kind = Is(type, _weakGcHandle) ? WeakTargetKind.Handle : WeakTargetKind.Reference;
            return ArgumentFor(creation.Arguments, 0) is { } argument
                ? new WeakTarget(creation, kind, argument.Value) { Long = LongArgument(creation.Arguments) }
                : null;
        }

        if (Is(type, DependentHandle) && ArgumentFor(creation.Arguments, 0) is { } primary)
        {
            var dependent = ArgumentFor(creation.Arguments, 1)?.Value;
            return new WeakTarget(creation, WeakTargetKind.DependentHandle, primary.Value) { Dependent = dependent };
        }

        return Annotated(creation, constructor, creation.Arguments, null);
    }

    public WeakTarget? TargetOf(IInvocationOperation invocation)
    {
        var method = invocation.TargetMethod;
        var type = method.ContainingType;
        var arguments = invocation.Arguments;
        if (!Vocabulary.IsTargeting(method.Name) && !Annotations.MayBeOn(method))
        {
            return null;
        }

        if (ArgumentFor(arguments, 0) is not { } first)
        {
            return null;
        }

        switch (method.Name)
        {
            case "SetTarget" when IsReferenceType(type):
                var kind = Is(type, _weakGcHandle) ? WeakTargetKind.Handle : WeakTargetKind.Reference;
                return new WeakTarget(invocation, kind, first.Value) { Holder = invocation.Instance };
            case "Create" when Is(type, _weakRefFactory):
                return new WeakTarget(invocation, WeakTargetKind.Reference, first.Value);
            case "Alloc" when Is(type, GcHandle)
                && ArgumentFor(arguments, 1) is { Value.ConstantValue: { HasValue: true, Value: int handleType } } argument
                && handleType is 0 or 1:
                return new WeakTarget(invocation, WeakTargetKind.Handle, first.Value) { Long = handleType == 1 ? argument : null };
            case "Add" or "AddOrUpdate" or "TryAdd" or "GetValue" or "GetOrAdd" or "GetOrCreateValue" when Is(type, Table):
                var value = ArgumentFor(arguments, 1)?.Value;
                return new WeakTarget(invocation, WeakTargetKind.TableKey, first.Value) { Dependent = value, Holder = invocation.Instance };
            case "Set" or "TryAdd" or "GetOrAdd" or "GetOrAddAsync" when Is(type, Cache):
                return CachedValue(arguments, first.Value) is { } cached
                    ? new WeakTarget(invocation, WeakTargetKind.CacheEntry, cached)
                        { HeldValue = first.Value, Holder = invocation.Instance } : null;
            case "Register" when IsRegistryType(type):
                return new WeakTarget(invocation, WeakTargetKind.Registration, first.Value)
                {
                    HeldValue = ArgumentFor(arguments, 1)?.Value,
                    Token = ArgumentFor(arguments, 2)?.Value,
                    Holder = invocation.Instance,
                };
            default:
                return Annotated(invocation, method, arguments, invocation.Instance);
        }
    }

    /// <summary>The value itself, or what the factory returns: the key or argument it was given, or something from outside.</summary>
    private static IOperation? CachedValue(ImmutableArray<IArgumentOperation> arguments, IOperation key)
    {
        var value = ArgumentFor(arguments, 1)?.Value;
        if (value?.Type is not { TypeKind: TypeKind.Delegate })
        {
            return value;
        }

        if (Operations.Inner(value)
            is not IDelegateCreationOperation { Target: IAnonymousFunctionOperation { Body.Operations: { Length: 1 } body } lambda }
            || body[0] is not IReturnOperation { ReturnedValue: { } returned })
        {
            return null;
        }

        returned = Operations.Inner(returned);
        if (returned is IInvocationOperation { TargetMethod: { Name: "FromResult", ContainingType.Name: "Task" } } wrapping)
        {
            returned = Operations.Inner(wrapping.Arguments[0].Value);
        }

        return returned is IParameterReferenceOperation { Parameter: var parameter }
            && SymbolEqualityComparer.Default.Equals(parameter.ContainingSymbol, lambda.Symbol)
            ? parameter.Ordinal == 0 ? key : ArgumentFor(arguments, 2)?.Value : returned;
    }

    public CleanupCallback? CleanupOf(IObjectCreationOperation creation)
    {
        if (creation.Constructor is not { } constructor)
        {
            return null;
        }

        return _names.Contains(constructor.ContainingType.Name) && _registries.Contains(constructor.ContainingType.OriginalDefinition)
            ? ArgumentFor(creation.Arguments, 0) is { Value.Type.TypeKind: TypeKind.Delegate } argument
                ? new CleanupCallback(creation, argument.Value) : null
            : AnnotatedCallback(creation, creation.Arguments);
    }

    public CleanupCallback? CleanupOf(IInvocationOperation invocation) => AnnotatedCallback(invocation, invocation.Arguments);

    /// <summary>The argument given for the parameter of that position, named or not; null where a default stands in.</summary>
    public static IArgumentOperation? ArgumentFor(ImmutableArray<IArgumentOperation> arguments, int ordinal)
    {
        foreach (var argument in arguments)
        {
            if (argument.Parameter?.Ordinal == ordinal && argument.ArgumentKind == ArgumentKind.Explicit)
            {
                return argument;
            }
        }

        return null;
    }

    private static WeakRead TryRead(IInvocationOperation invocation, int ordinal)
    {
        var target = ArgumentFor(invocation.Arguments, ordinal)?.Value;
        return target is null or IDiscardOperation
            ? new WeakRead(invocation, WeakReadKind.Probe, invocation.Instance)
            : new WeakRead(invocation, WeakReadKind.Try, invocation.Instance, target);
    }

    private static IArgumentOperation? LongArgument(ImmutableArray<IArgumentOperation> arguments) => arguments.FirstOrDefault(
        static argument => argument is { Parameter.Name: "trackResurrection", Value.ConstantValue: { HasValue: true, Value: true } });

    /// <summary>A type of source right below a weak reference, whose constructor hands the target on.</summary>
    private WeakTarget? Derived(IObjectCreationOperation creation, IMethodSymbol constructor) =>
        constructor.ContainingType.BaseType is { SpecialType: SpecialType.None } @base
        && _names.Contains(@base.Name) && _references.Contains(@base.OriginalDefinition)
        && ArgumentFor(creation.Arguments, _derived.TargetOf(constructor)) is { } target
            ? new WeakTarget(creation, WeakTargetKind.Reference, target.Value) : null;

    private WeakTarget? Annotated(IOperation operation, IMethodSymbol method, ImmutableArray<IArgumentOperation> arguments,
        IOperation? holder)
    {
        if (!Annotations.MayBeOn(method))
        {
            return null;
        }

        IOperation? target = null, held = null, token = null;
        foreach (var parameter in method.Parameters)
        {
            switch (Annotations.Of(parameter))
            {
                case "WeakTargetAttribute": target = ArgumentFor(arguments, parameter.Ordinal)?.Value; break;
                case "HeldValueAttribute": held = ArgumentFor(arguments, parameter.Ordinal)?.Value; break;
                case "UnregisterTokenAttribute": token = ArgumentFor(arguments, parameter.Ordinal)?.Value; break;
            }
        }

        return target is null
            ? null
            : new WeakTarget(operation, held is null ? WeakTargetKind.Reference
                : WeakTargetKind.Registration, target) { HeldValue = held, Token = token, Holder = holder };
    }

    private CleanupCallback? AnnotatedCallback(IOperation operation, ImmutableArray<IArgumentOperation> arguments)
    {
        if (!arguments.IsEmpty && arguments[0].Parameter is { } first && Annotations.MayBeOn(first))
        {
            foreach (var argument in arguments)
            {
                if (argument.Parameter is { Type.TypeKind: TypeKind.Delegate } parameter
                    && Annotations.Of(parameter) == "CleanupCallbackAttribute")
                {
                    return new CleanupCallback(operation, argument.Value);
                }
            }
        }

        return null;
    }

    private static bool IsWritten(IOperation reference) =>
        reference.Parent is ISimpleAssignmentOperation assignment && assignment.Target == reference;

    private static bool IsNamed(IOperation reference)
    {
        var parent = reference.Parent;
        while (parent is IMemberReferenceOperation or IConversionOperation)
        {
            parent = parent.Parent;
        }

        return parent is INameOfOperation;
    }

    private bool IsOneOf(HashSet<INamedTypeSymbol> types, ITypeSymbol? type)
    {
        for (var current = type as INamedTypeSymbol;
            current is not null && current.SpecialType != SpecialType.System_Object;
            current = current.BaseType)
        {
            if (_names.Contains(current.Name) && types.Contains(current.OriginalDefinition))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Is(ITypeSymbol? type, INamedTypeSymbol? definition) =>
        definition is not null && SymbolEqualityComparer.Default.Equals(type?.OriginalDefinition, definition);

    private static void Add(HashSet<INamedTypeSymbol> types, INamedTypeSymbol? type)
    {
        if (type is not null)
        {
            types.Add(type);
        }
    }
}
