using System.Diagnostics;

namespace WeakRefs;

/// <summary>Why an entry left a <see cref="WeakCache{TKey, TValue}"/>.</summary>
public enum WeakCacheEvictionCause
{
    /// <summary>Nothing else used its value any more, and the collector took it.</summary>
    Collected,

    /// <summary>The key got another value.</summary>
    Replaced,

    /// <summary>It was removed by its key.</summary>
    Removed,

    /// <summary>The cache was cleared or disposed.</summary>
    Cleared,
}

/// <summary>Describes an entry that left a <see cref="WeakCache{TKey, TValue}"/>.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <typeparam name="TValue">The type of the values.</typeparam>
/// <remarks>Does not change, and may be read on any thread.</remarks>
[DebuggerDisplay("{Key}: {Value}, {Cause}")]
public sealed class WeakCacheEvictedEventArgs<TKey, TValue> : EventArgs
    where TKey : notnull
    where TValue : class
{
    /// <summary>Makes the description of one entry.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value, or <see langword="null"/> if it was collected.</param>
    /// <param name="cause">Why it left.</param>
    public WeakCacheEvictedEventArgs(TKey key, TValue? value, WeakCacheEvictionCause cause)
    {
        Key = key;
        Value = value;
        Cause = cause;
    }

    /// <summary>The key.</summary>
    public TKey Key { get; }

    /// <summary>The value; <see langword="null"/> if it was collected.</summary>
    public TValue? Value { get; }

    /// <summary>Why it left.</summary>
    public WeakCacheEvictionCause Cause { get; }
}
