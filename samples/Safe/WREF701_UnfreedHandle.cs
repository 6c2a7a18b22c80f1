using System;
using System.Runtime;
using System.Runtime.CompilerServices;

namespace Safe;

/// <summary>The handle is disposed with its scope.</summary>
internal static class WREF701
{
    public static void Run()
    {
        var document = new object();
        var note = Visit(document);
        for (var i = 0; i < 5; i++)
        {
            GC.Collect();
        }

        Console.WriteLine($"  the visit is over, its note is still in memory: {note.TryGetTarget(out _)}");
        GC.KeepAlive(document);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference<byte[]> Visit(object document)
    {
        var note = new byte[1024];
        Visitor.Attach(document, note);
        return new WeakReference<byte[]>(note);
    }

    private static class Visitor
    {
        public static void Attach(object document, byte[] note)
        {
            using var handle = new DependentHandle(document, note);
            Console.WriteLine($"  attached: {handle.Dependent is not null}");
        }
    }
}
