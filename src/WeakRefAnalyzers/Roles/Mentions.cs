using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using WeakRefAnalyzers.Code;

namespace WeakRefAnalyzers.Roles;

/// <summary>What somebody has to write before a group of rules has anything to say.</summary>
[Flags]
internal enum Mention : byte
{
    None = 0,

    /// <summary>A type that holds something weakly: all of their names have one of these words.</summary>
    WeakType = 1,

    /// <summary>A member that asks a weak reference.</summary>
    WeakRead = 2,

    /// <summary>A finalizer, or the operator.</summary>
    Finalizer = 4,

    /// <summary>A call of a method Collect.</summary>
    Collection = 8,

    /// <summary>A Dispose, which a finalizer of the framework may call.</summary>
    Disposal = 16,

    /// <summary>What a SafeHandle overrides.</summary>
    HandleRelease = 32,

    /// <summary>Native functions, or pointers to managed ones.</summary>
    NativeCode = 64,

    /// <summary>A registry of cleanup callbacks can be had: no type of the framework is one.</summary>
    Registry = 128,
}

/// <summary>What the text of a file mentions, comments included: found once per file, before anything binds.</summary>
internal sealed class Mentions
{
    /// <summary>Where the members that ask a weak reference are named, in the order of the text.</summary>
    private readonly List<int> _reads = [];

    private Mentions(SyntaxTree tree)
    {
        var text = tree.GetText().ToString();
        Any |= Has(text, "Weak") || Has(text, "GCHandle") || Has(text, "DependentHandle") ? Mention.WeakType : Mention.None;
        Any |= text.IndexOf('~') >= 0 ? Mention.Finalizer : Mention.None;
        Any |= Has(text, "Dispose(") ? Mention.Disposal : Mention.None;
        Any |= Has(text, "ReleaseHandle") ? Mention.HandleRelease : Mention.None;
        Any |= Has(text, "DllImport") || Has(text, "LibraryImport") || Has(text, "FunctionPointer") || Has(text, "Declare ")
            ? Mention.NativeCode : Mention.None;
        Any |= Has(text, "Collect(") ? Mention.Collection : Mention.None;
        List<int>? reads = null;
        Find(text, ".Target", ref reads);
        Find(text, "Target:", ref reads);
        Find(text, "IsAlive", ref reads);
        Find(text, "TryGetTarget", ref reads);
        Find(text, "Deref(", ref reads);
        if (reads is not null)
        {
            reads.Sort();
            _reads = reads;
            Any |= Mention.WeakRead;
        }
    }

    public Mention Any { get; }

    public IReadOnlyList<int> Reads => _reads;

    public static Mentions In(SyntaxTree tree, KnownFacts known) => known.Of(tree, static tree => new Mentions(tree));

    /// <summary>What the files of a compilation mention.</summary>
    public static Mention InAll(Compilation compilation, KnownFacts known, CancellationToken cancel)
    {
        var all = Mention.None;
        foreach (var tree in compilation.SyntaxTrees)
        {
            cancel.ThrowIfCancellationRequested();
            all |= In(tree, known).Any;
        }

        return all;
    }

    /// <summary>Whether a member that asks a weak reference is named there.</summary>
    public bool ReadIn(TextSpan span)
    {
        var first = _reads.BinarySearch(span.Start);
        first = first < 0 ? ~first : first;
        return first < _reads.Count && _reads[first] < span.End;
    }

    private static bool Has(string text, string word) => text.IndexOf(word, StringComparison.Ordinal) >= 0;

    private static void Find(string text, string word, ref List<int>? places)
    {
        for (var at = text.IndexOf(word, StringComparison.Ordinal);
            at >= 0;
            at = text.IndexOf(word, at + word.Length, StringComparison.Ordinal))
        {
            var end = at + word.Length;
            if (end == text.Length || !(char.IsLetterOrDigit(text[end]) || text[end] == '_') || !char.IsLetter(word[word.Length - 1]))
            {
                (places ??= []).Add(at);
            }
        }
    }
}
