using System;
using System.Collections.Generic;
using WeakRefs;

namespace Misuse;

/// <summary>The number is boxed at each call: Unregister gets another token than Register got.</summary>
internal static class WREF402
{
    private static readonly FinalizationRegistry<string> Registry = new(static _ => { });

    public static void Run()
    {
        var order = new List<string> { "tea" };
        var id = 7;
        Registry.Register(order, "order", id); // WREF402
        Console.WriteLine($"  revoked the cleanup of {order[0]}: {Registry.Unregister(id)}");
    }
}
