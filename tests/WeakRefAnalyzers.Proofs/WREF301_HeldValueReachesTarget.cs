namespace WeakRefAnalyzers.Proofs;

public class WREF301_HeldValueReachesTargetProof
{
    [Fact]
    public async Task TheRegistryItselfKeepsTheTargetAlive() => await Proof.RunAsync<WREF301_HeldValueReachesTarget, WREF301_HoldKey>(
        """
        using System;
        using System.Runtime.CompilerServices;
        using WeakRefs;

        public static class Program
        {
            static object s_reported;
            static readonly FinalizationRegistry<object> s_registry = new(held => s_reported = held);

            public static string Run()
            {
                var order = Track();
                for (var i = 0; i < 3; i++)
                {
                    Gc.Collect();
                    s_registry.CleanupSome();
                }

                return order.TryGetTarget(out _) ? "still alive after 3 collections" : s_reported is null ? "never reported" : "";
            }

            [MethodImpl(MethodImplOptions.NoInlining)]
            static WeakReference<Order> Track()
            {
                var order = new Order(42);
                s_registry.Register(order, (order, "since today")); // flagged
                return new WeakReference<Order>(order);
            }
        }

        public sealed class Order
        {
            public Order(int id) => Id = id;

            public int Id { get; }
        }
        """,
        "still alive after 3 collections");
}
