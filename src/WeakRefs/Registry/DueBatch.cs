namespace WeakRefs.Registry;

/// <summary>
/// Due slots of one chunk on their way to their callbacks. Whoever runs those works on a batch without the stripe's gate, so
/// that registering goes on meanwhile; cancelling is still possible until a callback starts.
/// </summary>
internal struct DueBatch<THeld>(Slab<THeld> slab, Stripe<THeld> stripe, Chunk<THeld> chunk, int head)
{
    private readonly Slot<THeld>[] _slots = chunk.Slots;
    private readonly int _first = head;
    private int _next = head;
    private int _last;
    private int _count;

    /// <summary>Ends the next registration of the batch that was not cancelled. Its callback is to run now.</summary>
    public bool TryTake(out THeld held)
    {
        bool found;
        try
        {
        }
        finally
        {
            found = TryTakeNext(out held);
        }

        return found;
    }

    /// <summary>Gives the slots back: those that were taken are free, the others are due.</summary>
    public readonly void Return()
    {
        var taken = false;
        try
        {
            stripe.Gate.Enter(LockRank.RegistryStripe, ref taken);
            stripe.Return(chunk, _first, _last, _count, _next);
        }
        finally
        {
            stripe.Gate.Exit(LockRank.RegistryStripe, taken);
        }
    }

    private bool TryTakeNext(out THeld held)
    {
        while (_next != Slot<THeld>.End && !slab.IsClosed)
        {
            ref var slot = ref _slots[_next];
            _last = _next;
            _next = slot.Next;
            _count++;
            var version = slot.Version;
            held = slot.Held;
            if ((version & 1) == 0 || !slot.TryEnd(version))
            {
                continue;
            }

            slab.Forget(chunk, _last, ref slot, version, forgetToken: false);
            return true;
        }

        held = default!;
        return false;
    }
}
