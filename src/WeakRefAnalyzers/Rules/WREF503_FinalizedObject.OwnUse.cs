using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;
using WeakRefAnalyzers.Finalizing;
using WeakRefAnalyzers.Roles;

namespace WeakRefAnalyzers.Rules;

/// <summary>
/// A use of an object that a field or property of <c>this</c> holds, or of one in a collection there: a call on it, a
/// property that runs code. What its fields hold can be read after any finalizer, and so can a flag that says whether it is
/// done with.
/// </summary>
/// <param name="Member">The field or property.</param>
/// <param name="Type">The declared type of the object.</param>
/// <param name="Method">What is called on it; null for an event.</param>
internal sealed record OwnUse(ISymbol Member, ITypeSymbol Type, IMethodSymbol? Method)
{
    public static OwnUse? Of(Reached reached)
    {
        var (instance, method) = reached.Operation switch
        {
            IInvocationOperation { TargetMethod: { Name: not ("GetType" or "Equals" or "GetHashCode") } target } invocation
                when !IsFlag(target, target.ReturnType) => (invocation.Instance, target),
            IPropertyReferenceOperation { Property: var property } reference when !Members.IsAuto(property)
                && !IsConstant(Members.Behind(property)) && !IsPlainPart(reference) && !IsAskedForZero(reference)
                && !IsFlag(property, property.Type) =>
                (reference.Instance, Operations.WriteTo(reference) is null ? property.GetMethod : property.SetMethod),
            IEventReferenceOperation { Event: var @event } reference when RunsCode(@event) => (reference.Instance, null),
            _ => default((IOperation?, IMethodSymbol?)),
        };
        return instance is null or IInstanceReferenceOperation || instance.Type is null ? null
            : HolderOf(instance, reached.CallFrame) is { } member ? new OwnUse(member, instance.Type, method) : null;
    }

    /// <summary>
    /// The finalizer, or what leads there from it, asks the object first whether it can still be used, or is ready for the answer.
    /// </summary>
    public bool IsAsked(Reached reached, INamedTypeSymbol finalizer)
    {
        for (var operation = reached.Operation; operation is not null;)
        {
            var frame = reached.CallFrame;
            if (IsReady(operation, finalizer))
            {
                return true;
            }

            foreach (var condition in Conditions.Of(operation, frame.Body))
            {
                if (condition.DescendantsAndSelf().Any(part => IsFlagOf(part, frame) || AsksOthers(part)))
                {
                    return true;
                }
            }

            (operation, reached) = (frame.Call, frame.Caller is null ? reached : new Reached(frame.Call!, frame.Caller));
        }

        return false;
    }

    /// <summary>
    /// A handler takes what an object that is done with throws: the code reckons with that. Of the framework's objects nothing
    /// worse is to be expected, whatever the handler takes.
    /// </summary>
    private static bool IsReady(IOperation operation, INamedTypeSymbol finalizer)
    {
        var child = operation;
        for (var parent = operation.Parent; parent is not null; (child, parent) = (parent, parent.Parent))
        {
            if (parent is ITryOperation @try && @try.Body == child
                && @try.Catches.Any(handler => Vocabulary.IsUsageError(handler.ExceptionType.Name)
                    || (finalizer.DeclaringSyntaxReferences.IsEmpty && handler.ExceptionType.Name is "Exception" or "Object")))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the member is a weak reference that belongs to its target: it is finalized only when that is gone anyway.</summary>
    public bool IsWeakSelf(KnownFacts known) => Type.Name == "WeakReference" && IsWeakSelf(Member, known);

    /// <summary>
    /// A finalized weak reference answers as one whose target died, which the callers of a getter reckon with, and a finalizer that
    /// waits for just that.
    /// </summary>
    public bool IsWeakAnswer(Reached reached, FinalizerReach reach) => Type.Name == "WeakReference"
        && (reached.CallFrame.Method?.MethodKind == MethodKind.PropertyGet || reach.Rearms);

    /// <summary>Whether somebody wrote what happens to a handler; else it is put into a field or taken out of it, dead or not.</summary>
    private static bool RunsCode(IEventSymbol @event) => @event.DeclaringSyntaxReferences.Any(static part =>
        part.GetSyntax() is EventDeclarationSyntax);

    private static bool IsFlag(ISymbol member, ITypeSymbol type) =>
        type.SpecialType == SpecialType.System_Boolean && Vocabulary.IsStateFlag(member.Name);

    /// <summary><c>_frame.Pointer != IntPtr.Zero</c>: what has been freed says so.</summary>
    private static bool IsAskedForZero(IOperation value) => value.Type?.SpecialType is SpecialType.System_IntPtr
        && value.Parent is IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals } compared
        && (compared.LeftOperand == value ? compared.RightOperand : compared.LeftOperand) is IFieldReferenceOperation { Field.Name: "Zero" }
            or IDefaultValueOperation;

    private bool IsFlagOf(IOperation part, CallFrame frame) => part switch
    {
        IIsPatternOperation match => Operations.Same(HolderOf(match.Value, frame), Member)
            && match.Pattern.Descendants().Any(static inner =>
                inner is IMemberReferenceOperation { Member.Name: var name } && Vocabulary.IsStateFlag(name)),
        IMemberReferenceOperation { Instance: { } instance, Member.Name: var name } =>
            (Vocabulary.IsStateFlag(name) || IsAskedForZero(part))
            && Operations.Same(HolderOf(instance, frame), Member),
        IInvocationOperation { Instance: { } instance, TargetMethod: var method } => IsFlag(method, method.ReturnType)
            && Operations.Same(HolderOf(instance, frame), Member),
        _ => false,
    };

    /// <summary>A flag of one's own that asks the other's: <c>bool Disposed => _disposed || _session.Disposed;</c>.</summary>
    private static bool AsksOthers(IOperation part) =>
        part is IPropertyReferenceOperation { Instance: IInstanceReferenceOperation, Property: var property }
        && IsFlag(property, property.Type) && property.DeclaringSyntaxReferences.Any(static declaration =>
            declaration.GetSyntax().DescendantNodes().Any(static node =>
                node is MemberAccessExpressionSyntax { Name.Identifier.ValueText: var name, Expression: not (ThisExpressionSyntax
                    or BaseExpressionSyntax) } && Vocabulary.IsStateFlag(name)));

    private static bool IsWeakSelf(ISymbol member, KnownFacts known)
    {
        var any = false;
        foreach (var value in Members.ValuesOf(member, known))
        {
            var own = value switch
            {
                BaseObjectCreationExpressionSyntax { ArgumentList.Arguments: { Count: > 0 } arguments } =>
                    arguments[0].Expression is ThisExpressionSyntax,
                IdentifierNameSyntax { Identifier.ValueText: var name } => IsGivenWeakSelf(member.ContainingType, name, known),
                _ => false,
            };
            if (own)
            {
                any = true;
            }
            else if (!Syntaxes.IsNull(value))
            {
                return false;
            }
        }

        return any;
    }

    /// <summary>Whether all who make such an object hand over their own weak reference to themselves.</summary>
    private static bool IsGivenWeakSelf(INamedTypeSymbol type, string parameter, KnownFacts known)
    {
        var any = false;
        foreach (var constructor in type.InstanceConstructors)
        {
            if (constructor.Parameters.FirstOrDefault(given => given.Name == parameter) is not { Ordinal: var ordinal })
            {
                continue;
            }

            foreach (var name in Members.Named(type.Name, Members.Outermost(type), known))
            {
                if (Syntaxes.Qualified(name).Parent is not ObjectCreationExpressionSyntax { ArgumentList.Arguments: var arguments } made)
                {
                    continue;
                }

                if (arguments.Count <= ordinal || Syntaxes.OwnNameOf(arguments[ordinal].Expression) is not { } field
                    || ContainerOf(type, made)?.GetMembers(field).FirstOrDefault() is not { } holder || !IsWeakSelf(holder, known))
                {
                    return false;
                }

                any = true;
            }
        }

        return any;
    }

    private static INamedTypeSymbol? ContainerOf(INamedTypeSymbol type, SyntaxNode node)
    {
        var name = node.FirstAncestorOrSelf<TypeDeclarationSyntax>()?.Identifier.ValueText;
        var outer = type;
        while (outer is not null && outer.Name != name)
        {
            outer = outer.ContainingType;
        }

        return outer;
    }

    /// <summary>The field or property of <c>this</c> that holds the object, or the collection that it is in.</summary>
    private static ISymbol? HolderOf(IOperation value, CallFrame? frame)
    {
        for (var step = 0; step < 4; step++)
        {
            switch (Provenance.Of(value, ref frame))
            {
                case IFieldReferenceOperation { Instance: IInstanceReferenceOperation, Field: { IsStatic: false } field }
                    when frame is not { HopsAway: > 0 }:
                    return field;
                case IPropertyReferenceOperation { Instance: IInstanceReferenceOperation, Property: var property, Arguments.IsEmpty: true }
                    when frame is not { HopsAway: > 0 }:
                    return Members.IsAuto(property) || !MakesWhatItReturns(property) ? Members.Behind(property) : null;
                case IMemberReferenceOperation { Instance: { } owner } part
                    when owner is not IInstanceReferenceOperation && IsPlainPart(part) && Finalizable.IsOrdinary(owner.Type, default):
                    return HolderOf(owner, frame) is null ? null : part.Member;
                case IParameterReferenceOperation { Parameter: var parameter } when Provenance.IsState(parameter, frame):
                    return parameter;
                case IArrayElementReferenceOperation element:
                    value = element.ArrayReference;
                    break;
                case IPropertyReferenceOperation { Arguments.Length: 1, Instance: { } collection }:
                    value = collection;
                    break;
                case IPropertyReferenceOperation { Property: { Name: "Value" or "Values" or "Key" or "Keys", ContainingType: var type },
                    Instance: { } collection }
                    when type.ContainingNamespace.ToDisplayString().StartsWith("System.Collections", StringComparison.Ordinal):
                    value = collection;
                    break;
                default:
                    return null;
            }
        }

        return null;
    }

    private static bool MakesWhatItReturns(IPropertySymbol property) => property.DeclaringSyntaxReferences.Any(static part =>
        part.GetSyntax().DescendantNodes().Any(static node => node is BaseObjectCreationExpressionSyntax or InvocationExpressionSyntax));

    /// <summary>An object that the other still refers to, as long as its memory is there.</summary>
    private static bool IsPlainPart(IMemberReferenceOperation reference) => Operations.WriteTo(reference) is null && reference.Member switch
    {
        IFieldSymbol field => !field.IsStatic,
        IPropertySymbol { IsVirtual: false, IsAbstract: false, IsOverride: false, IsStatic: false, Type.IsReferenceType: true } property =>
            Members.IsAuto(property) || Members.Behind(property) is IFieldSymbol,
        _ => false,
    };

    /// <summary>A name or a number that no finalizer takes away.</summary>
    private static bool IsConstant(ISymbol member) =>
        member is IFieldSymbol { IsReadOnly: true, Type: { TypeKind: TypeKind.Enum }
            or { SpecialType: >= SpecialType.System_Boolean and <= SpecialType.System_String } };
}
