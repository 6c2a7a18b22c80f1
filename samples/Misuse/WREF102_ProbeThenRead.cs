using System;
using System.Runtime.CompilerServices;

namespace Misuse;

/// <summary>The target is asked whether it is alive, and collected before it is read.</summary>
internal static class WREF102
{
    public static void Run()
    {
        var reference = Create();
        if (reference.IsAlive && CollectorRuns())
        {
            var document = (Document)reference.Target; // WREF102
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
