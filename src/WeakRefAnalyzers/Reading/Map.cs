namespace WeakRefAnalyzers.Reading;

/// <summary>
/// An immutable map from small numbers. Maps that come from one another share what is equal in them, so that comparing or
/// joining two costs what they differ in; and what it holds comes in the order of the numbers, the same in every run.
/// </summary>
internal readonly struct Map<T>
    where T : class
{
    private const int Bits = 3;
    private const int Width = 1 << Bits;

    private readonly object?[]? _root;
    private readonly int _shift;

    private Map(object?[]? root, int shift)
    {
        _root = root;
        _shift = shift;
    }

    public bool IsEmpty => _root is null;

    public T? this[int key]
    {
        get
        {
            if (_root is null || key >> _shift >= Width)
            {
                return null;
            }

            object? node = _root;
            for (var shift = _shift; node is not null; shift -= Bits)
            {
                node = ((object?[])node)[(key >> shift) & (Width - 1)];
                if (shift == 0)
                {
                    break;
                }
            }

            return (T?)node;
        }
    }

    public bool IsSame(Map<T> other) => ReferenceEquals(_root, other._root);

    /// <summary>The map with another value for the key; null takes the key away.</summary>
    public Map<T> With(int key, T? value)
    {
        if (ReferenceEquals(this[key], value))
        {
            return this;
        }

        var shift = _shift;
        while (key >> shift >= Width)
        {
            shift += Bits;
        }

        return new Map<T>(With(Grown(shift), shift, key, value), shift);
    }

    /// <summary>The two maps in one; <paramref name="join"/> decides wherever they differ.</summary>
    public static Map<T> Join(Map<T> a, Map<T> b, Func<int, T?, T?, T?> join)
    {
        var shift = Math.Max(a._shift, b._shift);
        return new Map<T>(Join(a.Grown(shift), b.Grown(shift), shift, 0, join), shift);
    }

    /// <summary>The same map, built of the other's parts where they are equal.</summary>
    public Map<T> Sharing(Map<T> other) => Join(other, this, static (_, _, mine) => mine);

    /// <summary>The map without the keys of the other; costs what the smaller of the two has, and adds the keys that were there.</summary>
    public Map<T> Without<TOther>(Map<TOther> other, List<int> gone)
        where TOther : class
    {
        var shift = Math.Max(_shift, other._shift);
        return new Map<T>(Without(Grown(shift), other.Grown(shift), shift, 0, gone), shift);
    }

    /// <summary>Whether the two agree wherever they differ in reference.</summary>
    public static bool Agree(Map<T> a, Map<T> b, Func<T?, T?, bool> same)
    {
        var shift = Math.Max(a._shift, b._shift);
        return Agree(a.Grown(shift), b.Grown(shift), shift, same);
    }

    /// <summary>What it holds, by number; the first so many.</summary>
    public List<KeyValuePair<int, T>> Entries(int atMost = int.MaxValue)
    {
        var entries = new List<KeyValuePair<int, T>>();
        Collect(_root, _shift, 0, entries, atMost);
        return entries;
    }

    public Map<T> Select(Func<T, T> change)
    {
        var map = this;
        foreach (var entry in Entries())
        {
            map = map.With(entry.Key, change(entry.Value));
        }

        return map;
    }

    private static void Collect(object?[]? node, int shift, int prefix, List<KeyValuePair<int, T>> entries, int atMost)
    {
        for (var i = 0; node is not null && i < Width && entries.Count < atMost; i++)
        {
            if (node[i] is { } child)
            {
                if (shift == 0)
                {
                    entries.Add(new KeyValuePair<int, T>(prefix | i, (T)child));
                }
                else
                {
                    Collect((object?[])child, shift - Bits, prefix | (i << shift), entries, atMost);
                }
            }
        }
    }

    private static object?[]? With(object?[]? node, int shift, int key, T? value)
    {
        var index = (key >> shift) & (Width - 1);
        var child = shift == 0 ? value : (object?)With((object?[]?)node?[index], shift - Bits, key, value);
        return Replaced(node, index, child);
    }

    private static object?[]? Replaced(object?[]? node, int index, object? child)
    {
        if (child is null && (node is null || !HasOther(node, index)))
        {
            return null;
        }

        var copy = node is null ? new object?[Width] : (object?[])node.Clone();
        copy[index] = child;
        return copy;
    }

    private static bool HasOther(object?[] node, int index)
    {
        for (var i = 0; i < Width; i++)
        {
            if (i != index && node[i] is not null)
            {
                return true;
            }
        }

        return false;
    }

    private static object?[]? Join(object?[]? a, object?[]? b, int shift, int prefix, Func<int, T?, T?, T?> join)
    {
        if (ReferenceEquals(a, b))
        {
            return a;
        }

        object?[]? joined = null;
        var (isA, isB, any) = (a is not null, b is not null, false);
        for (var i = 0; i < Width; i++)
        {
            var (x, y) = (a?[i], b?[i]);
            var child = ReferenceEquals(x, y) ? x
                : shift == 0 ? join(prefix | i, (T?)x, (T?)y)
                : (object?)Join((object?[]?)x, (object?[]?)y, shift - Bits, prefix | (i << shift), join);
            isA &= ReferenceEquals(child, x);
            isB &= ReferenceEquals(child, y);
            any |= child is not null;
            if (child is not null)
            {
                (joined ??= new object?[Width])[i] = child;
            }
        }

        // What is equal stays one object.
        return !any ? null : isA ? a : isB ? b : joined;
    }

    private static object?[]? Without(object?[]? node, object?[]? other, int shift, int prefix, List<int> gone)
    {
        for (var i = 0; node is not null && other is not null && i < Width; i++)
        {
            if (node[i] is not { } child || other[i] is not { } keys)
            {
                continue;
            }

            var left = shift == 0 ? null : Without((object?[])child, (object?[])keys, shift - Bits, prefix | (i << shift), gone);
            if (shift == 0)
            {
                gone.Add(prefix | i);
            }

            node = ReferenceEquals(left, child) ? node : Replaced(node, i, left);
        }

        return node;
    }

    private static bool Agree(object?[]? a, object?[]? b, int shift, Func<T?, T?, bool> same)
    {
        if (ReferenceEquals(a, b))
        {
            return true;
        }

        for (var i = 0; i < Width; i++)
        {
            var (x, y) = (a?[i], b?[i]);
            if (!ReferenceEquals(x, y) && !(shift == 0 ? same((T?)x, (T?)y) : Agree((object?[]?)x, (object?[]?)y, shift - Bits, same)))
            {
                return false;
            }
        }

        return true;
    }

    private object?[]? Grown(int shift)
    {
        var root = _root;
        for (var at = _shift; root is not null && at < shift; at += Bits)
        {
            var above = new object?[Width];
            above[0] = root;
            root = above;
        }

        return root;
    }
}
