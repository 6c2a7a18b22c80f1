using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace WeakRefAnalyzers.Code;

/// <summary>Names of members that somebody looks for.</summary>
internal sealed class SoughtNames
{
    public const string Indexer = "this[]";

    private const int Ascii = 128;

    // By the first letter: the names, and a bit for each length that one of them has. What is not ASCII shares a place.
    private readonly List<string>?[] _byFirst = new List<string>?[Ascii];
    private readonly ulong[] _lengths = new ulong[Ascii];

    public SoughtNames(IEnumerable<string> names)
    {
        var sorted = names.Distinct().ToArray();
        Array.Sort(sorted, StringComparer.Ordinal);
        Key = string.Join("\n", sorted);
        foreach (var name in sorted)
        {
            if (name.Length == 0)
            {
                continue; // Half-written code has members without a name.
            }

            var first = name[0] % Ascii;
            (_byFirst[first] ??= []).Add(name);
            _lengths[first] |= LengthBit(name.Length);
        }

        HasIndexer = Array.IndexOf(sorted, Indexer) >= 0;
    }

    /// <summary>Tells two sets apart.</summary>
    public string Key { get; }

    public bool HasIndexer { get; }

    /// <summary>Whether that piece of the text is one of them.</summary>
    public bool Contains(string text, int start, int length)
    {
        var first = text[start] % Ascii;
        if ((_lengths[first] & LengthBit(length)) == 0)
        {
            return false;
        }

        foreach (var name in _byFirst[first]!)
        {
            if (name.Length == length && string.CompareOrdinal(name, 0, text, start, length) == 0)
            {
                return true;
            }
        }

        return false;
    }

    private static ulong LengthBit(int length) => 1UL << Math.Min(length, 63);
}

/// <summary>
/// Where the text of a file has one of some names, comments included: found once per file, before anything binds. Most bodies have
/// none, and nobody need look at them.
/// </summary>
internal sealed class NamedPlaces
{
    private static readonly bool[] IsPart = Parts();
    private State _state = new(null, []);

    private NamedPlaces()
    {
    }

    public static int[] In(SyntaxTree tree, SoughtNames names, KnownFacts known)
    {
        // Two compilations of one file may look for different names: the one that comes last is remembered.
        var places = known.Of(tree, static _ => new NamedPlaces());
        var state = places._state;
        if (!ReferenceEquals(state.Names, names))
        {
            places._state = state = new State(
                names,
                state.Names?.Key == names.Key ? state.Places : Find(tree.GetText().ToString(), names));
        }

        return state.Places;
    }

    /// <summary>The index of the first place that is not before the span.</summary>
    public static int First(int[] places, TextSpan span)
    {
        var first = Array.BinarySearch(places, span.Start);
        return first < 0 ? ~first : first;
    }

    private static int[] Find(string text, SoughtNames names)
    {
        List<int>? found = null;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c < IsPart.Length ? !IsPart[c] : !char.IsLetter(c))
            {
                if (c == '[' && names.HasIndexer)
                {
                    (found ??= []).Add(i);
                }

                continue;
            }

            var start = i;
            do
            {
                i++;
            }
            while (i < text.Length && (text[i] < IsPart.Length ? IsPart[text[i]] : char.IsLetterOrDigit(text[i])));

            if (names.Contains(text, start, i - start))
            {
                (found ??= []).Add(start);
            }

            i--;
        }

        return found?.ToArray() ?? [];
    }

    private static bool[] Parts()
    {
        var parts = new bool[128];
        for (var c = 0; c < parts.Length; c++)
        {
            parts[c] = c == '_' || char.IsLetterOrDigit((char)c);
        }

        return parts;
    }

    private sealed class State(SoughtNames? names, int[] places)
    {
        public SoughtNames? Names => names;

        public int[] Places => places;
    }
}
