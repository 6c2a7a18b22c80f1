using WeakRefs.Registry;

namespace WeakRefs;

/// <summary>
/// One registration with a <see cref="FinalizationRegistry{THeld}"/>. Keeping it keeps neither the target nor the registry
/// nor its callback alive. It may be dropped.
/// </summary>
public readonly struct Registration : IEquatable<Registration>
{
    private readonly Chunk? _chunk;
    private readonly int _index;
    private readonly int _version;

    internal Registration(Chunk chunk, int index, int version)
    {
        _chunk = chunk;
        _index = index;
        _version = version;
    }

    internal bool IsNone => _chunk is null;

    /// <summary>Cancels the registration, in constant time.</summary>
    /// <returns>
    /// <see langword="true"/> if the callback had not started: it never will, and the held value is released.
    /// <see langword="false"/> if it started already, the registration was cancelled before, the registry was disposed or
    /// collected, or this is a default value.
    /// </returns>
    public bool Unregister() => _chunk is not null && _chunk.Unregister(_index, _version, forgetToken: false);

    /// <summary>Says whether both stand for one call of <c>Register</c>.</summary>
    /// <param name="other">The registration to compare with.</param>
    /// <returns><see langword="true"/> if they do, or both are default.</returns>
    public bool Equals(Registration other) =>
        ReferenceEquals(_chunk, other._chunk) && _index == other._index && _version == other._version;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Registration other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => ((_chunk?.GetHashCode() ?? 0) * 397 ^ _index) * 397 ^ _version;

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
}
