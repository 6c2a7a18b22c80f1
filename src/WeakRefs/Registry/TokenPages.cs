namespace WeakRefs.Registry;

/// <summary>One token of one registration, or room for one.</summary>
internal struct TokenRecord
{
    /// <summary>Kept when the record is released, and given a new target at its next use.</summary>
    public WeakHandle Token;

    public Chunk? Chunk;
    public int Slot;
    public int Version;
    public uint Hash;

    /// <summary>The next record of the token, or of the page's list of free ones.</summary>
    public int Next;

    public int Previous;
}

/// <summary>The records of a <see cref="TokenTable"/>, which do not move. Guarded by its gate.</summary>
internal sealed class TokenPages
{
    /// <summary>Has no records and gets none.</summary>
    public static readonly TokenPages None = new();

    private const int End = -1;
    private const int PageBits = 10;
    private const int PageSize = 1 << PageBits;

    private Page?[] _pages = [];

    /// <summary>Pages with a free record, the emptiest not first.</summary>
    private Page? _roomy;

    /// <summary>No page is missing below.</summary>
    private int _firstMissing;

    private int _pageCount;
    private int _emptyCount;

    public int Capacity => _pageCount * PageSize;

    public ref TokenRecord this[int index] => ref _pages[index >> PageBits]!.Records[index & PageSize - 1];

    /// <summary>Gives the handles of those pages back.</summary>
    public static void Free(Page? pages)
    {
        for (; pages is not null; pages = pages.Next)
        {
            for (var i = 0; i < pages.Used; i++)
            {
                pages.Records[i].Token.Free();
            }
        }
    }

    public bool Has(int index) => index >> PageBits < _pages.Length && _pages[index >> PageBits] is not null;

    /// <summary>Returns the index of a record for the token. May throw for lack of memory, and has then changed nothing.</summary>
    public int Allocate(object token)
    {
        var page = _roomy ?? AddPage();
        var index = page.Free;
        if (index != End)
        {
            ref var record = ref page.Records[index];
            record.Token.SetTarget(token);
            page.Free = record.Next;
        }
        else
        {
            page.Records[page.Used].Token = WeakHandle.Allocate(token);
            index = page.Used++;
        }

        if (page.Taken++ == 0)
        {
            _emptyCount--;
        }

        if (page.Taken == PageSize)
        {
            RemoveRoomy(page);
        }

        return page.Number << PageBits | index;
    }

    public void Release(int index)
    {
        var page = _pages[index >> PageBits]!;
        index &= PageSize - 1;
        page.Records[index].Chunk = null;
        page.Records[index].Next = page.Free;
        page.Free = index;
        if (page.Taken-- == PageSize)
        {
            AddRoomy(page);
        }

        if (page.Taken == 0)
        {
            _emptyCount++;
        }
    }

    /// <summary>Takes out the pages without records; one stays if others have some.</summary>
    public Page? TakeEmpty()
    {
        Page? taken = null;
        var keep = _emptyCount == _pageCount ? 0 : 1;
        for (var page = _roomy; page is not null && _emptyCount > keep;)
        {
            var next = page.Next;
            if (page.Taken == 0)
            {
                RemoveRoomy(page);
                _pages[page.Number] = null;
                _firstMissing = Math.Min(_firstMissing, page.Number);
                _pageCount--;
                _emptyCount--;
                page.Next = taken;
                taken = page;
            }

            page = next;
        }

        if (_pageCount == 0)
        {
            _pages = [];
            _firstMissing = 0;
        }

        return taken;
    }

    public void FreeAll()
    {
        foreach (var page in _pages)
        {
            if (page is not null)
            {
                page.Next = null;
                Free(page);
            }
        }
    }

    private Page AddPage()
    {
        while (_firstMissing < _pages.Length && _pages[_firstMissing] is not null)
        {
            _firstMissing++;
        }

        Page page = new(_firstMissing);
        if (_firstMissing == _pages.Length)
        {
            Array.Resize(ref _pages, Math.Max(4, 2 * _pages.Length));
        }

        _pages[_firstMissing] = page;
        _pageCount++;
        _emptyCount++;
        AddRoomy(page);
        return page;
    }

    private void AddRoomy(Page page)
    {
        page.Previous = null;
        page.Next = _roomy;
        if (_roomy is not null)
        {
            _roomy.Previous = page;
        }

        _roomy = page;
    }

    private void RemoveRoomy(Page page)
    {
        if (page.Previous is { } previous)
        {
            previous.Next = page.Next;
        }
        else
        {
            _roomy = page.Next;
        }

        if (page.Next is { } next)
        {
            next.Previous = page.Previous;
        }

        page.Next = page.Previous = null;
    }

    internal sealed class Page(int number)
    {
        public readonly int Number = number;
        public readonly TokenRecord[] Records = new TokenRecord[PageSize];

        /// <summary>Records from here on were never used and have no handle.</summary>
        public int Used;

        public int Taken;
        public int Free = End;
        public Page? Next;
        public Page? Previous;
    }
}
