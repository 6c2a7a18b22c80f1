using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;

namespace Safe;

/// <summary>The finalizer expects a half-made object.</summary>
internal static class WREF505
{
    private sealed class Cache
    {
        private readonly List<string>? _items;

        public Cache(string name)
        {
            if (name.Length == 0)
            {
                throw new ArgumentException("A cache needs a name.", nameof(name));
            }

            _items = new List<string> { name };
        }

        ~Cache() => _items?.Clear();
    }

    public static void Run()
    {
        Make();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Console.WriteLine("The half-made object is finalized and the process lives.");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Make()
    {
        try
        {
            _ = new Cache("");
        }
        catch (ArgumentException)
        {
        }
    }
}
