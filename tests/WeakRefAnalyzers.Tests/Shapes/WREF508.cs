namespace P508;
static class Hub
{
    public static event EventHandler Changed;
    public static void Raise() { if (Changed != null) { Changed(null, EventArgs.Empty); } }
}
class Listens
{
    public Listens() { Hub.Changed += OnChanged; }
    ~Listens()
    {
        Hub.Changed -= OnChanged; // flagged
    }
    private void OnChanged(object sender, EventArgs e) { }
}
class Listed
{
    private static readonly List<Listed> s_all = new List<Listed>();
    private readonly string _name;
    public Listed(string name)
    {
        _name = name;
        lock (s_all) { s_all.Add(this); }
    }
    ~Listed()
    {
        lock (s_all)
        {
            s_all.Remove(this); // flagged
        }
    }
}
class Named
{
    private static readonly Dictionary<string, WeakReference> s_all = new Dictionary<string, WeakReference>();
    private readonly string _name;
    public Named(string name) { _name = name; lock (s_all) { s_all[name] = new WeakReference(this); } }
    ~Named() { lock (s_all) { s_all.Remove(_name); } }
}
