namespace P405;
static class N
{
    [DllImport("n")] public static extern IntPtr open();
    [DllImport("n")] public static extern int close(IntPtr h);
}
class A : IDisposable
{
    private static readonly WeakRefs.FinalizationRegistry<IntPtr> s_registry = new WeakRefs.FinalizationRegistry<IntPtr>(CloseHandle);
    private IntPtr _handle;
    private bool _disposed;
    public A()
    {
        _handle = N.open();
        s_registry.Register(this, _handle);
    }
    private static void CloseHandle(IntPtr handle)
    {
        if (handle != IntPtr.Zero)
        {
            N.close(handle);
        }
    }
    public void Dispose()
    {
        if (_disposed) { return; }
        _disposed = true;
        CloseHandle(_handle); // flagged
        _handle = IntPtr.Zero;
    }
}
class B : IDisposable
{
    private static readonly WeakRefs.FinalizationRegistry<IntPtr> s_registry = new WeakRefs.FinalizationRegistry<IntPtr>(h => N.close(h));
    private readonly IntPtr _handle;
    private WeakRefs.Registration _registration;
    public B(IntPtr handle) { _handle = handle; _registration = s_registry.Register(this, handle); }
    public void Dispose() { Dispose(true); GC.SuppressFinalize(this); }
    protected virtual void Dispose(bool disposing)
    {
        N.close(_handle); // flagged
    }
}
class C : IDisposable
{
    private static readonly WeakRefs.FinalizationRegistry<IntPtr> s_registry = new WeakRefs.FinalizationRegistry<IntPtr>(h => N.close(h));
    private readonly IntPtr _handle = N.open();
    private readonly WeakRefs.Registration _registration;
    public C() { _registration = s_registry.Register(this, _handle); }
    public void Dispose() { if (_registration.Unregister()) { N.close(_handle); } }
}
