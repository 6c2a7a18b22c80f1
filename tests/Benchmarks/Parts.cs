using BenchmarkDotNet.Attributes;
using WeakRefs;

namespace Benchmarks;

/// <summary>Single operations, for looking at one while changing it.</summary>
[MemoryDiagnoser]
[InProcess] // A generated project would be built under this repository's properties, warnings as errors among them.
public class Parts
{
    private readonly object _target = new(), _token = new();
    private readonly FinalizationRegistry<int> _registry = new(static _ => { });
    private readonly WeakCache<int, object> _weak = new();
    private readonly WeakCache<int, object> _strong = new(1000);
    private WeakRef<object> _reference;
    private WeakReference<object> _bclReference = null!;

    [GlobalSetup]
    public void Setup()
    {
        _reference = new WeakRef<object>(_target);
        _bclReference = new WeakReference<object>(_target);
        for (var i = 0; i < 1000; i++)
        {
            _weak.Set(i, _target);
            _strong.Set(i, _target);
        }
    }

    [Benchmark]
    public object? Deref() => _reference.Deref();

    [Benchmark]
    public object? WeakReferenceTryGetTarget() => _bclReference.TryGetTarget(out var target) ? target : null;

    [Benchmark]
    public bool RegisterAndUnregister() => _registry.Register(_target, 1).Unregister();

    [Benchmark]
    public bool RegisterAndUnregisterByToken()
    {
        _registry.Register(_target, 1, _token);
        return _registry.Unregister(_token);
    }

    [Benchmark]
    public bool WeakCacheGet() => _weak.TryGet(500, out _);

    [Benchmark]
    public bool StrongCacheGet() => _strong.TryGet(500, out _);
}
