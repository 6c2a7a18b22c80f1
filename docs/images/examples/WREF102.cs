class Listener(Action<string> action)
{
    private readonly WeakReference _action = new(action);

    public void Raise(string message)
    {
        if (_action.IsAlive)
        {
            ((Action<string>)_action.Target)(message);
        }
    }
}
