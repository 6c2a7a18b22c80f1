using System.Runtime.CompilerServices;

namespace WeakRefs.Cache;

/// <summary>The buckets of a table, and what is known of the age of the values in them.</summary>
internal sealed class BucketArray<TKey, TValue>
    where TKey : notnull
    where TValue : class
{
    /// <summary>In buckets of one stripe. Clean-up looks at a block or skips it.</summary>
    public const int BlockSize = 4;

    public const int StripeCount = 16;

    public const int SmallestSize = 61;

    private readonly Bucket[] _buckets;
    private readonly ulong _multiplier;

    /// <summary>
    /// For each block a generation no value in it is younger than: a collection of younger generations only cannot have killed
    /// any.
    /// </summary>
    private readonly byte[] _youngest;

    /// <param name="size">Is rounded up to a prime, so that neither neighbouring keys nor multiples of one number collide.</param>
    public BucketArray(int size)
    {
        size = NextPrime(size);
        _buckets = new Bucket[size];
        _multiplier = ulong.MaxValue / (uint)size + 1;
        _youngest = new byte[(size / (BlockSize * StripeCount) + 1) * StripeCount];
        for (var i = 0; i < _youngest.Length; i++)
        {
            _youngest[i] = byte.MaxValue;
        }
    }

    public int Length => _buckets.Length;

    public Entry<TKey, TValue>? this[int index] => _buckets[index].First;

    /// <summary>The hash code modulo the size, by multiplication: a division takes longer than the rest of a lookup.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int IndexOf(uint hash) => (int)(((_multiplier * hash >> 32) + 1) * (uint)_buckets.Length >> 32);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Entry<TKey, TValue>? First(uint hash) => Volatile.Read(ref _buckets[IndexOf(hash)].First);

    public void SetFirst(int index, Entry<TKey, TValue>? entry) => Volatile.Write(ref _buckets[index].First, entry);

    public void Add(int index, Entry<TKey, TValue> entry)
    {
        entry.Next = _buckets[index].First;
        SetFirst(index, entry);
    }

    /// <summary>Of the block of a bucket: a few buckets that follow each other in one stripe.</summary>
    public ref byte YoungestAt(int index) => ref _youngest[index / (BlockSize * StripeCount) * StripeCount + index % StripeCount];

    private static int NextPrime(int from)
    {
        var candidate = from | 1;
        while (!IsPrime(candidate))
        {
            candidate += 2;
        }

        return candidate;
    }

    private static bool IsPrime(int odd)
    {
        for (var divisor = 3; (long)divisor * divisor <= odd; divisor += 2)
        {
            if (odd % divisor == 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A struct, because a reference to an element of an array of classes costs a check of its type.</summary>
    private struct Bucket
    {
        public Entry<TKey, TValue>? First;
    }
}
