using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;

namespace WeakRefAnalyzers.Finalizing;

/// <summary>Where a value comes from: through casts, locals, arguments of followed calls and atomic exchanges.</summary>
internal static partial class Provenance
{
    private const int MaxSteps = 12;

    /// <summary>The operation that made the value, as far as it can be followed.</summary>
    public static IOperation Of(IOperation value, CallFrame? frame = null) => Of(value, ref frame);

    /// <summary>The same, and the call that the operation stands in.</summary>
    public static IOperation Of(IOperation value, ref CallFrame? frame)
    {
        for (var step = 0; step < MaxSteps; step++)
        {
            var next = value switch
            {
                IConversionOperation conversion => conversion.Operand,
                IParenthesizedOperation parenthesized => parenthesized.Operand,
                IAddressOfOperation address => address.Reference,
                IConditionalAccessInstanceOperation instance => Operations.ReceiverOf(instance),
                ILocalReferenceOperation local => InitializerOf(local),
                IInvocationOperation { TargetMethod: { Name: "Exchange" or "Read", ContainingType.Name: "Interlocked" or "Volatile" },
                    Arguments: { Length: > 0 } arguments } => arguments[0].Value,
                _ => null,
            };
            if (next is null && value is IParameterReferenceOperation { Parameter.ContainingSymbol: IMethodSymbol
                { MethodKind: MethodKind.AnonymousFunction } lambda })
            {
                next = RunAtOnce(value, lambda);
            }
            else if (next is null && value is IParameterReferenceOperation parameter && frame is not null)
            {
                next = frame.ArgumentOf(parameter.Parameter);
                frame = next is null ? frame : frame.Caller;
            }
            else if (frame?.ReceiverOf(value) is { } receiver)
            {
                (next, frame) = (receiver, frame.Caller);
            }

            if (next is null)
            {
                return value;
            }

            value = next;
        }

        return value;
    }

    /// <summary>
    /// The instance field or property of <c>this</c> that the value is, is part of or is wrapped from; a parameter of the primary
    /// constructor is a field like any other.
    /// </summary>
    public static OwnState? OwnMember(IOperation value, CallFrame? frame = null)
    {
        for (var step = 0; step < MaxSteps; step++)
        {
            switch (Of(value, ref frame))
            {
                case IMemberReferenceOperation { Instance: { } other } and (IFieldReferenceOperation or IPropertyReferenceOperation)
                    when frame?.ReceiverOf(other) is { } receiver:
                    (value, frame) = (receiver, frame.Caller);
                    break;
                case IMemberReferenceOperation { Instance: { } self } member and (IFieldReferenceOperation or IPropertyReferenceOperation)
                    when Operations.IsThis(self):
                    return new OwnState(member.Member, member);
                case IMemberReferenceOperation { Instance: { } instance } member
                    and (IFieldReferenceOperation or IPropertyReferenceOperation):
                    value = Of(instance, ref frame);
                    if (Operations.IsThis(value) && frame is not { HopsAway: > 0 })
                    {
                        return new OwnState(member.Member, member);
                    }

                    break;
                case IParameterReferenceOperation parameter when IsState(parameter.Parameter, frame):
                    return new OwnState(parameter.Parameter, parameter);
                case IArrayElementReferenceOperation element:
                    value = element.ArrayReference;
                    break;
                case IInvocationOperation { Instance: { Type.IsValueType: true } instance }:
                    value = instance;
                    break;
                case IObjectCreationOperation { Type.Name: "HandleRef", Arguments: { Length: 2 } arguments }:
                    value = arguments[1].Value;
                    break;
                default:
                    return null;
            }
        }

        return null;
    }

    /// <summary>Whether a method uses a parameter of its type's primary constructor.</summary>
    public static bool IsState(IParameterSymbol parameter, CallFrame? frame) =>
        frame is not { HopsAway: > 0 } && parameter.ContainingSymbol is IMethodSymbol { MethodKind: MethodKind.Constructor } constructor
        && !Operations.Same(frame?.Method, constructor);

    /// <summary>
    /// The collection whose elements a lambda is called with, there and then: <c>list.ForEach(x => …)</c>. Null for a lambda that is
    /// kept, or put off.
    /// </summary>
    public static IOperation? RunAtOnce(IOperation inside, IMethodSymbol lambda)
    {
        var function = inside;
        while (function is not null && !(function is IAnonymousFunctionOperation { Symbol: var symbol } && Operations.Same(symbol, lambda)))
        {
            function = function.Parent;
        }

        return function?.Parent is IDelegateCreationOperation { Parent: IArgumentOperation { Parent: IInvocationOperation
            { TargetMethod: { Name: "ForEach" or "RemoveAll" or "TrueForAll" or "Exists",
                ContainingType.Name: "List" or "Array" } } call } }
            ? call.Instance ?? call.Arguments[0].Value : null;
    }

    /// <summary>What the local is declared with, or what it is taken out of.</summary>
    private static partial IOperation? InitializerOf(ILocalReferenceOperation reference);
}

/// <summary>A field or property of <c>this</c>, or a parameter of its primary constructor.</summary>
/// <param name="Member">The field, property or parameter.</param>
/// <param name="Reference">Where it is named.</param>
internal sealed record OwnState(ISymbol Member, IOperation Reference)
{
    public ITypeSymbol? Type => Reference.Type;
}
