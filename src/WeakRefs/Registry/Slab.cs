using System.Runtime.CompilerServices;

namespace WeakRefs.Registry;

/// <summary>
/// The registrations of one registry: stripes by thread, a pool of empty chunks, a table of tokens. It does not know
/// the registry, so that a <see cref="Registration"/>, which knows its chunk, keeps neither registry nor callback alive.
/// </summary>
internal sealed class Slab<THeld>(Watched watched)
{
    private static readonly int MostStripes = RoundUpToPowerOfTwo(2 * Environment.ProcessorCount);

    /// <summary>Grows while threads get into each other's way.</summary>
    private volatile Stripe<THeld>[] _stripes = [];

    private volatile TokenTable? _tokens;
    private volatile bool _isClosed;

    private Gate _poolGate;
    private Chunk<THeld>? _pool;
    private int _pooled;

    /// <summary>The fewest chunks that were in the pool since it was last trimmed.</summary>
    private int _poolLowWater;

    public bool IsClosed => _isClosed;

    /// <summary>Live and due registrations, roughly while others register.</summary>
    public int Count
    {
        get
        {
            var count = 0;
            foreach (var stripe in _stripes)
            {
                count += Volatile.Read(ref stripe.Taken);
            }

            return count;
        }
    }

    public bool HasDue
    {
        get
        {
            foreach (var stripe in _stripes)
            {
                if (stripe.HasDue)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>
    /// Adds a registration and says whether the owner must have the registry watched. Returns a default registration if the
    /// slab is closed.
    /// </summary>
    public Registration Add(object target, THeld held, object? token, out bool needsWatch)
    {
        var stripes = _stripes;
        if (stripes.Length == 0)
        {
            stripes = Grow(0);
        }

        var stripe = stripes[ThreadNumber.Current & (stripes.Length - 1)];
        var taken = false;
        try
        {
            if (!stripe.Gate.TryEnter(LockRank.RegistryStripe, ref taken))
            {
                stripe = EnterBusy(stripe, stripes.Length, ref taken);
            }

            // The usual case. A closed slab has no free slots.
            if (token is null && stripe.Current.TryRefill(target, held, out var index, out var version))
            {
                stripe.Taken++;
                // Asked after the registration is there to be seen, and inside the gate: either the watcher sees it, which
                // looks inside the gate after it has taken the mark away, or we see that the mark is gone.
                needsWatch = !watched.IsYoung;
                return new Registration(stripe.Current, index, version);
            }

            return AddInside(stripe, target, held, token, out needsWatch);
        }
        finally
        {
            stripe.Gate.Exit(LockRank.RegistryStripe, taken);
        }
    }

    /// <summary>A registration has ended: no one finds it any more, and it keeps nothing alive.</summary>
    public void Forget(Chunk<THeld> chunk, int index, ref Slot<THeld> slot, int version, bool forgetToken)
    {
        slot.Held = default!;
        if (slot.Token >= 0 && !forgetToken)
        {
            _tokens!.Remove(slot.Token, chunk, index, version);
        }
    }

    /// <summary>Cancels all registrations with that token; says whether there were any.</summary>
    public bool Remove(object token)
    {
        bool any = false, more = false;
        do
        {
            // The table is left before the stripe is entered: adding goes the other way round.
            Chunk? chunk = null;
            int index = 0, version = 0;
            more = _tokens is { } tokens && tokens.TryTake(token, out chunk, out index, out version);
            any |= chunk is not null && chunk.Unregister(index, version, forgetToken: true);
        }
        while (more);
        return any;
    }

    /// <summary>
    /// Finds the targets a collection of that generation, or a younger one, may have killed, and returns the generation of the
    /// youngest that is alive. Allocates nothing.
    /// </summary>
    public int FindDead(int generation)
    {
        var youngest = int.MaxValue;
        foreach (var stripe in _stripes)
        {
            // Downwards: a chunk that is removed meanwhile is replaced by the last one, which was looked at already.
            for (var i = stripe.ChunkCount - 1; i >= 0; i--)
            {
                var taken = false;
                try
                {
                    stripe.Gate.Enter(LockRank.RegistryStripe, ref taken);
                    youngest = Math.Min(youngest, stripe.FindDead(i, generation));
                }
                finally
                {
                    stripe.Gate.Exit(LockRank.RegistryStripe, taken);
                }
            }
        }

        return youngest;
    }

    /// <summary>Takes slots whose callbacks are to run now. They must be returned.</summary>
    /// <param name="position">Of the stripe to begin with, 0 at first.</param>
    /// <param name="batch">The slots.</param>
    public bool TryTakeDue(ref int position, out DueBatch<THeld> batch)
    {
        for (var stripes = _stripes; position < stripes.Length; position++)
        {
            var stripe = stripes[position];
            if (!stripe.HasDue)
            {
                continue;
            }

            var taken = false;
            try
            {
                stripe.Gate.Enter(LockRank.RegistryStripe, ref taken);
                if (stripe.TryTakeDue(out batch))
                {
                    return true;
                }
            }
            finally
            {
                stripe.Gate.Exit(LockRank.RegistryStripe, taken);
            }
        }

        batch = default;
        return false;
    }

    /// <summary>Frees everything. Registrations, old and new, are refused from now on.</summary>
    public void Close()
    {
        _isClosed = true;
        foreach (var stripe in Grow(int.MaxValue))
        {
            var taken = false;
            try
            {
                stripe.Gate.Enter(LockRank.RegistryStripe, ref taken);
                stripe.FreeHandles();
            }
            finally
            {
                stripe.Gate.Exit(LockRank.RegistryStripe, taken);
            }
        }

        // Last, since adding stops only with the stripes.
        _tokens?.Clear();
        while (TakePooled() is { } chunk)
        {
            chunk.FreeHandles();
        }
    }

    public Chunk<THeld>? TakePooled()
    {
        var taken = false;
        try
        {
            _poolGate.Enter(LockRank.Pool, ref taken);
            if (_pool is not { } chunk)
            {
                return null;
            }

            _pool = chunk.NextRoomy;
            chunk.NextRoomy = null;
            _poolLowWater = Math.Min(_poolLowWater, --_pooled);
            return chunk;
        }
        finally
        {
            _poolGate.Exit(LockRank.Pool, taken);
        }
    }

    public void AddPooled(Chunk<THeld> chunk)
    {
        var taken = false;
        try
        {
            _poolGate.Enter(LockRank.Pool, ref taken);
            chunk.NextRoomy = _pool;
            _pool = chunk;
            _pooled++;
        }
        finally
        {
            _poolGate.Exit(LockRank.Pool, taken);
        }
    }

    /// <summary>Frees what was not needed since the last call: pooled chunks, and unused parts of the table of tokens.</summary>
    public void Trim()
    {
        _tokens?.Trim();
        int unused;
        var taken = false;
        try
        {
            _poolGate.Enter(LockRank.Pool, ref taken);
            unused = _poolLowWater;
            _poolLowWater = _pooled;
        }
        finally
        {
            _poolGate.Exit(LockRank.Pool, taken);
        }

        for (; unused > 0 && TakePooled() is { } chunk; unused--)
        {
            chunk.FreeHandles();
        }
    }

    /// <summary>Says whether nothing is registered or pooled. Exact for registrations that were made before.</summary>
    public bool IsEmpty()
    {
        foreach (var stripe in _stripes)
        {
            var taken = false;
            try
            {
                stripe.Gate.Enter(LockRank.RegistryStripe, ref taken);
                if (stripe.Taken > 0)
                {
                    return false;
                }
            }
            finally
            {
                stripe.Gate.Exit(LockRank.RegistryStripe, taken);
            }
        }

        return Volatile.Read(ref _pooled) == 0;
    }

    private static int RoundUpToPowerOfTwo(int value)
    {
        var result = 1;
        while (result < value)
        {
            result *= 2;
        }

        return result;
    }

    /// <summary>Adds in a stripe whose gate was entered.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private Registration AddInside(Stripe<THeld> stripe, object target, THeld held, object? token, out bool needsWatch)
    {
        needsWatch = false;
        if (_isClosed)
        {
            return default;
        }

        Chunk<THeld> chunk;
        int index, version;
        do
        {
            chunk = stripe.ChunkWithRoom();
        }
        while (!chunk.TryFill(target, held, out index, out version));
        stripe.Taken++;
        if (token is not null)
        {
            try
            {
                chunk.Slots[index].Token = TokensOrNew().Add(token, chunk, index, version);
            }
            catch
            {
                stripe.Cancel(chunk, index, version, forgetToken: true);
                throw;
            }
        }

        needsWatch = !watched.IsYoung;
        return new Registration(chunk, index, version);
    }

    /// <summary>Enters the gate of a stripe others are at, or of another one if that happens often.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private Stripe<THeld> EnterBusy(Stripe<THeld> stripe, int stripeCount, ref bool taken)
    {
        const int Many = 8;
        if (++stripe.Collisions > Many && stripeCount < MostStripes)
        {
            stripe.Collisions = 0;
            var stripes = Grow(stripeCount);
            stripe = stripes[ThreadNumber.Current & (stripes.Length - 1)];
        }

        stripe.Gate.Enter(LockRank.RegistryStripe, ref taken);
        return stripe;
    }

    /// <summary>Doubles the number of stripes if it still is what the caller saw, and returns them all.</summary>
    private Stripe<THeld>[] Grow(int seen)
    {
        var taken = false;
        try
        {
            _poolGate.Enter(LockRank.Pool, ref taken);
            var stripes = _stripes;
            if (stripes.Length == seen && (!_isClosed || seen == 0))
            {
                Array.Resize(ref stripes, Math.Max(1, 2 * seen));
                for (var i = seen; i < stripes.Length; i++)
                {
                    stripes[i] = new Stripe<THeld>(this);
                }

                _stripes = stripes;
            }

            return stripes;
        }
        finally
        {
            _poolGate.Exit(LockRank.Pool, taken);
        }
    }

    private TokenTable TokensOrNew() => _tokens ?? Interlocked.CompareExchange(ref _tokens, new TokenTable(), null) ?? _tokens;
}
