using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using WeakRefAnalyzers.Code;

namespace WeakRefAnalyzers.Finalizing;

/// <summary>An operation that is run, in one call of the method that holds it.</summary>
internal readonly record struct Reached(IOperation Operation, CallFrame CallFrame);

/// <summary>One call of a method on the way.</summary>
internal sealed class CallFrame(KnownFacts known, IMethodSymbol method, IOperation body, IOperation? call, CallFrame? caller,
    List<(IParameterSymbol Parameter, object? Value)> values, IReadOnlyList<IArgumentOperation> arguments, int hopsAway = 0)
{
    public KnownFacts Known { get; } = known;

    public IMethodSymbol Method { get; } = method;

    public IOperation Body { get; } = body;

    /// <summary>The call or accessor use that entered the method; null where the walk begins.</summary>
    public IOperation? Call { get; } = call;

    public CallFrame? Caller { get; } = caller;

    public int Depth { get; } = caller is null ? 0 : caller.Depth + 1;

    /// <summary>Where the code runs is known beside the constants: what a condition is that asks for it.</summary>
    public Func<IOperation, bool?>? Knows { get; init; } = caller?.Knows;

    /// <summary>How many calls into code of other objects lie between here and the object that the walk is about.</summary>
    public int HopsAway { get; } = hopsAway;

    /// <summary>What the caller called the method on, where the value is <c>this</c> of another object.</summary>
    public IOperation? ReceiverOf(IOperation value) => HopsAway > 0 && Operations.IsThis(value) ? Call switch
    {
        IInvocationOperation invocation => invocation.Instance,
        IMemberReferenceOperation member => member.Instance,
        _ => null,
    } : null;

    /// <summary>What the caller passed for a parameter.</summary>
    public IOperation? ArgumentOf(IParameterSymbol parameter)
    {
        foreach (var argument in arguments)
        {
            if (argument.Parameter?.Ordinal == parameter.Ordinal
                && SymbolEqualityComparer.Default.Equals(parameter.ContainingSymbol, Method))
            {
                return argument.Value;
            }
        }

        return null;
    }

    /// <summary>What a condition is in this call, where constants decide it.</summary>
    public bool? ValueOf(IOperation condition) => Constants.Of(condition, this) is { HasValue: true, Value: bool value } ? value : null;

    /// <summary>The constant that the caller passed for a parameter.</summary>
    public Optional<object?> ConstantOf(IParameterSymbol parameter)
    {
        foreach (var (known, value) in values)
        {
            if (SymbolEqualityComparer.Default.Equals(known, parameter.OriginalDefinition))
            {
                return value;
            }
        }

        return default;
    }
}
