namespace P207;
class WeakAction
{
    private readonly WeakReference _target;
    private readonly System.Reflection.MethodInfo _method;
    public WeakAction(Action action)
    {
        if (action == null) throw new ArgumentNullException(nameof(action));
        _target = new WeakReference(action.Target); // flagged
        _method = action.Method;
    }
    public bool IsAlive { get { return _target.IsAlive; } }
}
class WeakHandler<T> where T : EventArgs
{
    private readonly WeakReference<object> _target;
    public WeakHandler(EventHandler<T> handler) { _target = new WeakReference<object>(handler.Target); } // flagged
}
class Asks
{
    private readonly WeakReference _target;
    public Asks(Action action) { if (action.Target != null) { _target = new WeakReference(action.Target); } }
}
