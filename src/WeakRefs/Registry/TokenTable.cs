using System.Runtime.CompilerServices;

namespace WeakRefs.Registry;

/// <summary>
/// Finds registrations by token: a hash table by identity that holds the tokens weakly. A record goes when its registration
/// goes, so a dead token needs no clean-up of its own.
/// </summary>
/// <remarks>
/// Open addressing, because a lookup then has one cache miss where chained buckets have three. The records of one token are
/// a list of their own, or a token of many registrations would make every search long.
/// </remarks>
internal sealed class TokenTable
{
    private const int End = -1;
    private const int PageBits = 10;
    private const int PageSize = 1 << PageBits;

    private Gate _gate;
    private Entry[] _entries = [];
    private Record[]?[] _pages = [];

    /// <summary>
    /// The high bits of a hash code are the place of its entry, so that growing keeps the order and runs straight through memory.
    /// </summary>
    private int _shift = 32;

    private int _entryCount;
    private int _used;
    private int _free = End;
    private int _count;
    private bool _isClosed;

    /// <summary>Adds a record and returns its index. May throw for lack of memory, and has then changed nothing.</summary>
    public int Add(object token, Chunk chunk, int slot, int version)
    {
        var hash = HashOf(token);
        _gate.Enter();
        try
        {
            if (_isClosed)
            {
                return End; // The stripe is closed next, and the registration with it.
            }

            if (2 * _entryCount >= _entries.Length)
            {
                Grow();
            }

            var index = Allocate(token);
            ref var record = ref RecordAt(index);
            record.Chunk = chunk;
            record.Slot = slot;
            record.Version = version;
            record.Hash = hash;
            record.Previous = End;
            ref var entry = ref _entries[Find(token, hash)];
            record.Next = entry.Head - 1;
            if (record.Next == End)
            {
                _entryCount++;
            }
            else
            {
                RecordAt(record.Next).Previous = index;
            }

            entry.Hash = hash;
            entry.Head = index + 1;
            _count++;
            return index;
        }
        finally
        {
            _gate.Exit();
        }
    }

    /// <summary>Removes the record of a registration, unless <see cref="TryTake"/> was quicker.</summary>
    public void Remove(int index, Chunk chunk, int slot, int version)
    {
        _gate.Enter();
        if (index < _used)
        {
            ref var record = ref RecordAt(index);
            if (record.Chunk == chunk && record.Slot == slot && record.Version == version)
            {
                var position = (int)(record.Hash >> _shift);
                // Only the first of a list is in an entry.
                while (record.Previous == End && _entries[position].Head != index + 1)
                {
                    position = Next(position);
                }

                Unlink(index, ref record, position);
            }
        }

        _gate.Exit();
    }

    /// <summary>Removes one record with that token, and says whether there are more.</summary>
    public bool TryTake(object token, out Chunk? chunk, out int slot, out int version)
    {
        var hash = HashOf(token);
        chunk = null;
        slot = version = 0;
        var more = false;
        _gate.Enter();
        if (_entries.Length > 0)
        {
            var position = Find(token, hash);
            var index = _entries[position].Head - 1;
            if (index != End)
            {
                ref var record = ref RecordAt(index);
                chunk = record.Chunk;
                slot = record.Slot;
                version = record.Version;
                more = record.Next != End;
                Unlink(index, ref record, position);
            }
        }

        _gate.Exit();
        return more;
    }

    /// <summary>Gives the memory back if there are no records.</summary>
    public void Trim()
    {
        _gate.Enter();
        var isEmpty = _count == 0;
        var (pages, used) = isEmpty ? Reset() : ([], 0);
        _gate.Exit();
        Free(pages, used);
    }

    public void Close()
    {
        _gate.Enter();
        _isClosed = true;
        var (pages, used) = Reset();
        _gate.Exit();
        Free(pages, used);
    }

    private static void Free(Record[]?[] pages, int used)
    {
        for (var i = 0; i < used; i++)
        {
            pages[i >> PageBits]![i & (PageSize - 1)].Token.Free();
        }
    }

    private (Record[]?[] Pages, int Used) Reset()
    {
        (Record[]?[], int) old = (_pages, _used);
        _pages = [];
        _entries = [];
        _used = _count = _entryCount = 0;
        _free = End;
        return old;
    }

    private static uint HashOf(object token) => (uint)RuntimeHelpers.GetHashCode(token) * 0x9E3779B1u;

    private ref Record RecordAt(int index) => ref _pages[index >> PageBits]![index & (PageSize - 1)];

    /// <summary>Where the entry of the token is, or where it belongs.</summary>
    private int Find(object token, uint hash)
    {
        var entries = _entries;
        var position = (int)(hash >> _shift);
        while (entries[position].Head != 0
            && !(entries[position].Hash == hash && ReferenceEquals(RecordAt(entries[position].Head - 1).Token.Target, token)))
        {
            position = Next(position);
        }

        return position;
    }

    private int Next(int position) => position + 1 & _entries.Length - 1;

    private int Allocate(object token)
    {
        var index = _free;
        if (index != End)
        {
            ref var record = ref RecordAt(index);
            record.Token.SetTarget(token);
            _free = record.Next;
            return index;
        }

        var page = _used >> PageBits;
        if (page == _pages.Length)
        {
            Array.Resize(ref _pages, Math.Max(4, 2 * page));
        }

        _pages[page] ??= new Record[PageSize];
        RecordAt(_used).Token = WeakHandle.Allocate(token);
        return _used++;
    }

    private void Unlink(int index, ref Record record, int position)
    {
        if (record.Next != End)
        {
            RecordAt(record.Next).Previous = record.Previous;
        }

        if (record.Previous != End)
        {
            RecordAt(record.Previous).Next = record.Next;
        }
        else if (record.Next != End)
        {
            _entries[position].Head = record.Next + 1;
        }
        else
        {
            RemoveEntry(position);
        }

        record.Chunk = null;
        record.Next = _free;
        _free = index;
        _count--;
    }

    /// <summary>Moves those that follow into the gap, if that brings them no further than home.</summary>
    private void RemoveEntry(int gap)
    {
        var entries = _entries;
        var mask = entries.Length - 1;
        for (var next = Next(gap); entries[next].Head != 0; next = Next(next))
        {
            var home = (int)(entries[next].Hash >> _shift);
            if ((next - home & mask) < (next - gap & mask))
            {
                continue;
            }

            entries[gap] = entries[next];
            gap = next;
        }

        entries[gap] = default;
        _entryCount--;
    }

    private void Grow()
    {
        var old = _entries;
        var entries = new Entry[Math.Max(16, 2 * old.Length)];
        _entries = entries;
        _shift = old.Length == 0 ? 28 : _shift - 1;
        foreach (var entry in old)
        {
            if (entry.Head == 0)
            {
                continue;
            }

            var position = (int)(entry.Hash >> _shift);
            while (entries[position].Head != 0)
            {
                position = Next(position);
            }

            entries[position] = entry;
        }
    }

    private struct Entry
    {
        public uint Hash;

        /// <summary>One more than the index of the token's first record; 0 if the entry is empty.</summary>
        public int Head;
    }

    private struct Record
    {
        /// <summary>Kept when the record is freed, and given a new target at its next use.</summary>
        public WeakHandle Token;

        public Chunk? Chunk;
        public int Slot;
        public int Version;
        public uint Hash;

        /// <summary>The next record of the token, or of the list of free records.</summary>
        public int Next;

        public int Previous;
    }
}
