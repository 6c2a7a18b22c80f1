namespace WeakRefAnalyzers.Proofs;

public class WREF604_HashOfWeakTargetProof
{
    [Fact]
    public Task TheDeadEntryCannotBeRemoved() => Proof.RunAsync<WREF604_HashOfWeakTarget, WREF604_KeepHash>(
        """
        public sealed class Key
        {
            private readonly WeakReference<object> _target;

            public Key(object target)
            {
                _target = new WeakReference<object>(target);
            }

            public bool IsDead => !_target.TryGetTarget(out _);

            public override bool Equals(object other) => ReferenceEquals(this, other);

            public override int GetHashCode() => _target.TryGetTarget(out var target) ? target.GetHashCode() : 0; // flagged
        }

        public static class Program
        {
            public static string Run()
            {
                var keys = new HashSet<Key>();
                Fill(keys);
                Gc.Collect();
                keys.RemoveWhere(static key => key.IsDead);
                return keys.Count == 0 ? "" : "dead keys stay in the set";
            }

            [MethodImpl(MethodImplOptions.NoInlining)]
            private static void Fill(HashSet<Key> keys)
            {
                for (var i = 0; i < 100; i++)
                {
                    keys.Add(new Key(new object()));
                }
            }
        }
        """,
        "dead keys stay in the set");
}
