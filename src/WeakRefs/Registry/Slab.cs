namespace WeakRefs.Registry;

/// <summary>
/// The registrations of one registry: a stripe per processor, a pool of empty chunks, a table of tokens. It does not know
/// the registry, so that a <see cref="Registration"/>, which knows its chunk, keeps neither registry nor callback alive.
/// </summary>
internal sealed class Slab<THeld>
{
    private static readonly int s_stripeCount = RoundUpToPowerOfTwo(2 * Environment.ProcessorCount);

    private readonly Stripe<THeld>[] _stripes = new Stripe<THeld>[s_stripeCount];
    private readonly Stack<Chunk<THeld>> _pool = new();
    private Gate _poolGate;
    private int _poolLowWater;
    private volatile bool _isClosed;

    public Slab()
    {
        for (int i = 0; i < _stripes.Length; i++)
            _stripes[i] = new Stripe<THeld>(this);
    }

    public TokenTable Tokens { get; } = new();

    public bool IsClosed => _isClosed;

    public bool HasDue
    {
        get
        {
            foreach (Stripe<THeld> stripe in _stripes)
            {
                if (stripe.HasDue)
                    return true;
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
        Stripe<THeld> stripe = _stripes[CurrentProcessor() & (s_stripeCount - 1)];
        stripe.Gate.Enter();
        try
        {
            needsWatch = false;
            if (_isClosed)
                return default;
            Chunk<THeld> chunk = stripe.ChunkWithRoom();
            int index = chunk.Fill(target, held, out int version);
            stripe.Taken++;
            if (token is not null)
            {
                try
                {
                    chunk.Slots[index].Token = Tokens.Add(token, chunk, index, version);
                }
                catch
                {
                    stripe.Cancel(chunk, index);
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

    /// <summary>Cancels all registrations with that token; says whether there were any.</summary>
    public bool Remove(object token)
    {
        bool any = false, more;
        do
        {
            // The table is left before the stripe is entered: adding goes the other way round.
            more = Tokens.TryTake(token, out Chunk? chunk, out int index, out int version);
            any |= chunk is not null && chunk.Unregister(index, version, forgetToken: true);
        }
        while (more);
        return any;
    }

    /// <summary>Finds the targets a collection of that generation, or a younger one, may have killed.</summary>
    public void FindDead(int generation)
    {
        foreach (Stripe<THeld> stripe in _stripes)
        {
            // Downwards: a chunk that is removed meanwhile is replaced by the last one, which was looked at already.
            for (int i = stripe.ChunkCount - 1; i >= 0; i--)
            {
                stripe.Gate.Enter();
                stripe.FindDead(i, generation);
                stripe.Gate.Exit();
            }
        }
    }

    /// <summary>Removes a registration whose callback is to run now.</summary>
    /// <param name="stripe">Where to begin to look, 0 at first.</param>
    /// <param name="held">Its held value.</param>
    public bool TryTakeDue(ref int stripe, out THeld held)
    {
        for (; stripe < _stripes.Length; stripe++)
        {
            Stripe<THeld> candidate = _stripes[stripe];
            if (!candidate.HasDue)
                continue;
            candidate.Gate.Enter();
            bool found = candidate.TryTakeDue(out held);
            candidate.Gate.Exit();
            if (found)
                return true;
        }

        held = default!;
        return false;
    }

    /// <summary>Frees everything. Registrations, old and new, are refused from now on.</summary>
    public void Close()
    {
        _isClosed = true;
        Tokens.Close();
        foreach (Stripe<THeld> stripe in _stripes)
        {
            stripe.Gate.Enter();
            stripe.FreeHandles();
            stripe.Gate.Exit();
        }

        while (TakePooled() is { } chunk)
            chunk.FreeHandles();
    }

    public Chunk<THeld>? TakePooled()
    {
        _poolGate.Enter();
        Chunk<THeld>? chunk = _pool.Count > 0 ? _pool.Pop() : null;
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
        int unused = _poolLowWater;
        _poolLowWater = _pool.Count;
        _poolGate.Exit();
        for (; unused > 0 && TakePooled() is { } chunk; unused--)
            chunk.FreeHandles();
    }

    /// <summary>Says whether nothing is registered or pooled. The next registration then asks to be watched again.</summary>
    public bool TryGoIdle()
    {
        bool idle = true;
        foreach (Stripe<THeld> stripe in _stripes)
        {
            stripe.Gate.Enter();
            if (stripe.Taken > 0)
                idle = false;
            else
                stripe.IsWatched = false;
            stripe.Gate.Exit();
        }

        return idle && _pool.Count == 0;
    }

    private static int CurrentProcessor() =>
#if NET8_0_OR_GREATER
        Thread.GetCurrentProcessorId();
#else
        Environment.CurrentManagedThreadId;
#endif

    private static int RoundUpToPowerOfTwo(int value)
    {
        int result = 1;
        while (result < value)
            result *= 2;
        return result;
    }
}
