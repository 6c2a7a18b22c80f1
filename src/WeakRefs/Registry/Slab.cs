using System.Runtime.CompilerServices;

namespace WeakRefs.Registry;

/// <summary>
/// The registrations of one registry: stripes by thread, a pool of empty chunks, a table of tokens. It does not know
/// the registry, so that a <see cref="Registration"/>, which knows its chunk, keeps neither registry nor callback alive.
/// </summary>
internal sealed class Slab<THeld>
{
    private readonly Stripe<THeld>[] _stripes = new Stripe<THeld>[RoundUpToPowerOfTwo(2 * Environment.ProcessorCount)];
    private readonly Stack<Chunk<THeld>> _pool = new();
    private Gate _poolGate;
    private int _poolLowWater;
    private volatile bool _isClosed;

    public Slab()
    {
        for (var i = 0; i < _stripes.Length; i++)
        {
            _stripes[i] = new Stripe<THeld>(this);
        }
    }

    public TokenTable Tokens { get; } = new();

    public bool IsClosed => _isClosed;

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
        var stripe = stripes[ThreadNumber.Current & (stripes.Length - 1)];
        needsWatch = false;
        stripe.Gate.Enter();
        var chunk = stripe.Current;
        // The usual case, in which nothing can throw. A closed slab has no free slots.
        if (chunk.FreeHead >= 0 && token is null && stripe.IsWatched)
        {
            var index = chunk.Refill(target, held, out var version);
            stripe.Taken++;
            stripe.Gate.Exit();
            return new Registration(chunk, index, version);
        }

        return AddInside(stripe, target, held, token, out needsWatch);
    }

    /// <summary>Adds in a stripe whose gate was entered, and exits the gate.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private Registration AddInside(Stripe<THeld> stripe, object target, THeld held, object? token, out bool needsWatch)
    {
        needsWatch = false;
        try
        {
            if (_isClosed)
            {
                return default;
            }

            var chunk = stripe.ChunkWithRoom();
            var index = chunk.Fill(target, held, out var version);
            stripe.Taken++;
            if (token is not null)
            {
                try
                {
                    chunk.Slots[index].Token = Tokens.Add(token, chunk, index, version);
                }
                catch
                {
                    stripe.Cancel(chunk, index, version, forgetToken: true);
                    throw;
                }
            }

            needsWatch = !stripe.IsWatched;
            stripe.IsWatched = true;
            return new Registration(chunk, index, version);
        }
        finally
        {
            stripe.Gate.Exit();
        }
    }

    /// <summary>A registration has ended: no one finds it any more, and it keeps nothing alive.</summary>
    public void Forget(Chunk<THeld> chunk, int index, ref Slot<THeld> slot, int version, bool forgetToken)
    {
        slot.Held = default!;
        if (slot.Token >= 0 && !forgetToken)
        {
            Tokens.Remove(slot.Token, chunk, index, version);
        }
    }

    /// <summary>Cancels all registrations with that token; says whether there were any.</summary>
    public bool Remove(object token)
    {
        bool any = false, more;
        do
        {
            // The table is left before the stripe is entered: adding goes the other way round.
            more = Tokens.TryTake(token, out var chunk, out var index, out var version);
            any |= chunk is not null && chunk.Unregister(index, version, forgetToken: true);
        }
        while (more);
        return any;
    }

    /// <summary>Finds the targets a collection of that generation, or a younger one, may have killed.</summary>
    public void FindDead(int generation)
    {
        foreach (var stripe in _stripes)
        {
            // Downwards: a chunk that is removed meanwhile is replaced by the last one, which was looked at already.
            for (var i = stripe.ChunkCount - 1; i >= 0; i--)
            {
                stripe.Gate.Enter();
                stripe.FindDead(i, generation);
                stripe.Gate.Exit();
            }
        }
    }

    /// <summary>Takes slots whose callbacks are to run now. They must be returned.</summary>
    /// <param name="stripe">Where to begin to look, 0 at first.</param>
    /// <param name="batch">The slots.</param>
    public bool TryTakeDue(ref int stripe, out DueBatch<THeld> batch)
    {
        for (; stripe < _stripes.Length; stripe++)
        {
            var candidate = _stripes[stripe];
            if (!candidate.HasDue)
            {
                continue;
            }

            candidate.Gate.Enter();
            var found = candidate.TryTakeDue(out batch);
            candidate.Gate.Exit();
            if (found)
            {
                return true;
            }
        }

        batch = default;
        return false;
    }

    /// <summary>Frees everything. Registrations, old and new, are refused from now on.</summary>
    public void Close()
    {
        _isClosed = true;
        Tokens.Close();
        foreach (var stripe in _stripes)
        {
            stripe.Gate.Enter();
            stripe.FreeHandles();
            stripe.Gate.Exit();
        }

        while (TakePooled() is { } chunk)
        {
            chunk.FreeHandles();
        }
    }

    public Chunk<THeld>? TakePooled()
    {
        _poolGate.Enter();
        var chunk = _pool.Count > 0 ? _pool.Pop() : null;
        _poolLowWater = Math.Min(_poolLowWater, _pool.Count);
        _poolGate.Exit();
        return chunk;
    }

    public void AddPooled(Chunk<THeld> chunk)
    {
        _poolGate.Enter();
        try
        {
            _pool.Push(chunk);
        }
        finally
        {
            _poolGate.Exit();
        }
    }

    /// <summary>Frees what was not needed since the last call: pooled chunks, and the table of tokens if it is empty.</summary>
    public void Trim()
    {
        Tokens.Trim();
        _poolGate.Enter();
        var unused = _poolLowWater;
        _poolLowWater = _pool.Count;
        _poolGate.Exit();
        for (; unused > 0 && TakePooled() is { } chunk; unused--)
        {
            chunk.FreeHandles();
        }
    }

    /// <summary>Says whether nothing is registered or pooled. The next registration then asks to be watched again.</summary>
    public bool TryGoIdle()
    {
        var idle = true;
        foreach (var stripe in _stripes)
        {
            stripe.Gate.Enter();
            if (stripe.Taken > 0)
            {
                idle = false;
            }
            else
            {
                stripe.IsWatched = false;
            }

            stripe.Gate.Exit();
        }

        return idle && _pool.Count == 0;
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
}
