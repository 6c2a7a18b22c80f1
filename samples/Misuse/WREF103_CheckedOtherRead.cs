using System;
using System.Runtime.CompilerServices;
using WeakRefs;

namespace Misuse;

/// <summary>One read is checked for null, another one is used.</summary>
internal static class WREF103
{
    public static void Run()
    {
        var reference = Create();
        if (reference.Deref() != null && CollectorRuns())
        {
            reference.Deref().Print(); // WREF103
        }
    }

    /// <summary>Stands for what another thread may do at any moment.</summary>
    private static bool CollectorRuns()
    {
        GC.Collect();
        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakRef<Document> Create() => Weaken(new Document());

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakRef<Document> Weaken(Document document) => new(document);

    private sealed class Document
    {
        public void Print() => Console.WriteLine("  printed");
    }
}
