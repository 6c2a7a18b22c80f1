using System;
using System.Runtime.CompilerServices;

namespace Safe;

internal static class WREF801
{
    public static void Run() => Console.WriteLine(IsCollected() ? "collected" : "still alive");

    [MethodImpl(MethodImplOptions.NoOptimization)]
    private static bool IsCollected()
    {
        var reference = CreateDocument();
        for (var i = 0; i < 5; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        return !reference.IsAlive;
    }

    // The only frame that ever held the document is gone when the collector runs.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference CreateDocument()
    {
        var document = new Document();
        document.Save();
        return new WeakReference(document);
    }

    private sealed class Document
    {
        public void Save() => Console.WriteLine("saved");
    }
}
