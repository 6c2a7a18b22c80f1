namespace WeakRefAnalyzers.Code;

/// <summary>Lists in the order of the text.</summary>
internal static class Sorted
{
    /// <summary>The index of the first item that does not start before the position; they stand in the order of the text.</summary>
    public static int FirstFrom<T>(IReadOnlyList<T> items, int position, Func<T, int> startOf)
    {
        var (first, end) = (0, items.Count);
        while (first < end)
        {
            var middle = (first + end) / 2;
            (first, end) = startOf(items[middle]) < position ? (middle + 1, end) : (first, middle);
        }

        return first;
    }
}
