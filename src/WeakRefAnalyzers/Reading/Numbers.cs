using Microsoft.CodeAnalysis;
using WeakRefAnalyzers.Code;

namespace WeakRefAnalyzers.Reading;

/// <summary>
/// Numbers for the variables, captures and references of one body, in the order in which the walk meets them, and who
/// mentions whom: so that forgetting one does not look at all the others. What was mentioned once stays on the list;
/// whether it still is, the state at hand says.
/// </summary>
internal sealed class Numbers(Effort effort)
{
    /// <summary>So many of the variables that hold what a reference gave are told of what is found out about another.</summary>
    private const int MaxReads = 8;

    private static readonly HashSet<int> Nobody = [];
    private static readonly List<int> NoReads = [];

    private readonly Dictionary<object, int> _numbers = [];
    private readonly List<object> _variables = [];
    private readonly Dictionary<Reference, int> _references = [];
    private readonly List<Reference> _paths = [];
    private readonly Dictionary<object, HashSet<int>> _through = [];
    private readonly Dictionary<object, HashSet<int>> _mentioning = [];
    private readonly Dictionary<object, HashSet<int>> _asking = [];
    private readonly Dictionary<SyntaxNode, List<int>> _readAt = [];
    private readonly Dictionary<Reference, List<int>> _readFrom = [];
    private readonly Dictionary<string, HashSet<int>> _named = new(StringComparer.Ordinal);

    public Effort Effort => effort;

    public List<int> Parameters { get; } = [];

    /// <summary>The number of a variable: a symbol, a capture, or the part of a tuple.</summary>
    public int Of(object variable)
    {
        if (!_numbers.TryGetValue(variable, out var number))
        {
            _numbers.Add(variable, number = _variables.Count);
            _variables.Add(variable);
            if (variable is ISymbol { Name: { } name }) // That of `lock` has none.
            {
                Add(_named, name, number);
            }

            if (variable is IParameterSymbol)
            {
                Parameters.Add(number);
            }

            for (var path = (variable as Test)?.Of; path is not null; path = path.Parent)
            {
                Add(_asking, path.Segment, number);
            }
        }

        return number;
    }

    public int? Find(object variable) => _numbers.TryGetValue(variable, out var number) ? number : null;

    public object Variable(int number) => _variables[number];

    /// <summary>The number of a reference: numbers of their own.</summary>
    public int Of(Reference reference)
    {
        if (!_references.TryGetValue(reference, out var number))
        {
            _references.Add(reference, number = _paths.Count);
            _paths.Add(reference);
            for (var path = reference; path is not null; path = path.Parent)
            {
                Add(_through, path.Segment, number);
            }
        }

        return number;
    }

    public int? Find(Reference reference) => _references.TryGetValue(reference, out var number) ? number : null;

    public Reference Reference(int number) => _paths[number];

    /// <summary>The references that lead through a variable or member.</summary>
    public HashSet<int> Through(object segment) => Look(_through, segment);

    /// <summary>The variables whose value may speak of a variable or member.</summary>
    public HashSet<int> Mentioning(object segment) => Look(_mentioning, segment);

    /// <summary>The conditions that rest on a variable or member.</summary>
    public HashSet<int> Asking(object segment) => Look(_asking, segment);

    /// <summary>The variables that may hold what this weak read gave.</summary>
    public List<int> ReadAt(SyntaxNode read) => _readAt.TryGetValue(read, out var variables) ? variables : NoReads;

    /// <summary>The variables that may hold what a weak read of this reference gave.</summary>
    public List<int> ReadFrom(Reference reference) => _readFrom.TryGetValue(reference, out var variables) ? variables : NoReads;

    public HashSet<int> Named(string name) => Look(_named, name);

    /// <summary>The variable has this value somewhere.</summary>
    public void Note(int variable, Value value)
    {
        if (value.Read is { } read)
        {
            AddLast(_readAt, read.Syntax, variable);
            if (read.Reference is not null)
            {
                AddLast(_readFrom, read.Reference, variable);
            }
        }

        foreach (var holder in value.Holders)
        {
            Add(_mentioning, holder, variable);
        }

        for (var path = value.Path; path is not null; path = path.Parent)
        {
            Add(_mentioning, path.Segment, variable);
        }

        Note(variable, value.WhenTrue);
        Note(variable, value.WhenFalse);
        foreach (var entry in value.Unless)
        {
            Note(variable, entry.Value);
        }
    }

    private void Note(int variable, Delta? delta)
    {
        if (delta is not { IsEmpty: false })
        {
            return;
        }

        foreach (var known in delta.Variables)
        {
            Add(_mentioning, _variables[known.Key], variable);
        }

        foreach (var guard in delta.Guards.Entries())
        {
            for (var path = _paths[guard.Key]; path is not null; path = path.Parent)
            {
                Add(_mentioning, path.Segment, variable);
            }
        }
    }

    private void Add<T>(Dictionary<T, HashSet<int>> index, T key, int number)
        where T : notnull
    {
        effort.Spend();
        if (!index.TryGetValue(key, out var numbers))
        {
            index.Add(key, numbers = []);
        }

        numbers.Add(number);
    }

    /// <summary>The latest ones count.</summary>
    private static void AddLast<T>(Dictionary<T, List<int>> index, T key, int number)
        where T : notnull
    {
        if (!index.TryGetValue(key, out var numbers))
        {
            index.Add(key, numbers = []);
        }

        if (!numbers.Contains(number))
        {
            if (numbers.Count == MaxReads)
            {
                numbers.RemoveAt(0);
            }

            numbers.Add(number);
        }
    }

    private HashSet<int> Look<T>(Dictionary<T, HashSet<int>> index, T key)
        where T : notnull
    {
        if (!index.TryGetValue(key, out var numbers))
        {
            return Nobody;
        }

        effort.Spend(numbers.Count);
        return numbers;
    }
}
