namespace P510;
class Buffers
{
    private static readonly Stack<int> s_free = new Stack<int>();
    private static readonly object s_lock = new object();
    private readonly int _slot;
    public Buffers()
    {
        lock (s_lock) { _slot = s_free.Count > 0 ? s_free.Pop() : 1; }
    }
    ~Buffers()
    {
        s_free.Push(_slot); // flagged
    }
}
class Watched
{
    private readonly List<string> _lost = new List<string>();
    private readonly WeakRefs.FinalizationRegistry<string> _registry;
    public Watched()
    {
        _registry = new WeakRefs.FinalizationRegistry<string>(name =>
        {
            _lost.Add(name); // flagged
        });
    }
    public void Add(object target, string name) { _registry.Register(target, name); }
    public IEnumerable<string> Lost { get { foreach (var name in _lost) yield return name; } }
}
class Locked
{
    private static readonly HashSet<int> s_ids = new HashSet<int>();
    private readonly int _id;
    public Locked(int id) { lock (s_ids) { s_ids.Add(_id = id); } }
    ~Locked() { lock (s_ids) { s_ids.Remove(_id); } }
}
