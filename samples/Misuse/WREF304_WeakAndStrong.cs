using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;

namespace Misuse;

/// <summary>The list of what was shown keeps every document that was only held weakly before.</summary>
internal static class WREF304
{
    private static readonly List<Document> Shown = [];

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
        if (reference.TryGetTarget(out var document)) // WREF304
        {
            Shown.Add(document);
        }
    }

    private sealed class Document;
}
