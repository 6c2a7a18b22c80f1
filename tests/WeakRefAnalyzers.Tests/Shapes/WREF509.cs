namespace P509;
static class N
{
    [DllImport("n")] public static extern int close(SafeHandle h);
    [DllImport("n")] public static extern int end(H h);
    [DllImport("n")] public static extern int free(IntPtr h);
    public static int Close(SafeHandle h) { return close(h); }
}
abstract class H : SafeHandle
{
    protected H() : base(IntPtr.Zero, true) { }
    public override bool IsInvalid { get { return handle == IntPtr.Zero; } }
    protected bool Stop() { return N.end(this) == 0; }
}
class A : H
{
    protected override bool ReleaseHandle()
    {
        N.end(this); // flagged
        return N.free(handle) == 0;
    }
}
class B : H { protected override bool ReleaseHandle() { return N.close(this) == 0; } } // flagged
class C : H { protected override bool ReleaseHandle() { return N.Close(this) == 0; } } // flagged
class D : H { protected override bool ReleaseHandle() { return Stop(); } } // flagged
class S : H { protected override bool ReleaseHandle() { return N.free(handle) == 0; } public bool End() { return N.end(this) == 0; } }
