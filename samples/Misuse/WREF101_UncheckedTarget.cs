using System;
using System.Runtime.CompilerServices;

namespace Misuse;

/// <summary>The target of a weak reference is used as if it were always there.</summary>
internal static class WREF101
{
    public static void Run()
    {
        var view = new View(Create());
        GC.Collect();
        view.Refresh();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Create() => Weaken(new Document());

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Weaken(Document document) => new(document);

    private sealed class View(WeakReference document)
    {
        public void Refresh() =>
            ((Document)document.Target).Print(); // WREF101
    }

    private sealed class Document
    {
        public void Print() => Console.WriteLine("  printed");
    }
}
