using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;

namespace Misuse;

/// <summary>The hash code of a key changes when its target dies: the set no longer finds what it is to remove.</summary>
internal static class WREF604
{
    private sealed class Key(object target)
    {
        private readonly WeakReference<object> _target = new(target);

        public bool IsDead => !_target.TryGetTarget(out _);

        public override bool Equals(object? other) => ReferenceEquals(this, other);

        public override int GetHashCode() => _target.TryGetTarget(out var target) ? target.GetHashCode() : 0; // WREF604
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
