using System;
using System.Reflection;

namespace Misuse;

/// <summary>The delegate of a static method has no target: its handler is taken for dead and never called.</summary>
internal static class WREF207
{
    private sealed class WeakAction
    {
        private readonly WeakReference<object> _target;
        private readonly MethodInfo _method;

        public WeakAction(Action action)
        {
            _target = new WeakReference<object>(action.Target!); // WREF207
            _method = action.Method;
        }

        public bool Invoke()
        {
            if (!_target.TryGetTarget(out var target))
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
