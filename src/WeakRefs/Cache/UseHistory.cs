namespace WeakRefs.Cache;

/// <summary>
/// How often keys were used that are in the cache no more: two bytes each, by hash code, in sets of four, where the least used
/// makes room. Uses are forgotten bit by bit, a little with each key that comes.
/// </summary>
internal sealed class UseHistory
{
    private const int CountBits = 3;
    private const int CellBits = CountBits + 1;
    private const int FromWindow = 1 << CountBits;
    private const int SetSize = 4;

    private readonly ushort[] _cells;
    private int _next;

    /// <param name="capacity">In keys, about.</param>
    public UseHistory(int capacity)
    {
        var size = 64;
        while (size < capacity)
        {
            size *= 2;
        }

        _cells = new ushort[size];
    }

    /// <summary>How often a key was used before, 0 if that is not known.</summary>
    public int Find(uint hash, out bool fromWindow)
    {
        fromWindow = false;
        var cells = _cells;
        var first = SetOf(hash, out var mark);
        for (var i = first; i < first + SetSize; i++)
        {
            if (cells[i] >> CellBits == mark)
            {
                fromWindow = (cells[i] & FromWindow) != 0;
                return cells[i] & Uses.MostCount;
            }
        }

        return 0;
    }

    public void Note(uint hash, int count, bool fromWindow)
    {
        var cells = _cells;
        var first = SetOf(hash, out var mark);
        var place = first;
        for (var i = first; i < first + SetSize; i++)
        {
            if (cells[i] >> CellBits == mark)
            {
                place = i;
                break;
            }

            if ((cells[i] & Uses.MostCount) < (cells[place] & Uses.MostCount))
            {
                place = i;
            }
        }

        cells[place] = (ushort)(mark << CellBits | (fromWindow ? FromWindow : 0) | count);
        ref var other = ref cells[_next++ & cells.Length - 1];
        other = (ushort)(other & ~Uses.MostCount | (other & Uses.MostCount) / 2);
    }

    private int SetOf(uint hash, out int mark)
    {
        var mixed = hash * 0x9E3779B1u;
        mixed = (mixed ^ mixed >> 15) * 0x85EBCA6Bu;
        mark = (int)(mixed >> 16 + CellBits);
        return (int)((mixed ^ mixed >> 13) & (uint)(_cells.Length - 1)) & ~(SetSize - 1);
    }
}
