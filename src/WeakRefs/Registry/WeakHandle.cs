using System.Runtime.InteropServices;

namespace WeakRefs.Registry;

#pragma warning disable WREF205 // Long on purpose: an empty handle has to mean that the object is gone, not that its finalizer is due.

/// <summary>
/// A weak handle that is given new targets instead of being freed: allocating and freeing go through a lock inside the
/// runtime, setting does not. It tracks resurrection, so that it is empty only when the object is really gone.
/// </summary>
internal struct WeakHandle
{
#if NET10_0_OR_GREATER
    private WeakGCHandle<object> _handle;

    public readonly bool IsAllocated => _handle.IsAllocated;

    public readonly object? Target => _handle.TryGetTarget(out var target) ? target : null;

    public static WeakHandle Allocate(object target) => new() { _handle = new(target, trackResurrection: true) };

    public readonly void SetTarget(object target) => _handle.SetTarget(target);

    public void Free() => _handle.Dispose();
#else
    private GCHandle _handle;

    public readonly bool IsAllocated => _handle.IsAllocated;

    public readonly object? Target => _handle.Target;

    public static WeakHandle Allocate(object target) =>
        new() { _handle = GCHandle.Alloc(target, GCHandleType.WeakTrackResurrection) };

    public void SetTarget(object target) => _handle.Target = target;

    public void Free() => _handle.Free();
#endif
}
