using System;
using System.Collections.Generic;
using WeakRefs;

namespace Safe;

/// <summary>The registration itself revokes; a token that is the target works too.</summary>
internal static class WREF402
{
    private static readonly FinalizationRegistry<string> Registry = new(static _ => { });

    public static void Run()
    {
        var order = new List<string> { "tea" };
        var registration = Registry.Register(order, "order");
        Console.WriteLine($"  revoked the cleanup of {order[0]}: {registration.Unregister()}");

        Registry.Register(order, "order", order);
        Console.WriteLine($"  revoked the cleanup of {order[0]}: {Registry.Unregister(order)}");
    }
}
