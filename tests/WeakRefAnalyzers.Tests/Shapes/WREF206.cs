namespace P206;
[UnmanagedFunctionPointer(CallingConvention.StdCall)]
delegate IntPtr HookProc(int code, IntPtr wParam, IntPtr lParam);
delegate bool EnumProc(IntPtr hWnd, IntPtr lParam);
static class User32
{
    [DllImport("user32.dll")] public static extern IntPtr SetWindowsHookEx(int idHook, HookProc lpfn, IntPtr hMod, uint dwThreadId);
    [DllImport("user32.dll")] public static extern IntPtr SetWindowLongPtr(IntPtr hWnd, int nIndex, HookProc newProc);
    [DllImport("user32.dll")] public static extern bool EnumWindows(EnumProc lpEnumFunc, IntPtr lParam);
    [DllImport("user32.dll")] public static extern bool UnhookWindowsHookEx(IntPtr hhk);
}
class KeyboardHook : IDisposable
{
    private IntPtr _hook;
    private int _keys;
    public void Start() { _hook = User32.SetWindowsHookEx(13, Proc, IntPtr.Zero, 0); } // flagged
    public void Dispose() { User32.UnhookWindowsHookEx(_hook); }
    private IntPtr Proc(int code, IntPtr w, IntPtr l) { _keys++; return IntPtr.Zero; }
}
class KeptHook
{
    private readonly HookProc _proc;
    private IntPtr _hook;
    private int _keys;
    public KeptHook() { _proc = Proc; }
    public void Start() { _hook = User32.SetWindowsHookEx(13, _proc, IntPtr.Zero, 0); }
    private IntPtr Proc(int code, IntPtr w, IntPtr l) { _keys++; return _hook; }
}
class Window
{
    private int _messages;
    public void Subclass(IntPtr handle)
    {
        var proc = new HookProc(Proc);
        User32.SetWindowLongPtr(handle, -4, proc); // flagged
    }
    public void Count() { User32.EnumWindows((h, l) => { _messages++; return true; }, IntPtr.Zero); }
    private IntPtr Proc(int code, IntPtr w, IntPtr l) { _messages++; return IntPtr.Zero; }
}
