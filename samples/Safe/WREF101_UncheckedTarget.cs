using System;
using System.Runtime.CompilerServices;

namespace Safe;

/// <summary>The target is used only while it is there.</summary>
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
        public void Refresh()
        {
            if (document.Target is Document target)
            {
                target.Print();
            }
            else
            {
                Console.WriteLine("  the document is gone");
            }
        }
    }

    private sealed class Document
    {
        public void Print() => Console.WriteLine("  printed");
    }
}
