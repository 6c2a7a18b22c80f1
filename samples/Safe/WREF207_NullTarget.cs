using System;
using System.Reflection;

namespace Safe;

/// <summary>Without a target there is nothing to hold weakly: the static method is called for as long as the reference is there.</summary>
internal static class WREF207
{
    private sealed class WeakAction
    {
        private readonly WeakReference<object>? _target;
        private readonly MethodInfo _method;

        public WeakAction(Action action)
        {
            _target = action.Target is { } target ? new WeakReference<object>(target) : null;
            _method = action.Method;
        }

        public bool Invoke()
        {
            object? target = null;
            if (_target is not null && !_target.TryGetTarget(out target))
            {
                return false;
            }

            _method.Invoke(target, null);
            return true;
        }
    }

    private static void OnSaved() => Console.WriteLine("  saved");

    public static void Run() => Console.WriteLine("  called: " + new WeakAction(OnSaved).Invoke());
}
