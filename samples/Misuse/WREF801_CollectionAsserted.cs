using System;
using System.Runtime.CompilerServices;

namespace Misuse;

internal static class WREF801
{
    public static void Run() => Console.WriteLine(IsCollected() ? "collected" : "still alive after 5 collections, though set to null");

    // What NoOptimization does to this method, a Debug build does to all of them.
    [MethodImpl(MethodImplOptions.NoOptimization)]
    private static bool IsCollected()
    {
        var document = new Document();
        var reference = new WeakReference(document);
        document.Save();
        document = null;
        for (var i = 0; i < 5; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        return !reference.IsAlive; // WREF801
    }

    private sealed class Document
    {
        public void Save() => Console.WriteLine("saved");
    }
}
