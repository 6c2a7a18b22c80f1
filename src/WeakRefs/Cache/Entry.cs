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
    /// <summary><see cref="Place"/> of an entry whose value is held weakly only.</summary>
    public const int Weak = -1;

    /// <summary><see cref="Place"/> of an entry that is no longer in the table.</summary>
    public const int Removed = -2;

    public readonly TKey Key = key;

    public readonly uint Hash = hash;

    /// <summary>The value as well, while it is held strongly.</summary>
    public volatile TValue? Strong;

    /// <summary>The next one of the bucket.</summary>
    public volatile Entry<TKey, TValue>? Next;

    /// <summary>
    /// Place in its ring, <see cref="Weak"/> or <see cref="Removed"/>. Guarded by the strong part, as the next two.
    /// </summary>
    public int Place = Weak;

    /// <summary>Which ring it is in.</summary>
    public bool IsInMain;

    /// <summary>The period of the strong part its uses were last reduced in.</summary>
    public byte Period;

    /// <summary>How often it was used lately, see <see cref="Cache.Uses"/>. Not guarded: a lost use is no harm.</summary>
    public byte Uses;

    /// <summary>It is in no bucket any more. Guarded by the stripe.</summary>
    public bool IsRemoved;

    /// <summary>The value, unless it was collected.</summary>
    public TValue? Value =>
#if NET8_0_OR_GREATER
        Unsafe.As<TValue?>(Target); // Only TValue was ever put in, and the check would double the cost of a lookup.
#else
        (TValue?)Target;
#endif

    /// <summary>
    /// Gives it another value. Fails if the entry was finalized: the cache is being collected, and a finalizer uses it.
    /// </summary>
    public bool TryReplace(TValue value)
    {
        try
        {
            Target = value;
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
