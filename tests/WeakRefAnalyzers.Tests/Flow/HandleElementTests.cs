namespace WeakRefAnalyzers.Tests;

/// <summary>Weak handles that come out of a private collection.</summary>
public class HandleElementTests
{
    [Theory]
    [InlineData("void M(int i) => {|WREF101:((T)_list[i].Target).Go()|};")]
    [InlineData("void M(int i) => {|WREF101:((T)_array[i].Target).Go()|};")]
    [InlineData("void M(int i) => {|WREF101:((T)_map[i].Target).Go()|};")]
    [InlineData("void M(int i) => {|WREF101:((T)_tuples[i].Handle.Target).Go()|};")]
    [InlineData("void M() { foreach (var h in _list) {|WREF101:((T)h.Target).Go()|}; }")]
    [InlineData("void M() { foreach (var h in _map.Values) {|WREF101:((T)h.Target).Go()|}; }")]
    [InlineData("void M() { foreach (var pair in _map) {|WREF101:((T)pair.Value.Target).Go()|}; }")]
    [InlineData("void M() { foreach (var (key, h) in _map) {|WREF101:((T)h.Target).Go()|}; }")]
    [InlineData("void M() { foreach (var (h, name) in _tuples) {|WREF101:((T)h.Target).Go()|}; }")]
    [InlineData("void M() { if (_map.TryGetValue(1, out var h)) {|WREF101:((T)h.Target).Go()|}; }")]
    [InlineData("void M(int i) { var h = _list[i]; {|WREF101:((T)h.Target).Go()|}; }")]
    [InlineData("void M(int i) { if (_list[i].IsAllocated) ((T){|WREF102:_list[i].Target|}).Go(); }")]
    [InlineData("void M() { foreach (var h in _list) if (h.IsAllocated) ((T){|WREF102:h.Target|}).Go(); }")]
    [InlineData("void M(int i) { if (_list[i].Target is T t) t.Go(); }")]
    [InlineData("void M() { foreach (var h in _list) if (h.Target is T t) t.Go(); }")]
    [InlineData("void M(int i) => ((T)_strong[i].Target).Go();")]
    [InlineData("void M() { foreach (var h in _strong) ((T)h.Target).Go(); }")]
    [InlineData("void M() { foreach (var h in _mixed) ((T)h.Target).Go(); }")]
    [InlineData("void M() { foreach (var h in Shared) ((T)h.Target).Go(); }")]
    [InlineData("void M(GCHandle[] given) { foreach (var h in given) ((T)h.Target).Go(); }")]
    [InlineData("void M(GCHandle strong) { var h = _list[0]; h = strong; ((T)h.Target).Go(); }")]
    public Task Elements(string member) => Verify<WeakReadFlowTests.ReadingRules>.Diagnostics($$"""
        class C
        {
            readonly List<GCHandle> _list = new(), _strong = new(), _mixed = new();
            public readonly List<GCHandle> Shared = new();
            readonly GCHandle[] _array = new GCHandle[9];
            readonly Dictionary<int, GCHandle> _map = new();
            readonly List<(GCHandle Handle, string Name)> _tuples = new();
            void Add(T t)
            {
                _list.Add(GCHandle.Alloc(t, GCHandleType.Weak));
                _array[0] = GCHandle.Alloc(t, GCHandleType.Weak);
                _map[0] = GCHandle.Alloc(t, GCHandleType.Weak);
                _tuples.Add((GCHandle.Alloc(t, GCHandleType.Weak), ""));
                _strong.Add(GCHandle.Alloc(t));
                _mixed.Add(GCHandle.Alloc(t, GCHandleType.Weak));
                _mixed.Add(GCHandle.Alloc(t, GCHandleType.Normal));
                Shared.Add(GCHandle.Alloc(t, GCHandleType.Weak));
            }
            {{member}}
        }
        class T { public void Go() { } }
        """);
}
