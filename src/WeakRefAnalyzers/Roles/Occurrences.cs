using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace WeakRefAnalyzers.Roles;

internal enum WeakReadKind : byte
{
    /// <summary>The operation's value is the target, or null: <c>Target</c>, <c>Deref()</c>.</summary>
    Value,

    /// <summary>True and the target in an out argument, or false and null: <c>TryGetTarget(out x)</c>.</summary>
    Try,

    /// <summary>Alive now, with no promise for the next line: <c>IsAlive</c>, <c>TryGetTarget(out _)</c>.</summary>
    Probe,

    /// <summary>The opposite of a probe, and no better: <c>bool IsDead => !_w.IsAlive</c>.</summary>
    DeadProbe,

    /// <summary>The elements of the sequence, or the result of the task, are targets, or null: an iterator that yields reads.</summary>
    Elements,

    /// <summary>Parts of the tuple are.</summary>
    Parts,

    /// <summary>Says that a handle was not freed, and nothing of its target: <c>IsAllocated</c>. People take it for a probe.</summary>
    Allocated,
}

/// <summary>
/// An operation that asks a weak reference about its target. A class, like the others here: most operations play no
/// role, and null is cheap to hand on.
/// </summary>
/// <param name="Operation">The property reference or invocation.</param>
/// <param name="Kind">What is asked.</param>
/// <param name="Receiver">The weak reference, or the object whose member wraps it; null for a static member.</param>
/// <param name="Out">The out argument's value of a <see cref="WeakReadKind.Try"/>.</param>
/// <param name="Wrapper">The property or method of source that wraps the reference; null for the reference's own member.</param>
/// <param name="Inner">With a wrapper: the members that lead from its receiver, or from the parameter that comes first,
/// to the wrapped reference.</param>
internal sealed record WeakRead(
    IOperation Operation,
    WeakReadKind Kind,
    IOperation? Receiver,
    IOperation? Out = null,
    ISymbol? Wrapper = null,
    ISymbol[]? Inner = null)
{
    /// <summary>
    /// Of a tuple, what each part is: a target or null (<see cref="Target"/>), a bool that says whether that part is there, by its
    /// index, or something else (<see cref="Other"/>).
    /// </summary>
    public int[] Parts { get; init; } = [];

    public const int Target = -1;
    public const int Other = -2;

    /// <summary>The read gives the target itself, in code that runs here: code that is data does not.</summary>
    public bool GivesTarget
    {
        get
        {
            if (Kind is not (WeakReadKind.Value or WeakReadKind.Try or WeakReadKind.Elements or WeakReadKind.Parts))
            {
                return false;
            }

            for (var parent = Operation.Parent; parent is not null; parent = parent.Parent)
            {
                if (parent is IAnonymousFunctionOperation && parent.Parent is IConversionOperation { Type.Name: "Expression" })
                {
                    return false;
                }
            }

            return true;
        }
    }
}

internal enum WeakTargetKind : byte
{
    /// <summary>
    /// <c>WeakReference</c>, <c>WeakReference&lt;T&gt;</c>, <c>WeakRef&lt;T&gt;</c> or a type the user named or annotated.
    /// </summary>
    Reference,

    /// <summary>A weak <c>GCHandle</c> or <c>WeakGCHandle&lt;T&gt;</c>: must be freed.</summary>
    Handle,

    /// <summary><c>DependentHandle</c>: an ephemeron that must be freed.</summary>
    DependentHandle,

    /// <summary>The key of a <c>ConditionalWeakTable</c>: an ephemeron.</summary>
    TableKey,

    /// <summary>The target of a registration with a cleanup registry.</summary>
    Registration,

    /// <summary>The value of a <c>WeakCache</c>; its key is held for as long as the value lives.</summary>
    CacheEntry,
}

/// <summary>An operation after which an object is weakly held.</summary>
/// <param name="Operation">The creation, invocation, or reference to a property that is assigned.</param>
/// <param name="Kind">By what it is held.</param>
/// <param name="Value">The expression whose object becomes weakly held, conversions included.</param>
internal sealed record WeakTarget(IOperation Operation, WeakTargetKind Kind, IOperation Value)
{
    /// <summary>The argument that makes the reference long (it tracks resurrection), when it does for certain.</summary>
    public IArgumentOperation? Long { get; init; }

    /// <summary>The value of an ephemeron.</summary>
    public IOperation? Dependent { get; init; }

    /// <summary>What the registry keeps strongly until the target died.</summary>
    public IOperation? HeldValue { get; init; }

    /// <summary>What <c>Unregister</c> will be asked with.</summary>
    public IOperation? Token { get; init; }

    /// <summary>The object the operation is called on: the reference, table or registry; null for a creation.</summary>
    public IOperation? Holder { get; init; }
}

/// <summary>A registry is given the callback that runs some time after a target died, or never.</summary>
/// <param name="Operation">The creation of the registry, or the call that takes the callback.</param>
/// <param name="Callback">The delegate, conversions included.</param>
internal sealed record CleanupCallback(IOperation Operation, IOperation Callback);
