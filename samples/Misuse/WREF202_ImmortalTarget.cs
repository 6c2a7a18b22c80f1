using System;

namespace Misuse;

/// <summary>A literal is never collected: this entry never goes away.</summary>
internal static class WREF202
{
    public static void Run()
    {
        var entry = new Entry();
        for (var i = 0; i < 5; i++)
        {
            GC.Collect();
        }

        Console.WriteLine($"  nobody uses the text any more, its entry is there: {entry.IsThere}");
    }

    private sealed class Entry
    {
        private readonly WeakReference<string> _text = new("a text of the program"); // WREF202

        public bool IsThere => _text.TryGetTarget(out _);
    }
}
