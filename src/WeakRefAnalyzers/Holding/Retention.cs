using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Holding;

/// <summary>What keeps the object alive.</summary>
/// <param name="Cause">The expression that puts it where it is kept: an element, an argument, a captured variable.</param>
/// <param name="Shared">It is kept by a closure that a neighbouring function made it a part of.</param>
internal sealed record Hold(IOperation Cause, bool Shared);

/// <summary>
/// Does this expression's value keep that object alive? Sure answers only: what is copied from the object, held
/// weakly, or handed to code that is not in sight counts as not kept. One instance serves one compilation.
/// </summary>
internal sealed class Retention
{
    /// <summary>How many variables, members and calls one may go through.</summary>
    private const int MaxHops = 12;

    /// <summary>How deep an expression may be nested.</summary>
    private const int MaxDepth = 40;

    private readonly StoredArguments _arguments;

    public Retention(Compilation compilation, KnownFacts known) => _arguments = new StoredArguments(compilation, known);

    public Hold? Find(IOperation value, Reference target) => new Search(_arguments).Find(value, target, new Inquiry(MaxHops), 0);

    /// <summary>One question, and what it found out about the variables on its way.</summary>
    internal sealed class Search
    {
        private readonly StoredArguments _arguments;
        private readonly Summary<(ISymbol Local, IOperation From, Reference Target), Hold?> _locals;
        private readonly Summary<ISymbol, Hold?> _members;

        public Search(StoredArguments arguments)
        {
            _arguments = arguments;
            _locals = new(EqualityComparer<(ISymbol, IOperation, Reference)>.Default, null, FindInLocal);
            _members = new(SymbolEqualityComparer.Default, null, FindBack);
        }

        public Hold? Find(IOperation? value, Reference target, Inquiry asking, int depth)
        {
            value = Operations.ObjectOf(value);
            if (value is null || depth > MaxDepth)
            {
                return null;
            }

            if (Reference.Of(value, _arguments.Known) is { } reference)
            {
                if (reference.Equals(target) || Owns(reference, target))
                {
                    return new Hold(value, false);
                }

                if (target.Equals(reference.Parent) && reference.Segment is ISymbol member && IsPart(member)
                    && _members.Of(member, asking) is { } back)
                {
                    return back;
                }
            }

            switch (value)
            {
                case ITupleOperation tuple:
                    return Any(tuple.Elements, target, asking, depth);
                case IArrayCreationOperation { Initializer: { } elements }:
                    return Any(elements.ElementValues, target, asking, depth);
                case IArrayInitializerOperation elements:
                    return Any(elements.ElementValues, target, asking, depth);
                case IAnonymousObjectCreationOperation anonymous:
                    return Any(anonymous.Initializers, target, asking, depth);
                case IObjectCreationOperation creation:
                    return Stored(creation.Constructor, creation.Arguments, target, asking, depth)
                        ?? Initialized(creation.Initializer, target, asking, depth);
                case ITypeParameterObjectCreationOperation creation:
                    return Initialized(creation.Initializer, target, asking, depth);
                case IWithOperation with:
                    return Initialized(with.Initializer, target, asking, depth);
                case IConditionalOperation choice:
                    return Find(choice.WhenTrue, target, asking, depth + 1) ?? Find(choice.WhenFalse, target, asking, depth + 1);
                case ICoalesceOperation coalesce:
                    return Find(coalesce.Value, target, asking, depth + 1) ?? Find(coalesce.WhenNull, target, asking, depth + 1);
                case ISwitchExpressionOperation choice:
                    return Any(choice.Arms.Select(static arm => arm.Value), target, asking, depth);
                case IDelegateCreationOperation creation:
                    return Find(creation.Target, target, asking, depth + 1);
                case IAnonymousFunctionOperation or ILocalFunctionOperation
                    or IMethodReferenceOperation { Method.MethodKind: MethodKind.LocalFunction }:
                    return Captured(value, target, asking);
                case IMethodReferenceOperation { Instance: { } instance }:
                    return Find(instance, target, asking, depth + 1);
                case IInvocationOperation invocation:
                    return Returned(invocation, target, asking, depth);
                case ILocalReferenceOperation local:
                    return _locals.Of((local.Local, Values.ValueAt(local, _arguments.Known) ?? Operations.RootOf(local), target), asking);
                default:
                    // A collection expression; the operation is newer than the oldest Roslyn.
                    return (int)value.Kind == 127 ? Any(value.ChildOperations, target, asking, depth) : null;
            }
        }

        public Hold? Any(IEnumerable<IOperation> values, Reference target, Inquiry asking, int depth)
        {
            foreach (var value in values)
            {
                if (Find(value, target, asking, depth + 1) is { } hold)
                {
                    return hold;
                }
            }

            return null;
        }

        /// <summary>What the called method keeps of its arguments in the object it is called on.</summary>
        public Hold? Stored(IMethodSymbol? method, IEnumerable<IArgumentOperation> arguments, Reference target, Inquiry asking, int depth)
        {
            foreach (var argument in arguments)
            {
                if (method is not null && argument.Parameter is { } parameter
                    && Find(argument.Value, target, asking, depth + 1) is { } hold && _arguments.Stores(method, parameter.Ordinal, asking))
                {
                    return hold;
                }
            }

            return null;
        }

        /// <summary>The target is read from a field that its owner never lets go.</summary>
        private bool Owns(Reference owner, Reference target) => owner.Equals(target.Parent)
            && (target.Segment is IFieldSymbol field
                ? field.IsReadOnly || Members.IsSetAtBirth(field, _arguments.Known)
                : target.Segment is IPropertySymbol { SetMethod: null } property && StoredArguments.IsStored(property));

        /// <summary>What a local was given last, or its one value told from the whole body; and what that was given later.</summary>
        private Hold? FindInLocal((ISymbol Local, IOperation From, Reference Target) question, Inquiry asking)
        {
            var (local, from, target) = question;
            return (from.Parent is null ? Values.OnlyValueOf((ILocalSymbol)local, from, _arguments.Known) : from) is { } value
                ? Find(value, target, asking, 0) ?? Filled(local, from, target, asking) : null;
        }

        /// <summary>What a lambda or local function captured, and what its closure holds besides.</summary>
        private Hold? Captured(IOperation function, Reference target, Inquiry asking)
        {
            foreach (var capture in Closures.Of(function, _arguments.Known).KeptBy(function))
            {
                if (capture.Variable is { } variable && Values.IsReplaced(variable, function, _arguments.Known))
                {
                    // Set to null when it is no longer needed, say: the closure stays, the object goes.
                    continue;
                }

                var held = capture.Variable is null ? Reference.This : Reference.Of(capture.Variable, function, _arguments.Known);
                if (held.Equals(target) || Owns(held, target)
                    || (capture.Variable is ILocalSymbol local
                        && _locals.Of((local, Operations.RootOf(function), target), asking) is not null))
                {
                    return new Hold(capture.Reference, capture.Shared);
                }
            }

            return null;
        }

        private Hold? Initialized(IObjectOrCollectionInitializerOperation? initializer, Reference target, Inquiry asking, int depth)
        {
            foreach (var part in initializer?.Initializers ?? ImmutableArray<IOperation>.Empty)
            {
                var hold = part switch
                {
                    ISimpleAssignmentOperation { Target: IMemberReferenceOperation member } assignment =>
                        Find(assignment.Value, target, asking, depth + 1) is { } found && _arguments.Keeps(member.Member, asking)
                            ? found : null,
                    IMemberInitializerOperation nested => Initialized(nested.Initializer, target, asking, depth + 1),
                    IInvocationOperation add => Any(add.Arguments.Select(static argument => argument.Value), target, asking, depth),
                    _ => null,
                };
                if (hold is not null)
                {
                    return hold;
                }
            }

            return null;
        }

        /// <summary>
        /// What a local object was given after it was made: <c>list.Add(x)</c>, <c>box.Value = x</c>, <c>box.Event += x.M</c>,
        /// <c>box.List.Add(x)</c>, <c>box.Adopt(x)</c>.
        /// </summary>
        private Hold? Filled(ISymbol local, IOperation from, Reference target, Inquiry asking)
        {
            var uses = Values.In(from, _arguments.Known).UsesOf(local);
            Dictionary<ISymbol, IOperation>? last = null;
            foreach (var use in uses)
            {
                if (use.Parent is IInvocationOperation { TargetMethod.DeclaringSyntaxReferences.IsEmpty: false } own && own.Instance == use)
                {
                    if (Stored(own.TargetMethod, own.Arguments, target, asking, 0) is { } stored)
                    {
                        return stored;
                    }

                    continue;
                }

                var given = use.Parent switch
                {
                    IInvocationOperation call when call.Instance == use && Vocabulary.IsAdd(call.TargetMethod.Name) =>
                        call.Arguments.Select(static argument => argument.Value),
                    IMemberReferenceOperation { Parent: IInvocationOperation call } part when call.Instance == part
                        && Vocabulary.IsAdd(call.TargetMethod.Name) && StoredArguments.IsStored(part.Member) =>
                        call.Arguments.Select(static argument => argument.Value),
                    IEventReferenceOperation { Parent: IEventAssignmentOperation { Adds: true } added } => [added.HandlerValue],
                    IMemberReferenceOperation { Parent: ISimpleAssignmentOperation assignment } member when assignment.Target == member
                        && (last ??= LastWrites(uses))[member.Member] == member
                        && _arguments.Keeps(member.Member, asking) => [assignment.Value],
                    IArrayElementReferenceOperation { Parent: ISimpleAssignmentOperation assignment } element
                        when assignment.Target == element && element.ArrayReference == use => [assignment.Value],
                    _ => null,
                };
                if (given is not null && Any(given, target, asking, 0) is { } hold)
                {
                    return hold;
                }
            }

            return null;
        }

        /// <summary>Where each member of the local object is written last.</summary>
        private static Dictionary<ISymbol, IOperation> LastWrites(IReadOnlyList<IOperation> uses)
        {
            var last = new Dictionary<ISymbol, IOperation>(SymbolEqualityComparer.Default);
            foreach (var use in uses)
            {
                if (use.Parent is IMemberReferenceOperation member && Operations.WriteTo(member) is not null
                    && !(last.TryGetValue(member.Member, out var known) && known.Syntax.SpanStart > member.Syntax.SpanStart))
                {
                    last[member.Member] = member;
                }
            }

            return last;
        }

        /// <summary>A call that returns its argument wrapped: the well-known factories, and methods of source.</summary>
        private Hold? Returned(IInvocationOperation call, Reference target, Inquiry asking, int depth)
        {
            var method = call.TargetMethod;
            if (Vocabulary.IsWrapping(method)
                || (method is { Name: "Alloc", ContainingType.Name: "GCHandle" }
                && (call.Arguments.Length == 1 || call.Arguments[1].Value.ConstantValue is { HasValue: true, Value: 2 or 3 })))
            {
                return Any(call.Arguments.Select(static argument => argument.Value), target, asking, depth);
            }

            if (method.IsAbstract || method.IsVirtual || method.DeclaringSyntaxReferences.IsEmpty)
            {
                return null;
            }

            foreach (var argument in call.Arguments)
            {
                if (argument.Parameter is { } parameter && Find(argument.Value, target, asking, depth + 1) is { } hold
                    && _arguments.Returns(method, parameter.Ordinal, asking))
                {
                    return hold;
                }
            }

            // A method that returns what it is called on, or something that keeps it: new Part(this).
            return call.Type is { IsReferenceType: true, SpecialType: not SpecialType.System_String }
                && Find(call.Instance, target, asking, depth + 1) is { } whole
                && _arguments.Returns(method, StoredArguments.Receiver, asking) ? whole : null;
        }

        private static bool IsPart(ISymbol member) => !member.IsStatic && StoredArguments.IsStored(member)
            && ((member as IFieldSymbol)?.Type
                ?? (member as IPropertySymbol)?.Type) is { IsReferenceType: true, SpecialType: not SpecialType.System_String };

        /// <summary>A field of an object that was given the object itself: <c>_helper = new Helper(this)</c>.</summary>
        private Hold? FindBack(ISymbol member, Inquiry asking)
        {
            foreach (var assignment in Members.AssignmentsTo(member, _arguments.Compilation, _arguments.Known))
            {
                if (assignment.Target is IMemberReferenceOperation { Instance: IInstanceReferenceOperation } assigned
                    && Operations.Same(assigned.Member, member) && Find(assignment.Value, Reference.This, asking, 0) is { } hold)
                {
                    return hold;
                }
            }

            return null;
        }
    }
}
