namespace P604;
class A
{
    private readonly WeakReference<object> _target;
    public A(object target) { _target = new WeakReference<object>(target); }
    public override int GetHashCode()
    {
        return _target.TryGetTarget(out var target) ? target.GetHashCode() : 0; // flagged
    }
    public override bool Equals(object other) { return ReferenceEquals(this, other); }
}
class B : IEqualityComparer<WeakReference>
{
    public bool Equals(WeakReference x, WeakReference y) { return ReferenceEquals(x, y); }
    public int GetHashCode(WeakReference obj)
    {
        var target = obj.Target; // flagged
        return target == null ? 0 : target.GetHashCode();
    }
}
class Kept
{
    private readonly WeakReference _target;
    private readonly int _hash;
    public Kept(object target) { _target = new WeakReference(target); _hash = target.GetHashCode(); }
    public override int GetHashCode() { return _hash; }
    public override bool Equals(object other) { return other is Kept kept && (kept == this || (_target.Target is { } target && target == kept._target.Target)); }
}
