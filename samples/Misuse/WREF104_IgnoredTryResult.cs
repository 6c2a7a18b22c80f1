using System;
using System.Runtime.CompilerServices;

namespace Misuse;

/// <summary>The result of TryGetTarget is thrown away, and the variable used.</summary>
internal static class WREF104
{
    public static void Run()
    {
        var reference = Create();
        GC.Collect();
        reference.TryGetTarget(out var document);
        document.Print(); // WREF104
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
