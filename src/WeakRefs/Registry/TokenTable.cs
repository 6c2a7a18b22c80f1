using System.Runtime.CompilerServices;

namespace WeakRefs.Registry;

/// <summary>
/// Finds registrations by token: a hash table by identity that holds the tokens weakly. A record goes when its registration
/// goes, so a dead token needs no clean-up of its own.
/// </summary>
internal sealed class TokenTable
{
    private const int End = -1;

    private Gate _gate;
    private Record[] _records = [];
    private int[] _buckets = [];
    private int _used;
    private int _free = End;
    private int _count;
    private bool _isClosed;

    /// <summary>Adds a record and returns its index. May throw for lack of memory, and has then changed nothing.</summary>
    public int Add(object token, Chunk chunk, int slot, int version)
    {
        int hash = RuntimeHelpers.GetHashCode(token);
        _gate.Enter();
        try
        {
            if (_isClosed)
                return End; // The stripe is closed next, and the registration with it.
            if (_free == End && _used == _records.Length)
                Grow();
            int index = _free != End ? _free : _used;
            ref Record record = ref _records[index];
            if (index == _used)
            {
                record.Token = WeakHandle.Allocate(token);
                _used++;
            }
            else
            {
                record.Token.SetTarget(token);
                _free = record.Next;
            }

            record.Chunk = chunk;
            record.Slot = slot;
            record.Version = version;
            record.Hash = hash;
            Link(index);
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
            ref Record record = ref _records[index];
            if (record.Chunk == chunk && record.Slot == slot && record.Version == version)
                Unlink(index);
        }

        _gate.Exit();
    }

    /// <summary>Removes one record with that token, and says whether there are more.</summary>
    public bool TryTake(object token, out Chunk? chunk, out int slot, out int version)
    {
        int hash = RuntimeHelpers.GetHashCode(token);
        chunk = null;
        slot = version = 0;
        bool more = false;
        _gate.Enter();
        if (_buckets.Length > 0)
        {
            int next;
            for (int i = _buckets[hash & (_buckets.Length - 1)] - 1; i != End; i = next)
            {
                ref Record record = ref _records[i];
                next = record.Next;
                if (record.Hash != hash || !ReferenceEquals(record.Token.Target, token))
                    continue;
                if (chunk is not null)
                {
                    more = true;
                    break;
                }

                chunk = record.Chunk;
                slot = record.Slot;
                version = record.Version;
                Unlink(i);
            }
        }

        _gate.Exit();
        return more;
    }

    /// <summary>Gives the memory back if there are no records.</summary>
    public void Trim()
    {
        _gate.Enter();
        bool isEmpty = _count == 0;
        (Record[] records, int used) = isEmpty ? Reset() : ([], 0);
        _gate.Exit();
        Free(records, used);
    }

    public void Close()
    {
        _gate.Enter();
        _isClosed = true;
        (Record[] records, int used) = Reset();
        _gate.Exit();
        Free(records, used);
    }

    private static void Free(Record[] records, int used)
    {
        for (int i = 0; i < used; i++)
            records[i].Token.Free();
    }

    private (Record[] Records, int Used) Reset()
    {
        (Record[], int) old = (_records, _used);
        _records = [];
        _buckets = [];
        _used = _count = 0;
        _free = End;
        return old;
    }

    private void Link(int index)
    {
        ref Record record = ref _records[index];
        ref int bucket = ref _buckets[record.Hash & (_buckets.Length - 1)];
        record.Previous = End;
        record.Next = bucket - 1;
        if (record.Next != End)
            _records[record.Next].Previous = index;
        bucket = index + 1;
    }

    private void Unlink(int index)
    {
        ref Record record = ref _records[index];
        if (record.Previous != End)
            _records[record.Previous].Next = record.Next;
        else
            _buckets[record.Hash & (_buckets.Length - 1)] = record.Next + 1;
        if (record.Next != End)
            _records[record.Next].Previous = record.Previous;
        record.Chunk = null;
        record.Next = _free;
        _free = index;
        _count--;
    }

    /// <summary>Called when no record is free, so that all are in use and get a place in the new buckets.</summary>
    private void Grow()
    {
        int size = Math.Max(16, 2 * _records.Length);
        Record[] records = new Record[size];
        int[] buckets = new int[size];
        Array.Copy(_records, records, _used);
        _records = records;
        _buckets = buckets;
        for (int i = 0; i < _used; i++)
            Link(i);
    }

    private struct Record
    {
        /// <summary>Kept when the record is freed, and given a new target at its next use.</summary>
        public WeakHandle Token;

        public Chunk? Chunk;
        public int Slot;
        public int Version;
        public int Hash;

        /// <summary>The next record of the bucket, or of the list of free records.</summary>
        public int Next;

        public int Previous;
    }
}
