using System;
using System.Runtime.CompilerServices;
using System.Threading;
using WeakRefs;

namespace Safe;

/// <summary>The registry holds the order's id: enough to report it, and no way back to it.</summary>
internal static class WREF301
{
    private static readonly FinalizationRegistry<(int Id, DateTime Since)> Registry =
        new(static held => Console.WriteLine($"Order {held.Id} is gone."));

    public static void Run()
    {
        var order = Track();
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Thread.Sleep(50);
        }

        Console.WriteLine($"Nobody uses the order any more. Still in memory: {order.TryGetTarget(out _)}");
        GC.KeepAlive(Registry);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference<Order> Track()
    {
        var order = new Order(42);
        Registry.Register(order, (order.Id, DateTime.UtcNow));
        return new WeakReference<Order>(order);
    }

    private sealed class Order(int id)
    {
        public int Id { get; } = id;
    }
}
