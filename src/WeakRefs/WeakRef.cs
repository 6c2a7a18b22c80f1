using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using WeakRefs.Annotations;

namespace WeakRefs;

/// <summary>
/// A reference that does not keep its target alive: JavaScript's <c>WeakRef</c>.
/// </summary>
/// <typeparam name="T">The type of the target.</typeparam>
/// <remarks>
/// <para>The struct is one pointer wide; copies share one underlying <see cref="WeakReference{T}"/>. The reference is a
/// short one: it is empty from the moment the collector finds the target unreachable, before its finalizer runs.</para>
/// <para>Unlike in JavaScript, <see cref="Deref"/> does not keep the target alive until the end of a job, since .NET has no
/// jobs. Read once into a local, check it, and use the local.</para>
/// <para>The default value is an empty reference: <see cref="Deref"/> returns <see langword="null"/>.</para>
/// <para>All members may be called from any thread.</para>
/// </remarks>
[DebuggerDisplay("{DebuggerDisplay,nq}")]
public readonly struct WeakRef<T> : IEquatable<WeakRef<T>>
    where T : class
{
    private readonly WeakReference<T>? _reference;

    private string DebuggerDisplay =>
        _reference is null ? "empty" : Deref() is { } target ? $"alive: {target}" : "dead";

    /// <summary>Makes a weak reference to <paramref name="target"/>.</summary>
    /// <param name="target">The object to refer to without keeping it alive.</param>
    /// <exception cref="ArgumentNullException"><paramref name="target"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="target"/> is a boxed value type, which nothing else refers to.</exception>
    public WeakRef([WeakTarget] T target)
    {
        Target.ThrowIfUnfit(target, nameof(target));
        _reference = new WeakReference<T>(target);
    }

    /// <summary>Returns the target, or <see langword="null"/> if it was collected.</summary>
    /// <returns>A strong reference to the target, or <see langword="null"/>.</returns>
    [WeakRead]
    public T? Deref()
    {
        return TryGetTarget(out var target) ? target : null;
    }

    /// <summary>Reads the target.</summary>
    /// <param name="target">A strong reference to the target, or <see langword="null"/> if it was collected.</param>
    /// <returns><see langword="true"/> if the target was alive; <paramref name="target"/> then keeps it so.</returns>
    public bool TryGetTarget([WeakRead, NotNullWhen(true)] out T? target)
    {
        if (_reference is { } reference)
        {
            return reference.TryGetTarget(out target);
        }

        target = null;
        return false;
    }

    /// <summary>Says whether both are copies of one reference. Two references made separately differ, whatever their targets.</summary>
    /// <param name="other">The reference to compare with.</param>
    /// <returns><see langword="true"/> if one was copied from the other, or both are default.</returns>
    public bool Equals(WeakRef<T> other) => ReferenceEquals(_reference, other._reference);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is WeakRef<T> other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _reference?.GetHashCode() ?? 0;

    /// <summary>Says whether both are copies of one reference.</summary>
    /// <param name="left">A reference.</param>
    /// <param name="right">Another reference.</param>
    /// <returns><see langword="true"/> if one was copied from the other, or both are default.</returns>
    public static bool operator ==(WeakRef<T> left, WeakRef<T> right) => left.Equals(right);

    /// <summary>Says whether the two are not copies of one reference.</summary>
    /// <param name="left">A reference.</param>
    /// <param name="right">Another reference.</param>
    /// <returns><see langword="true"/> if neither was copied from the other.</returns>
    public static bool operator !=(WeakRef<T> left, WeakRef<T> right) => !left.Equals(right);
}

/// <summary>Makes weak references with the type inferred, and answers questions about targets.</summary>
/// <remarks>All members may be called from any thread.</remarks>
public static class WeakRef
{
    /// <summary>Makes a weak reference to <paramref name="target"/>.</summary>
    /// <typeparam name="T">The type of the target.</typeparam>
    /// <param name="target">The object to refer to without keeping it alive.</param>
    /// <returns>The reference.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="target"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="target"/> is a boxed value type, which nothing else refers to.</exception>
    public static WeakRef<T> Create<T>([WeakTarget] T target)
        where T : class => new(target);

    /// <summary>
    /// Says whether the collector will never collect <paramref name="target"/>, because it lies outside the collected heap.
    /// </summary>
    /// <param name="target">The object to ask about.</param>
    /// <returns>
    /// <see langword="true"/> for objects on the frozen heap, such as most string literals and <see cref="Type"/> objects
    /// on .NET 8 and later. <see langword="false"/> says nothing: an object a static field refers to lives as long.
    /// </returns>
    /// <remarks>What the runtime puts there is its own affair and changes between versions. Use this to diagnose a callback
    /// that never comes, not to decide what a program does.</remarks>
    /// <exception cref="ArgumentNullException"><paramref name="target"/> is null.</exception>
    public static bool IsImmortal(object target)
    {
        if (target is null)
        {
            throw new ArgumentNullException(nameof(target));
        }

        // The runtime's documented answer for an object that belongs to no generation.
        return GC.GetGeneration(target) == int.MaxValue;
    }
}
