using System;
using System.Runtime.CompilerServices;

namespace Safe;

/// <summary>The target is made at run time, by somebody who lets go of it.</summary>
internal static class WREF202
{
    public static void Run()
    {
        var entry = Read();
        for (var i = 0; i < 5; i++)
        {
            GC.Collect();
        }

        Console.WriteLine($"  nobody uses the text any more, its entry is there: {entry.IsThere}");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Entry Read() => new(string.Concat("a text of ", Environment.ProcessId.ToString()));

    private sealed class Entry
    {
        private readonly WeakReference<string> _text;

        public Entry(string text) => _text = new WeakReference<string>(text);

        public bool IsThere => _text.TryGetTarget(out _);
    }
}
