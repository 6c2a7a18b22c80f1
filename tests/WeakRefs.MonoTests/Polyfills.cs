using System.Diagnostics.CodeAnalysis;

namespace WeakRefs.Tests;

/// <summary>What the shared tests use and .NET Framework does not have.</summary>
internal static class Polyfills
{
    public static IEnumerable<T> Order<T>(this IEnumerable<T> source) => source.OrderBy(item => item);

    public static bool TryDequeue<T>(this Queue<T> queue, [MaybeNullWhen(false)] out T item)
    {
        item = queue.Count > 0 ? queue.Dequeue() : default;
        return item is not null;
    }
}
