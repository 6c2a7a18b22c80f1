using System.Runtime.InteropServices;

namespace WeakRefs.Registry;

/// <summary>
/// The chunks one processor registers in. Every field is guarded by <see cref="Gate"/>, every method is called inside it.
/// </summary>
internal sealed class Stripe<THeld>(Slab<THeld> slab)
{
    public Gate Gate;

    /// <summary>The owner listed the registry with the watcher since the stripe was last empty.</summary>
    public bool IsWatched;

    /// <summary>Live and due registrations.</summary>
    public int Taken;

    private Chunk<THeld>? _current;
    private Chunk<THeld>? _roomy;
    private Chunk<THeld>? _firstDue;
    private Chunk<THeld>?[] _chunks = new Chunk<THeld>?[4];
    private int _chunkCount;

    // The runtime lays out fields of value types last, so this keeps the neighbour's gate off our cache lines.
#pragma warning disable CS0169, IDE0051 // Never read: it is there for its size.
    private readonly CacheLines _padding;
#pragma warning restore CS0169, IDE0051

    public bool HasDue => _firstDue is not null;

    public int ChunkCount => _chunkCount;

    /// <summary>A chunk with a slot to fill. May throw for lack of memory, and has then changed nothing.</summary>
    public Chunk<THeld> ChunkWithRoom()
    {
        if (_current is { HasRoom: true } current)
            return current;

        if (_roomy is { } roomy)
        {
            RemoveRoomy(roomy);
            return _current = roomy;
        }

        // 16 slots for a registry with a single registration, 512 from the third chunk of a stripe on.
        Chunk<THeld> chunk = slab.TakePooled() ?? new Chunk<THeld>(this, _chunkCount switch { 0 => 16, 1 => 64, _ => 512 });
        if (_chunkCount == _chunks.Length)
            Array.Resize(ref _chunks, 2 * _chunkCount);
        chunk.Stripe = this;
        chunk.Position = _chunkCount;
        _chunks[_chunkCount++] = chunk;
        return _current = chunk;
    }

    /// <summary>Looks at the chunk at <paramref name="position"/> if a collection of that generation can have changed it.</summary>
    public bool FindDead(int position, int generation)
    {
        if (position >= _chunkCount)
            return false;
        Chunk<THeld> chunk = _chunks[position]!;
        if (chunk.YoungestGeneration > generation || !chunk.FindDead())
            return false;
        if (!chunk.IsDue)
        {
            chunk.IsDue = true;
            chunk.NextDue = _firstDue;
            _firstDue = chunk;
        }

        return true;
    }

    /// <summary>Removes a registration whose callback is to run now.</summary>
    public bool TryTakeDue(out THeld held)
    {
        while (_firstDue is { } chunk)
        {
            int index = chunk.DueHead;
            ref Slot<THeld> slot = ref chunk.Slots[index];
            chunk.DueHead = slot.Next;
            if (chunk.DueHead == Slot<THeld>.End)
            {
                _firstDue = chunk.NextDue;
                chunk.NextDue = null;
                chunk.IsDue = false;
            }

            bool run = slot.Token != Slot<THeld>.Cancelled;
            held = slot.Held;
            if (run)
                Forget(chunk, index, ref slot);
            Free(chunk, index, ref slot);
            if (run)
                return true;
        }

        held = default!;
        return false;
    }

    /// <summary>Cancels a registration, be it live or due.</summary>
    public void Cancel(Chunk<THeld> chunk, int index)
    {
        ref Slot<THeld> slot = ref chunk.Slots[index];
        Forget(chunk, index, ref slot);
        if (slot.Next == Slot<THeld>.Live)
            Free(chunk, index, ref slot);
        else
            slot.Token = Slot<THeld>.Cancelled; // It is somewhere in the list of due slots, and leaves it in its turn.
    }

    public void FreeHandles()
    {
        for (int i = 0; i < _chunkCount; i++)
            _chunks[i]!.FreeHandles();
        _chunks = [];
        _chunkCount = 0;
        Taken = 0;
        _current = _roomy = _firstDue = null;
    }

    /// <summary>Ends the registration: no one finds it any more, and it keeps nothing alive.</summary>
    private void Forget(Chunk<THeld> chunk, int index, ref Slot<THeld> slot)
    {
        if (slot.Token >= 0)
            slab.Tokens.Remove(slot.Token, chunk, index, slot.Version);
        slot.Version++;
        slot.Held = default!;
    }

    private void Free(Chunk<THeld> chunk, int index, ref Slot<THeld> slot)
    {
        slot.Next = chunk.FreeHead;
        chunk.FreeHead = index;
        chunk.Taken--;
        Taken--;
        if (chunk == _current)
            return;
        if (chunk.Taken == 0)
            Pool(chunk);
        else if (!chunk.IsRoomy)
            AddRoomy(chunk);
    }

    private void Pool(Chunk<THeld> chunk)
    {
        if (chunk.IsRoomy)
            RemoveRoomy(chunk);
        Chunk<THeld> last = _chunks[--_chunkCount]!;
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
            _roomy.PreviousRoomy = chunk;
        _roomy = chunk;
    }

    private void RemoveRoomy(Chunk<THeld> chunk)
    {
        chunk.IsRoomy = false;
        if (chunk.PreviousRoomy is { } previous)
            previous.NextRoomy = chunk.NextRoomy;
        else
            _roomy = chunk.NextRoomy;
        if (chunk.NextRoomy is { } next)
            next.PreviousRoomy = chunk.PreviousRoomy;
        chunk.NextRoomy = chunk.PreviousRoomy = null;
    }
}

[StructLayout(LayoutKind.Sequential, Size = 128)]
internal struct CacheLines;
