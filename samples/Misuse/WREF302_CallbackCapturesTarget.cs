using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Threading;
using WeakRefs;

namespace Misuse;

/// <summary>The callback uses only the id, but the lambda above it uses the document, and the two share one closure.</summary>
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
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference<Document> Open(int id)
    {
        var document = new Document();
        Retry(() => document.Load());
        var registry = new FinalizationRegistry<int>(_ => Console.WriteLine($"Document {id} is gone.")); // WREF302
        registry.Register(document, 0);
        Registries.Add(registry);
        return new WeakReference<Document>(document);
    }

    private static void Retry(Action action) => action();

    private sealed class Document
    {
        public void Load() => Console.WriteLine("Loaded.");
    }
}
