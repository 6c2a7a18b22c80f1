using System.Diagnostics;
using System.Runtime.InteropServices;
using WeakRefs.Registry;

namespace WeakRefs;

/// <summary>How the lookups of a <see cref="WeakCache{TKey, TValue}"/> went, since it was first asked for these figures.</summary>
/// <remarks>All members may be called from any thread; while others use the cache, the figures rise as they are read.</remarks>
[DebuggerDisplay("{Hits} hits, {Misses} misses")]
public sealed class WeakCacheStatistics
{
    private const int CellCount = 8;

    /// <summary>By thread, so that counting does not make readers wait for each other.</summary>
    private readonly Cell[] _cells = new Cell[CellCount];

    internal WeakCacheStatistics()
    {
    }

    /// <summary>How many lookups found a value.</summary>
    public long Hits => Sum(static (in Cell cell) => cell.Hits);

    /// <summary>
    /// How many of the <see cref="Hits"/> found a value that only something else kept alive. With a larger capacity these
    /// would not have depended on it.
    /// </summary>
    public long WeakHits => Sum(static (in Cell cell) => cell.WeakHits);

    /// <summary>How many lookups found none.</summary>
    public long Misses => Sum(static (in Cell cell) => cell.Misses);

    /// <summary>The share of lookups that found a value, from 0 to 1; 0 if there were none.</summary>
    public double HitRatio
    {
        get
        {
            var hits = Hits;
            var all = hits + Misses;
            return all == 0 ? 0 : (double)hits / all;
        }
    }

    /// <summary>Of all caches of a kind; null while nobody listens.</summary>
    internal WeakCacheStatistics? Total { get; set; }

    private ref Cell Mine => ref _cells[ThreadNumber.Current & CellCount - 1];

    internal void CountLookup(bool found)
    {
        if (found)
        {
            Interlocked.Increment(ref Mine.Hits);
        }
        else
        {
            Interlocked.Increment(ref Mine.Misses);
        }

        Total?.CountLookup(found);
    }

    internal void CountWeakHit()
    {
        Interlocked.Increment(ref Mine.WeakHits);
        Total?.CountWeakHit();
    }

    private long Sum(Read read)
    {
        long sum = 0;
        for (var i = 0; i < _cells.Length; i++)
        {
            sum += read(_cells[i]);
        }

        return sum;
    }

    private delegate long Read(in Cell cell);

    /// <summary>As large as two cache lines, so that no two threads write to one.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 128)]
    private struct Cell
    {
        public long Hits;
        public long WeakHits;
        public long Misses;
    }
}
