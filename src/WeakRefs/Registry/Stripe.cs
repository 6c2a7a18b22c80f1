using System.Runtime.InteropServices;

namespace WeakRefs.Registry;

/// <summary>
/// The chunks some threads register in. Every field is guarded by <see cref="Gate"/>, every method is called inside it.
/// </summary>
internal sealed class Stripe<THeld>(Slab<THeld> slab)
{
    public Gate Gate;

    /// <summary>How often a thread found the gate taken that wanted to register.</summary>
    public int Collisions;

    /// <summary>Live and due registrations.</summary>
    public int Taken;

    /// <summary>The chunk that is being filled. There always is one, if only one without slots.</summary>
    public Chunk<THeld> Current = None;

    private static readonly Chunk<THeld> None = new(null!, 0);

    private Chunk<THeld>? _roomy;
    private Chunk<THeld>? _firstDue;
    private Chunk<THeld>?[] _chunks = [];
    private int _chunkCount;

    // The runtime lays out fields of value types last, so this keeps the neighbour's gate off our cache lines.
#pragma warning disable CS0169, IDE0051 // Never read: it is there for its size.
    private readonly CacheLines _padding;
#pragma warning restore CS0169, IDE0051

    public bool HasDue => _firstDue is not null;

    public int ChunkCount => Volatile.Read(ref _chunkCount);

    /// <summary>
    /// A chunk with a slot to fill, unless all its free ones are worn out. May throw for lack of memory, and has then changed
    /// nothing.
    /// </summary>
    public Chunk<THeld> ChunkWithRoom()
    {
        if (Current.HasRoom)
        {
            return Current;
        }

        if (_roomy is { } roomy)
        {
            RemoveRoomy(roomy);
            return Current = roomy;
        }

        if (_chunkCount == _chunks.Length)
        {
            Array.Resize(ref _chunks, Math.Max(4, 2 * _chunkCount));
        }

        // 16 slots for a registry with a single registration, more from the third chunk of a stripe on.
        var chunk = slab.TakePooled() ?? new Chunk<THeld>(this, _chunkCount switch { 0 => 16, 1 => 64, _ => Chunk.MostSlots });
        chunk.Stripe = this;
        chunk.Position = _chunkCount;
        _chunks[_chunkCount++] = chunk;
        return Current = chunk;
    }

    /// <summary>
    /// Looks at the chunk at <paramref name="position"/> if a collection of that generation can have changed it, and returns
    /// the generation of the youngest target that is alive in it.
    /// </summary>
    public int FindDead(int position, int generation)
    {
        if (position >= _chunkCount)
        {
            return int.MaxValue;
        }

        var chunk = _chunks[position]!;
        if (chunk.YoungestGeneration <= generation && chunk.FindDead())
        {
            AddDue(chunk);
        }

        return chunk.YoungestGeneration;
    }

    /// <summary>Takes the due slots of a chunk out of its list. They must be returned.</summary>
    public bool TryTakeDue(out DueBatch<THeld> batch)
    {
        batch = default;
        if (_firstDue is not { } chunk)
        {
            return false;
        }

        _firstDue = chunk.NextDue;
        chunk.NextDue = null;
        chunk.IsDue = false;
        batch = new DueBatch<THeld>(slab, this, chunk, chunk.DueHead);
        chunk.DueHead = Slot<THeld>.End;
        return true;
    }

    /// <summary>Takes back a batch: slots that are done with, linked from first to last, and those that are still due.</summary>
    public void Return(Chunk<THeld> chunk, int first, int last, int count, int due)
    {
        var slots = chunk.Slots;
        if (slots.Length == 0)
        {
            return; // Freed meanwhile.
        }

        if (due != Slot<THeld>.End)
        {
            var end = due;
            while (slots[end].Next != Slot<THeld>.End)
            {
                end = slots[end].Next;
            }

            slots[end].Next = chunk.DueHead;
            chunk.DueHead = due;
            AddDue(chunk);
        }

        if (count > 0)
        {
            Free(chunk, first, last, count);
        }
    }

    /// <summary>Cancels a registration unless its callback was quicker.</summary>
    public bool Cancel(Chunk<THeld> chunk, int index, int version, bool forgetToken)
    {
        ref var slot = ref chunk.Slots[index];
        if (!slot.TryEnd(version))
        {
            return false;
        }

        slab.Forget(chunk, index, ref slot, version, forgetToken);
        if (slot.Next == Slot<THeld>.Live)
        {
            Free(chunk, index, index, 1);
        }

        return true; // If it is due it leaves the list in its turn.
    }

    public void FreeHandles()
    {
        for (var i = 0; i < _chunkCount; i++)
        {
            _chunks[i]!.FreeHandles();
        }

        _chunks = [];
        _chunkCount = 0;
        Taken = 0;
        _roomy = _firstDue = null;
        Current = None;
    }

    private void AddDue(Chunk<THeld> chunk)
    {
        if (chunk.IsDue)
        {
            return;
        }

        chunk.IsDue = true;
        chunk.NextDue = _firstDue;
        _firstDue = chunk;
    }

    private void Free(Chunk<THeld> chunk, int first, int last, int count)
    {
        chunk.Slots[last].Next = chunk.FreeHead;
        chunk.FreeHead = first;
        chunk.Taken -= count;
        Taken -= count;
        if (chunk == Current)
        {
            return;
        }

        if (chunk.Taken == 0)
        {
            Pool(chunk);
        }
        else if (!chunk.IsRoomy)
        {
            AddRoomy(chunk);
        }
    }

    private void Pool(Chunk<THeld> chunk)
    {
        if (chunk.IsRoomy)
        {
            RemoveRoomy(chunk);
        }

        var last = _chunks[--_chunkCount]!;
        _chunks[_chunkCount] = null;
        if (last != chunk)
        {
            _chunks[chunk.Position] = last;
            last.Position = chunk.Position;
        }

        slab.AddPooled(chunk);
    }

    private void AddRoomy(Chunk<THeld> chunk)
    {
        chunk.IsRoomy = true;
        chunk.PreviousRoomy = null;
        chunk.NextRoomy = _roomy;
        if (_roomy is not null)
        {
            _roomy.PreviousRoomy = chunk;
        }

        _roomy = chunk;
    }

    private void RemoveRoomy(Chunk<THeld> chunk)
    {
        chunk.IsRoomy = false;
        if (chunk.PreviousRoomy is { } previous)
        {
            previous.NextRoomy = chunk.NextRoomy;
        }
        else
        {
            _roomy = chunk.NextRoomy;
        }

        if (chunk.NextRoomy is { } next)
        {
            next.PreviousRoomy = chunk.PreviousRoomy;
        }

        chunk.NextRoomy = chunk.PreviousRoomy = null;
    }
}

[StructLayout(LayoutKind.Sequential, Size = 128)]
internal struct CacheLines;
