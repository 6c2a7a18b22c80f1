using System;
using System.Runtime.CompilerServices;

namespace Safe;

/// <summary>The target is read once; the variable keeps it alive from then on.</summary>
internal static class WREF102
{
    public static void Run()
    {
        var reference = Create();
        if (reference.Target is Document document && CollectorRuns())
        {
            document.Print();
        }
    }

    /// <summary>Stands for what another thread may do at any moment.</summary>
    private static bool CollectorRuns()
    {
        GC.Collect();
        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Create() => Weaken(new Document());

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Weaken(Document document) => new(document);

    private sealed class Document
    {
        public void Print() => Console.WriteLine("  printed");
    }
}
