using System.Runtime.CompilerServices;

namespace WeakRefs.Cache;

/// <summary>
/// A key and its value. Derived from the weak reference instead of having one, for an object less: a lookup touches one
/// cache line less, and the handle lives exactly as long as a reader may hold the entry.
/// </summary>
internal sealed class Entry<TKey, TValue>(TKey key, uint hash, TValue value) : WeakReference(value)
    where TKey : notnull
    where TValue : class
{
    /// <summary><see cref="RingIndex"/> of an entry whose value is held weakly only.</summary>
    public const int Weak = -1;

    /// <summary><see cref="RingIndex"/> of an entry that is no longer in the table.</summary>
    public const int Removed = -2;

    public readonly TKey Key = key;

    public readonly uint Hash = hash;

    /// <summary>The value, unless it was collected.</summary>
    public TValue? Value =>
#if NET8_0_OR_GREATER
        Unsafe.As<TValue?>(Target); // Only TValue was ever put in, and the check would double the cost of a lookup.
#else
        (TValue?)Target;
#endif

    /// <summary>The value as well, while the entry is in the ring.</summary>
    public volatile TValue? Strong;

    /// <summary>The next one of the bucket.</summary>
    public volatile Entry<TKey, TValue>? Next;

    /// <summary>Place in the ring, <see cref="Weak"/> or <see cref="Removed"/>. Guarded by the ring, if there is one.</summary>
    public int RingIndex = Weak;

    /// <summary>Read since the ring's hand came by. Not guarded: a lost note costs an entry its second chance.</summary>
    public bool WasUsed;
}
