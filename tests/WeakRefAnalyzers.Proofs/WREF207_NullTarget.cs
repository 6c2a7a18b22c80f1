namespace WeakRefAnalyzers.Proofs;

public class WREF207_NullTargetProof
{
    private const string Listener = """

        public static class Listener
        {
            public static int Calls;

            public static void OnChanged() => Calls++;
        }

        public static class Program
        {
            public static string Run()
            {
                new WeakAction(Listener.OnChanged).Invoke();
                return Listener.Calls == 1 ? "" : "the handler was taken for dead";
            }
        }
        """;

    [Fact]
    public Task AHandlerIsTakenForDead() => Proof.RunAsync<WREF207_NullTarget>(
        """
        public sealed class WeakAction
        {
            private readonly WeakReference<object> _target;
            private readonly System.Reflection.MethodInfo _method;

            public WeakAction(Action action)
            {
                _target = new WeakReference<object>(action.Target); // flagged
                _method = action.Method;
            }

            public void Invoke()
            {
                if (_target.TryGetTarget(out var target))
                {
                    _method.Invoke(target, null);
                }
            }
        }
        """ + Listener,
        "the handler was taken for dead",
        """
        public sealed class WeakAction
        {
            private readonly WeakReference<object> _target;
            private readonly System.Reflection.MethodInfo _method;

            public WeakAction(Action action)
            {
                _target = action.Target is { } target ? new WeakReference<object>(target) : null;
                _method = action.Method;
            }

            public void Invoke()
            {
                if (_target is null)
                {
                    _method.Invoke(null, null);
                }
                else if (_target.TryGetTarget(out var target))
                {
                    _method.Invoke(target, null);
                }
            }
        }
        """ + Listener);
}
