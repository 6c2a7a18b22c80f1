namespace WeakRefs.Registry;

/// <summary>What a <see cref="Registration"/> and the token table need of a chunk, whatever its held values are.</summary>
internal abstract class Chunk
{
    /// <summary>In slots. A <see cref="Registration"/> has room for this many.</summary>
    public const int MostSlots = 512;

    private static int _lastStamp;

    /// <summary>
    /// Differs from that of the last sixteen million chunks. Part of a <see cref="Registration"/>, so that one that was put
    /// together from halves of two by a careless reader fits neither.
    /// </summary>
    public readonly int Stamp = Interlocked.Increment(ref _lastStamp);

    /// <param name="index">Of the slot.</param>
    /// <param name="version">Of the registration; another one means it is gone.</param>
    /// <param name="forgetToken">The token's record was removed already.</param>
    public abstract bool Unregister(int index, int version, bool forgetToken);

    /// <summary>Says whether that registration was not called or cancelled yet. Takes no lock.</summary>
    public abstract bool Has(int index, int version);
}

/// <summary>One registration, or room for one.</summary>
internal struct Slot<THeld>
{
    /// <summary><see cref="Next"/> of a slot whose target was alive when last looked at.</summary>
    public const int Live = -2;

    /// <summary><see cref="Next"/> of the last slot of a list.</summary>
    public const int End = -1;

    /// <summary><see cref="Token"/> of a registration without a token.</summary>
    public const int NoToken = -1;

    /// <summary>
    /// <see cref="Version"/> of a slot that is not used again, after two thousand million registrations: an old
    /// <see cref="Registration"/> would fit a new one.
    /// </summary>
    public const int WornOut = int.MaxValue - 1;

    /// <summary>Allocated at the first use of the slot and kept until the chunk is freed.</summary>
    public WeakHandle Handle;

    public THeld Held;

    /// <summary><see cref="Live"/>, or the link of the chunk's list of free slots or of due ones.</summary>
    public int Next;

    /// <summary>
    /// Odd while something is registered here, even otherwise; rises with each registration and each end of one, so that an
    /// old <see cref="Registration"/> cannot cancel a new one.
    /// </summary>
    public int Version;

    /// <summary>Index in the <see cref="TokenTable"/>, or <see cref="NoToken"/>.</summary>
    public int Token;

    /// <summary>
    /// Ends a registration whose target is gone. Called without the gate by who runs the callbacks, within it by who cancels:
    /// one of the two succeeds.
    /// </summary>
    public bool TryEnd(int version) => Interlocked.CompareExchange(ref Version, version + 1, version) == version;
}

/// <summary>
/// A block of slots. All fields are guarded by the gate of <see cref="Stripe"/>, but for the slots in a <see cref="DueBatch{THeld}"/>.
/// </summary>
internal sealed class Chunk<THeld> : Chunk
{
    private Stripe<THeld> _stripe;

    public Chunk(Stripe<THeld> stripe, int capacity)
    {
        _stripe = stripe;
        Slots = new Slot<THeld>[capacity];
    }

    /// <summary>Empty once the chunk was freed, so that no old <see cref="Registration"/> finds a slot.</summary>
    public Slot<THeld>[] Slots { get; private set; }

    /// <summary>Slots from here on were never used and have no handle.</summary>
    public int Used;

    public int FreeHead = Slot<THeld>.End;

    /// <summary>Slots that are live, due or in a batch.</summary>
    public int Taken;

    /// <summary>Slots whose target is gone, and which are in no batch.</summary>
    public int DueHead = Slot<THeld>.End;

    /// <summary>
    /// No live target is younger: a collection of younger generations only cannot have killed any. Objects are young when
    /// registered, mostly; saying 0 of an old one costs one look at it.
    /// </summary>
    public int YoungestGeneration = int.MaxValue;

    /// <summary>Place in the stripe's list of chunks.</summary>
    public int Position;

    /// <summary>As long as none of the free slots is worn out.</summary>
    public bool HasRoom => FreeHead >= 0 || Used < Slots.Length;

    public bool IsDue;
    public Chunk<THeld>? NextDue;

    public bool IsRoomy;
    public Chunk<THeld>? NextRoomy;
    public Chunk<THeld>? PreviousRoomy;

    /// <summary>Changes only while the chunk is empty.</summary>
    public Stripe<THeld> Stripe
    {
        get => Volatile.Read(ref _stripe);
        set => Volatile.Write(ref _stripe, value);
    }

    /// <summary>Fills a slot that had a registration before, if there is one. Cannot throw.</summary>
    public bool TryRefill(object target, THeld held, out int index, out int version)
    {
        while (FreeHead >= 0)
        {
            index = FreeHead;
            ref var slot = ref Slots[index];
            FreeHead = slot.Next;
            if (slot.Version < Slot<THeld>.WornOut)
            {
                slot.Handle.SetTarget(target);
                version = Begin(ref slot, held);
                return true;
            }
        }

        index = version = 0;
        return false;
    }

    /// <summary>
    /// Fills a slot, if there is room. Throws only if the runtime cannot allocate a handle, and has then changed nothing.
    /// </summary>
    public bool TryFill(object target, THeld held, out int index, out int version)
    {
        if (TryRefill(target, held, out index, out version))
        {
            return true;
        }

        if (Used == Slots.Length)
        {
            return false;
        }

        ref var slot = ref Slots[Used];
        slot.Handle = WeakHandle.Allocate(target);
        version = Begin(ref slot, held);
        index = Used++;
        return true;
    }

    /// <summary>Moves the slots whose target is gone to the list of due ones; says whether there were any.</summary>
    public bool FindDead()
    {
        var found = false;
        var youngest = int.MaxValue;
        var slots = Slots;
        // Downwards, so that the list is in ascending order: callbacks roughly in the order of registration.
        for (var i = Used - 1; i >= 0; i--)
        {
            ref var slot = ref slots[i];
            if (slot.Next != Slot<THeld>.Live)
            {
                continue;
            }

            var target = slot.Handle.Target;
            if (target is null)
            {
                slot.Next = DueHead;
                DueHead = i;
                found = true;
            }
            else if (youngest > 0)
            {
                youngest = Math.Min(youngest, GC.GetGeneration(target));
            }
        }

        YoungestGeneration = youngest;
        return found;
    }

    public override bool Has(int index, int version) => Slots is var slots && index < slots.Length && slots[index].Version == version;

    public override bool Unregister(int index, int version, bool forgetToken)
    {
        while (true)
        {
            var stripe = Stripe;
            var taken = false;
            try
            {
                stripe.Gate.Enter(LockRank.RegistryStripe, ref taken);
                if (stripe != Stripe)
                {
                    continue; // The chunk has moved.
                }

                var slots = Slots;
                return index < slots.Length && slots[index].Version == version
                    && stripe.Cancel(this, index, version, forgetToken);
            }
            finally
            {
                stripe.Gate.Exit(LockRank.RegistryStripe, taken);
            }
        }
    }

    public void FreeHandles()
    {
        var slots = Slots;
        Slots = [];
        for (var i = 0; i < Used; i++)
        {
            slots[i].Handle.Free();
        }

        Used = 0;
        Taken = 0;
        FreeHead = DueHead = Slot<THeld>.End;
    }

    private int Begin(ref Slot<THeld> slot, THeld held)
    {
        slot.Held = held;
        slot.Next = Slot<THeld>.Live;
        slot.Token = Slot<THeld>.NoToken;
        Taken++;
        YoungestGeneration = 0;
        return ++slot.Version;
    }
}
