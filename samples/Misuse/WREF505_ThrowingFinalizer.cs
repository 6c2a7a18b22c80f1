using System;
using System.Collections.Generic;

namespace Misuse;

/// <summary>The finalizer of a half-made object finds null, and what it throws would end the process.</summary>
internal static class WREF505
{
    private sealed class Cache
    {
        private readonly List<string> _items;

        public Cache(string name)
        {
            _made = this;
            if (name.Length == 0)
            {
                throw new ArgumentException("A cache needs a name.", nameof(name));
            }

            _items = new List<string> { name };
        }

        ~Cache() => Clear();

        public void Clear() => _items.Clear(); // WREF505
    }

    private static Cache? _made;

    public static void Run()
    {
        try
        {
            _ = new Cache("");
        }
        catch (ArgumentException)
        {
        }

        // The process shall live on: what the finalizer would do is done here instead.
        var half = _made!;
        _made = null;
        GC.SuppressFinalize(half);
        try
        {
            half.Clear();
        }
        catch (NullReferenceException e)
        {
            Console.WriteLine("The finalizer would have ended the process: " + e.GetType().Name);
        }
    }
}
