using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;

namespace Safe;

/// <summary>The list of what was shown holds the documents weakly, too.</summary>
internal static class WREF304
{
    private static readonly List<WeakReference<Document>> Shown = [];

    public static void Run()
    {
        var document = Open();
        Show(document);
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Console.WriteLine($"Nobody uses the document any more. Still in memory: {document.TryGetTarget(out _)}");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference<Document> Open() => new(new Document());

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Show(WeakReference<Document> reference)
    {
        if (reference.TryGetTarget(out _))
        {
            Shown.RemoveAll(static shown => !shown.TryGetTarget(out _));
            Shown.Add(reference);
        }
    }

    private sealed class Document;
}
