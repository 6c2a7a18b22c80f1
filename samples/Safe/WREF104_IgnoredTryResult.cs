using System;
using System.Runtime.CompilerServices;

namespace Safe;

/// <summary>The variable is used where TryGetTarget returned true.</summary>
internal static class WREF104
{
    public static void Run()
    {
        var reference = Create();
        GC.Collect();
        if (reference.TryGetTarget(out var document))
        {
            document.Print();
        }
        else
        {
            Console.WriteLine("  the document is gone");
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference<Document> Create() => Weaken(new Document());

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference<Document> Weaken(Document document) => new(document);

    private sealed class Document
    {
        public void Print() => Console.WriteLine("  printed");
    }
}
