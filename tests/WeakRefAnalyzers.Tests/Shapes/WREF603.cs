namespace P603;
class V { public static V Load(string key) { return new V(); } }
class A
{
    private readonly Dictionary<string, WeakReference> _cache = new Dictionary<string, WeakReference>();
    private readonly object _gate = new object();
    public void Remove(string key) { lock (_gate) { _cache.Remove(key); } }
    public V Get(string key)
    {
        lock (_gate)
        {
            WeakReference entry;
            if (_cache.TryGetValue(key, out entry))
            {
                return entry.Target as V; // flagged
            }
            var value = V.Load(key);
            _cache.Add(key, new WeakReference(value));
            return value;
        }
    }
}
class B
{
    private static readonly ConcurrentDictionary<Type, WeakReference<V>> s_cache = new ConcurrentDictionary<Type, WeakReference<V>>();
    public static void Clear() { s_cache.Clear(); }
    public static V Get(Type type)
    {
        V value;
        s_cache.GetOrAdd(type, t => new WeakReference<V>(V.Load(t.Name))).TryGetTarget(out value);
        return value; // flagged
    }
}
class Lazily
{
    private WeakReference _value;
    public V Value
    {
        get
        {
            if (_value == null)
            {
                var made = new V();
                _value = new WeakReference(made);
                return made;
            }
            return (V)_value.Target; // flagged
        }
    }
}
class Again
{
    private readonly Dictionary<string, WeakReference> _cache = new Dictionary<string, WeakReference>();
    public void Remove(string key) { _cache.Remove(key); }
    public V Get(string key)
    {
        WeakReference entry;
        V value = null;
        if (_cache.TryGetValue(key, out entry)) { value = (V)entry.Target; }
        if (value == null)
        {
            value = V.Load(key);
            _cache[key] = new WeakReference(value);
        }
        return value;
    }
    public V Peek(string key) { return _cache.TryGetValue(key, out var entry) ? (V)entry.Target : null; }
}
