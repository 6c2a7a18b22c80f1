using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Threading;
using WeakRefs;

namespace Safe;

/// <summary>A static callback has no closure; the id comes as the held value.</summary>
internal static class WREF302
{
    private static readonly List<object> Registries = [];

    public static void Run()
    {
        var document = Open(7);
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Thread.Sleep(50);
        }

        Console.WriteLine($"Nobody uses the document any more. Still in memory: {document.TryGetTarget(out _)}");
        GC.KeepAlive(Registries);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference<Document> Open(int id)
    {
        var document = new Document();
        Retry(() => document.Load());
        var registry = new FinalizationRegistry<int>(static id => Console.WriteLine($"Document {id} is gone."));
        registry.Register(document, id);
        Registries.Add(registry);
        return new WeakReference<Document>(document);
    }

    private static void Retry(Action action) => action();

    private sealed class Document
    {
        public void Load() => Console.WriteLine("Loaded.");
    }
}
