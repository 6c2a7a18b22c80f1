using System.Diagnostics;

namespace WeakRefs.Registry;

/// <summary>
/// The locks of this library, outermost first: who holds one takes only those further down. Nothing of a user runs inside
/// any of them, be it a comparer, a factory, a callback, an event handler or a scheduler. Asserted in Debug builds.
/// </summary>
internal enum LockRank
{
    /// <summary>A stripe of a registry, <see cref="Stripe{THeld}.Gate"/>.</summary>
    RegistryStripe,

    /// <summary>The tokens of a registry.</summary>
    Tokens,

    /// <summary>The pool of a registry, and the number of its stripes.</summary>
    Pool,

    /// <summary>The first stripe of a cache; the other fifteen follow it, so that all can be taken in order.</summary>
    CacheStripe,

    /// <summary>The strongly held entries of a cache.</summary>
    StrongPart = CacheStripe + 16,

    /// <summary>The factories at work for a cache.</summary>
    Productions,

    /// <summary>The lists of the watcher.</summary>
    Watcher,
}

/// <summary>Throws where the order of <see cref="LockRank"/> is not kept.</summary>
internal static class LockOrder
{
    /// <summary>One bit for each lock the thread holds.</summary>
    [ThreadStatic]
    private static int _held;

    /// <summary>A lock is about to be taken.</summary>
    [Conditional("DEBUG")]
    public static void Enter(LockRank rank)
    {
        if (_held >> (int)rank != 0)
        {
            throw new InvalidOperationException($"{rank} is taken inside {_held:x}.");
        }

        _held |= 1 << (int)rank;
    }

    [Conditional("DEBUG")]
    public static void Exit(LockRank rank) => _held &= ~(1 << (int)rank);

    /// <summary>Code of a user is about to run.</summary>
    [Conditional("DEBUG")]
    public static void AssertNone()
    {
        if (_held != 0)
        {
            throw new InvalidOperationException($"Code of a user runs inside {_held:x}.");
        }
    }
}
