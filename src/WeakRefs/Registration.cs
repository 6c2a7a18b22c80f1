using System.Diagnostics;
using WeakRefs.Registry;

namespace WeakRefs;

/// <summary>
/// One registration with a <see cref="FinalizationRegistry{THeld}"/>. Keeping it keeps neither the target nor the registry
/// nor its callback alive. It may be dropped.
/// </summary>
/// <remarks>
/// All members may be called from any thread. A field of this type that is read while another thread writes it can yield
/// halves of two registrations, as with any struct of two words; in a 64-bit process such a value cancels nothing.
/// </remarks>
[DebuggerDisplay("{DebuggerDisplay,nq}")]
public readonly struct Registration : IEquatable<Registration>
{
    private const int IndexBits = 9;
    private const int StampShift = 40;

    private readonly Chunk? _chunk;

    /// <summary>From the lowest bit: index in the chunk, version of the slot (31 bits), stamp of the chunk (24).</summary>
    private readonly ulong _place;

    internal Registration(Chunk chunk, int index, int version)
    {
        _chunk = chunk;
        _place = (ulong)(uint)chunk.Stamp << StampShift | (ulong)(uint)version << IndexBits | (uint)index;
    }

    internal bool IsNone => _chunk is null;

    private string DebuggerDisplay => _chunk is { } chunk
        ? IsOf(chunk) && chunk.Has(Index, Version) ? "pending" : "called or cancelled"
        : "none";

    private int Index => (int)_place & (1 << IndexBits) - 1;

    private int Version => (int)(_place >> IndexBits) & int.MaxValue;

    /// <summary>Cancels the registration, in constant time.</summary>
    /// <returns>
    /// <see langword="true"/> if the callback had not started: it never will, and the held value is released.
    /// <see langword="false"/> if it started already, the registration was cancelled before, the registry was disposed or
    /// collected, or this is a default value.
    /// </returns>
    public bool Unregister() =>
        _chunk is { } chunk && IsOf(chunk) && Cancel(chunk, Index, Version);

    /// <summary>Says whether both stand for one call of <c>Register</c>.</summary>
    /// <param name="other">The registration to compare with.</param>
    /// <returns><see langword="true"/> if they do, or both are default.</returns>
    public bool Equals(Registration other) => ReferenceEquals(_chunk, other._chunk) && _place == other._place;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Registration other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _place.GetHashCode();

    /// <summary>Says whether both stand for one call of <c>Register</c>.</summary>
    /// <param name="left">A registration.</param>
    /// <param name="right">Another registration.</param>
    /// <returns><see langword="true"/> if they do, or both are default.</returns>
    public static bool operator ==(Registration left, Registration right) => left.Equals(right);

    /// <summary>Says whether the two stand for different calls of <c>Register</c>.</summary>
    /// <param name="left">A registration.</param>
    /// <param name="right">Another registration.</param>
    /// <returns><see langword="true"/> if they do.</returns>
    public static bool operator !=(Registration left, Registration right) => !left.Equals(right);

    private bool IsOf(Chunk chunk) => (ulong)(uint)chunk.Stamp << StampShift == _place >> StampShift << StampShift;

    private static bool Cancel(Chunk chunk, int index, int version)
    {
#if NET8_0_OR_GREATER
        return chunk.Unregister(index, version, forgetToken: false);
#else
        bool cancelled;
        try
        {
        }
        finally
        {
            // Not to be left half done by an abort, see Gate.
            cancelled = chunk.Unregister(index, version, forgetToken: false);
        }

        return cancelled;
#endif
    }
}
