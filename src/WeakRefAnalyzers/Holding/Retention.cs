using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;

namespace WeakRefAnalyzers.Holding;

/// <summary>What keeps the object alive.</summary>
/// <param name="Cause">The expression that puts it where it is kept: an element, an argument, a captured variable.</param>
/// <param name="Shared">It is kept by a closure that a neighbouring function made it a part of.</param>
internal readonly record struct Hold(IOperation Cause, bool Shared);

/// <summary>
/// Does this expression's value keep that object alive? Sure answers only: what is copied from the object, held
/// weakly, or handed to code that is not in sight counts as not kept.
/// </summary>
internal sealed class Retention(Compilation compilation, CancellationToken cancel)
{
    private const int MaxDepth = 12;

    /// <summary>What is being looked into, so that nothing is entered twice on one way.</summary>
    private readonly HashSet<(ISymbol, string)> _entered = [];

    private readonly Dictionary<(ISymbol, int), bool> _stores = [];

    public Hold? Find(IOperation value, Reference target)
    {
        _entered.Clear();
        return Find(value, target, 0);
    }

    /// <summary>Whether the constructor, setter or method keeps its argument in the object it is called on.</summary>
    public bool Stores(IMethodSymbol method, int ordinal)
    {
        _entered.Clear();
        return Stores(method, ordinal, 0);
    }

    private Hold? Find(IOperation? value, Reference target, int depth)
    {
        value = Operations.ObjectOf(value);
        if (value is null || depth > MaxDepth)
        {
            return null;
        }

        if (Reference.Of(value) is { } path)
        {
            if (path.Equals(target) || Owns(path, target))
            {
                return new Hold(value, false);
            }

            if (target.Equals(path.Parent) && path.Segment is ISymbol member && PointsBack(member, depth) is { } back)
            {
                return back;
            }
        }

        switch (value)
        {
            case ITupleOperation tuple:
                return Any(tuple.Elements, target, depth);
            case IArrayCreationOperation { Initializer: { } elements }:
                return Any(elements.ElementValues, target, depth);
            case IArrayInitializerOperation elements:
                return Any(elements.ElementValues, target, depth);
            case IAnonymousObjectCreationOperation anonymous:
                return Any(anonymous.Initializers, target, depth);
            case IObjectCreationOperation creation:
                return Arguments(creation.Constructor, creation.Arguments, target, depth) ?? Initialized(creation.Initializer, target, depth);
            case ITypeParameterObjectCreationOperation creation:
                return Initialized(creation.Initializer, target, depth);
            case IWithOperation with:
                return Initialized(with.Initializer, target, depth);
            case IConditionalOperation choice:
                return Find(choice.WhenTrue, target, depth + 1) ?? Find(choice.WhenFalse, target, depth + 1);
            case ICoalesceOperation coalesce:
                return Find(coalesce.Value, target, depth + 1) ?? Find(coalesce.WhenNull, target, depth + 1);
            case ISwitchExpressionOperation choice:
                return Any(choice.Arms.Select(arm => arm.Value), target, depth);
            case IDelegateCreationOperation creation:
                return Find(creation.Target, target, depth + 1);
            case IAnonymousFunctionOperation or ILocalFunctionOperation or IMethodReferenceOperation { Method.MethodKind: MethodKind.LocalFunction }:
                return Captured(value, target, depth);
            case IMethodReferenceOperation { Instance: { } instance }:
                return Find(instance, target, depth + 1);
            case IInvocationOperation invocation:
                return Returned(invocation, target, depth);
            case ILocalReferenceOperation local when _entered.Add((local.Local, "value")):
                return Values.OnlyValueOf(local.Local, local) is { } only ? Find(only, target, depth + 1) ?? Filled(local, target, depth) : null;
            default:
                // A collection expression; the operation is newer than the oldest Roslyn.
                return (int)value.Kind == 127 ? Any(value.ChildOperations, target, depth) : null;
        }
    }

    private Hold? Any(IEnumerable<IOperation> values, Reference target, int depth)
    {
        foreach (var value in values)
        {
            if (Find(value, target, depth + 1) is { } hold)
            {
                return hold;
            }
        }

        return null;
    }

    /// <summary>The target is read from a field that its owner never lets go.</summary>
    private static bool Owns(Reference owner, Reference target) => owner.Equals(target.Parent) && target.Segment is IFieldSymbol { IsReadOnly: true } or IPropertySymbol { SetMethod: null } && IsStored((ISymbol)target.Segment);

    /// <summary>What a lambda or local function captured, and what its closure holds besides.</summary>
    private Hold? Captured(IOperation function, Reference target, int depth)
    {
        foreach (var capture in Closures.Of(function).KeptBy(function))
        {
            var held = capture.Variable is null ? Reference.This : Reference.Of(capture.Variable, function);
            if (capture.Variable is { } variable && Values.IsReplaced(variable, function))
            {
                // Set to null when it is no longer needed, say: the closure stays, the object goes.
                continue;
            }

            if (held.Equals(target) || Owns(held, target)
                || (capture.Variable is ILocalSymbol local && _entered.Add((local, "value")) && Values.OnlyValueOf(local, function) is { } value && Find(value, target, depth + 1) is not null))
            {
                return new Hold(capture.Reference, capture.Shared);
            }
        }

        return null;
    }

    private Hold? Initialized(IObjectOrCollectionInitializerOperation? initializer, Reference target, int depth)
    {
        foreach (var part in initializer?.Initializers ?? ImmutableArray<IOperation>.Empty)
        {
            var hold = part switch
            {
                ISimpleAssignmentOperation { Target: IMemberReferenceOperation member } assignment => Find(assignment.Value, target, depth + 1) is { } found && Keeps(member.Member, depth) ? found : null,
                IMemberInitializerOperation nested => Initialized(nested.Initializer, target, depth),
                IInvocationOperation add => Any(add.Arguments.Select(argument => argument.Value), target, depth),
                _ => null,
            };
            if (hold is not null)
            {
                return hold;
            }
        }

        return null;
    }

    /// <summary>What a local object was given after it was made: <c>list.Add(x)</c>, <c>box.Value = x</c>, <c>box.Event += x.M</c>.</summary>
    private Hold? Filled(ILocalReferenceOperation local, Reference target, int depth)
    {
        foreach (var operation in Operations.RootOf(local).Descendants())
        {
            var given = operation switch
            {
                IInvocationOperation { Instance: ILocalReferenceOperation into } call when IsAdd(call.TargetMethod) && Operations.Same(into.Local, local.Local) => call.Arguments.Select(argument => argument.Value),
                ISimpleAssignmentOperation { Target: IMemberReferenceOperation { Instance: ILocalReferenceOperation into } member } assignment when Operations.Same(into.Local, local.Local) && Keeps(member.Member, depth) => [assignment.Value],
                IEventAssignmentOperation { Adds: true, EventReference: IEventReferenceOperation { Instance: ILocalReferenceOperation into } } added when Operations.Same(into.Local, local.Local) => [added.HandlerValue],
                ISimpleAssignmentOperation { Target: IArrayElementReferenceOperation { ArrayReference: ILocalReferenceOperation into } } assignment when Operations.Same(into.Local, local.Local) => [assignment.Value],
                _ => null,
            };
            if (given is not null && Any(given, target, depth) is { } hold)
            {
                return hold;
            }
        }

        return null;
    }

    private Hold? Arguments(IMethodSymbol? method, IEnumerable<IArgumentOperation> arguments, Reference target, int depth)
    {
        foreach (var argument in arguments)
        {
            if (method is not null && argument.Parameter is { } parameter && Find(argument.Value, target, depth + 1) is { } hold && Stores(method, parameter.Ordinal, depth + 1))
            {
                return hold;
            }
        }

        return null;
    }

    /// <summary>A call that returns its argument wrapped: the well-known factories, and methods of source.</summary>
    private Hold? Returned(IInvocationOperation call, Reference target, int depth)
    {
        var method = call.TargetMethod;
        switch (method.Name)
        {
            case "Create" or "FromResult" when method.DeclaringSyntaxReferences.IsEmpty && method.ContainingType.Name is "Tuple" or "ValueTuple" or "KeyValuePair" or "Task" or "ImmutableArray" or "ImmutableList":
            case "Alloc" when method.ContainingType.Name == "GCHandle" && (call.Arguments.Length == 1 || call.Arguments[1].Value.ConstantValue is { HasValue: true, Value: 2 or 3 }):
            case "ToIntPtr" when method.ContainingType.Name == "GCHandle":
                return Any(call.Arguments.Select(argument => argument.Value), target, depth);
        }

        if (method.IsAbstract || method.IsVirtual || method.DeclaringSyntaxReferences.IsEmpty)
        {
            return null;
        }

        foreach (var argument in call.Arguments)
        {
            if (argument.Parameter is { } parameter && Find(argument.Value, target, depth + 1) is { } hold
                && BodyOf(method, parameter) is { } body
                && body.Descendants().Any(operation => operation is IReturnOperation { ReturnedValue: { } result } && Find(result, new Reference(null, method.OriginalDefinition.Parameters[parameter.Ordinal]), depth + 1) is not null))
            {
                return hold;
            }
        }

        return null;
    }

    /// <summary>A field of an object that was given the object itself: <c>_helper = new Helper(this)</c>.</summary>
    private Hold? PointsBack(ISymbol member, int depth)
    {
        var type = (member as IFieldSymbol)?.Type ?? (member as IPropertySymbol)?.Type;
        if (member.IsStatic || type is not { IsReferenceType: true, SpecialType: not SpecialType.System_String } || !IsStored(member) || !_entered.Add((member, "points back")))
        {
            return null;
        }

        foreach (var part in member.ContainingType.DeclaringSyntaxReferences)
        {
            foreach (var node in part.GetSyntax(cancel).DescendantNodes())
            {
                if (node is AssignmentExpressionSyntax { Left: var left } && Syntaxes.OwnNameOf(left) == member.Name
                    && Operations.Of(compilation, node, cancel) is ISimpleAssignmentOperation { Target: IMemberReferenceOperation { Instance: IInstanceReferenceOperation } assigned } assignment
                    && Operations.Same(assigned.Member, member) && Find(assignment.Value, Reference.This, depth + 1) is { } hold)
                {
                    return hold;
                }
            }
        }

        return null;
    }

    private bool Stores(IMethodSymbol method, int ordinal, int depth)
    {
        method = method.OriginalDefinition;
        if (method.DeclaringSyntaxReferences.IsEmpty)
        {
            return method.ContainingType is { Name: "Tuple" or "ValueTuple" or "KeyValuePair" or "StrongBox" or "Lazy" };
        }

        if (_stores.TryGetValue((method, ordinal), out var stores) || depth > MaxDepth)
        {
            return stores;
        }

        var parameter = method.Parameters[ordinal];
        _stores[(method, ordinal)] = false;
        return _stores[(method, ordinal)] = method.DeclaringSyntaxReferences[0].GetSyntax(cancel) is TypeDeclarationSyntax
            ? StoresInPrimary(method, parameter, depth)
            : BodyOf(method, parameter) is { } body && Assigns(body, new Reference(null, parameter), depth);
    }

    /// <summary>The parameter of a primary constructor: a record's property, an initializer, or captured by a member.</summary>
    private bool StoresInPrimary(IMethodSymbol constructor, IParameterSymbol parameter, int depth)
    {
        var type = constructor.ContainingType;
        if (type.GetMembers(parameter.Name).Any(member => member is IPropertySymbol && member.DeclaringSyntaxReferences.Any(reference => reference.GetSyntax(cancel) is ParameterSyntax)))
        {
            return true;
        }

        foreach (var name in type.DeclaringSyntaxReferences.SelectMany(part => part.GetSyntax(cancel).DescendantNodes()).OfType<IdentifierNameSyntax>())
        {
            if (name.Identifier.ValueText != parameter.Name)
            {
                continue;
            }

            SyntaxNode? place = name.FirstAncestorOrSelf<SyntaxNode>(node => node is MemberDeclarationSyntax or PrimaryConstructorBaseTypeSyntax or EqualsValueClauseSyntax { Parent: PropertyDeclarationSyntax or VariableDeclaratorSyntax { Parent.Parent: FieldDeclarationSyntax } });
            var kept = place switch
            {
                EqualsValueClauseSyntax => Operations.Of(compilation, place, cancel) is ISymbolInitializerOperation initializer && Find(initializer.Value, new Reference(null, parameter), depth + 1) is not null,
                PrimaryConstructorBaseTypeSyntax => Operations.Of(compilation, place, cancel) is IInvocationOperation call && Arguments(call.TargetMethod, call.Arguments, new Reference(null, parameter), depth) is not null,
                BaseMethodDeclarationSyntax or BasePropertyDeclarationSyntax => Operations.Of(compilation, name, cancel) is IParameterReferenceOperation captured && Operations.Same(captured.Parameter, parameter),
                _ => false,
            };
            if (kept)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a body puts the argument into a member of <c>this</c>.</summary>
    private bool Assigns(IOperation body, Reference argument, int depth)
    {
        foreach (var operation in body.DescendantsAndSelf())
        {
            var kept = operation switch
            {
                IAssignmentOperation { Target: IMemberReferenceOperation { Instance: IInstanceReferenceOperation } member } assignment => Find(assignment.Value, argument, depth + 1) is not null && Keeps(member.Member, depth),
                IDeconstructionAssignmentOperation { Target: ITupleOperation targets } assignment when Operations.ObjectOf(assignment.Value) is ITupleOperation values => targets.Elements
                    .Zip(values.Elements, (target, value) => target is IMemberReferenceOperation { Instance: IInstanceReferenceOperation } member && Find(value, argument, depth + 1) is not null && Keeps(member.Member, depth))
                    .Contains(true),
                IInvocationOperation { Instance: IInstanceReferenceOperation } call => Arguments(call.TargetMethod, call.Arguments, argument, depth) is not null,
                IInvocationOperation { Instance: IMemberReferenceOperation { Instance: IInstanceReferenceOperation } } call when IsAdd(call.TargetMethod) => Any(call.Arguments.Select(given => given.Value), argument, depth) is not null,
                _ => false,
            };
            if (kept)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a member that is assigned keeps the value.</summary>
    private bool Keeps(ISymbol member, int depth) => member switch
    {
        IFieldSymbol field => !field.IsStatic,
        IPropertySymbol { SetMethod: { DeclaringSyntaxReferences.IsEmpty: false } setter } property => IsStored(property) || Stores(setter, setter.Parameters.Length - 1, depth + 1),
        IPropertySymbol property => IsStored(property) || (property.GetMethod is not null && !property.Name.Contains("Weak") && !property.ContainingType.Name.Contains("Weak")),
        _ => false,
    };

    /// <summary>A field, or a property that is nothing but one.</summary>
    private static bool IsStored(ISymbol member) =>
        member is IFieldSymbol || (member is IPropertySymbol && member.ContainingType.GetMembers().Any(other => other is IFieldSymbol field && Operations.Same(field.AssociatedSymbol, member.OriginalDefinition)));

    private IOperation? BodyOf(IMethodSymbol method, IParameterSymbol parameter)
    {
        var syntax = method.DeclaringSyntaxReferences[0].GetSyntax(cancel);
        return syntax.DescendantTokens().Any(token => token.ValueText == parameter.Name) ? Operations.Of(compilation, syntax, cancel) : null;
    }

    public static bool IsAdd(IMethodSymbol method) => method.Name is "Add" or "TryAdd" or "AddLast" or "AddFirst" or "Enqueue" or "Push" or "Insert" or "Append";

}
