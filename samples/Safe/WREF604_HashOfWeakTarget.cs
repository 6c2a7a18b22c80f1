using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;

namespace Safe;

/// <summary>The hash code is computed once and outlives the target: dead keys are found and removed.</summary>
internal static class WREF604
{
    private sealed class Key(object target)
    {
        private readonly WeakReference<object> _target = new(target);
        private readonly int _hash = target.GetHashCode();

        public bool IsDead => !_target.TryGetTarget(out _);

        public override bool Equals(object? other) => ReferenceEquals(this, other);

        public override int GetHashCode() => _hash;
    }

    public static void Run()
    {
        var keys = new HashSet<Key>();
        Fill(keys);
        GC.Collect();
        keys.RemoveWhere(static key => key.IsDead);
        Console.WriteLine($"  {keys.Count} dead keys are left");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Fill(HashSet<Key> keys)
    {
        for (var i = 0; i < 10; i++)
        {
            keys.Add(new Key(new object()));
        }
    }
}
