class Pages
{
    private readonly ConcurrentDictionary<string, WeakReference<Page>> _pages = new();
    private readonly FinalizationRegistry<string> _deaths;

    public Pages() => _deaths = new(path => _pages.TryRemove(path, out _));

    public void Add(string path, Page page)
    {
        _pages[path] = new WeakReference<Page>(page);
        _deaths.Register(page, path);
    }
}

class Page;
