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
    private const int SmallestSize = 16;

    private Gate _gate;
    private Entry[] _entries = [];
    private TokenPages _pages = new();

    /// <summary>
    /// The high bits of a hash code are the place of its entry, so that growing keeps the order and runs straight through memory.
    /// </summary>
    private int _shift = 32;

    private int _entryCount;

    /// <summary>In records and entries, used or not. For tests.</summary>
    public (int Records, int Entries) Size => (_pages.Capacity, _entries.Length);

    /// <summary>Adds a record and returns its index. May throw for lack of memory, and has then changed nothing.</summary>
    public int Add(object token, Chunk chunk, int slot, int version)
    {
        var hash = HashOf(token);
        var taken = false;
        try
        {
            _gate.Enter(LockRank.Tokens, ref taken);
            if (2 * _entryCount >= _entries.Length)
            {
                Resize(Math.Max(SmallestSize, 2 * _entries.Length));
            }

            var index = _pages.Allocate(token);
            ref var record = ref _pages[index];
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
                _pages[record.Next].Previous = index;
            }

            entry.Hash = hash;
            entry.Head = index + 1;
            return index;
        }
        finally
        {
            _gate.Exit(LockRank.Tokens, taken);
        }
    }

    /// <summary>Removes the record of a registration, unless <see cref="TryTake"/> was quicker.</summary>
    public void Remove(int index, Chunk chunk, int slot, int version)
    {
        var taken = false;
        try
        {
            _gate.Enter(LockRank.Tokens, ref taken);
            if (!_pages.Has(index))
            {
                return;
            }

            ref var record = ref _pages[index];
            if (record.Chunk != chunk || record.Slot != slot || record.Version != version)
            {
                return;
            }

            var position = (int)(record.Hash >> _shift);
            // Only the first of a list is in an entry.
            while (record.Previous == End && _entries[position].Head != index + 1)
            {
                position = Next(position);
            }

            Unlink(index, ref record, position);
        }
        finally
        {
            _gate.Exit(LockRank.Tokens, taken);
        }
    }

    /// <summary>Removes one record with that token, and says whether there are more.</summary>
    public bool TryTake(object token, out Chunk? chunk, out int slot, out int version)
    {
        var hash = HashOf(token);
        chunk = null;
        slot = version = 0;
        var taken = false;
        try
        {
            _gate.Enter(LockRank.Tokens, ref taken);
            if (_entries.Length == 0)
            {
                return false;
            }

            var position = Find(token, hash);
            var index = _entries[position].Head - 1;
            if (index == End)
            {
                return false;
            }

            ref var record = ref _pages[index];
            chunk = record.Chunk;
            slot = record.Slot;
            version = record.Version;
            var more = record.Next != End;
            Unlink(index, ref record, position);
            return more;
        }
        finally
        {
            _gate.Exit(LockRank.Tokens, taken);
        }
    }

    /// <summary>Gives the memory back that the records there are do not need.</summary>
    public void Trim()
    {
        TokenPages.Page? unused;
        var taken = false;
        try
        {
            _gate.Enter(LockRank.Tokens, ref taken);
            if (_entryCount == 0)
            {
                _entries = [];
                _shift = 32;
            }
            else if (_entryCount < _entries.Length / 16)
            {
                var size = SmallestSize;
                while (size < 4 * _entryCount)
                {
                    size *= 2;
                }

                Resize(size);
            }

            unused = _pages.TakeEmpty();
        }
        finally
        {
            _gate.Exit(LockRank.Tokens, taken);
        }

        TokenPages.Free(unused);
    }

    /// <summary>Removes everything. Called when nothing is added any more.</summary>
    public void Clear()
    {
        TokenPages old;
        var taken = false;
        try
        {
            _gate.Enter(LockRank.Tokens, ref taken);
            old = _pages;
            _pages = TokenPages.None;
            _entries = [];
            _entryCount = 0;
        }
        finally
        {
            _gate.Exit(LockRank.Tokens, taken);
        }

        old.FreeAll();
    }

    private static uint HashOf(object token) => (uint)RuntimeHelpers.GetHashCode(token) * 0x9E3779B1u;

    /// <summary>Where the entry of the token is, or where it belongs.</summary>
    private int Find(object token, uint hash)
    {
        var entries = _entries;
        var position = (int)(hash >> _shift);
        while (entries[position].Head != 0
            && !(entries[position].Hash == hash && ReferenceEquals(_pages[entries[position].Head - 1].Token.Target, token)))
        {
            position = Next(position);
        }

        return position;
    }

    private int Next(int position) => position + 1 & _entries.Length - 1;

    private void Unlink(int index, ref TokenRecord record, int position)
    {
        if (record.Next != End)
        {
            _pages[record.Next].Previous = record.Previous;
        }

        if (record.Previous != End)
        {
            _pages[record.Previous].Next = record.Next;
        }
        else if (record.Next != End)
        {
            _entries[position].Head = record.Next + 1;
        }
        else
        {
            RemoveEntry(position);
        }

        _pages.Release(index);
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

    private void Resize(int size)
    {
        var old = _entries;
        var entries = new Entry[size];
        var shift = 32;
        for (; size > 1; size /= 2)
        {
            shift--;
        }

        _entries = entries;
        _shift = shift;
        foreach (var entry in old)
        {
            if (entry.Head == 0)
            {
                continue;
            }

            var position = (int)(entry.Hash >> shift);
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
}
