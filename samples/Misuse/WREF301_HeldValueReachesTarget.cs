using System;
using System.Runtime.CompilerServices;
using System.Threading;
using WeakRefs;

namespace Misuse;

/// <summary>The registry holds a tuple with the order in it, so the order never dies and nobody is told.</summary>
internal static class WREF301
{
    private static readonly FinalizationRegistry<(Order Order, DateTime Since)> Registry =
        new(static held => Console.WriteLine($"Order {held.Order.Id} is gone."));

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
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference<Order> Track()
    {
        var order = new Order(42);
        Registry.Register(order, (order, DateTime.UtcNow)); // WREF301
        return new WeakReference<Order>(order);
    }

    private sealed class Order(int id)
    {
        public int Id { get; } = id;
    }
}
